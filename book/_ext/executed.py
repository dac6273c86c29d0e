"""``{executed}``: a table of the pages with code, how many cells they have, and how many claims these check.

How long the cells took is in what the build prints: on a page it would be another number in each build.
"""

import ast

from docutils import nodes
from execution import notebook
from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective


class executed(nodes.General, nodes.Element):  # noqa: N801  # docutils names its nodes in lower case
    """Where the table goes, once all pages are read."""


class Executed(SphinxDirective):
    def run(self):
        self.env.metadata[self.env.docname]["nnnotes_executed"] = True
        return [executed()]


def counts(found):
    """Count a notebook's cells and asserts; None for a page that is no notebook, or has no cells."""
    cells = (
        [cell.source for cell in found.cells if cell.cell_type == "code"]
        if found
        else []
    )
    checks = sum(
        isinstance(node, ast.Assert)
        for cell in cells
        if not cell.lstrip().startswith("%")
        for node in ast.walk(ast.parse(cell))
    )
    return (len(cells), checks) if cells else None


def count(app, env, pages):
    """Count anew where pages are read anew."""
    every = getattr(env, "nnnotes_counts", {}) | {
        page: counts(notebook(env, page)) for page in pages
    }
    env.nnnotes_counts = {
        page: every[page] for page in sorted(env.found_docs) if every.get(page)
    }


def pages_with_the_table(app, env):
    """Name the pages that show the numbers when one has changed."""
    shown = {
        page: (env.titles[page].astext(), *numbers)
        for page, numbers in env.nnnotes_counts.items()
    }
    old, env.nnnotes_executed = getattr(env, "nnnotes_executed", None), shown
    if old == shown:
        return []
    return [page for page, data in env.metadata.items() if "nnnotes_executed" in data]


class FillIn(SphinxPostTransform):
    default_priority = 8  # before references are resolved

    def run(self):
        for node in list(self.document.findall(executed)):
            node.replace_self(self.table())

    def table(self):
        numbers = self.env.nnnotes_counts
        sums = [sum(pair[i] for pair in numbers.values()) for i in (0, 1)]
        body = [row(self.link(page), *pair) for page, pair in numbers.items()]
        body.append(row(nodes.strong(text="All"), *sums))
        head = nodes.thead("", row(nodes.Text("Page"), "Cells", "Checks"))
        columns = [nodes.colspec(colwidth=width) for width in (60, 20, 20)]
        group = nodes.tgroup("", *columns, head, nodes.tbody("", *body), cols=3)
        return nodes.table("", group, classes=["colwidths-auto"])

    def link(self, page):
        return pending_xref(
            "",
            nodes.inline(text=self.env.titles[page].astext()),
            refdoc=self.env.docname,
            reftarget=f"/{page}",
            reftype="doc",
            refdomain="std",
            refexplicit=True,
            refwarn=True,
        )


def row(first, *others):
    cells = [nodes.paragraph("", "", first)]
    cells += [nodes.paragraph(text=str(other)) for other in others]
    return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def setup(app):
    app.add_node(executed)
    app.add_directive("executed", Executed)
    app.add_post_transform(FillIn)
    app.connect("env-before-read-docs", count)
    app.connect("env-updated", pages_with_the_table)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
