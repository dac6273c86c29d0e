"""The search: the text of all sections, terms and names, in one script that the page of the search loads when something
is asked. Beside ``_assets/search/search.js``, README.md there says how it ranks, and why it is the book's own.
"""

import hashlib
import json
import re
import unicodedata
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.search.en import SearchEnglish

ASSETS = Path(__file__).parents[1] / "_assets" / "search"
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
# What a section does not say itself: its title, its sections, and what is listed apart.
APART = nodes.Invisible | nodes.title | nodes.section | nodes.raw
APART |= addnodes.desc | addnodes.index | addnodes.glossary
FUNCTIONS = {"cos", "cosh", "exp", "ln", "log", "max", "min", "sin", "sinh", "tanh"}
SIGNS = {
    "cdot": "·",
    "odot": "⊙",
    "times": "×",
    "pm": "±",
    "le": "≤",
    "ge": "≥",
    "ne": "≠",
}
SIGNS |= {
    "approx": "≈",
    "sim": "~",
    "to": "→",
    "mapsto": "↦",
    "partial": "∂",
    "nabla": "∇",
}
SIGNS |= {
    "sum": "∑",
    "prod": "∏",
    "sqrt": "√",
    "infty": "∞",
    "in": "∈",
    "dots": "…",
    "ldots": "…",
}


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
    latex = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", latex)
    latex = re.sub(r"\\([A-Za-z]+)", sign, latex)
    return re.sub(r"([_^]) +", r"\1", re.sub(r"[{}]", "", latex))


class Text:
    """What is read: prose in one string, code and displayed formulas in another."""

    def __init__(self, env):
        self.titles = env.titles
        self.labels = env.get_domain("std").labels
        self.works = env.get_domain("cite").bibdata.data.entries

    def of(self, *roots):
        pieces = [piece for root in roots for piece in self.pieces(root)]
        said = (
            "".join(text for text, code in pieces if code is which)
            for which in (False, True)
        )
        return [" ".join(text.split()) for text in said]

    def within(self, section):
        return self.of(
            *(child for child in section.children if not isinstance(child, APART))
        )

    def pieces(self, node):
        """Yield each piece of text, and whether it is code."""
        if isinstance(node, nodes.Text):
            yield node.astext(), False
        elif isinstance(node, nodes.math_block):
            yield f" {plain(node.astext())} ", True
        elif isinstance(node, nodes.literal_block):
            yield re.sub(r"^<Figure .*>$", "", f"{node.astext()} "), True
        elif isinstance(node, nodes.math):
            yield plain(node.astext()), False
        elif isinstance(node, nodes.image):
            if "only-dark" not in node["classes"]:  # the same picture once more
                yield f" {plain(node.get('alt', ''))} ", False
        elif isinstance(node, addnodes.pending_xref) and not node.get("refexplicit"):
            yield self.link(node), False
        elif not isinstance(node, APART):
            for child in node.children:
                yield from self.pieces(child)
            yield "" if isinstance(node, nodes.Inline) else " ", False

    def link(self, node):
        """Return what a page shows for a link without words of its own."""
        target = node["reftarget"]
        if node.get("refdomain") == "cite":
            return self.cited(target)
        if target in self.titles:
            return self.titles[target].astext()
        return self.labels[target][2] if target in self.labels else node.astext()

    def cited(self, keys):
        """Name the authors and the years of works, as the pages do."""
        works = []
        for key in filter(self.works.get, keys.split(",")):
            people = self.works[key].persons["author"]
            names = [" ".join(map(str, who.rich_last_names)) for who in people]
            authors = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
            works.append(f"{authors} [{self.works[key].fields['year']}]")
        return ", ".join(works)


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


def terms(text, doctree):
    """Yield of each term of a glossary: anchor, name, what it means, the pages on it."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            term, meaning = item.next_node(nodes.term), item.next_node(nodes.definition)
            links = meaning.findall(addnodes.pending_xref)
            pages = {link["reftarget"] for link in links}
            yield term["ids"][0], term.astext(), text.of(meaning)[0], pages


def summaries(text, doctree):
    """Yield of each documented name its anchor, and what its docstring says first."""
    for described in doctree.findall(addnodes.desc):
        first = described[-1].next_node(nodes.paragraph)
        while first and first.astext().startswith("Bases: "):
            first = first.next_node(nodes.paragraph, descend=False, siblings=True)
        for anchor in described[0]["ids"]:
            yield anchor, text.of(first)[0] if first else ""


def data(app):
    """Gather pages, sections with the glossary's terms, and names."""
    text, place = Text(app.env), places(app)
    number = {page: at for at, page in enumerate(place)}
    subjects = {page: [] for page in place}
    sections, said = [], {}
    for page, at in number.items():
        doctree = app.env.get_doctree(page)
        for section in doctree.findall(nodes.section):
            title = text.of(*section.next_node(nodes.title).children)[0]
            # The first section is the page itself.
            anchor = section["ids"][0] if section.parent is not doctree else ""
            sections.append([at, anchor, title, *text.within(section)])
        for anchor, name, meaning, pages in terms(text, doctree):
            sections.append([at, anchor, name, meaning, ""])
            for one in subjects.keys() & pages:
                subjects[one].append(name)
        said |= summaries(text, doctree)
    titles = {page: text.titles[page].astext() for page in place}
    address = app.builder.get_target_uri
    objects = sorted(app.env.get_domain("py").get_objects())
    return {
        "pages": [[address(p), titles[p], place[p], subjects[p]] for p in place],
        "sections": sections,
        "names": [
            [name, kind, number[page], anchor, said.get(anchor, "")]
            for _, name, kind, page, anchor, _ in objects
            # A module is its page.
            if page in number and kind != "module"
        ],
        "aliases": aliases(),
    }


def aliases():
    """Return what readers call things, with what the book calls them."""
    lines = (ASSETS / "aliases.txt").read_text(encoding="utf8").splitlines()
    return dict(line.split(": ") for line in lines if line and line[0] != "#")


def write(app):
    """Write the data and the script beside the page that loads them."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    static.mkdir(exist_ok=True)
    known = json.dumps(data(app), ensure_ascii=False, separators=(",", ":"))
    script = (ASSETS / "search.js").read_text(encoding="utf8")
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


def setup(app):
    app.connect("builder-inited", replace_the_stock_search)
    app.connect("html-collect-pages", write)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}
