"""The theme is furo: leave out the styles and scripts that Jupyter Book adds to every page for its own theme.

And mend what axe and html-validate find in the theme's and in extensions' HTML.
"""

import configparser
import re
from pathlib import Path

import furo
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from nnbook.html.katex import END

ABOUT = "About this book: version, licence, how to cite"
# What they do is done here by fewer bytes (copy buttons), by HTML (folds), or by nobody (thebe, comments).
UNWANTED = (
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_thebe",
    "sphinx_togglebutton",
)


def unwanted(handler):
    module, name = handler.__module__, getattr(handler, "__name__", "")
    return module.startswith(UNWANTED) or (
        module.startswith("sphinx_design") and name == "add_static_assets"
    )


def forget_the_other_theme(app, config):
    for listeners in app.events.listeners.values():
        listeners[:] = [one for one in listeners if not unwanted(one.handler)]
    # Where it is installed would be part of the site, by its hash in .buildinfo.
    config.templates_path = [
        path for path in config.templates_path if not Path(path).is_absolute()
    ]
    theme = configparser.ConfigParser()
    theme.read(furo.THEME_PATH / "theme.conf", encoding="utf8")
    options = config.html_theme_options.items()
    config.html_theme_options = {k: v for k, v in options if k in theme["options"]}


def set_dark_code(app):
    # The theme makes this setting, so the configuration cannot hold it.
    app.config.pygments_dark_style = "a11y-high-contrast-dark"


def patched(pattern, new, text, where):
    """Replace a pattern, and say so when there is none: the theme is another one then than that which is patched."""
    text, found = re.subn(pattern, new, text)
    if not found:
        raise ExtensionError(
            f"{where} holds no {pattern} any more; see what {furo.__name__} "
            f"{furo.__version__} has in its place, and change the patch in book/_ext"
        )
    return text


class OneName(SphinxPostTransform):
    """Take from the theme's boxes around tables and formulas the names that what is inside has, too."""

    formats = ("html",)
    default_priority = 501  # after the theme has made them

    def run(self, **options):
        for box in self.document.findall(nodes.container):
            if {"table-wrapper", "math-wrapper"} & set(box["classes"]):
                box["ids"], box["names"] = [], []


def tidy(app, page, template, context, doctree):
    """Leave out a line that the theme has already, and headings of no level in the menu."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace(' role="heading"', "")
    context["metatags"] = re.sub(
        r'\s*<meta name="viewport"[^>]*>', "", context.get("metatags", "")
    )


def blocks_of_source(html):
    """Let the marks around each object on a page of source be such as may stand in preformatted text."""
    if 'class="viewcode-block"' not in html:
        return html
    start, end = html.index("<pre>"), html.rindex("</pre>")
    source = html[start:end].replace("<div", "<span").replace("</div>", "</span>")
    return html[:start] + source + html[end:]


def plain_summary(match):
    """Let the line that folds a cell out hold no paragraph, and be called what it says."""
    summary = re.sub(r'(<summary) aria-label="[^"]*"', r"\1", match[0])
    return re.sub(r"(</?)p\b", r"\1span", summary)


# Where no base is public, or only Python's own.
NO_BASES = re.compile(
    r"<p>Bases:\s*(<a [^>]*>(<[^a/][^>]*>)*object(</[^a>]+>)*</a>)?</p>\n?"
)
# The Chinese names of the glossary's terms.
CHINESE = re.compile(r'(<dt id="term-[^>]*>[^<]*?)([\u4e00-\u9fff][^<]*)')


# On every page of the theme: landmarks without names, and the boxes that open the menus outside all landmarks.
LANDMARKS = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Chapters">',
    '<aside class="(toc-drawer(?: no-toc)?)">': (
        r'<aside class="\1" aria-label="On this page">'
    ),
    r'(?:<input type="checkbox" class="sidebar-toggle"[^>]*>\s*)+': (
        r'<nav class="switches" aria-label="Menus">\g<0></nav>'
    ),
}
# On some pages: headers of tables without text, roles that are deprecated, and generated pages that say that they are
# not to be found; and names too long for a line.
MENDED = {
    '<th class="head"><p></p></th>': '<td class="head"></td>',
    ' role="doc-biblioentry"': "",
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    '<meta name="robots" content="noindex" />': "",
    "<h1>nnnotes.": "<h1>nnnotes.<wbr>",
    '<div class="title">nnnotes.': '<div class="title">nnnotes.<wbr>',
}


def finished(html, template, context):
    title = re.sub("<[^>]*>", "", context.get("title") or context["docstitle"])
    search, about = (context["pathto"](name) for name in ("search", "about"))
    # On a phone the bar says the title of the page, and the search is one tap away. And Firefox complains of what is to
    # be fetched ahead: the policy, which names what may be loaded, has no name for that.
    changed = LANDMARKS | {
        r'<link rel="prefetch"[^>]*>': "",
        r'<a href="[^"]*"><div class="brand">[^<]*</div></a>': (
            f'<a class="brand" href="#">{title.removeprefix("nnnotes.")}</a>'.replace(
                "\\", r"\\"
            )
        ),
        '<div class="header-right">': (
            rf'\g<0><a class="header-search" href="{search}" aria-label="Search"></a>'
        ),
    }
    if context["hasdoc"]("about"):
        changed['<div class="left-details">'] = rf'\g<0><a href="{about}">{ABOUT}</a>'
    for pattern, new in changed.items():
        html = patched(pattern, new, html, f"the theme's {template}")
    for old, new in MENDED.items():
        html = html.replace(old, new)
    # A point or comma after a formula stays in its line.
    html = re.sub(rf"{END}([.,;:!?)’”]*)", r"\1</span>", html)
    html = re.sub(r"<summary.*?</summary>", plain_summary, html, flags=re.DOTALL)
    html = NO_BASES.sub("", html)
    html = CHINESE.sub(r'\1<span lang="zh-Hans">\2</span>', html)
    return blocks_of_source(html)
