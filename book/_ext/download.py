"""Each chapter as a notebook, for any Jupyter: plain Markdown with LaTeX, and the cells as they are.

The Markdown is written from the page as Sphinx has resolved it, so that formulas, numbers and references are those of
the page, whatever directive they come from. References lead to the site where its address is known, and are text
elsewhere.
"""

import json
import re
from pathlib import Path
from urllib.parse import urljoin

from docutils import nodes
from sphinx import addnodes

from execution import notebook
from exercises import solution

FOLDER = "notebooks"
START = 'This notebook is a chapter of *{title}*. It runs after `pip install "nnnotes[plots]"`.'
SPECIAL = re.compile(r"([\\`*_\[\]<>$])")


class Markdown:
    """Markdown of a resolved page, in cells."""

    def __init__(self, address, equations, figures, sources):
        self.address = address  # of the page; "" when unknown
        self.equations = equations  # their numbers, by their labels
        self.figures = figures  # their numbers, by their ids
        self.sources = sources  # of the code cells
        self.cells = []
        self.placed = 0

    def say(self, text):
        if text.strip():
            self.cells.append(("markdown", text.strip("\n")))

    def run(self, upto):
        """Place the code cells before this one, and a cell that the page hides at its place in their order."""
        while self.placed < upto:
            self.cells.append(("code", self.sources[self.placed][1]))
            self.placed += 1

    def walk(self, node, level=0):
        """Write the blocks of a page; code cells stand in sections and solutions, never in smaller things."""
        for child in node.children:
            if isinstance(child, nodes.section):
                self.walk(child, level + 1)
            elif isinstance(child, nodes.title):
                self.say(f"{'#' * max(level, 1)} {self.inline(child)}")
            elif isinstance(child, solution):
                self.say(f"**Solution to exercise {child['number']}**")
                self.walk(child, level)
            elif isinstance(child, nodes.container) and "nb_element" in child:
                self.cell(child)
            else:
                self.say(self.block(child))

    def cell(self, node):
        if node.get("nb_element") != "cell_code":
            self.walk(node)
            return
        index = node["cell_index"]
        self.run(1 + next(i for i, (at, _) in enumerate(self.sources) if at == index))
        for figure in node.findall(nodes.figure):
            number = ".".join(map(str, self.figures.get(figure["ids"][0], ())))
            for caption in figure.findall(nodes.caption):
                self.say(f"*Fig. {number}: {self.inline(caption)}*")

    def blocks(self, node):
        return "\n\n".join(filter(None, (self.block(child) for child in node.children)))

    def block(self, node):
        method = getattr(self, f"block_{type(node).__name__}", None)
        if method:
            return method(node)
        if isinstance(node, nodes.Admonition):
            return quoted(self.blocks(node))
        if isinstance(node, nodes.Invisible | nodes.target | addnodes.index):
            return ""
        if isinstance(node, nodes.TextElement | nodes.Inline):
            return self.inline(node)
        return self.blocks(node)

    def block_math_block(self, node):
        latex = node.astext().strip()
        number = self.equations.get(node.get("label") or "")
        if number and r"\tag" not in latex:
            latex += rf" \tag{{{number}}}"
        return f"$$\n{latex}\n$$"

    def block_literal_block(self, node):
        language = node.get("language", "")
        return f"```{language}\n{node.astext()}\n```"

    def block_rubric(self, node):
        return f"**{self.inline(node)}**"

    def block_title(self, node):
        return f"**{self.inline(node)}**"

    block_caption = block_rubric

    def block_block_quote(self, node):
        return quoted(self.blocks(node))

    def block_bullet_list(self, node):
        return "\n".join(self.item("-", child) for child in node.children)

    def block_enumerated_list(self, node):
        start = node.get("start", 1)
        return "\n".join(
            self.item(f"{i}.", child) for i, child in enumerate(node.children, start)
        )

    def item(self, mark, node):
        first, *rest = self.blocks(node).split("\n")
        indent = " " * (len(mark) + 1)
        return "\n".join(
            [f"{mark} {first}", *(indent + line if line else "" for line in rest)]
        )

    def block_definition_list_item(self, node):
        term, *rest = node.children
        return f"**{self.inline(term)}**: " + " ".join(
            self.blocks(part) for part in rest
        )

    def block_table(self, node):
        rows = [
            [
                self.blocks(entry).replace("\n", " ").replace("|", r"\|")
                for entry in row.children
            ]
            for row in node.findall(nodes.row)
        ]
        title = "".join(
            self.block(child)
            for child in node.children
            if isinstance(child, nodes.title)
        )
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * len(rows[0]))
        return "\n".join([title, "", *lines] if title else lines)

    def block_image(self, node):
        return node.get("alt", "")

    def inline(self, node):
        return "".join(map(self.piece, node.children))

    def piece(self, node):
        if isinstance(node, nodes.Text):
            return SPECIAL.sub(r"\\\1", node.astext()).replace("\n", " ")
        if isinstance(node, nodes.math):
            return f"${node.astext()}$"
        if isinstance(node, nodes.literal):
            return f"`{node.astext()}`"
        if isinstance(node, nodes.emphasis):
            return f"*{self.inline(node)}*"
        if isinstance(node, nodes.strong):
            return f"**{self.inline(node)}**"
        if isinstance(node, nodes.image):
            return node.get("alt", "")
        if isinstance(node, nodes.reference):
            return self.reference(node)
        if isinstance(node, nodes.Invisible | nodes.target):
            return ""
        return self.inline(node)

    def reference(self, node):
        text, uri = self.inline(node), node.get("refuri", "")
        if re.match(r"[a-z]+:", uri):
            return f"[{text}]({uri})"
        if uri and self.address:
            return f"[{text}]({urljoin(self.address, uri)})"
        return text


