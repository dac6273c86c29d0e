"""KaTeX's fonts stand in the stylesheet, with the characters that the formulas hold instead of all.

So they are there when a page is first shown: no formula changes its width, and no line its breaks, because a font comes
later than the text. And they are fewer bytes than the whole fonts that a chapter would load by itself.
"""

import base64
import hashlib
import html
import re
from collections import defaultdict
from pathlib import Path

from fontTools import subset

from nnbook.colours import ASSETS

KATEX = ASSETS / "katex"
FACE = re.compile(r"@font-face\{([^{}]*)url\(katex/fonts/([^)]*)\)([^{}]*)\}")
PROPERTY = re.compile(r'font-(family|style|weight):"?(?:KaTeX_)?(\w+)')
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
LAST_CLASS = re.compile(r"\.([\w-]+)[^.,]*(?:,|$)")
SPAN = re.compile(r"<span\b|</span>")
PART = re.compile(r'<span(?: class="([^"]*)")?[^>]*>|(</span>)|(?<=>)([^<]+)')
# Browsers read fonts from a stylesheet after they have shown the text; what a script asks for, they wait for.
ASK = "<script>document.fonts.forEach((font) => font.load());</script>"
STAMP = re.compile(r"(site\.css\?v=)\w+")


def formulas(page):
    """Collect what KaTeX shows on a page."""
    found, start = set(), 0
    while (start := page.find('<span class="katex-html"', start)) >= 0:
        depth = 0
        for span in SPAN.finditer(page, start):
            depth += 1 if span[0] == "<span" else -1
            if depth == 0:
                break
        found.add(page[start : span.end()])
        start = span.end()
    return found


def properties(css):
    """What the classes of formulas say of the font, by KaTeX's styles."""
    found = defaultdict(dict)
    for selectors, declared in RULE.findall(css):
        said = dict(PROPERTY.findall(declared))
        for name in LAST_CLASS.findall(selectors) if said else ():
            found[name] |= said
    return found


def fonts_inside(font, large, classes, properties):
    """Return the font that some classes make of another, and the fonts of large delimiters that they may name."""
    font, large = dict(font), set(large)
    for name in classes.split():
        said = properties.get(name, {})
        if said.get("family", "").startswith("Size"):
            large.add(said["family"])
        else:
            font |= said
    return font, large


def characters(formulas, properties):
    """Collect the characters of each font, which has a family, a style and a weight.

    The classes of the fonts for large delimiters name sizes of other text, too: what they hold counts for both.
    """
    found = defaultdict(set)
    for formula in formulas:
        inside = [({"family": "Main", "style": "normal", "weight": "400"}, set())]
        for classes, end, text in PART.findall(formula):
            font, large = inside[-1]
            if end:
                inside.pop()
            elif not text:
                inside.append(fonts_inside(font, large, classes, properties))
            for family in {font["family"], *large} if text else ():
                key = family, font["style"], font["weight"]
                found[key].update(html.unescape(text))
    return found


def cut(source, target, text):
    """Write a font with some characters, without instructions for the pixels of old screens: half of its bytes."""
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    with subset.load_font(str(source), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        subset.save_font(font, str(target), options)


def codes(path):
    with subset.load_font(str(path), subset.Options()) as font:
        return font.getBestCmap()


def with_fonts(css, text, kept):
    """Put fonts where their addresses stood, and leave out those that no formula needs."""

    def face(match):
        said = dict(PROPERTY.findall(match[0]))
        wanted = text.get((said["family"], said["style"], said["weight"]), set())
        source = KATEX / "fonts" / match[2]
        held = "".join(sorted(wanted & {chr(code) for code in codes(source)}))
        if not held:
            return ""
        digest = hashlib.sha256(source.read_bytes() + held.encode()).hexdigest()
        path = kept / f"{digest[:16]}.woff2"
        if not path.is_file():
            unfinished = path.with_suffix(".part")
            cut(source, unfinished, held)
            unfinished.rename(path)
        data = base64.b64encode(path.read_bytes()).decode()
        return f"@font-face{{{match[1]}url(data:font/woff2;base64,{data}){match[3]}}}"

    return FACE.sub(face, css)


def at_once(page):
    """Let a page with formulas ask for the fonts, where the stylesheet has been named."""
    if 'class="katex-html"' not in page:
        return page
    return page.replace("</head>", f"{ASK}\n    </head>", 1)


def finish(app, exception):
    """Write the stylesheet, and its checksum into the pages, since it depends on all of them."""
    folder, out = Path(app.outdir).parent, Path(app.outdir)
    pages = {path: path.read_text(encoding="utf8") for path in out.rglob("*.html")}
    css = (folder / ".assets" / "site.css").read_text(encoding="utf8")
    shown = set().union(*(formulas(page) for page in pages.values()))
    kept = folder / ".fonts"
    kept.mkdir(exist_ok=True)
    styles = properties((KATEX / "katex.min.css").read_text(encoding="utf8"))
    css = with_fonts(css, characters(shown, styles), kept)
    (out / "_static" / "site.css").write_text(css, encoding="utf8")
    stamp = hashlib.sha256(css.encode()).hexdigest()[:8]
    for path, page in pages.items():
        stamped = STAMP.sub(rf"\g<1>{stamp}", page)
        if stamped != page:
            path.write_text(stamped, encoding="utf8")
