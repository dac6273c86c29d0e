"""Directives that show the package in a chapter: its formulas, the equations of its code, and the code itself.

``{formula} nnnotes.activations.ReLU``   the object's own formula, as a numbered equation; as a role, inline
``{equations} nnnotes.layers.Dense.backward``   the assignments of a function, typeset
``{source} nnnotes.activations.ReLU``   the lines of the tested code that teach, with a link to its API page
``{activations}``   a table of all activations, whose cells come from the package and its docstrings
"""

import ast
import inspect
import re
import textwrap

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.directives.patches import MathDirective
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.logging import getLogger

from nnbook.content.objects import NoSuchObjectError, attribute, import_object, instance
from nnnotes.formula import equations

logger = getLogger(__name__)

FORMULAS = {"formula", "derivative_formula"}
LEFT_HAND_SIDES = {"derivative_latex": "g'(z)", "output_latex": "a"}
SMOOTHNESS = {-1: "it jumps", float("inf"): "all"}
# The source of an activation is the first reference of the class's docstring: its key in the bibliography is the first
# author's name and the year.
SOURCE = re.compile(
    r"^References:\n +([^\W\d]+)(?:,| et al)([^\"]*).*?\b((?:19|20)\d\d)\b",
    re.MULTILINE | re.DOTALL,
)


class Formula(MathDirective):
    has_content = False
    option_spec = {
        **MathDirective.option_spec,
        "attribute": directives.unchanged,
        "left": directives.unchanged,  # in place of the usual left-hand side
    }

    def run(self):
        try:
            self.arguments = [self.latex(instance(self.arguments[0]))]
        except NoSuchObjectError as problem:
            raise self.error(f"{self.name} {self.arguments[0]}: {problem}") from None
        return super().run()

    def latex(self, owner):
        name = self.options.get("attribute")
        left = self.options.get("left", LEFT_HAND_SIDES.get(name))
        if left:
            return f"{left} = {attribute(owner, name or 'latex')}"
        if name:  # what holds its left-hand sides itself
            return attribute(owner, name)
        return attribute(owner, "_repr_latex_")().strip("$")


class FormulaRole(SphinxRole):
    def run(self):
        path, _, name = self.text.partition("#")
        try:
            latex = attribute(instance(path), name or "latex")
        except NoSuchObjectError as problem:
            where = self.get_location()
            logger.error(f"formula {self.text}: {problem}", location=where)
            return [], []
        node = nodes.math(self.rawtext, latex)
        self.set_source_info(node)
        return [node], []


class Equations(Formula):
    option_spec = MathDirective.option_spec

    def latex(self, function):
        lines = (line.replace("=", "&=", 1) for line in equations(function))
        joined = " \\\\\n".join(lines)
        return f"\\begin{{aligned}}\n{joined}\n\\end{{aligned}}"


def code_without_docstrings(found):
    """Return an object's source, dedented, without any docstring and without overloads."""
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(found)))
    drop = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            drop.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    numbered = enumerate(source.splitlines(), start=1)
    lines = [line for number, line in numbered if number not in drop]
    kept = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line.strip() or not before.rstrip().endswith(":")
    ]
    return "\n".join(kept).strip("\n")


def lines_that_teach(code):
    """Leave no types, decorators and checks of arguments, and of a class its formulas and methods."""
    lines = code.splitlines()
    (top,) = ast.parse(code).body
    if not isinstance(top, ast.ClassDef):
        return "\n".join(function_that_teaches(top, lines))
    parts = []
    for node in top.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            name = ast.unparse(getattr(node, "target", None) or node.targets[0])
            if name in FORMULAS:
                parts.append(f"    {name} = {ast.get_source_segment(code, node.value)}")
        elif not (node.name.startswith("__") or is_property(node)):
            parts += ["", *function_that_teaches(node, lines)]
    body = "\n".join(parts).lstrip("\n")
    return f"class {top.name}:\n{body}"


def is_property(node):
    return any(ast.unparse(one) == "property" for one in node.decorator_list)


