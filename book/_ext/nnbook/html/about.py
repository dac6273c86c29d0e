"""What the book knows of itself, in the text of ``{about}``: ``$version``, ``$commit``, ``$requirement`` and others.

A line with what is not known, as the address of the repository where none is set, is left out.
"""

from string import Template

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from nnbook.html import wheel
from nnbook.html.pages import commit
from nnbook.run.cells import ROOT

ABOUT = "nnnotes_about"  # marks the pages with such text, in their metadata


def known(app):
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))
    path = wheel.address(app)
    found = {
        "version": app.config.version,
        "commit": commit(app)[:12],
        "repository": app.config.nnnotes_repository,
        "site": app.config.html_baseurl,
        "wheel": path,
        "requirement": app.config.nnnotes_requirement or f"{path.split('/')[1]}[plots]",
        "python": wheel.PYTHON,
        "title": said["title"],
        "authors": " and ".join(one["name"] for one in said["authors"]),
        "year": str(said["date-released"])[:4],
    }
    return {name: value for name, value in found.items() if value}


class About(SphinxDirective):
    has_content = True

    def run(self):
        self.env.metadata[self.env.docname][ABOUT] = True
        values = known(self.env.app)
        lines = [
            Template(line).substitute(values)
            for line in self.content
            if set(Template(line).get_identifiers()) <= values.keys()
        ]
        parent = nodes.container()
        self.state.nested_parse(StringList(lines, self.name), 0, parent)
        return parent.children


def read_again_where_the_commit_changed(app, env, added, changed, removed):
    old, env.nnnotes_commit = getattr(env, "nnnotes_commit", None), commit(app)
    pages = [page for page in env.found_docs if ABOUT in env.metadata[page]]
    return pages if old != env.nnnotes_commit else []
