"""One stylesheet and one script for all pages.

The stylesheet is the theme's, the colours of code, KaTeX's and the book's own; the script is the theme's and the
book's own. What extensions add is left out: a page loads these two files and nothing else.
"""

import hashlib
import re
import shutil
from importlib.metadata import distribution
from pathlib import Path

import furo

ASSETS = Path(__file__).parents[1] / "_assets"

# What pages load, and the licences of what they load. Sphinx and the themes copy more.
KEPT = {"site.css", "site.js", "search.js", "search-data.js"}
KEPT |= {"logo.svg", "minus.png", "preview.png", "katex", "furo", "furo.js.LICENSE.txt"}

# Where a rule ends in any first or last child, and a part of it asks for an attribute, browsers compute the styles of
# the whole page again whenever the class of anything changes. Only descriptions of the package's objects are meant.
OBJECTS = "dl[class]" + "".join(
    f":not(.{name})"
    for name in ("option-list", "field-list", "footnote", "glossary", "simple")
)


def minified(css):
    """Leave out comments, and spaces that mean nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


def variables(app):
    """The colours of the theme's options, by themselves and for the dark, whether the system's or chosen."""
    options = app.config.html_theme_options

    def declared(kind):
        return ";".join(
            f"--{name}:{value}"
            for name, value in options.get(f"{kind}_css_variables", {}).items()
        )

    dark = declared("dark")
    return (
        f"body{{{declared('light')}}}@media not print{{body[data-theme=dark]{{{dark}}}"
        f"@media(prefers-color-scheme:dark){{body:not([data-theme=light]){{{dark}}}}}}}"
    )


def stylesheet(app):
    theme = furo.THEME_PATH / "static" / "styles" / "furo.css"
    theme_css = theme.read_text(encoding="utf8").split("/*# sourceMappingURL")[0]
    # The switch keeps its place until the script shows it: nothing beside it moves then.
    theme_css = re.sub(
        r"(\.no-js \.theme-toggle-container\{)display:none",
        r"\1visibility:hidden",
        theme_css,
    ).replace(OBJECTS, "dl.py")
    katex = (ASSETS / "katex" / "katex.min.css").read_text(encoding="utf8")
    parts = [
        theme_css,
        minified(re.sub(r"background: [^;]*;", "", furo.get_pygments_stylesheet())),
        katex.replace("url(fonts/", "url(katex/fonts/"),
        variables(app),
        minified((ASSETS / "book.css").read_text(encoding="utf8")),
    ]
    return "\n".join(parts)


def script():
    theme = furo.THEME_PATH / "static" / "scripts" / "furo.js"
    parts = [
        theme.read_text(encoding="utf8").split("//# sourceMappingURL")[0],
        (ASSETS / "book.js").read_text(encoding="utf8"),
    ]
    return "\n".join(parts)


def bundle(app):
    """Write the two files where Sphinx finds static ones, before it writes pages that name their checksums."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir).parent / ".assets"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "site.css").write_text(stylesheet(app), encoding="utf8")
    (folder / "site.js").write_text(script(), encoding="utf8")
    (folder / "katex").mkdir()
    shutil.copy(ASSETS / "katex" / "LICENSE", folder / "katex")
    (folder / "furo").mkdir()
    files = distribution("furo").files
    licence = next(path for path in files if path.name == "LICENSE")
    shutil.copy(licence.locate(), folder / "furo" / "LICENSE")
    shutil.copy(
        furo.THEME_PATH / "static" / "scripts" / "furo.js.LICENSE.txt",
        folder / "furo.js.LICENSE.txt",
    )
    app.config.html_static_path.append(str(folder))


def name_the_two(app, page, template, context, doctree):
    """Name no other file."""
    names = ("site.css", "site.js")
    for kind in ("css_files", "script_files"):
        context[kind] = [
            one
            for one in context[kind]
            if str(one.filename).split("/")[-1].split("?")[0] in names
        ]


def leave_the_rest_out(app, exception):
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir, "_static").iterdir():
        if path.name in KEPT or path.name.removesuffix(path.suffix) in KEPT:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def key():
    """What the look of all pages depends on: when it changes, they are written again, though not read again."""
    folders = (ASSETS, ASSETS.parent / "_templates", ASSETS.parent / "_ext")
    paths = sorted(path for folder in folders for path in folder.rglob("*.*"))
    digest = hashlib.sha256()
    for path in paths:
        if "__pycache__" not in path.parts:
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def setup(app):
    app.add_config_value("nnnotes_look", key(), "html")
    app.add_css_file("site.css")
    app.add_js_file("site.js", loading_method="defer")
    app.connect("builder-inited", bundle, priority=900)
    app.connect("html-page-context", name_the_two, priority=900)
    app.connect("build-finished", leave_the_rest_out, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
