"""Directives that show the package in a chapter: its formulas, the equations of its code, and the code itself.

``{formula} nnnotes.activations.ReLU``   the object's own formula, as a numbered equation; as a role, inline
``{equations} nnnotes.layers.Dense.backward``   the assignments of a function, typeset
``{source} nnnotes.activations.ReLU``   the tested code, without its docstring, with a link to its API page
"""

import ast
import importlib
import inspect
import textwrap

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.directives.patches import MathDirective
from sphinx.util.docutils import SphinxDirective, SphinxRole

LEFT_HAND_SIDES = {"derivative_latex": "g'(z)", "output_latex": "a"}


def import_object(path):
    """Import what a dotted path names: a module's object, or an object's attribute."""
    parts = path.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for name in parts[split:]:
            found = getattr(found, name)
        return found
    raise ImportError(f"no object {path}")


def instance(path):
    """Import an object; of a class, make one with its defaults, or take a member of the module's ALL."""
    found = import_object(path)
    if not inspect.isclass(found):
        return found
    try:
        inspect.signature(found).bind()
    except TypeError:  # some arguments have no default
        members = importlib.import_module(found.__module__).ALL
        return next(member for member in members if type(member) is found)
    return found()


class Formula(MathDirective):
    has_content = False
    option_spec = {
        **MathDirective.option_spec,
        "attribute": directives.unchanged,
        "left": directives.unchanged,  # in place of the usual left-hand side
    }

    def run(self):
        attribute = self.options.get("attribute")
        owner = instance(self.arguments[0])
        left = self.options.get("left", LEFT_HAND_SIDES.get(attribute))
        if left:
            latex = f"{left} = {getattr(owner, attribute or 'latex')}"
        elif attribute:  # what holds its left-hand sides itself
            latex = getattr(owner, attribute)
        else:
            latex = owner._repr_latex_().strip("$")
        self.arguments = [latex]
        return super().run()


class FormulaRole(SphinxRole):
    def run(self):
        path, _, attribute = self.text.partition("#")
        return [
            nodes.math(self.rawtext, getattr(instance(path), attribute or "latex"))
        ], []


class Equations(MathDirective):
    has_content = False

    def run(self):
        from nnnotes.formula import equations

        lines = " \\\\\n".join(
            line.replace("=", "&=", 1)
            for line in equations(import_object(self.arguments[0]))
        )
        self.arguments = [f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"]
        return super().run()


def code_without_docstrings(found):
    """Return an object's source, dedented, without any docstring and without overloads."""
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(found)))
    drop = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            drop.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = [
        line
        for number, line in enumerate(source.splitlines(), start=1)
        if number not in drop
    ]
    kept = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line.strip() or not before.rstrip().endswith(":")
    ]
    return "\n".join(kept).strip("\n")


class Source(SphinxDirective):
    required_arguments = 1

    def run(self):
        path = self.arguments[0]
        found = import_object(path)
        self.env.note_dependency(inspect.getsourcefile(inspect.unwrap(found)))
        code = code_without_docstrings(found)
        block = nodes.literal_block(code, code, language="python")
        caption = nodes.caption("", "", classes=["nnnotes-source"])
        kind = (
            "class"
            if inspect.isclass(found)
            else "meth"
            if path.count(".") > 2
            else "func"
        )
        reference = pending_xref(
            "",
            nodes.literal(path, path),
            refdomain="py",
            reftype=kind,
            reftarget=path,
            refexplicit=True,
            refwarn=True,
        )
        reference["refdoc"] = self.env.docname
        caption += reference
        container = nodes.container(
            "", caption, block, classes=["literal-block-wrapper"], literal_block=True
        )
        return [container]


def setup(app):
    app.add_directive("formula", Formula)
    app.add_role("formula", FormulaRole())
    app.add_directive("equations", Equations)
    app.add_directive("source", Source)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
