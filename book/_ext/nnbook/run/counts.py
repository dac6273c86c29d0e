"""What the cells of each page use and check: for "Used in" on the API pages, and for the table of executed pages.

``{executed}``: a table of the pages with code: their cells, and how many claims these check.
"""

import ast
import importlib
import inspect
import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from nnbook.run.cells import notebook

SHOWN = re.compile(r"^```\{(?:source|formula|equations)\} (\S+)", re.MULTILINE)
EXECUTED = "nnnotes_executed"  # marks the pages with the table, in their metadata


class Executed(SphinxDirective):
    def run(self):
        self.env.metadata[self.env.docname][EXECUTED] = True
        pages = {page: one for page, one in self.env.nnnotes_cells.items() if one[0]}
        sums = [sum(one[column] for one in pages.values()) for column in (0, 1)]
        rows = [(f"{{doc}}`/{page}`", *one[:2]) for page, one in pages.items()]
        rows = [("Page", "Cells", "Checks"), ("---", "--:", "--:"), *rows]
        lines = ["|".join(map(str, row)) for row in (*rows, ("**All**", *sums))]
        parent = nodes.container()
        self.state.nested_parse(StringList(lines, self.name), 0, parent)
        return parent.children


def parsed(source):
    """Parse a cell, without IPython's own commands; nothing where it is wrong, which its execution will say."""
    lines = (line for line in source.splitlines() if not line.startswith("%"))
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return ast.parse("")


def checks(tree):
    return sum(isinstance(node, ast.Assert) for node in ast.walk(tree))


def mentioned(tree):
    """Give what a cell takes from the package, as pairs of a module and a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield "nnnotes." + node.value.id, node.attr
            yield node.value.id, node.attr


def public(module, name):
    """Name an object as its API page does: by the module that defines it, and an instance by its class."""
    from nnnotes import activations, gates

    if module.split(".")[0] != "nnnotes":
        return None
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError:
        return None
    if any(found is g for g in (*activations.ALL, *gates.ALL)):
        found = type(found)
    if inspect.ismodule(found) or not hasattr(found, "__qualname__"):
        return None
    home = found.__module__
    return f"{home}.{found.__qualname__}" if home.startswith("nnnotes") else None


def look(env, page):
    """Return how many cells and checks a page has, and what of the package a chapter shows or uses."""
    found, names = notebook(env, page), set()
    sources = found.cells if found else []
    trees = [parsed(cell.source) for cell in sources if cell.cell_type == "code"]
    if page.startswith("chapters/"):
        text = Path(env.doc2path(page)).read_text(encoding="utf8")
        pairs = {pair for tree in trees for pair in mentioned(tree)}
        names = {public(*pair) for pair in pairs} - {None} | set(SHOWN.findall(text))
    return len(trees), sum(map(checks, trees)), names


def users(env, name):
    """List the chapters that use an object."""
    return [page for page, (*_, names) in env.nnnotes_cells.items() if name in names]


def look_at_cells(app, env, added, changed, removed):
    """Look at what is to be read; where the API pages and the table show something else then, read these, too."""
    old, nothing = getattr(env, "nnnotes_cells", {}), (0, 0, set())
    new = {page: old[page] for page in old if page in env.found_docs}
    new |= {page: look(env, page) for page in added | changed}
    order = [page for page in app.config.external_site_map if page in new]
    env.nnnotes_cells = {page: new[page] for page in order}
    if [page for page in old if page in new] != [page for page in order if page in old]:
        return sorted(env.found_docs)  # what lists chapters lists them in another order
    pages = set()
    for page in old | new:
        before, after = old.get(page, nothing), new.get(page, nothing)
        pages |= {f"api/{name.split('.')[1]}" for name in before[2] ^ after[2]}
        if before[:2] != after[:2]:
            pages |= {name for name in env.metadata if EXECUTED in env.metadata[name]}
    return sorted(pages & env.found_docs)
