"""Quiet cells: a page shows the code that teaches, and folds the rest under a line that says what it is.

What a cell holds decides. Imports alone are folded as such, and what draws a figure below its figure. ``# Setup: what
it does``, as a first line, folds a cell under these words. ``# ✓ Sentence.`` makes a cell a claim: the sentence stands
on the page with a tick, and opens to the assertions that the build has executed. So a page with a false claim is not
built. The line below a chapter's title says how many claims it has, and how long it takes to read.
"""

import ast
import re

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole

from nnbook.content.exercises import SHOWN, aside, solution

IMPORTS, DRAWN, CHECKED = "Imports", "How this is drawn", "Checked"
CLAIM = re.compile(r"# ✓ (.*(?:\n#   .*)*)\n")
SETUP = re.compile(r"# (Setup: .*)\n")
INLINE = re.compile(r"\$([^$]+)\$|`([^`]+)`")
# Seconds: for a word of prose, for a formula, and for a line of code.
WORD, FORMULA, LINE = 60 / 180, 4, 4


class fold(nodes.container):  # noqa: N801  # docutils names its nodes in lower case
    """What is folded, after a summary."""


class summary(nodes.paragraph):  # noqa: N801
    """The line that stays visible."""


def is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def imports_alone(code):
    try:
        statements = ast.parse(code).body
    except SyntaxError:  # such as IPython's own commands
        return False
    kinds = (ast.Import, ast.ImportFrom)
    return bool(statements) and all(isinstance(one, kinds) for one in statements)


def inline(text):
    """Make nodes of a sentence with mathematics and code in it."""
    start = 0
    for match in INLINE.finditer(text):
        yield nodes.Text(text[start : match.start()])
        start = match.end()
        latex, code = match.groups()
        yield nodes.math(latex, latex) if latex else nodes.literal(code, code)
    yield nodes.Text(text[start:])


def folded(kind, text, *content):
    made = fold("", summary("", "", *inline(text)), *content, classes=[kind])
    made[0].source, made[0].line = content[0].source, content[0].line
    return made


class FoldCells(SphinxTransform):
    default_priority = 6  # after the solutions are gathered

    def apply(self):
        for cell in list(self.document.findall(is_cell)):
            block = next(iter(cell.findall(nodes.literal_block)), None)
            if block is not None and cell[0].get("nb_element") == "cell_code_source":
                quieten(cell, block)


def quieten(cell, block):
    settings = cell["cell_metadata"].get("mystnb", {})
    code = block.astext() + "\n"
    if match := CLAIM.match(code):
        text = " ".join(match[1].replace("\n#", "").split())
        rest = code[match.end() :].strip("\n")
        block[:], block.rawsource = [nodes.Text(rest)], rest
        cell["classes"].append("claim")
        cell[:] = [folded("claim", text, *cell.children)]
    elif any(isinstance(above, solution) for above in ancestors(cell)):
        return
    elif match := SETUP.match(code):
        cell[0] = folded("setup", match[1].rstrip("."), cell[0])
    elif "figure" in settings or "image" in settings:
        cell.append(folded("drawn", DRAWN, cell.pop(0)))
    elif imports_alone(code):
        cell[0] = folded("imports", IMPORTS, cell[0])


def ancestors(node):
    while node.parent is not None:
        node = node.parent
        yield node


def seconds(node):
    """Count the time that a page takes to read, without what is folded and without exercises."""
    if isinstance(node, nodes.Text):
        return WORD * len(re.findall(r"\b[^\W\d_][\w'’-]*", node.astext()))
    if isinstance(node, nodes.math | nodes.math_block):
        return FORMULA
    if isinstance(node, nodes.literal_block):
        return LINE * sum(bool(line.strip()) for line in node.astext().splitlines())
    if isinstance(node, nodes.literal):
        return 0
    if isinstance(node, fold):
        return seconds(node[0])
    if isinstance(node, aside | nodes.Invisible) or skipped(node):
        return 0
    return sum(map(seconds, node.children))


def skipped(node):
    """Say whether this is an exercise, or what a cell has printed."""
    return isinstance(node, nodes.container) and (
        "exercise" in node["classes"] or node.get("nb_element") == "cell_code_output"
    )


def said(minutes, claims):
    """Return the sentences below the title."""
    reading = "A minute to read." if minutes == 1 else f"{minutes} minutes to read."
    if not claims:
        return reading
    if claims == 1:
        return f"{reading} One claim was checked when this page was built."
    return f"{reading} {claims} claims were checked when this page was built."


def measure(app, doctree):
    """Say below the title of a chapter how long it is, and how many claims the build has checked."""
    page = app.env.docname
    if not page.startswith("chapters/"):
        return
    claims = sum("claim" in one["classes"] for one in doctree.findall(fold))
    exact = seconds(doctree) / 60
    minutes = max(1, round(exact))
    app.env.metadata[page]["seconds"] = round(60 * exact)
    title = next(iter(doctree.findall(nodes.title)))
    line = nodes.paragraph("", said(minutes, claims), classes=["reading"])
    line.source, line.line = title.source, title.line
    title.parent.insert(title.parent.index(title) + 1, line)


class minutes(nodes.inline):  # noqa: N801
    """How long a chapter or a part takes to read, known when all pages are read."""


class Minutes(SphinxRole):
    """``{minutes}`chapters/relu` ``, or the name of a part."""

    def run(self):
        self.env.metadata[self.env.docname]["minutes_of"] = True
        return [minutes(of=self.text)], []


def chapters_of(env, name):
    """List the pages of a part; a page alone stands for itself."""
    for part in env.external_site_map.root.subtrees:
        if part.caption == name:
            return [str(item) for item in part.items]
    return [name]


def write_again_where_minutes_changed(app, env):
    new = {page: env.metadata[page].get("seconds") for page in env.found_docs}
    old, env.nnnotes_seconds = getattr(env, "nnnotes_seconds", new), new
    if old == new:
        return []
    return [page for page in env.found_docs if "minutes_of" in env.metadata[page]]


def fill_in(app, doctree, page):
    env = app.env
    for node in list(doctree.findall(minutes)):
        pages = chapters_of(env, node["of"])
        known = sum(env.metadata[one].get("seconds", 0) for one in pages)
        node.replace_self(nodes.Text(str(max(1, round(known / 60)))))


def visit_fold(self, node):
    self.body.append(f'<details class="fold {node["classes"][0]}">\n')


def depart_fold(self, node):
    self.body.append("</details>\n")


def visit_summary(self, node):
    claim = "claim" in node.parent["classes"]
    tick = f'<span class="tick" role="img" aria-label="{CHECKED}"></span>'
    self.body.append(f"<summary>{tick if claim else ''}<span>")


def depart_summary(self, node):
    self.body.append("</span></summary>\n")


def visit_paragraph(self, node):
    self.visit_paragraph(node)


def depart_paragraph(self, node):
    self.depart_paragraph(node)


FOLD = {"html": (visit_fold, depart_fold)} | SHOWN
SUMMARY = {"html": (visit_summary, depart_summary)}
SUMMARY |= dict.fromkeys(("latex", "text"), (visit_paragraph, depart_paragraph))
