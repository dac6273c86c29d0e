"""Exercises that check themselves: is an answer right, and if not, which of the usual mistakes is it."""

import copy
import difflib
import inspect
from dataclasses import dataclass, fields, is_dataclass
from html import escape
from textwrap import indent
from typing import Any

import numpy as np

from nnnotes._checks import shown
from nnnotes.arrays import Array
from nnnotes.tasks import ALL, Task

__all__ = ["Answer", "check"]


@dataclass(frozen=True, repr=False)
class Answer:
    """What became of an answer; true if it is right, and printed as what there is to say about it.

    Args:
        right: whether the answer is right.
        text: what to tell the reader.

    Example:
        >>> Answer(False, "Not yet.")
        Not yet.
        >>> bool(Answer(True, "Right."))
        True
    """

    right: bool
    text: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        colour = "#2e7d32" if self.right else "#b26a00"
        style = f"white-space: pre-wrap; border-left: 3px solid {colour}; padding-left: 0.7em"
        return f'<pre role="status" style="{style}">{escape(self.text)}</pre>'


def check(name: str, answer: object) -> Answer:
    """Compare an answer with the solution of an exercise, in cases that tell the usual mistakes apart.

    A function gets copies of the inputs. Overflow, division by 0 and invalid operations count as errors.

    Args:
        name: the exercise, as its text calls it.
        answer: the reader's function or, of an exercise to be done by hand, the numbers.

    Raises:
        ValueError: if there is no exercise of that name.
        TypeError: if the answer is not a function and should be one, or is one and should be numbers.

    Example:
        >>> check("relu-slope", lambda z: np.where(z > 0, 1, 0))
        Right.
        >>> check("relu-slope", lambda z: np.where(z > 0, z, 0))
        Not yet. That is ReLU itself. Its slope is 1 or 0.
        >>> check("relu-slope", lambda z: z > 0)
        Not yet. For z = [-3.  , -0.5 ,  0.  ,  0.25,  2.  ]: expected numbers, but got truth values.
        >>> check("score-by-hand", 2.2)
        Not yet. 2.2 is too large.
    """
    task = _find(name)
    if callable(answer) != callable(task.solution):
        wanted = "a function" if callable(task.solution) else "numbers"
        raise TypeError(f"answer: expected {wanted}, but got {shown(answer)}")
    outcomes, expected = _outcomes(task, answer), _outcomes(task, task.solution)
    pairs = zip(expected, outcomes, strict=True)
    problems = [_problem(right, outcome, task) for right, outcome in pairs]
    if not any(problems):
        return Answer(True, "Right.")
    for hint, mistake in task.mistakes:
        pairs = zip(_outcomes(task, mistake), outcomes, strict=True)
        if not any(_problem(wrong, outcome, task) for wrong, outcome in pairs):
            return Answer(False, f"Not yet. {hint}")
    number, problem = next(pair for pair in enumerate(problems) if pair[1])
    return Answer(False, f"Not yet. {_given(task, number)}{problem}")


@dataclass(frozen=True)
class _Outcome:
    """What a call gave: a value, or a problem and, if there was one, the type of the error."""

    value: Any = None
    problem: str | None = None
    error: type[Exception] | None = None


def _find(name: str) -> Task:
    tasks = {task.name: task for task in ALL}
    if not isinstance(name, str) or name not in tasks:
        close = difflib.get_close_matches(str(name), tasks, cutoff=0.4)
        raise ValueError(
            f"name: expected that of an exercise, such as {', '.join(close or list(tasks)[:3])}, but got {shown(name)}"
        )
    return tasks[name]


def _outcomes(task: Task, answer: Any) -> list[_Outcome]:
    if not callable(answer):
        return [_Outcome(answer)]
    names = _names(task)
    return [_outcome(answer, case, names) for case in task.cases]


def _outcome(function: Any, case: tuple[Any, ...], names: list[str]) -> _Outcome:
    inputs = copy.deepcopy(case)
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            value = function(*inputs)
    except Exception as error:
        kind = type(error)
        return _Outcome(problem=f"it raised {kind.__name__}: {error}.", error=kind)
    for name, before, after in zip(names, case, inputs, strict=True):
        if not _same(before, after):
            return _Outcome(problem=f"it changed {name}; return something new.")
    return _Outcome(value)


