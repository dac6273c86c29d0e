"""Docstrings: complete, in one form, and their examples run."""

import ast
import dataclasses
import doctest
import importlib
import inspect
import io
import pkgutil
import re
import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nnnotes

MODULES = [
    importlib.import_module(f"nnnotes.{module.name}")
    for module in pkgutil.iter_modules(nnnotes.__path__)
    if not module.name.startswith("_")
]


def is_described_above(cls, member):
    """Whether a method without a docstring does what a class above says of it."""
    above = (vars(base).get(member) for base in cls.__mro__[1:])
    return not vars(cls)[member].__doc__ and any(
        base and base.__doc__ for base in above
    )


def public():
    """All public functions, classes, methods and properties, by their full names."""
    for module in MODULES:
        for name in module.__all__:
            thing = getattr(module, name)
            if not getattr(thing, "__module__", "").startswith("nnnotes"):
                continue  # a constant, an alias, or another package's
            if not (inspect.isclass(thing) or inspect.isfunction(thing)):
                continue  # an instance of a class that is documented
            yield f"{module.__name__}.{name}", thing
            if not inspect.isclass(thing):
                continue
            for member, value in vars(thing).items():
                documented = inspect.isfunction(value) or isinstance(value, property)
                hidden = member.startswith("_") and member != "__call__"
                if documented and not hidden and not is_described_above(thing, member):
                    yield f"{module.__name__}.{name}.{member}", value


PUBLIC = dict(public())
FUNCTIONS_AND_CLASSES = {
    name: thing
    for name, thing in PUBLIC.items()
    if not isinstance(thing, property)
    and name.rpartition(".")[2] not in {"value", "slope", "output"}
}


def parameters(thing):
    """The names of what a caller passes."""
    if inspect.isclass(thing):
        return (
            [field.name for field in dataclasses.fields(thing) if field.init]
            if dataclasses.is_dataclass(thing)
            else []
        )
    return [name for name in inspect.signature(thing).parameters if name != "self"]


def block(thing, title):
    """The entries of a section, by name, each with its text on one line."""
    section = re.search(
        rf"^{title}:\n((?:    .*\n?|\n)+)", inspect.getdoc(thing), re.MULTILINE
    )
    entries = {}
    for line in textwrap.dedent(section[1]).splitlines() if section else ():
        if line.startswith(" "):
            name = next(reversed(entries))
            entries[name] += " " + line.strip()
        elif line:
            name, separator, text = line.partition(": ")
            assert separator, line
            entries[name] = text
    return entries


def raised(thing):
    """The exceptions that the code itself raises."""
    code = thing.__dict__.get("__post_init__") if inspect.isclass(thing) else thing
    if code is None:
        return set()
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(code))))
    calls = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    return {call.func.id for call in calls}


def test_the_package_has_as_many_public_names_as_one_sees():
    assert len(MODULES) >= 13
    assert len(PUBLIC) >= 80
    for name in (
        "networks.train",
        "layers.Dense.backward",
        "activations.Activation.__call__",
        "losses.Loss.latex",
    ):
        assert f"nnnotes.{name}" in PUBLIC
    for name in nnnotes.__all__:  # each is public where it is defined, too
        thing = getattr(nnnotes, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert f"{thing.__module__}.{name}" in PUBLIC


@pytest.mark.parametrize(
    "module", [nnnotes, *MODULES], ids=lambda module: module.__name__
)
def test_module_has_a_docstring_and_says_what_is_public(module):
    assert re.match(r"[A-Z][^\n]*\.\n?", module.__doc__)
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("name", PUBLIC)
def test_first_line_is_one_sentence(name):
    first, *rest = inspect.getdoc(PUBLIC[name]).splitlines()
    assert re.fullmatch(r"[A-Z].*[^.]\.", first)
    assert not re.search(r"\. [A-Z]", first)
    assert not any(rest[:1])
    assert not re.match("This|Returns ", first)


@pytest.mark.parametrize("name", FUNCTIONS_AND_CLASSES)
def test_each_parameter_is_described_by_name_and_without_a_type(name):
    entries = block(FUNCTIONS_AND_CLASSES[name], "Args")
    assert list(entries) == parameters(FUNCTIONS_AND_CLASSES[name])
    for text in entries.values():
        assert text.endswith(".")


@pytest.mark.parametrize("name", FUNCTIONS_AND_CLASSES)
def test_each_exception_that_is_raised_is_described(name):
    thing = FUNCTIONS_AND_CLASSES[name]
    entries = block(thing, "Raises")
    assert raised(thing) <= set(entries)
    assert set(entries) <= {"DivergenceError", "ShapeError", "TypeError", "ValueError"}
    for text in entries.values():
        assert re.fullmatch(r"(if|unless) .*\.", text)


def test_no_docstring_begins_with_this_function():
    for thing in (*MODULES, *PUBLIC.values()):
        assert not re.search("[Tt]his (function|class|method)", inspect.getdoc(thing))


def examples(name):
    """The examples in one docstring, as a test with the module's names."""
    thing = inspect.unwrap(FUNCTIONS_AND_CLASSES[name])
    names = {**vars(importlib.import_module(thing.__module__)), "np": np}
    return doctest.DocTestParser().get_doctest(
        inspect.getdoc(thing), names, name, None, 0
    )


@pytest.mark.parametrize("name", FUNCTIONS_AND_CLASSES)
def test_examples_give_what_they_show(name):
    test, out = examples(name), io.StringIO()
    assert re.search(
        r"^Example:\n    >>> ",
        inspect.getdoc(FUNCTIONS_AND_CLASSES[name]),
        re.MULTILINE,
    )
    # NumPy 1 and 2 differ in how they show a scalar that is not printed.
    shown = "".join(example.want for example in test.examples)
    assert not re.search(r"\bnp\.(float|int|bool|str)\w*\(", shown)
    result = doctest.DocTestRunner(verbose=False).run(test, out=out.write)
    plt.close("all")
    assert result.failed == 0, out.getvalue()
    assert result.attempted == len(test.examples) > 0


def test_there_are_as_many_examples_as_one_sees():
    assert sum(len(examples(name).examples) for name in FUNCTIONS_AND_CLASSES) >= 60
