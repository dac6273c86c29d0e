"""What a page says of itself, and what stands around the pages: settings of the host, which may be unknown.

Of each page: a description; where it is known when, the day on which its source last changed, by Git; and below the
text, links to its notebook, to launch it, and to edit it. With the address of the site (``html_baseurl``, or the
variable NNNOTES_BASE_URL): canonical links, previews for where the page is shared, and ``sitemap.xml``. With the
address of the repository (``nnnotes_repository``, or NNNOTES_REPOSITORY): the link to edit the page. No address is
made up.

Around the pages: ``404.html``, ``robots.txt``, and a page for each old address, from the table ``nnnotes_moved``.
"""

import base64
import hashlib
import os
import re
import subprocess
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.util.logging import getLogger

logger = getLogger(__name__)

LONGEST = 200  # characters of a description; search engines show fewer
PREVIEW = "_static/preview.png"
GENERATED = {"genindex": "All names and terms", "py-modindex": "All modules"}


def follow_environment(app, config):
    for name, variable in (
        ("html_baseurl", "NNNOTES_BASE_URL"),
        ("nnnotes_repository", "NNNOTES_REPOSITORY"),
    ):
        address = os.environ.get(variable) or getattr(config, name)
        if address and not re.match(r"https?://[^/]+", address):
            raise ConfigError(
                f"{name}: expected an address with https://, got {address!r}"
            )
        config[name] = address
    if config.html_baseurl and not config.html_baseurl.endswith("/"):
        config.html_baseurl += "/"
    config.nnnotes_repository = config.nnnotes_repository.rstrip("/")


def git(folder, *arguments):
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else ""


def days(folder):
    """Return for each file the day of its last commit; nothing where a part of the history is missing."""
    try:
        whole = git(folder, "rev-parse", "--is-shallow-repository").strip() == "false"
        log = (
            git(
                folder,
                "log",
                "--format=%x00%cs",
                "--name-only",
                "--relative",
                "--",
                ".",
            )
            if whole
            else ""
        )
    except FileNotFoundError:  # no Git
        return {}
    found = {}
    for commit in log.split("\0")[1:]:
        day, *names = commit.split("\n")
        for name in filter(None, names):
            found.setdefault(name, day)
    return found


def write_again_where_the_day_changed(app, env):
    every = days(app.srcdir)
    new = {page: every.get(f"{page}.md") for page in env.found_docs}
    old, env.nnnotes_days = getattr(env, "nnnotes_days", {}), new
    return [page for page in new if old.get(page) != new[page]]


def described(doctree):
    """Return what a page says first, or what a chapter says that one will learn, as one short line."""
    for paragraph in doctree.findall(nodes.paragraph):
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
    if app.builder.format != "html":
        return
    shown = re.sub(r"<[^>]*>", "", context.get("title", ""))
    title = shown or GENERATED.get(page, app.config.html_title)
    description = (
        described(doctree) if doctree else ""
    ) or f"{title}: a page of {app.config.html_title}."
    tags = []
    if 'name="description"' not in context.get("metatags", ""):
        tags.append(tag("description", description))
    if app.config.html_baseurl and doctree:
        tags += preview(app, page, title, description)
    context["metatags"] = "\n    ".join([context.get("metatags", ""), *tags])
    if doctree:
        context["body"] += tools(app, page, context)


def preview(app, page, title, description):
    address = urljoin(app.config.html_baseurl, app.builder.get_target_uri(page))
    tags = {
        "og:title": title,
        "og:description": description,
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:url": address,
        "og:site_name": app.config.html_title,
        "og:image": urljoin(app.config.html_baseurl, PREVIEW),
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f"{app.config.html_title}: the curves of ReLU, sigmoid and tanh",
    }
    made = [tag(name, content, "property") for name, content in tags.items()]
    return [*made, tag("twitter:card", "summary_large_image")]


def tools(app, page, context):
    """What stands below the text: the notebook, where to launch it and to edit the page, and the day."""
    parts = []
    path = context.get("nnnotes_notebook")
    if path:
        here = "../" * page.count("/")
        parts.append(f'<a href="{here}{path}" download>Download as a notebook</a>')
        parts += [
            f'<a href="{escape(link.format(notebook=path))}">{escape(f"Open in {name}")}</a>'
            for name, link in app.config.nnnotes_launch.items()
        ]
    source = app.env.doc2path(page, base=False)
    if app.config.nnnotes_repository:
        link = app.config.nnnotes_edit.format(
            repository=app.config.nnnotes_repository,
            branch=app.config.nnnotes_branch,
            path=f"{Path(app.srcdir).name}/{source}",
        )
        parts.append(f'<a href="{escape(link)}">Edit this page</a>')
    day = app.env.nnnotes_days.get(page)
    if day:
        parts.append(f'Last changed on <time datetime="{day}">{day}</time>')
    items = "".join(f"<li>{part}</li>" for part in parts)
    return f'\n<ul class="page-tools">{items}</ul>\n' if parts else ""


def write_around(app, exception):
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    base = app.config.html_baseurl
    write(out / "404.html", missing(app))
    robots = ["User-agent: *", "Disallow:"]
    if base:
        robots.append(f"Sitemap: {urljoin(base, 'sitemap.xml')}")
        write(out / "sitemap.xml", sitemap(app))
        draw_preview(app, out / PREVIEW)
    else:
        (out / "sitemap.xml").unlink(missing_ok=True)
    write(out / "robots.txt", "\n".join(robots) + "\n")
    for old, new in app.config.nnnotes_moved.items():
        move(app, old, new)


