"""Each chapter as a notebook, for any Jupyter: plain Markdown with LaTeX, the cells as they are, and what they gave.

The Markdown is written from the page as Sphinx has resolved it, so that formulas, numbers and references are those of
the page, whatever directive they come from. References lead to the site where its address is known, and are text
elsewhere. After each exercise there is a cell to answer in; the solutions are a notebook of their own.
"""

import re
from pathlib import Path
from urllib.parse import urljoin

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from nbformat import v4
from sphinx import addnodes

from nnbook.content.exercises import more, solution
from nnbook.content.predict import ANSWER, PREDICT
from nnbook.html import wheel
from nnbook.run.cells import notebook

START = """This notebook belongs to a chapter of *{book}*: {page}. It needs Jupyter, and Python {python} or newer.
The next cell sees to the package that the others use: run it first.

The chapter is in {chapter}, with an empty cell for your answer after each exercise.
The solutions are in {solutions}."""
SOLUTIONS = "# Solutions: {title}"
BEFORE = """## What the chapter runs

The solutions use names from these cells."""
TO_ANSWER = """# Your answer to exercise {number}. To have it checked, take the first mark away from the last line.
from nnnotes import exercises


# {check}"""
INSTALL = """# The book's package is imported as nnnotes, and installed as first-hour-nn: nnnotes is another project.
from importlib import metadata

installed = {one.name for one in metadata.distributions()}
if "nnnotes" in installed:
    raise ImportError(
        "The nnnotes that is installed here is another project's. Remove it by "
        "`pip uninstall nnnotes first-hour-nn`, and start this notebook anew."
    )
if "first-hour-nn" not in installed:
"""
KNOWN = '    %pip install --quiet "{requirement}"'
UNKNOWN = """    raise ImportError(
        "The book's package is missing here. Install the wheel that the book's page About "
        'offers, or run `pip install ".[plots]"` in a copy of its repository.'
    )"""
CHECK = re.compile(r"exercises\.check\([^)]*\)")
SPECIAL = re.compile(r"([\\`*_\[\]<>$])")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
AROUND = {
    nodes.math: "${}$",
    nodes.literal: "`{}`",
    nodes.emphasis: "*{}*",
    nodes.strong: "**{}**",
}


class Markdown:
    """Markdown of a resolved page, in cells: those of the chapter, and those of its solutions."""

    def __init__(self, address, numbers, sources):
        self.address = address  # of the page; "" when unknown
        self.numbers = numbers  # of equations and figures, by their kinds and ids
        self.sources = sources  # of the code cells, with their places in the page
        self.chapter = self.cells = []
        self.solutions = []
        self.placed = 0

    def say(self, text):
        if text.strip():
            self.cells.append(v4.new_markdown_cell(text.strip("\n")))

    def run(self, upto):
        """Place the code cells before this one, and a cell that the page hides at its place in their order."""
        self.cells += (cell for _, cell in self.sources[self.placed : upto])
        self.placed = max(upto, self.placed)

    def walk(self, node, level=0):
        """Write the blocks of a page; code cells stand in sections and solutions, never in smaller things."""
        for child in node.children:
            if isinstance(child, nodes.section):
                self.walk(child, level + 1)
            elif isinstance(child, nodes.title):
                self.say(f"{'#' * max(level, 1)} {self.inline(child)}")
            elif isinstance(child, solution):
                self.solve(child, level)
            elif isinstance(child, more):
                self.say(f"{'#' * (level + 1)} More exercises")
                self.walk(child, level)
            elif "exercise" in child.get("classes", ()):
                self.ask(child)
            elif isinstance(child, nodes.container) and "nb_element" in child:
                self.cell(child)
            else:
                self.say(self.block(child))

    def ask(self, node):
        """Write an exercise, and a cell for its answer: of code, with the call that checks it, or of text."""
        self.say(self.block(node))
        check = CHECK.search(" ".join(node.astext().split()))
        if check:
            number = node["ids"][0].split("-")[1]
            answer = TO_ANSWER.format(number=number, check=check[0])
            self.cells.append(v4.new_code_cell(answer))
        else:
            self.cells.append(v4.new_markdown_cell(""))
        self.exercise = self.block(node)

    def solve(self, node, level):
        self.cells = self.solutions
        self.say(self.exercise)
        self.say(f"**Solution to exercise {node['number']}**")
        self.walk(node, level)
        self.cells = self.chapter

    def cell(self, node):
        if node["nb_element"] != "cell_code":
            self.walk(node)
            return
        places = [place for place, _ in self.sources]
        self.run(1 + places.index(node["cell_index"]))
        for figure in node.findall(nodes.figure):
            for caption in figure.findall(nodes.caption):
                number = self.number("figure", figure)
                self.say(f"*Fig. {number}: {self.inline(caption)}*")

    def number(self, kind, node):
        """Return the number that the page shows of an equation or a figure; "" if it has none."""
        found = self.numbers.get(kind, {}).get(next(iter(node["ids"]), None), ())
        return ".".join(map(str, found))

    def blocks(self, node):
        return "\n\n".join(filter(None, map(self.block, node.children)))

    def block(self, node):
        method = getattr(self, f"block_{type(node).__name__}", None)
        if method:
            return method(node)
        if isinstance(node, nodes.Admonition):
            return self.block_block_quote(node)
        if isinstance(
            node, nodes.Invisible | nodes.target | nodes.raw | addnodes.index
        ):
            return ""
        if isinstance(node, nodes.TextElement | nodes.Inline):
            return self.inline(node)
        return self.blocks(node)

    def block_math_block(self, node):
        latex = node.astext().strip()
        number = self.number("displaymath", node)
        if number and r"\tag" not in latex:
            latex += rf" \tag{{{number}}}"
        return f"$$\n{latex}\n$$"

    def block_literal_block(self, node):
        return f"```{node.get('language', '')}\n{node.astext()}\n```"

    def folded(self, line, children):
        text = "\n\n".join(filter(None, map(self.block, children)))
        return f"<details><summary>{line}</summary>\n\n{text}\n\n</details>"

    def block_prediction(self, node):
        return f"**{PREDICT}**\n\n{self.blocks(node)}"

    def block_folded_answer(self, node):
        return self.folded(ANSWER, node.children)

    def block_fold(self, node):
        return self.folded(self.inline(node[0]), node.children[1:])

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
        """Write the cell of a table in one line; a bar in it would end it, and with a backslash be two in a formula."""
        text = self.blocks(node).replace("\n\n", "<br>").replace("\n", " ")
        text = re.sub(r"\$[^$]*\$", lambda one: one[0].replace("|", r"\vert "), text)
        return text.replace("|", r"\|")

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
        # Without a link, its letters tell a title from the words around it.
        inner = {
            one for child in node.findall(nodes.inline) for one in child["classes"]
        }
        return f"*{text}*" if uri and inner & {"std-doc", "doc", "std-ref"} else text


