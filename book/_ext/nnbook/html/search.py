"""The search: the text of all sections, terms and names, in one script that the page of the search loads when something
is asked. Beside ``_assets/search/search.js``, README.md there says how it ranks, and why it is the book's own.
"""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from itertools import chain
from pathlib import Path
from urllib.parse import urljoin

from docutils import nodes
from sphinx import addnodes
from sphinx.search.en import SearchEnglish
from sphinx.transforms import SphinxTransformer
from sphinx.transforms.post_transforms import ReferencesResolver

from nnbook.colours import ASSETS

SEARCH = ASSETS / "search"
BODY = """<h1>Search</h1>
<form class="search" action="search.html">
<input type="search" name="q" id="search-words" aria-label="Words to search for" autocomplete="off" autofocus>
<button>Search</button>
</form>
<noscript><p>The search needs JavaScript. Without it, the <a href="genindex.html">index</a> lists all names of the
package, the <a href="glossary.html">glossary</a> all terms, and the list beside this page all chapters.</p></noscript>
<p id="search-status" role="status"></p>
<div id="search-results"></div>
"""
HAN = re.compile("[\u4e00-\u9fff]+")
# What a section does not say itself: its title, its sections, and what is listed apart.
APART = nodes.Invisible | nodes.title | nodes.section | nodes.raw
APART |= addnodes.desc | addnodes.index | addnodes.glossary
COMMANDS = """cdot · odot ⊙ times × pm ± le ≤ ge ≥ ne ≠ approx ≈ sim ~ to → mapsto ↦ top T
partial ∂ nabla ∇ sum ∑ prod ∏ sqrt √ infty ∞ in ∈ dots … ldots …"""
SIGNS = dict(re.findall(r"(\w+) (\S+)", COMMANDS))
# Other commands say how something looks.
FUNCTIONS = {"cos", "cosh", "exp", "ln", "log", "max", "min", "sin", "sinh", "tanh"}


def sign(match):
    """Return the letter or the sign that a command of LaTeX stands for, if any."""
    name = match[1]
    case = "SMALL" if name.islower() else "CAPITAL"
    letter = name.removeprefix("var").upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {letter}")
    except KeyError:
        return name if name in FUNCTIONS else SIGNS.get(name, "")


def plain(latex):
    """Write a formula as one does in a line of text: 1/n_in, g'(z) = max(0, z)."""
    latex = re.sub(r"\\(begin|end)\{\w+\*?\}|\\[^A-Za-z]|&", " ", latex)
    for _ in range(2):  # n_{\\text{in}} has braces in braces
        latex = re.sub(r"(\\(?:text|math|op)\w*|[_^])\s*\{([^{}]*)\}", r"\1 \2", latex)
    latex = re.sub(r"\\[dt]?frac\s*(\w)(\w)", r"\1/\2", latex)
    latex = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", latex)
    latex = re.sub(r"\\([A-Za-z]+)", sign, latex)
    latex = re.sub(r"[{}]", "", re.sub(r" *([_^]) *", r"\1", latex))
    return latex.replace("^T", "ᵀ")


def pieces(node):
    """Yield each piece of what a node says, and whether it is code."""
    if isinstance(node, nodes.Text):
        yield node.astext(), False
    elif isinstance(node, nodes.math):
        yield plain(node.astext()), False
    elif isinstance(node, nodes.math_block):
        yield f" {plain(node.astext())} ", True
    elif isinstance(node, nodes.literal_block):
        # What a figure prints where it cannot be shown says nothing.
        yield re.sub(r"^<Figure .*>$", "", node.astext()) + " ", True
    elif isinstance(node, nodes.image):
        # The picture for dark pages is the same once more.
        dark = "only-dark" in node["classes"]
        yield "" if dark else f" {plain(node.get('alt', ''))} ", False
    elif not isinstance(node, APART):
        for child in node.children:
            yield from pieces(child)
        yield "" if isinstance(node, nodes.Inline) else " ", False


def text_of(*roots):
    """Return what nodes say as two lines: prose; code and displayed formulas."""
    said = {False: "", True: ""}
    for piece, code in chain.from_iterable(map(pieces, roots)):
        said[code] += piece
    return [" ".join(text.split()) for text in said.values()]


