"""KaTeX's fonts with the characters that the pages hold, instead of all: a third of the bytes."""

import hashlib
import html
import re
import shutil
from pathlib import Path

from fontTools import subset

TAG = re.compile(r"<[^>]*>")


def characters(folder):
    """Collect what the pages' text is made of; a page that is not there yet holds ASCII at least."""
    found = {chr(code) for code in range(32, 127)}
    for path in folder.rglob("*.html"):
        found.update(html.unescape(TAG.sub("", path.read_text(encoding="utf8"))))
    return "".join(sorted(found))


def cut(source, target, text):
    options = subset.Options()
    options.flavor = "woff2"
    with subset.load_font(str(source), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        subset.save_font(font, str(target), options)


def cut_all(app, exception):
    if exception or app.builder.format != "html":
        return
    sources = sorted((Path(__file__).parents[1] / "_assets/katex/fonts").iterdir())
    held = {chr(code) for path in sources for code in codes(path)}
    text = "".join(c for c in characters(Path(app.outdir)) if c in held)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    kept = Path(app.outdir).parent / ".fonts" / key
    if not kept.is_dir():
        unfinished = kept.with_suffix(".part")
        unfinished.mkdir(parents=True, exist_ok=True)
        for source in sources:
            cut(source, unfinished / source.name, text)
        unfinished.rename(kept)
    fonts = Path(app.outdir, "_static", "katex", "fonts")
    shutil.copytree(kept, fonts, dirs_exist_ok=True)


def codes(path):
    with subset.load_font(str(path), subset.Options()) as font:
        return font.getBestCmap()


def setup(app):
    app.connect("build-finished", cut_all)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
