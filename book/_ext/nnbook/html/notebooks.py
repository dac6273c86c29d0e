"""Each chapter as a notebook, for any Jupyter: plain Markdown with LaTeX, and the cells as they are.

The Markdown is written from the page as Sphinx has resolved it, so that formulas, numbers and references are those of
the page, whatever directive they come from. References lead to the site where its address is known, and are text
elsewhere.
"""

import re
from pathlib import Path
from urllib.parse import urljoin

import nbformat
from docutils import nodes
from nbformat import v4
from sphinx import addnodes

from nnbook.content.exercises import solution
from nnbook.run.cells import notebook

START = (
    "This notebook is a chapter of *{title}*. It runs after "
    """`pip install ".[plots]"` in a copy of the book's repository."""
)
SPECIAL = re.compile(r"([\\`*_\[\]<>$])")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
AROUND = {
    nodes.math: "${}$",
    nodes.literal: "`{}`",
    nodes.emphasis: "*{}*",
    nodes.strong: "**{}**",
}


class Markdown:
    """Markdown of a resolved page, in cells."""

    def __init__(self, address, equations, figures, sources):
        self.address = address  # of the page; "" when unknown
        self.equations = equations  # their numbers, by their labels
        self.figures = figures  # their numbers, by their ids
        self.sources = sources  # of the code cells, with their places in the page
        self.cells = []
        self.placed = 0

    def say(self, text):
        if text.strip():
            self.cells.append(("markdown", text.strip("\n")))

    def run(self, upto):
        """Place the code cells before this one, and a cell that the page hides at its place in their order."""
        self.cells += (("code", code) for _, code in self.sources[self.placed : upto])
        self.placed = max(upto, self.placed)

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
        if node["nb_element"] != "cell_code":
            self.walk(node)
            return
        places = [place for place, _ in self.sources]
        self.run(1 + places.index(node["cell_index"]))
        for figure in node.findall(nodes.figure):
            number = ".".join(map(str, self.figures.get(figure["ids"][0], ())))
            for caption in figure.findall(nodes.caption):
                self.say(f"*Fig. {number}: {self.inline(caption)}*")

    def blocks(self, node):
        return "\n\n".join(filter(None, map(self.block, node.children)))

    def block(self, node):
        method = getattr(self, f"block_{type(node).__name__}", None)
        if method:
            return method(node)
        if isinstance(node, nodes.Admonition):
            return self.block_block_quote(node)
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
        return f"```{node.get('language', '')}\n{node.astext()}\n```"

    def block_rubric(self, node):
        return f"**{self.inline(node)}**"

    block_title = block_caption = block_rubric

    def block_block_quote(self, node):
        lines = self.blocks(node).split("\n")
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def block_bullet_list(self, node):
        return "\n".join(self.item("-", child) for child in node.children)

    def block_enumerated_list(self, node):
        numbered = enumerate(node.children, node.get("start", 1))
        return "\n".join(self.item(f"{number}.", child) for number, child in numbered)

    def item(self, mark, node):
        first, *rest = self.blocks(node).split("\n")
        indent = " " * (len(mark) + 1)
        lines = (indent + line if line else "" for line in rest)
        return "\n".join([f"{mark} {first}", *lines])

    def block_definition_list_item(self, node):
        term, *rest = node.children
        return f"**{self.inline(term)}**: {' '.join(map(self.blocks, rest))}"

    def block_table(self, node):
        rows = [list(map(self.entry, row)) for row in node.findall(nodes.row)]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * len(rows[0]))
        title = "".join(map(self.block_title, node.findall(nodes.title)))
        return "\n".join([title, "", *lines] if title else lines)

    def entry(self, node):
        return self.blocks(node).replace("\n", " ").replace("|", r"\|")

    def block_image(self, node):
        return node.get("alt", "")

    def inline(self, node):
        return "".join(map(self.piece, node.children))

    def piece(self, node):
        if isinstance(node, nodes.Text):
            return SPECIAL.sub(r"\\\1", node.astext()).replace("\n", " ")
        around = AROUND.get(type(node))
        if around:
            plain = isinstance(node, nodes.math | nodes.literal)
            return around.format(node.astext() if plain else self.inline(node))
        if isinstance(node, nodes.image):
            return node.get("alt", "")
        if isinstance(node, nodes.Invisible | nodes.target):
            return ""
        text, uri = self.inline(node), node.get("refuri", "")
        if re.match(r"[a-z]+:", uri):
            return f"[{text}]({uri})"
        if uri and self.address:
            return f"[{text}]({urljoin(self.address, uri)})"
        return text


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
    make = {"markdown": v4.new_markdown_cell, "code": v4.new_code_cell}
    made = [
        make[kind](text, id=f"{name}-{number}")
        for number, (kind, text) in enumerate(cells)
    ]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return nbformat.writes(v4.new_notebook(cells=made, metadata=metadata)) + "\n"


def convert(app, page, doctree):
    code = [
        (index, cell.source)
        for index, cell in enumerate(notebook(app.env, page).cells)
        if cell.cell_type == "code"
    ]
    base = app.config.html_baseurl
    address = urljoin(base, app.builder.get_target_uri(page)) if base else ""
    figures = app.env.toc_fignumbers.get(page, {}).get("figure", {})
    markdown = Markdown(address, equations(app.env, page), figures, code)
    markdown.walk(doctree)
    markdown.run(len(code))
    start = START.format(title=app.config.html_title)
    start += f" [The page]({address})." if address else ""
    title, *rest = merged(markdown.cells)
    cells = merged([title, ("markdown", start), *rest])
    return written(cells, page.split("/")[-1])


def equations(env, page):
    """The numbers of a page's equations, by their labels."""
    return {
        label: number
        for label, (where, number) in env.get_domain("math").equations.items()
        if where == page
    }


def address_of(page):
    return f"notebooks/{page.split('/')[-1]}.ipynb"


def write(app, page, template, context, doctree):
    if doctree is None or not page.startswith("chapters/"):
        return
    path = Path(app.outdir, address_of(page))
    path.parent.mkdir(exist_ok=True)
    path.write_text(convert(app, page, doctree), encoding="utf8")
    context["nnnotes_notebook"] = address_of(page)
