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
    path = f"nnnotes.activations.{type(g).__name__}"
    formulas = (
        f"{{formula}}`{path}#{name}`"
        for name in ("latex", "derivative_latex", "range_latex")
    )
    smoothness = SMOOTHNESS.get(g.smoothness, g.smoothness)
    return (f"{{py:class}}`~{path}`", *formulas, f"{smoothness}", source(g))


class Activations(SphinxDirective):
    def run(self):
        from nnnotes.activations import ALL

        head = ("", "$g(z)$", "$g'(z)$", "values", "continuous derivatives", "source")
        lines = [head, ["---"] * len(head), *map(row, ALL)]
        text = [f"| {' | '.join(line)} |" for line in lines]
        parent = nodes.container()
        self.state.nested_parse(StringList(text, "activations"), 0, parent)
        return parent.children


def setup(app):
    app.add_directive("activations", Activations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
