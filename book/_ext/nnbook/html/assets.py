"""One stylesheet and one script for all pages.

The stylesheet is the theme's, the colours of code, KaTeX's and the book's own; the script is the theme's and the
book's own. What extensions add is left out: a page loads these two files and nothing else.
"""

import os
import re
import shutil
from importlib.metadata import distribution
from pathlib import Path

import furo

from nnbook.colours import ASSETS, logo, variables
from nnbook.html.theme import patched

THEME = furo.THEME_PATH / "static"
NAMES = ("site.css", "site.js")
# What pages load, and the licences of what they load. Sphinx and the themes copy more.
KEPT = {*NAMES, "search.js", "search-data.js", "logo.svg", "minus.png", "katex", "furo"}
KEPT |= {"furo.js.LICENSE.txt"}

# Where a rule ends in any first or last child, and a part of it asks for an attribute, browsers compute the styles of
# the whole page again whenever the class of anything changes. Only descriptions of the package's objects are meant.
OBJECTS = "dl[class]" + "".join(
    f":not(.{name})"
    for name in ("option-list", "field-list", "footnote", "glossary", "simple")
)
PATCHES = {
    re.escape(OBJECTS): "dl.py",
    # The switch keeps its place until the script shows it: nothing beside it moves then.
    r"(\.no-js \.theme-toggle-container\{)display:none": r"\1visibility:hidden",
    r"/\*# sourceMappingURL.*": "",
}


def minified(css):
    """Leave out comments, and spaces that mean nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


def stylesheet():
    theme = (THEME / "styles" / "furo.css").read_text(encoding="utf8")
    for pattern, new in PATCHES.items():
        theme = patched(pattern, new, theme, "furo.css")
    code = re.sub(r"background: [^;]*;", "", furo.get_pygments_stylesheet())
    katex = (ASSETS / "katex" / "katex.min.css").read_text(encoding="utf8")
    katex = patched(r"url\(fonts/", "url(katex/fonts/", katex, "katex.min.css")
    own = (ASSETS / "book.css").read_text(encoding="utf8")
    return "\n".join([theme, minified(code), katex, variables(), minified(own)])


def script(live):
    theme = (THEME / "scripts" / "furo.js").read_text(encoding="utf8")
    theme = patched("//# sourceMappingURL.*", "", theme, "furo.js")
    own = ["book.js", "live/buttons.js"] if live else ["book.js"]
    return "\n".join([theme, *((ASSETS / p).read_text(encoding="utf8") for p in own)])


def folder_of(app):
    return Path(app.outdir).parent / ".assets"


def write_logo(app, config):
    """Write the logo where Sphinx, which looks for it now, finds it."""
    path = folder_of(app) / "logo.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(logo(), encoding="utf8")
    config.html_logo = config.html_favicon = os.path.relpath(path, app.confdir)


def bundle(app):
    """Write the two files where Sphinx finds static ones, before it writes pages that name their checksums."""
    folder = folder_of(app)
    (folder / "site.css").write_text(stylesheet(), encoding="utf8")
    (folder / "site.js").write_text(script(app.config.nnnotes_live), encoding="utf8")
    for name in ("katex", "furo"):
        (folder / name).mkdir(exist_ok=True)
    shutil.copy(ASSETS / "katex" / "LICENSE", folder / "katex")
    licence = next(p for p in distribution("furo").files if p.name == "LICENSE")
    shutil.copy(licence.locate(), folder / "furo" / "LICENSE")
    shutil.copy(THEME / "scripts" / "furo.js.LICENSE.txt", folder)
    app.config.html_static_path.append(str(folder))


def name_the_two(app, page, template, context, doctree):
    """Name no other file."""
    for kind in ("css_files", "script_files"):
        context[kind] = [
            one
            for one in context[kind]
            if str(one.filename).split("/")[-1].split("?")[0] in NAMES
        ]


def leave_the_rest_out(app, exception):
    for path in Path(app.outdir, "_static").iterdir():
        if path.name in KEPT or path.name == Path(app.env.nnnotes_explorers).name:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def sources():
    """List what the look of all pages depends on: when it changes, they are written again, though not read again."""
    folders = (ASSETS, ASSETS.parent / "_templates")
    return sorted(path for folder in folders for path in folder.rglob("*.*"))
