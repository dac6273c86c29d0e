"""The search: the text of all sections and all names of the package, in one script that the page of the search loads
when something is asked.

Being a script it also loads from a file, where a page may not fetch anything: Sphinx's own search fetches each page
that it found, to show some of its text, and others fetch an engine as WebAssembly. Text is kept as it was read;
whatever a language needs for finding words in it is in ``search.js``.
"""

import hashlib
import inspect
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from package import import_object

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
KINDS = {
    "class": "class",
    "function": "function",
    "method": "method",
    "property": "property",
    "attribute": "attribute",
    "data": "object",
    "module": "module",
    "exception": "exception",
}
QUIET = nodes.Invisible | nodes.title | addnodes.desc_signature | addnodes.index


def cited(keys, entries):
    """Name the authors and the years of works, as the pages do."""
    works = []
    for key in keys.split(","):
        people = entries[key].persons["author"]
        names = [" ".join(map(str, who.rich_last_names)) for who in people]
        authors = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
        works.append(f"{authors} [{entries[key].fields['year']}]")
    return ", ".join(works)


def text_of(node):
    """Return a section's own text as one line, without its title, its sections and descriptions of names."""
    parts = []

    def walk(node):
        for child in node.children:
            if isinstance(child, nodes.Text):
                parts.append(child.astext())
            elif child.get("refdomain") == "cite":
                parts.append(f"\0cite:{child['reftarget']}\0")  # authors, later
            elif isinstance(child, addnodes.pending_xref) and not child.astext():
                parts.append(f"\0{child['reftarget']}\0")  # a page's title, later
            elif isinstance(child, nodes.image):
                parts.append(f" {child.get('alt', '')} ")
            elif isinstance(child, nodes.math):
                parts.append(f"${child.astext()}$")
            elif isinstance(child, nodes.math_block):
                parts.append(f" $${child.astext()}$$ ")
            elif not isinstance(child, nodes.section | addnodes.desc | QUIET):
                walk(child)
                if not isinstance(child, nodes.Inline):
                    parts.append(" ")

    walk(node)
    return " ".join("".join(parts).split())


def remember(app, doctree):
    """Keep the sections of a page that is read: anchor, title, text."""
    found = []
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        anchor = section["ids"][0] if section["ids"] else ""
        found.append([anchor, " ".join(title.astext().split()), text_of(section)])
    if found:
        found[0][0] = ""  # the page itself
    sections(app.env)[app.env.docname] = found


def sections(env):
    if not hasattr(env, "nnnotes_sections"):
        env.nnnotes_sections = {}
    return env.nnnotes_sections


def forget(app, env, page):
    sections(env).pop(page, None)


def merge(app, env, pages, other):
    sections(env).update(
        {page: sections(other)[page] for page in pages if page in sections(other)}
    )


def names(app, position):
    """List the documented names: name, kind, number of the page, anchor, and what the docstring says first."""
    found = []
    for name, shown, kind, page, anchor, _ in sorted(
        app.env.get_domain("py").get_objects()
    ):
        if page in position and kind in KINDS:
            documented = inspect.getdoc(import_object(name)) if exists(name) else None
            first = (
                (documented or "")
                .partition("\n\n")[0]
                .replace("\n", " ")
                .replace("`", "")
            )
            if kind not in ("class", "function", "method", "module", "property"):
                first = ""  # what its type says of itself
            found.append([shown, KINDS[kind], position[page], anchor, first])
    return found


def exists(name):
    try:
        import_object(name)
    except (AttributeError, ImportError):
        return False
    return True


def data(app):
    pages = sorted(sections(app.env))
    position = {page: number for number, page in enumerate(pages)}

    titles = app.env.titles
    entries = app.env.get_domain("cite").bibdata.data.entries

    def text_for(link):
        if link[1].startswith("cite:"):
            return cited(link[1].removeprefix("cite:"), entries)
        return titles[link[1]].astext() if link[1] in titles else ""

    def titled(text):
        """Put in the titles of pages and the names of authors, where a link has no other text."""
        return re.sub("\0(.*?)\0", text_for, text)

    every = {
        "pages": [
            [app.builder.get_target_uri(page), titles[page].astext()] for page in pages
        ],
        "sections": [
            [position[page], anchor, title, titled(text)]
            for page in pages
            for anchor, title, text in sections(app.env)[page]
        ],
        "names": names(app, position),
    }
    return json.dumps(every, ensure_ascii=False, separators=(",", ":"))


def write(app):
    """Write the data and the script beside the page that loads them."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    static.mkdir(exist_ok=True)
    files = {
        "search-data.js": f"const searchData = {data(app)};\n",
        "search.js": (ASSETS / "search.js").read_text(encoding="utf8"),
    }
    at = {}
    for name, text in files.items():
        (static / name).write_text(text, encoding="utf8")
        version = hashlib.sha256(text.encode()).hexdigest()[:8]
        at[name] = f"_static/{name}?v={version}"
    tag = f'<script src="{at["search.js"]}" data-words="{at["search-data.js"]}" defer></script>'
    yield "search", {"title": "Search", "body": BODY + tag}, "page.html"


def replace_the_stock_search(app):
    app.builder.search = False


def setup(app):
    app.connect("builder-inited", replace_the_stock_search)
    app.connect("doctree-read", remember)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-collect-pages", write)
    return {
        "version": "1",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
