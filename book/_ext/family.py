"""``{activations}``: a table of all activations, whose cells come from the package and its docstrings.

Formulas and ranges are the package's own, and the source is the first reference of the class's docstring: its key in
the bibliography is the first author's name and the year.
"""

import inspect
import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

SMOOTHNESS = {-1: "it jumps", float("inf"): "all"}
SOURCE = re.compile(
    r"^References:\n +([^\W\d]+)(?:,| et al).*?\b((?:19|20)\d\d)\b",
    re.MULTILINE | re.DOTALL,
)


def source(g):
    """Cite the first reference in the docstring of an activation, if there is one."""
    found = SOURCE.search(inspect.getdoc(type(g)))
    return f"{{cite:t}}`{found[1].lower()}{found[2]}`" if found else ""


def row(g):
    """Return the cells; what stands one below the other is separated by an empty line."""
    path = f"nnnotes.activations.{type(g).__name__}"
    value, slope, values = (
        f"{{formula}}`{path}#{name}`"
        for name in ("latex", "derivative_latex", "range_latex")
    )
    smoothness = SMOOTHNESS.get(g.smoothness, g.smoothness)
    name = f"{{py:class}}`~{path}`\n\n{source(g)}"
    return name, f"{value}\n\n{slope}", values, f"{smoothness}"


HEAD = "name, source", "$g(z)$, and below it $g'(z)$", "values", "smooth"


class Activations(SphinxDirective):
    def run(self):
        from nnnotes.activations import ALL

        lines = ["```{list-table}", ":header-rows: 1", ":class: activations", ""]
        for cells in (HEAD, *map(row, ALL)):
            for mark, cell in zip("*" + " " * len(cells), cells, strict=False):
                first, *rest = cell.splitlines()
                lines += [f"{mark} - {first}", *(f"    {line}" for line in rest)]
        parent = nodes.container()
        text = StringList([*lines, "```"], "activations")
        self.state.nested_parse(text, 0, parent)
        return parent.children


def setup(app):
    app.add_directive("activations", Activations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
