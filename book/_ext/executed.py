"""``{executed}``: a table of the pages with code: their cells, how many claims these check, how long they take.

``{seconds}`` as a role: how long one row of the page "Reproduced" takes, or on which machine that was measured.

The times are those of the file seconds.json, which `make seconds` writes: measured by the build itself, they would be
other numbers on each build's pages.
"""

import ast
import json

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from execution import notebook


class executed(nodes.General, nodes.Element):  # noqa: N801  # docutils names its nodes in lower case
    """Where the table goes, once all pages are read."""


def measured(env):
    path = env.srcdir / "seconds.json"
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}


class Seconds(SphinxRole):
    def run(self):
        self.env.note_dependency(str(self.env.srcdir / "seconds.json"))
        found = measured(self.env)
        if self.text == "machine":
            return [nodes.Text(found["machine"])], []
        if self.text not in found["rows"]:
            raise ExtensionError(
                f"{self.env.docname}: row {self.text} is not measured; run make seconds"
            )
        return [nodes.Text(f"{found['rows'][self.text]:.1f}")], []


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
    seconds = measured(env).get("pages", {})
    shown = {
        page: (env.titles[page].astext(), *numbers, seconds.get(page))
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
        seconds = measured(self.env).get("pages", {})
        numbers = {
            page: (*pair, seconds.get(page, 0.0))
            for page, pair in self.env.nnnotes_counts.items()
        }
        sums = [sum(column) for column in zip(*numbers.values(), strict=True)]
        body = [row(self.link(page), *line) for page, line in numbers.items()]
        body.append(row(nodes.strong(text="All"), *sums))
        head = nodes.thead("", row(nodes.Text("Page"), "Cells", "Checks", "Seconds"))
        columns = [nodes.colspec(colwidth=width) for width in (40, 20, 20, 20)]
        group = nodes.tgroup("", *columns, head, nodes.tbody("", *body), cols=4)
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
    texts = [
        f"{other:.1f}" if isinstance(other, float) else str(other) for other in others
    ]
    numbers = [
        nodes.entry("", nodes.paragraph(text=text), classes=["text-right"])
        for text in texts
    ]
    return nodes.row("", nodes.entry("", nodes.paragraph("", "", first)), *numbers)


def setup(app):
    app.add_node(executed)
    app.add_directive("executed", Executed)
    app.add_role("seconds", Seconds())
    app.add_post_transform(FillIn)
    app.connect("env-before-read-docs", count)
    app.connect("env-updated", pages_with_the_table)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