def resolved(app, page):
    """Return a page as it was read, with the words that its links show."""
    doctree = app.env.get_doctree(page)
    transformer = SphinxTransformer(doctree)
    transformer.set_environment(app.env)
    every = app.registry.get_post_transforms()
    links = [one for one in every if issubclass(one, ReferencesResolver)]
    transformer.add_transforms(links)
    app.env.temp_data["docname"] = page
    transformer.apply_transforms()
    return doctree


def places(app):
    """Say where each page stands, in the order of the table of contents.

    0 is the first numbered part, 1 the others, 2 what has no numbers, 3 the package.
    """
    env = app.env
    package = {one.docname for one in env.get_domain("py").objects.values()}
    found = {app.config.root_doc: 2}

    def add(page, place):
        found.setdefault(page, 3 if page in package else place)
        for child in env.toctree_includes.get(page, []):
            add(child, place)

    numbered = 0
    for part in env.get_doctree(app.config.root_doc).findall(addnodes.toctree):
        place = min(numbered, 1) if part["numbered"] else 2
        numbered += bool(part["numbered"])
        for page in part["includefiles"]:
            add(page, place)
    return found


def terms(doctree):
    """Yield each term of a glossary: its anchor and name, what it means, its links."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            term, meaning = item.next_node(nodes.term), item.next_node(nodes.definition)
            links = {
                link.get("refuri", "") for link in meaning.findall(nodes.reference)
            }
            yield term["ids"][0], term.astext(), text_of(meaning)[0], links


def summaries(doctree):
    """Yield of each documented name its anchor, and what its docstring says first."""
    for described in doctree.findall(addnodes.desc):
        own = (one for one in described[-1] if isinstance(one, nodes.paragraph))
        said = (text_of(one)[0] for one in own)
        first = next((text for text in said if not text.startswith("Bases: ")), "")
        for anchor in described[0]["ids"]:
            yield anchor, first


def data(app):
    """Gather the pages; and their sections, the glossary's terms and the names."""
    place = places(app)
    number = {page: at for at, page in enumerate(place)}
    address = {page: app.builder.get_target_uri(page) for page in place}
    entries, said, subjects, called = [], {}, defaultdict(list), aliases()
    for page, at in number.items():
        doctree = resolved(app, page)
        for section in doctree.findall(nodes.section):
            title = text_of(*section.next_node(nodes.title).children)[0]
            own = (c for c in section.children if not isinstance(c, APART))
            # The first section is the page itself.
            anchor = section["ids"][0] if section.parent is not doctree else ""
            entries.append([at, anchor, title, *text_of(*own)])
        for anchor, name, meaning, links in terms(doctree):
            entries.append([at, anchor, name, meaning, ""])
            called |= dict.fromkeys(HAN.findall(name), HAN.split(name)[0].strip())
            for link in links:
                subjects[urljoin(address[page], link)].append(name)
        said |= summaries(doctree)
    objects = sorted(app.env.get_domain("py").get_objects())
    for _, name, kind, page, anchor, _ in objects:
        # A module is its page.
        if page in number and kind != "module":
            entries.append([number[page], anchor, name, said.get(anchor, ""), "", kind])
    about = {page: subjects[address[page]] for page in place}
    title = {page: app.env.titles[page].astext() for page in place}
    return {
        "pages": [[address[p], title[p], place[p], about[p]] for p in place],
        "entries": entries,
        "aliases": called,
    }


def aliases():
    """Return what readers call things, with what the book calls them."""
    lines = (SEARCH / "aliases.txt").read_text(encoding="utf8").splitlines()
    return dict(line.split(": ") for line in lines if line and line[0] != "#")


def write(app):
    """Write the data and the script beside the page that loads them."""
    static = Path(app.outdir, "_static")
    static.mkdir(exist_ok=True)
    known = json.dumps(data(app), ensure_ascii=False, separators=(",", ":"))
    script = (SEARCH / "search.js").read_text(encoding="utf8")
    files = {
        "search-data.js": f"const searchData = {known};\n",
        "search.js": SearchEnglish.js_stemmer_code + script,
    }
    at = {}
    for name, code in files.items():
        (static / name).write_text(code, encoding="utf8")
        at[name] = f"_static/{name}?v={hashlib.sha256(code.encode()).hexdigest()[:8]}"
    tag = f'<script src="{at["search.js"]}" data-words="{at["search-data.js"]}" defer></script>'
    yield "search", {"title": "Search", "body": BODY + tag}, "page.html"


def replace_the_stock_search(app):
    app.builder.search = False
