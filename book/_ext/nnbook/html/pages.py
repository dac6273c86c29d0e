"""What a page says of itself: settings of the host, which may be unknown, decide how much.

Of each page: a description; and under its title its notebooks, where to launch these, and where it is known when, the
day on which its source last changed, by Git. With the address of the site (``html_baseurl``, or the variable
NNNOTES_BASE_URL): canonical links, and previews for where the page is shared. With the address of the repository
(``nnnotes_repository``, or NNNOTES_REPOSITORY): links to edit the page, to report an error in it, and from the pages of
code to their sources. No address is made up.
"""

import os
import re
import subprocess
from html import escape
from pathlib import Path
from urllib.parse import quote, urljoin

from docutils import nodes
from sphinx.errors import ConfigError

from nnbook.run.cells import ROOT

LONGEST = 200  # characters of a description; search engines show fewer
PREVIEW = "_images/preview.png"
GENERATED = {"genindex": "All names and terms", "py-modindex": "All modules"}
SETTINGS = {
    "nnnotes_repository": "",
    "nnnotes_branch": "main",
    "nnnotes_edit": "{repository}/edit/{branch}/{path}",
    "nnnotes_report": "{repository}/issues/new?title={title}&body={body}",
    "nnnotes_source": "{repository}/blob/{commit}/{path}",
    "nnnotes_launch": {},  # as in {"Binder": "https://.../main?labpath={notebook}"}
    "nnnotes_commit": "",  # of the sources: with an address of the repository, links hold it
    "nnnotes_moved": {},  # as in {"chapters/old-name": "chapters/relu"}
}
REPORT = "Page: {page}\nCommit: {commit}\n\nWhat is wrong there, and what would be right?\n\n"
ADDRESSES = {
    "html_baseurl": "NNNOTES_BASE_URL",
    "nnnotes_repository": "NNNOTES_REPOSITORY",
}


def follow_environment(app, config):
    for name, variable in ADDRESSES.items():
        address = os.environ.get(variable) or config[name]
        if address and not re.match(r"https?://[^/]+", address):
            wrong = f"expected an address with https://, got {address!r}"
            raise ConfigError(f"{name} (or {variable}): {wrong}")
        config[name] = address.rstrip("/")
    config.html_baseurl += "/" if config.html_baseurl else ""
    config.nnnotes_commit = commit(app) if config.nnnotes_repository else ""


def git(folder, *arguments):
    """Return what Git says; nothing where there is no Git, or no repository."""
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def commit(app):
    return git(app.srcdir, "rev-parse", "HEAD").strip()


def days(folder):
    """Return for each file the day of its last commit; nothing where a part of the history is missing."""
    log = ("log", "--format=%x00%cs", "--name-only", "--relative", "--", ".")
    part = git(folder, "rev-parse", "--is-shallow-repository").strip() != "false"
    commits = "" if part else git(folder, *log)
    found = {}
    for commit in commits.split("\0")[1:]:
        day, *names = commit.split("\n")
        found = dict.fromkeys(filter(None, names), day) | found
    return found


def write_again_where_the_day_changed(app, env):
    every = days(app.srcdir)
    new = {page: every.get(f"{page}.md") for page in env.found_docs}
    old, env.nnnotes_days = getattr(env, "nnnotes_days", {}), new
    return [page for page in new if old.get(page) != new[page]]


def described(doctree):
    """Return what a page says first, or what a chapter says that one will learn, as one short line."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        if "reading" in paragraph["classes"]:
            continue
        text = " ".join(paragraph.astext().split())
        text = re.sub(r"^.*?(?=You will learn )", "", text)
        if len(text) > 40 and not list(paragraph.findall(nodes.math)):
            if len(text) > LONGEST:
                text = text[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " ..."
            return text
    return ""


def tag(name, content, kind="name"):
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def say(app, page, template, context, doctree):
    shown = re.sub(r"<[^>]*>", "", context.get("title", ""))
    title = shown or GENERATED.get(page, app.config.html_title)
    description = described(doctree) or f"{title}: a page of {app.config.html_title}."
    tags = [context.get("metatags", "")]
    if 'name="description"' not in tags[0]:
        tags.append(tag("description", description))
    if app.config.html_baseurl and doctree:
        tags += preview(app, page, title, description)
    context["metatags"] = "\n    ".join(tags)
    made = tools(app, page, title, context.get("nnnotes_notebooks", {}))
    body, above = context.get("body", ""), r'</h1>(\s*<p class="reading">.*?</p>)?'
    context["body"] = re.sub(above, lambda one: one[0] + made, body, count=1)


def address_of(app, page):
    return urljoin(app.config.html_baseurl, app.builder.get_target_uri(page))


def preview(app, page, title, description):
    book = app.config.html_title
    tags = {
        "og:title": title,
        "og:description": description,
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:url": address_of(app, page),
        "og:site_name": book,
        "og:image": urljoin(app.config.html_baseurl, PREVIEW),
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f"{book}: the curves of ReLU, sigmoid and tanh",
    }
    made = [tag(name, content, "property") for name, content in tags.items()]
    return [*made, tag("twitter:card", "summary_large_image")]


def link(address, text, more=""):
    return f'<a href="{escape(address)}"{more}>{escape(text)}</a>'


def source(app, page):
    """Return the place in the repository of what a page is made from, if it is one file."""
    if page in app.env.found_docs:
        return f"{Path(app.srcdir).name}/{app.env.doc2path(page, base=False)}"
    name = page.removeprefix("_modules/")
    paths = (f"{name}.py", f"{name}/__init__.py") if name != page else ()
    return next((one for one in paths if (ROOT / one).is_file()), "")


def tools(app, page, title, notebooks):
    """What stands under the title: the notebooks, where to launch the first, what the repository offers, the day."""
    config, path, parts = app.config, source(app, page), []
    for text, notebook in notebooks.items():
        parts.append(link("../" * page.count("/") + notebook, text, " download"))
    for name, launch in config.nnnotes_launch.items() if notebooks else ():
        first = next(iter(notebooks.values()))
        parts.append(link(launch.format(notebook=first), f"Open in {name}"))
    if config.nnnotes_repository and path:
        known = {
            "repository": config.nnnotes_repository,
            "branch": config.nnnotes_branch,
            "commit": config.nnnotes_commit or config.nnnotes_branch,
            "path": path,
        }
        report = REPORT.format(page=address_of(app, page), commit=known["commit"])
        known |= {"title": quote(f"{title}: "), "body": quote(report)}
        if page in app.env.found_docs:
            parts.append(link(config.nnnotes_edit.format(**known), "Edit this page"))
        else:
            parts.append(
                link(config.nnnotes_source.format(**known), "In the repository")
            )
        parts.append(link(config.nnnotes_report.format(**known), "Report an error"))
    day = app.env.nnnotes_days.get(page)
    if day:
        parts.append(f'Last changed on <time datetime="{day}">{day}</time>')
    items = "".join(f"<li>{part}</li>" for part in parts)
    return f'\n<ul class="page-tools">{items}</ul>\n' if parts else ""
