"""API pages: shapes as a reader says them, formulas typeset from the package, links to the chapters."""

import ast
import inspect
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jaxtyping  # before nnnotes, whose annotations then keep their shapes
import numpy as np
from sphinx_autodoc_typehints import process_signature

from nnnotes.formula import Equation
from package import instance

CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Of the derivative: in a module, or of one class in it.
LEFT_HAND_SIDES = {
    "activations": "g'(z)",
    "losses": r"\frac{\partial L}{\partial z}",
    "Softmax": "(J v)_i",
}
SHOWN = re.compile(r"^```\{(?:source|formula|equations)\} (\S+)", re.MULTILINE)


@dataclass(
    frozen=True
)  # an object rather than a function: Sphinx can store it, and compare it with the last build's
class TypeHints:
    """Turn an annotation into text: ``Float[Array, "n_out m"]`` becomes "(n_out, m) array"."""

    def __call__(self, annotation, config):
        return typehint(annotation)


def typehint(annotation):
    if inspect.isclass(annotation) and issubclass(annotation, jaxtyping.AbstractArray):
        axes = annotation.dim_str.split()
        shape = (
            ""
            if any(axis.startswith(("*", "...")) for axis in axes)
            else f"({', '.join(axes)}) "
        )
        if len(axes) == 1 and shape:
            shape = f"({axes[0]},) "
        kind = {"Integer": " of integers", "Real": " of real numbers"}.get(
            annotation.dtype.__name__, ""
        )
        return f"{shape}:py:class:`array <numpy.ndarray>`{kind}"
    if annotation is np.ndarray:
        return ":py:class:`array <numpy.ndarray>`"
    # These are documented where they are to be imported from, not where they are defined.
    name = f"{getattr(annotation, '__module__', '')}.{getattr(annotation, '__qualname__', '')}"
    return {
        "numpy.random._generator.Generator": ":py:class:`~numpy.random.Generator`",
        "matplotlib.axes._axes.Axes": ":py:class:`~matplotlib.axes.Axes`",
        "sympy.core.expr.Expr": "``sympy.Expr``",
        "concurrent.futures._base.Executor": ":py:class:`~concurrent.futures.Executor`",
    }.get(name)


def public(found):
    """Name an object as its API page does: by the module that defines it."""
    name = getattr(found, "__qualname__", None) or getattr(found, "__name__", None)
    module = getattr(found, "__module__", "") or ""
    return f"{module}.{name}" if name and module.startswith("nnnotes") else None


@cache
def usage(book):
    """Find which chapters use which object: {"nnnotes.layers.Dense": ["chapters/one-layer", ...]}."""
    import nnnotes
    from nnnotes import activations, gates, plots

    instances = {g: type(g) for g in (*activations.ALL, *gates.ALL)}
    used = {}
    for path in sorted((Path(book) / "chapters").glob("*.md")):
        text = path.read_text(encoding="utf8")
        names = set(SHOWN.findall(text))
        for cell in CELL.findall(text):
            code = re.sub(r"\A---.*?^---\n", "", cell, flags=re.MULTILINE | re.DOTALL)
            code = "\n".join(
                line for line in code.splitlines() if not line.startswith((":", "%"))
            )
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                    "nnnotes"
                ):
                    for alias in node.names:
                        found = getattr(
                            __import__(node.module, fromlist=[alias.name]), alias.name
                        )
                        names.add(
                            public(
                                instances.get(found, found) if found.__hash__ else found
                            )
                        )
                elif isinstance(node, ast.Attribute) and isinstance(
                    node.value, ast.Name
                ):
                    module = {"plots": plots, "nnnotes": nnnotes}.get(
                        node.value.id
                    ) or getattr(nnnotes, node.value.id, None)
                    if inspect.ismodule(module) and hasattr(module, node.attr):
                        names.add(public(getattr(module, node.attr)))
        for name in names - {None}:
            used.setdefault(name, []).append(f"chapters/{path.stem}")
    return used


def complete(app, what, name, found, options, lines):
    """Add to a docstring the typeset formulas of an object, and the chapters that use it."""
    if (
        what == "class"
        and isinstance(getattr(found, "latex", None), property)
        and not found.__subclasses__()
    ):
        member = instance(name)
        formulas = (
            [member._repr_latex_().strip("$")]
            if hasattr(member, "_repr_latex_")
            else []
        )
        if hasattr(member, "derivative_latex"):
            left = (
                LEFT_HAND_SIDES.get(name.split(".")[-1])
                or LEFT_HAND_SIDES[name.split(".")[1]]
            )
            formulas.append(f"{left} = {member.derivative_latex}")
        if hasattr(member, "derivatives_latex"):
            formulas.append(member.derivatives_latex)
        if hasattr(member, "output_latex"):
            formulas.append(f"a = {member.output_latex}")
        block = [
            line
            for formula in formulas
            for line in (".. math::", "", f"   {formula}", "")
        ]
        lines[1:1] = ["", *block]
    if isinstance(found, Equation):
        lines += ["", ".. math::", "", f"   {found._repr_latex_().strip('$')}", ""]
    chapters = usage(app.srcdir).get(name)
    if chapters:
        lines += [
            "",
            "**Used in** " + ", ".join(f":doc:`/{chapter}`" for chapter in chapters),
            "",
        ]


FUNCTION = re.compile(r"<function (\w+)(?: at 0x[0-9a-f]+)?>")


def name_functions(app, what, name, found, options, lines):
    """Show a function that is a default by its name, not by its address."""
    lines[:] = [FUNCTION.sub(r"\1", line) for line in lines]


def signature_with_names(*arguments):
    """Do the same in a signature; the first listener that answers is the only one, so ask the next one here."""
    signature = process_signature(*arguments)
    return signature and (FUNCTION.sub(r"\1", signature[0]), signature[1])


def forget(app):
    usage.cache_clear()


def read_again_where_usage_changed(app, env, added, changed, removed):
    """Name the API pages of which an object is used in other chapters than at the last build."""
    old, new = getattr(env, "nnnotes_usage", {}), usage(app.srcdir)
    env.nnnotes_usage = new
    names = {name for name in old | new if old.get(name) != new.get(name)}
    return sorted({f"api/{name.split('.')[1]}" for name in names} & env.found_docs)


def setup(app):
    app.connect("autodoc-process-docstring", complete)
    app.connect("autodoc-process-docstring", name_functions, priority=900)
    app.connect("autodoc-process-signature", signature_with_names, priority=400)
    app.connect("builder-inited", forget)
    app.connect("env-get-outdated", read_again_where_usage_changed)
    app.connect(
        "config-inited",
        lambda app, config: setattr(config, "typehints_formatter", TypeHints()),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
