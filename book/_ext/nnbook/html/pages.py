"""What a page says of itself: settings of the host, which may be unknown, decide how much.

Of each page: a description; where it is known when, the day on which its source last changed, by Git; and below the
text, links to its notebook, to launch it, and to edit it. With the address of the site (``html_baseurl``, or the
variable NNNOTES_BASE_URL): canonical links, and previews for where the page is shared. With the address of the
repository (``nnnotes_repository``, or NNNOTES_REPOSITORY): the link to edit the page. No address is made up.
"""

import os
import re
import subprocess
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from docutils import nodes
from sphinx.errors import ConfigError

LONGEST = 200  # characters of a description; search engines show fewer
PREVIEW = "_images/preview.png"
GENERATED = {"genindex": "All names and terms", "py-modindex": "All modules"}
SETTINGS = {
    "nnnotes_repository": "",
    "nnnotes_branch": "main",
    "nnnotes_edit": "{repository}/edit/{branch}/{path}",
    "nnnotes_launch": {},  # as in {"Binder": "https://.../main?labpath={notebook}"}
    "nnnotes_moved": {},  # as in {"chapters/old-name": "chapters/relu"}
}
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


def git(folder, *arguments):
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else ""


def days(folder):
    """Return for each file the day of its last commit; nothing where a part of the history is missing."""
    log = ("log", "--format=%x00%cs", "--name-only", "--relative", "--", ".")
    try:
        part = git(folder, "rev-parse", "--is-shallow-repository").strip() != "false"
        commits = "" if part else git(folder, *log)
    except FileNotFoundError:  # no Git
        return {}
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
    if doctree:
        context["body"] += tools(app, page, context)


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


def tools(app, page, context):
    """What stands below the text: the notebook, where to launch it and to edit the page, and the day."""
    config, parts = app.config, []
    path = context.get("nnnotes_notebook")
    if path:
        here = "../" * page.count("/") + path
        parts.append(link(here, "Download as a notebook", " download"))
        for name, launch in config.nnnotes_launch.items():
            parts.append(link(launch.format(notebook=path), f"Open in {name}"))
    if config.nnnotes_repository:
        source = f"{Path(app.srcdir).name}/{app.env.doc2path(page, base=False)}"
        edit = config.nnnotes_edit.format(
            repository=config.nnnotes_repository,
            branch=config.nnnotes_branch,
            path=source,
        )
        parts.append(link(edit, "Edit this page"))
    day = app.env.nnnotes_days.get(page)
    if day:
        parts.append(f'Last changed on <time datetime="{day}">{day}</time>')
    items = "".join(f"<li>{part}</li>" for part in parts)
    return f'\n<ul class="page-tools">{items}</ul>\n' if parts else ""