def merged(cells):
    """Join what stands between two code cells to one cell of Markdown, but let each heading start one."""
    joined = []
    for cell in cells:
        last = joined[-1] if joined else cell
        both = cell.cell_type == last.cell_type == "markdown" and cell is not last
        if both and cell.source and last.source and cell.source[0] != "#":
            last.source += f"\n\n{cell.source}"
        else:
            joined.append(cell)
    return joined


def written(cells, name):
    """The notebook as text: the same for the same page, with ids by their place."""
    for number, cell in enumerate(cells):
        cell.id = f"{name}-{number}"
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return nbformat.writes(v4.new_notebook(cells=cells, metadata=metadata)) + "\n"


def executed(app, page):
    """Return the code cells of a page with their places, and with what they gave."""
    cache = get_cache(app.config.nb_execution_cache_path)
    _, found = cache.merge_match_into_notebook(notebook(app.env, page))
    return [
        (place, v4.new_code_cell(cell.source, outputs=cell.outputs))
        for place, cell in enumerate(found.cells)
        if cell.cell_type == "code"
    ]


def addresses_of(page):
    """Return where the notebooks of a page are: the chapter, and its solutions."""
    name = page.split("/")[-1]
    return f"notebooks/{name}.ipynb", f"notebooks/{name}-solutions.ipynb"


def install(app):
    """Write the cell that looks for the package, and brings it where the book knows from where."""
    known = app.config.nnnotes_requirement
    end = KNOWN.format(requirement=known) if known else UNKNOWN
    return v4.new_code_cell(INSTALL + end)


def convert(app, page, doctree):
    """Return the cells of the two notebooks of a page."""
    base, title = app.config.html_baseurl, app.env.titles[page].astext()
    address = base and urljoin(base, app.builder.get_target_uri(page))
    code, numbers = executed(app, page), app.env.toc_fignumbers.get(page, {})
    markdown = Markdown(address, numbers, code)
    markdown.walk(doctree)
    markdown.run(len(code))

    def link(path):
        name = path.split("/")[-1]
        return f"[{name}]({urljoin(base, path) if base else name})"

    chapter, solutions = map(link, addresses_of(page))
    start = START.format(
        book=app.config.html_title,
        page=f"[{title}]({address})" if address else title,
        python=wheel.PYTHON,
        chapter=chapter,
        solutions=solutions,
    )
    heading, *rest = markdown.chapter
    own = {cell.id for cell in rest}
    before = [cell.source for _, cell in code if cell.id in own]
    yield [heading, v4.new_markdown_cell(start), install(app), *rest]
    heading = v4.new_markdown_cell(SOLUTIONS.format(title=title))
    yield [
        *(heading, v4.new_markdown_cell(start), install(app)),
        *(
            v4.new_markdown_cell(BEFORE),
            v4.new_code_cell("\n\n".join(["%%capture", *before])),
        ),
        *markdown.solutions,
    ]


def write(app, page, template, context, doctree):
    if doctree is None or not page.startswith("chapters/"):
        return
    addresses = addresses_of(page)
    for address, cells in zip(addresses, convert(app, page, doctree), strict=True):
        path = Path(app.outdir, address)
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(merged(cells), path.stem), encoding="utf8")
    names = "Notebook", "Notebook of solutions"
    context["nnnotes_notebooks"] = dict(zip(names, addresses, strict=True))
