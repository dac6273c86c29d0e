"""What stands around the pages: ``404.html``, ``robots.txt``, and a page for each old address, from ``nnnotes_moved``.

Where the address of the site is known, ``sitemap.xml``, and the picture that is shown where a page is shared.
"""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urljoin, urlsplit

from sphinx.util.logging import getLogger

from nnbook.colours import LIGHT, logo
from nnbook.html.pages import PREVIEW, address_of
from nnbook.html.policy import hash_of

logger = getLogger(__name__)


def write_all(app, exception):
    out, base = Path(app.outdir), app.config.html_baseurl
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
        day = app.env.nnnotes_days.get(page)
        last = f"<lastmod>{day}</lastmod>" if day else ""
        lines.append(f"<url><loc>{escape(address_of(app, page))}</loc>{last}</url>")
    return "\n".join([*lines, "</urlset>", ""])


MOVED = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=$link">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
$canonical<title>$title</title>
<h1>$title</h1>
<p>This page has moved: <a href="$link">$title</a>.</p>
</html>
""")


def move(app, old, new):
    """Write at an old address a page that leads to the new one."""
    name, mark, anchor = new.partition("#")
    if name not in app.env.found_docs:
        logger.warning(f"nnnotes_moved: {old} should lead to {name}, which is no page")
        return
    if old in app.env.found_docs:
        logger.warning(f"nnnotes_moved: {old} is a page, and cannot lead to another")
        return
    known = f'<link rel="canonical" href="{escape(address_of(app, name))}">\n'
    text = MOVED.substitute(
        link=escape(app.builder.get_relative_uri(old, name) + mark + anchor),
        title=escape(app.env.titles[name].astext()),
        canonical=known if app.config.html_baseurl else "",
    )
    write(Path(app.outdir, app.builder.get_target_uri(old)), text)


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
      document.forms[0].action = root + "search.html";
      return;
    }
  }
};
if (location.protocol !== "file:") look();
"""
MISSING = Template("""<!doctype html>
<html lang="en" style="color-scheme: light dark">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="description" content="There is no page at this address.">
<title>Not found - $title</title>
</head>
<body style="margin: 15vh auto; max-width: 32em; padding: 0 1em; font: 1.1em/1.6 system-ui, sans-serif">
<main>
$logo
<h1 style="font-weight: 500">There is no page here</h1>
<p>The address may be mistyped, or the page has another name now.
Begin at $front of <i>$title</i>, or ask the search.</p>
<form action="$search" style="display: flex; gap: 0.5em">
<input type="search" name="q" aria-label="Words to search for" style="$field; flex: 1; min-width: 0">
<button style="$field">Search</button>
</form>
</main>
$script
</body>
</html>
""")


def missing(app):
    base = app.config.html_baseurl and urlsplit(app.config.html_baseurl).path
    script = f"script-src {hash_of(FIND_ROOT)}; connect-src 'self'; "
    policy = (
        f"default-src 'none'; {'' if base else script}"
        "style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'self'"
    )

    def link(page, name):
        where = f'href="{base or "/"}{page}" data-page="{page}"'
        return f'<a {where} style="color: inherit">{name}</a>'

    return MISSING.substitute(
        policy=policy,
        title=escape(app.config.html_title),
        front=link("index.html", "the front page"),
        search=f"{base or '/'}search.html",
        field="font: inherit; padding: 0.5em 0.75em; min-height: 2.75em",
        logo=logo().replace("<svg ", '<svg width="48" height="48" '),
        script="" if base else f"<script>{FIND_ROOT}</script>",
    )


def draw_preview(app, path):
    """Draw what is shown where a page is shared: the title, and three curves from the package."""
    import numpy as np
    from matplotlib.figure import Figure

    from nnnotes import relu, sigmoid, tanh

    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor="white")
    axes = figure.add_axes((0.08, 0.12, 0.84, 0.5))
    z = np.linspace(-4, 4, 400)
    curves = {"brand-primary": relu, "problematic": sigmoid, "foreground-muted": tanh}
    for name, g in curves.items():
        colour = LIGHT[f"color-{name}"]
        axes.plot(z, g(z), color=colour, linewidth=5, solid_capstyle="round")
    axes.set_ylim(-1.2, 2.2)
    axes.set_axis_off()
    text = LIGHT["color-foreground-primary"]
    figure.text(0.08, 0.8, app.config.html_title, fontsize=34, color=text)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
