"""The theme is furo: leave out the styles and scripts that Jupyter Book adds to every page for its own theme."""

import configparser
import re
from pathlib import Path

import furo
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

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
    config.html_theme_options = {
        name: value
        for name, value in config.html_theme_options.items()
        if name in theme["options"]
    }


SWITCHES = re.compile(r'(?:<input type="checkbox" class="sidebar-toggle"[^>]*>\s*)+')


def in_a_landmark(html):
    """Put the boxes that open the menus, which stand outside all landmarks, into one."""
    return SWITCHES.sub(
        lambda match: f'<nav class="switches" aria-label="Menus">{match[0]}</nav>',
        html,
    )


def blocks_of_source(html):
    """Let the marks around each object on a page of source be such as may stand in preformatted text."""
    if 'class="viewcode-block"' not in html:
        return html
    start, end = html.index("<pre>"), html.rindex("</pre>")
    source = html[start:end].replace("<div", "<span").replace("</div>", "</span>")
    return html[:start] + source + html[end:]


class OneName(SphinxPostTransform):
    """Take from the theme's boxes around tables and formulas the names that what is inside has, too."""

    formats = ("html",)
    default_priority = 501  # after the theme has made them

    def run(self, **options):
        for box in self.document.findall(nodes.container):
            if {"table-wrapper", "math-wrapper"} & set(box["classes"]):
                box["ids"], box["names"] = [], []


def set_dark_code(app):
    # The theme makes this setting, so the configuration cannot hold it.
    app.config.pygments_dark_style = "a11y-high-contrast-dark"


def tidy(app, page, template, context, doctree):
    """Leave out a line that the theme has already, and headings of no level in the menu."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace(' role="heading"', "")
    context["metatags"] = re.sub(
        r'\s*<meta name="viewport"[^>]*>', "", context.get("metatags", "")
    )


def plain_summaries(html):
    """Let the line that folds a cell out hold no paragraph, and be called what it says."""
    return re.sub(
        r"<summary.*?</summary>",
        lambda match: re.sub(
            r"(</?)p\b",
            r"\1span",
            re.sub(r'(<summary) aria-label="[^"]*"', r"\1", match[0]),
        ),
        html,
        flags=re.DOTALL,
    )


# What axe finds in the theme's and in extensions' HTML: landmarks without names, headers of tables without text, roles
# that are deprecated, and generated pages that say that they are not to be found.
MENDED = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Chapters">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<th class="head"><p></p></th>': '<td class="head"></td>',
    ' role="doc-biblioentry"': "",
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    '<meta name="robots" content="noindex" />': "",
}


def finished(html):
    for old, new in MENDED.items():
        html = html.replace(old, new)
    return plain_summaries(blocks_of_source(in_a_landmark(html)))


def setup(app):
    app.add_post_transform(OneName)
    app.connect("html-page-context", tidy, priority=900)
    app.connect("builder-inited", set_dark_code, priority=100)
    app.connect("config-inited", forget_the_other_theme)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