def quoted(text):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def merged(cells):
    """Join what stands between two code cells to one cell of Markdown, but let each heading start one."""
    joined = []
    for kind, text in cells:
        if kind == "markdown" and joined and joined[-1][0] == kind and text[0] != "#":
            joined[-1] = (kind, f"{joined[-1][1]}\n\n{text}")
        else:
            joined.append((kind, text))
    return joined


def written(cells, name):
    """The notebook as text: the same for the same page, with ids by their place."""
    made = []
    for number, (kind, text) in enumerate(cells):
        cell = {"cell_type": kind, "id": f"{name}-{number}", "metadata": {}}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell | {"source": text.splitlines(keepends=True)})
    metadata = {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    whole = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def convert(app, page, doctree):
    found = notebook(app.env, page)
    sources = [
        (index, cell.source)
        for index, cell in enumerate(found.cells)
        if cell.cell_type == "code"
    ]
    address = app.config.html_baseurl and app.builder.get_target_uri(page)
    address = address and urljoin(app.config.html_baseurl, address)
    figures = app.env.toc_fignumbers.get(page, {}).get("figure", {})
    markdown = Markdown(address, equations(app.env, page), figures, sources)
    markdown.walk(doctree)
    markdown.run(len(sources))
    cells = merged(markdown.cells)
    start = START.format(title=app.config.html_title)
    cells.insert(
        1, ("markdown", start + (f" [The page]({address})." if address else ""))
    )
    return written(merged(cells), page.split("/")[-1])


def equations(env, page):
    """The numbers of a page's equations, by their labels."""
    return {
        label: number
        for label, (where, number) in env.get_domain("math").equations.items()
        if where == page
    }


def address_of(page):
    return f"{FOLDER}/{page.split('/')[-1]}.ipynb"


def write(app, page, template, context, doctree):
    if (
        app.builder.format != "html"
        or doctree is None
        or not page.startswith("chapters/")
    ):
        return
    path = Path(app.outdir, address_of(page))
    path.parent.mkdir(exist_ok=True)
    path.write_text(convert(app, page, doctree), encoding="utf8")
    context["nnnotes_notebook"] = address_of(page)


def setup(app):
    app.connect("html-page-context", write, priority=300)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