def _same(before: Any, after: Any) -> bool:
    """Tell whether an input is what it was. A function may remember what it likes, and a generator has to go on."""
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after)
    if isinstance(before, tuple | list):
        return len(before) == len(after) and all(map(_same, before, after))
    if is_dataclass(before):
        names = [field.name for field in fields(before)]
        return all(_same(getattr(before, name), getattr(after, name)) for name in names)
    return True


def _problem(expected: _Outcome, found: _Outcome, task: Task) -> str | None:
    """Say what is the matter with an outcome; nothing if it is as expected, be it a value or an error."""
    if expected.error is found.error is not None:
        return None
    if found.problem:
        return found.problem
    try:
        if expected.error:
            return (
                f"expected a {expected.error.__name__}, but got {_show(found.value)}."
            )
        return _difference(expected.value, found.value, task)
    except Exception as error:  # of a method of the value
        kind = type(found.value).__name__
        return f"a value of type {kind} raised {type(error).__name__} when it was compared."


def _difference(expected: Any, found: Any, task: Task) -> str | None:
    """Say how a result differs from the one expected; nothing if it does not."""
    if found is None and callable(task.solution):
        return "it returned nothing; is there a return?"
    if isinstance(expected, tuple):
        if not isinstance(found, tuple | list):
            return f"expected {len(expected)} results, but got {_show(found)}."
        if len(found) != len(expected):
            return f"expected {len(expected)} results, but got {len(found)}."
        pairs = enumerate(zip(expected, found, strict=True), start=1)
        parts = ((i, _difference(*pair, task)) for i, pair in pairs)
        return next((f"result {i}: {part}" for i, part in parts if part), None)
    wanted, array = np.asarray(expected), _array(found)
    kinds = {"b": "truth values", **dict.fromkeys("iuf", "numbers")}
    kind, got = kinds[wanted.dtype.kind], kinds.get(array.dtype.kind, repr(found))
    if got != kind:
        return f"expected {kind}, but got {got}."
    if array.shape != wanted.shape:
        return f"expected the shape {wanted.shape}, but got {array.shape}."
    wanted, array = wanted.astype(np.float64), array.astype(np.float64)
    close = np.isclose(array, wanted, rtol=0, atol=_allowed(wanted, task))
    if close.all():
        return None
    if not callable(task.solution):
        return _direction(wanted, array, np.asarray(close))
    right, wrong = _show(expected), _show(found)
    if right == wrong:  # it takes more digits to see the difference
        right, wrong = _show(expected, 17), _show(found, 17)
    return _compared(right, wrong)


def _array(found: Any) -> Array:
    try:
        return np.asarray(found)
    except ValueError:  # rows of different lengths
        return np.asarray(None)


def _allowed(wanted: Array, task: Task) -> float:
    """Half a unit of the last decimal, if the task says to how many; else a share of the largest number."""
    if task.places is not None:
        # And a little more, as 0.125 to two decimals is 0.12 to some and 0.13 to others.
        return 0.500001 * 10.0**-task.places
    sizes = np.abs(wanted[np.isfinite(wanted)])
    return float(task.tolerance * (sizes.max(initial=0) or 1.0))


def _direction(wanted: Array, found: Array, close: Array) -> str:
    """Point to the first number that is wrong, without giving away the right one."""
    first = tuple(map(int, np.argwhere(~close)[0]))
    place = f"the entry {list(first)}, which is " * bool(first)
    number, right = found[first], wanted[first]
    size = "too large" if number > right else "too small" if number < right else "wrong"
    return f"{place}{_show(number)}{',' * bool(first)} is {size}."


def _names(task: Task) -> list[str]:
    return list(inspect.signature(task.solution).parameters)


def _given(task: Task, number: int) -> str:
    """Write the inputs of a case: in one line, or below each other if there is a matrix."""
    if not callable(task.solution):
        return ""
    pairs = zip(_names(task), map(_show, task.cases[number]), strict=True)
    # The lines of a matrix stand below each other.
    items = [
        f"{name} = " + text.replace("\n", "\n" + " " * (len(name) + 3))
        for name, text in pairs
    ]
    if "\n" in "".join(items):
        return "For\n" + indent("\n".join(items), "    ") + "\n"
    return f"For {', '.join(items)}: "


def _compared(expected: str, found: str) -> str:
    if "\n" in expected + found:
        expected, found = indent(expected, "    "), indent(found, "    ")
        return f"expected\n{expected}\nbut got\n{found}"
    return f"expected {expected}, but got {found}."


def _show(value: Any, digits: int = 4) -> str:
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=digits, threshold=40, separator=", ")
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    return getattr(value, "__name__", None) or f"{value}"
