"""API pages: shapes as a reader says them, formulas typeset from the package, links to the chapters."""

import dataclasses
import inspect
import re
from dataclasses import dataclass
from typing import TypeVar

import jaxtyping  # before nnnotes, whose annotations then keep their shapes
from numpy.typing import DTypeLike
from sphinx.pycode import ModuleAnalyzer
from sphinx_autodoc_typehints import format_annotation, process_signature

from nnbook.content.objects import instance
from nnbook.run.counts import users
from nnnotes import __version__, activations, gates
from nnnotes.formula import Equation

# Of the derivative: in a module, or of one class in it.
LEFT_HAND_SIDES = {
    "activations": "g'(z)",
    "losses": r"\frac{\partial L}{\partial z}",
    "Softmax": "(J v)_i",
}
ARRAY = ":py:class:`array <numpy.ndarray>`"
# These are documented where they are to be imported from, not where they are defined.
ELSEWHERE = {
    "numpy.ndarray": ARRAY,
    "numpy.dtype": ":py:class:`~numpy.dtype`",
    "numpy.random._generator.Generator": ":py:class:`~numpy.random.Generator`",
    "matplotlib.axes._axes.Axes": ":py:class:`~matplotlib.axes.Axes`",
    "sympy.core.expr.Expr": "``sympy.Expr``",
    "concurrent.futures._base.Executor": ":py:class:`~concurrent.futures.Executor`",
}
KINDS = {"Integer": " of integers", "Real": " of real numbers"}
FUNCTION = re.compile(r"<function (\w+)(?: at 0x[0-9a-f]+)?>")


@dataclass(frozen=True)
class TypeHints:
    """Turn an annotation into text: ``Float[Array, "n_out m"]`` becomes "(n_out, m) array".

    An object rather than a function: Sphinx can store it, and compare it with the last build's.
    """

    def __call__(self, annotation, config):
        return typehint(annotation, config)


def typehint(annotation, config):
    if isinstance(annotation, TypeVar):
        kinds = annotation.__constraints__ or (annotation.__bound__,)
        return " | ".join(format_annotation(kind, config) for kind in kinds)
    if inspect.isclass(annotation) and issubclass(annotation, jaxtyping.AbstractArray):
        axes = annotation.dim_str.split()
        shape = f"({', '.join(axes)}{',' * (len(axes) == 1)}) "
        if any(axis.startswith(("*", "...")) for axis in axes):
            shape = ""
        return f"{shape}{ARRAY}{KINDS.get(annotation.dtype.__name__, '')}"
    if annotation == DTypeLike:
        return "``DTypeLike``"
    module = getattr(annotation, "__module__", "")
    return ELSEWHERE.get(f"{module}.{getattr(annotation, '__qualname__', '')}")


def set_formatter(app, config):
    config.typehints_formatter = TypeHints()


def set_version(app, config):
    """Say the package's version to other projects' documentation, in objects.inv."""
    config.version = config.release = __version__


def formulas(name):
    """List the formulas of a class that has some, with their left-hand sides."""
    member = instance(name)
    if hasattr(member, "_repr_latex_"):
        yield member._repr_latex_().strip("$")
    if hasattr(member, "derivative_latex"):
        _, module, *_, own = name.split(".")
        left = LEFT_HAND_SIDES.get(own) or LEFT_HAND_SIDES[module]
        yield f"{left} = {member.derivative_latex}"
    if hasattr(member, "derivatives_latex"):
        yield member.derivatives_latex
    if hasattr(member, "output_latex"):
        yield f"a = {member.output_latex}"


def displayed(latex):
    return ["", ".. math::", "", f"   {latex}", ""]


def show_public_bases(app, name, found, options, bases):
    """Leave out what a reader cannot look up, and parameters of types."""
    bases[:] = [base for base in bases if inspect.isclass(base) and _is_public(base)]


def _is_public(base):
    return "._" not in base.__module__ and not base.__name__.startswith("_")


def describe_the_named(app, config):
    """Let autodoc show the objects of a family, such as relu, which have no docstring where they are made."""
    for module in (activations, gates):
        analyzer = ModuleAnalyzer.for_module(module.__name__)
        analyzer.analyze()
        for name in module.__all__:
            kind = type(getattr(module, name))
            if kind.__module__ == module.__name__:
                said = f"The usual :py:class:`~{module.__name__}.{kind.__name__}`."
                analyzer.attr_docs["", name] = [said, ""]


def without_references(found, lines):
    """Let a parameter such as lambda_ be a word, and no reference to a target of the name lambda."""
    names = [
        entry.name for entry in dataclasses.fields(found) if entry.name.endswith("_")
    ]
    for name in names:
        pattern = re.compile(rf"(?<![\w`.]){re.escape(name)}(?![\w`])")
        lines[:] = [
            line if ">>>" in line else pattern.sub(rf"{name[:-1]}\\_", line)
            for line in lines
        ]


def complete(app, what, name, found, options, lines):
    """Add to a docstring the typeset formulas of an object, and the chapters that use it."""
    typeset = isinstance(getattr(found, "latex", None), property)
    if what == "class" and typeset and not found.__subclasses__():
        lines[1:1] = [line for latex in formulas(name) for line in displayed(latex)]
    if inspect.isclass(found) and dataclasses.is_dataclass(found):
        without_references(found, lines)
    if isinstance(found, Equation):
        lines += displayed(found._repr_latex_().strip("$"))
    chapters = ", ".join(f":doc:`/{chapter}`" for chapter in users(app.env, name))
    if chapters:
        lines += ["", f"**Used in** {chapters}", ""]


def name_functions(app, what, name, found, options, lines):
    """Show a function that is a default by its name, not by its address."""
    lines[:] = [FUNCTION.sub(r"\1", line) for line in lines]


def signature_with_names(*arguments):
    """Do the same in a signature; the first listener that answers is the only one, so ask the next one here."""
    signature = process_signature(*arguments)
    return signature and (FUNCTION.sub(r"\1", signature[0]), signature[1])
