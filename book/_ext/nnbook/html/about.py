"""What the book says of itself: ``{about} version``, ``{about} install`` and ``{about} citation``."""

from textwrap import dedent

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from nnbook.html import wheel
from nnbook.html.pages import commit
from nnbook.run.cells import ROOT

ABOUT = "nnnotes_about"  # marks the pages that name the commit, in their metadata


def version(env):
    known, repository = commit(env.app), env.config.nnnotes_repository
    link = f"[`{known[:12]}`]({repository}/commit/{known})"
    lines = [f"This is version {env.config.version}."]
    if known:
        named = link if repository else f"`{known[:12]}`"
        lines.append(f"It was built from the commit {named}.")
    return " ".join(lines)


def install(env):
    """Say how to install the package of this very book."""
    known, name = env.config.nnnotes_requirement, wheel.wheel(env.app).name
    up = "../" * env.docname.count("/")
    asked = known or f"{name}[plots]"
    take = (
        f"[{name}]({up}{wheel.FOLDER}/{name}) is the package from which these pages are made. "
        f"It needs Python {wheel.PYTHON} or newer. "
    )
    how = (
        "Install it by its address:" if known else "Install it where you have saved it:"
    )
    return f'{take}{how}\n\n```sh\npip install "{asked}"\n```'


def citation(env):
    """Give the text and the BibTeX entry of CITATION.cff."""
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))
    authors = " and ".join(one["name"] for one in said["authors"])
    year, address = str(said["date-released"])[:4], env.config.html_baseurl
    text = (
        f"{authors} ({year}). *{said['title']}*. Version {said['version']}. {address}"
    )
    entry = f"""
        @software{{nnnotes,
          author = {{{{{authors}}}}},
          title = {{{said["title"]}}},
          year = {{{year}}},
          version = {{{said["version"]}}},
        """
    entry = dedent(entry).strip()
    entry += f"\n  url = {{{address}}},\n}}" if address else "\n}"
    return f"{text.strip()}\n\n```bibtex\n{entry}\n```"


PARTS = {"version": version, "install": install, "citation": citation}


class About(SphinxDirective):
    required_arguments = 1

    def run(self):
        part = directives.choice(self.arguments[0], list(PARTS))
        self.env.metadata[self.env.docname][ABOUT] = True
        parent = nodes.container()
        lines = PARTS[part](self.env).splitlines()
        self.state.nested_parse(StringList(lines, self.name), 0, parent)
        return parent.children


def read_again_where_the_commit_changed(app, env, added, changed, removed):
    old, env.nnnotes_commit = getattr(env, "nnnotes_commit", None), commit(app)
    if old == env.nnnotes_commit:
        return []
    return sorted(page for page in env.found_docs if ABOUT in env.metadata[page])