def function_that_teaches(node, lines):
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for argument in (*every, arguments.vararg, arguments.kwarg):
        if argument is not None:
            argument.annotation = None
    start, kept = node.body[0].lineno, []
    # A comment above the first statement belongs to it.
    while lines[start - 2].strip().startswith("#"):
        start -= 1
    for statement in node.body:
        if not checks(statement):
            kept += lines[start - 1 : statement.end_lineno]
        start = statement.end_lineno + 1
    node.returns, node.decorator_list, node.body = None, [], [ast.Pass()]
    header = ast.unparse(node).rsplit("\n", 1)[0]
    return [" " * node.col_offset + header, *kept]


def checks(statement):
    """Say whether a statement looks at the arguments, and does nothing else."""
    if isinstance(statement, ast.If):
        raises = (isinstance(one, ast.Raise) or checks(one) for one in statement.body)
        return not statement.orelse and all(raises)
    called = getattr(getattr(statement, "value", None), "func", None)
    return isinstance(statement, ast.Expr) and bool(
        called and re.match(r"_?check(_|$)", ast.unparse(called))
    )


class Source(SphinxDirective):
    required_arguments = 1

    def run(self):
        path = self.arguments[0]
        try:
            found = import_object(path)
        except NoSuchObjectError as problem:
            raise self.error(f"source {path}: {problem}") from None
        self.env.note_dependency(inspect.getsourcefile(inspect.unwrap(found)))
        code = lines_that_teach(code_without_docstrings(found))
        # A private method stands on no API page; its class does.
        public = re.sub(r"\._\w+$", "", path)
        kind = "meth" if path.count(".") > 2 else "func"
        reference = pending_xref(
            "",
            nodes.literal(path, path),
            refdoc=self.env.docname,
            refdomain="py",
            reftype="class" if inspect.isclass(found) or public != path else kind,
            reftarget=public,
            refexplicit=True,
            refwarn=True,
        )
        caption = nodes.caption("", "", reference, classes=["nnnotes-source"])
        block = nodes.literal_block(code, code, language="python")
        box = nodes.container("", caption, block, literal_block=True)
        box["classes"] = ["literal-block-wrapper"]
        return [box]


def cited(g, keys):
    """Cite the first reference in the docstring of an activation, if there is one; without a link if it has no key."""
    found = SOURCE.search(inspect.getdoc(type(g)))
    if not found:
        return ""
    author, others, year = found.groups()
    key = f"{author.lower()}{year}"
    if key in keys:
        return f"{{cite:t}}`{key}`"
    return f"{author} et al. ({year})" if " and " in others else f"{author} ({year})"


def row(g, keys):
    """Return the cells; what stands one below the other is separated by an empty line."""
    path = f"nnnotes.activations.{type(g).__name__}"
    value, slope, values = (
        f"{{formula}}`{path}#{name}`"
        for name in ("latex", "derivative_latex", "range_latex")
    )
    smoothness = SMOOTHNESS.get(g.smoothness, g.smoothness)
    name = f"{{py:class}}`~{path}`\n\n{cited(g, keys)}"
    return name, f"{value}\n\n{slope}", values, f"{smoothness}"


HEAD = "name, source", "$g(z)$, and below it $g'(z)$", "values", "smooth"


class Activations(SphinxDirective):
    def run(self):
        from nnnotes.activations import ALL

        keys = self.env.get_domain("cite").bibdata.data.entries
        lines = ["```{list-table}", ":header-rows: 1", ":class: activations", ""]
        for cells in (HEAD, *(row(g, keys) for g in ALL)):
            for mark, cell in zip("*   ", cells, strict=True):
                first, *rest = cell.splitlines()
                lines += [f"{mark} - {first}", *(f"    {line}" for line in rest)]
        parent = nodes.container()
        text = StringList([*lines, "```"], "activations")
        self.state.nested_parse(text, 0, parent)
        # The style sheet estimates the height by the number of rows.
        begin = f'<div class="activations-box" style="--rows: {len(ALL)}">'
        return [
            nodes.raw("", begin, format="html"),
            *parent.children,
            nodes.raw("", "</div>", format="html"),
        ]