def write(path, text):
    """Write a file, unless it is the same already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf8") != text:
        path.write_text(text, encoding="utf8")


def sitemap(app):
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for page in sorted(app.env.found_docs):
        address = urljoin(app.config.html_baseurl, app.builder.get_target_uri(page))
        day = app.env.nnnotes_days.get(page)
        last = f"<lastmod>{day}</lastmod>" if day else ""
        lines.append(f"<url><loc>{escape(address)}</loc>{last}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def move(app, old, new):
    """Write at an old address a page that leads to the new one."""
    name, _, anchor = new.partition("#")
    if name not in app.env.found_docs:
        logger.warning(f"nnnotes_moved: {old} should lead to {name}, which is no page")
        return
    if old in app.env.found_docs:
        logger.warning(f"nnnotes_moved: {old} is a page, and cannot lead to another")
        return
    target = app.builder.get_relative_uri(old, name) + (f"#{anchor}" if anchor else "")
    link = escape(target)
    title = escape(app.env.titles[name].astext())
    known = ""
    if app.config.html_baseurl:
        address = urljoin(app.config.html_baseurl, app.builder.get_target_uri(name))
        known = f'<link rel="canonical" href="{escape(address)}">\n'
    write(
        Path(app.outdir, app.builder.get_target_uri(old)),
        f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={link}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
{known}<title>{title}</title>
<h1>{title}</h1>
<p>This page has moved: <a href="{link}">{title}</a>.</p>
</html>
""",
    )


# Hosts show this page at whatever address was asked for, so it uses no other file. Where the address of the site is
# unknown, the script looks for the nearest folder above that holds the search.
FIND_ROOT = """
const parts = location.pathname.split("/");
const look = async () => {
  while (parts.length > 1) {
    parts.pop();
    const root = parts.join("/") + "/";
    const answer = await fetch(root + "objects.inv", {method: "HEAD"}).catch(() => ({}));
    if (answer.ok) {
      for (const link of document.querySelectorAll("a")) link.href = root + link.dataset.page;
      return;
    }
  }
};
if (location.protocol !== "file:") look();
"""


def missing(app):
    base = app.config.html_baseurl and urlsplit(app.config.html_baseurl).path
    script = "" if base else FIND_ROOT
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"script-src 'sha256-{digest}'; connect-src 'self'; " if script else ""
    policy = (
        f"default-src 'none'; {allowed}style-src-attr 'unsafe-inline'; base-uri 'none'"
    )
    pages = {"index.html": "the front page", "search.html": "the search"}
    links = [
        f'<a href="{base or "/"}{page}" data-page="{page}" style="color: inherit">{name}</a>'
        for page, name in pages.items()
    ]
    return f"""<!doctype html>
<html lang="en" style="color-scheme: light dark">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="description" content="There is no page at this address.">
<title>Not found - {escape(app.config.html_title)}</title>
</head>
<body style="margin: 15vh auto; max-width: 32em; padding: 0 1em; font: 1.1em/1.6 system-ui, sans-serif">
<main>
<h1 style="font-weight: 500">There is no page here</h1>
<p>The address may be mistyped, or the page has another name now. Begin at {links[0]}, or ask {links[1]}.</p>
</main>
{f"<script>{script}</script>" if script else ""}
</body>
</html>
"""


def draw_preview(app, path):
    """Draw what is shown where a page is shared: the title, and three curves from the package."""
    key = hashlib.sha256(f"{app.config.html_title}{app.config.nnnotes_key}".encode())
    mark = path.with_suffix(".txt")
    if path.is_file() and mark.is_file() and mark.read_text() == key.hexdigest():
        return
    import numpy as np
    from matplotlib.figure import Figure

    from nnnotes import relu, sigmoid, tanh

    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor="#ffffff")
    axes = figure.add_axes((0.08, 0.12, 0.84, 0.5))
    z = np.linspace(-4, 4, 400)
    for g, colour in ((relu, "#0b6285"), (sigmoid, "#a3195b"), (tanh, "#5c666e")):
        axes.plot(z, g(z), color=colour, linewidth=5, solid_capstyle="round")
    axes.set_ylim(-1.2, 2.2)
    axes.set_axis_off()
    figure.text(0.08, 0.8, app.config.html_title, fontsize=34, color="#1d2328")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
    mark.write_text(key.hexdigest())


def setup(app):
    for name, default in (
        ("nnnotes_repository", ""),
        ("nnnotes_branch", "main"),
        ("nnnotes_edit", "{repository}/edit/{branch}/{path}"),
        (
            "nnnotes_launch",
            {},
        ),  # as in {"Binder": "https://.../main?labpath={notebook}"}
        ("nnnotes_moved", {}),  # as in {"chapters/old-name": "chapters/relu"}
    ):
        app.add_config_value(name, default, "html", [type(default)])
    app.connect("config-inited", follow_environment)
    app.connect("env-get-updated", write_again_where_the_day_changed)
    app.connect("html-page-context", say, priority=400)
    app.connect("build-finished", write_around, priority=300)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
