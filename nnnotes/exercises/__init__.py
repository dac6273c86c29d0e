"""Exercises that check themselves: is an answer right, and if not, which of the usual mistakes is it.

The exercises of a chapter stand in a module that is named as the chapter is, in a tuple `TASKS`.
"""

import difflib
import importlib
import inspect
import operator
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from textwrap import indent
from typing import Any

import numpy as np

from nnnotes._checks import LONGEST, shown
from nnnotes.arrays import Array
from nnnotes.exercises._running import Outcome, outcomes, same

__all__ = ["ALL", "Answer", "Mistake", "Task", "check"]


def _equal(self: object, other: object) -> bool:
    """Compare all fields, arrays among them, which the method of a dataclass cannot."""
    return type(other) is type(self) and same(self, other, operator.eq)


def _hash(self: Any) -> int:
    return hash(self.name)


@dataclass(frozen=True, eq=False)
class Mistake:
    """A usual wrong answer to an exercise, and the hint that helps whoever gives it.

    Args:
        name: what went wrong, in few words with hyphens between them.
        hint: what was computed, or what is missing, without the solution.
        answer: the wrong function, or the wrong numbers.

    Example:
        >>> Mistake("squared", "That is the square.", lambda x: x**2).answer(3.0)
        9.0
    """

    name: str
    hint: str
    answer: Any = field(repr=False)

    __eq__, __hash__ = _equal, _hash


@dataclass(frozen=True, eq=False)
class Task:
    """An exercise that checks itself: a right answer, on which inputs to compare with it, and what usually goes wrong.

    Args:
        name: how a reader calls it.
        solution: a right function, which may raise an error where it should; messages call its arguments by their
            names. Or, of an exercise to be done by hand, the numbers: one, a list, or a tuple of these.
        cases: the arguments of each call. They tell all mistakes apart, from each other and from the solution. None by
            hand.
        mistakes: the usual ones.
        tolerance: how far a number may be off, relative to the largest one that is expected.
        places: to how many decimals numbers are wanted, in place of a tolerance.

    Raises:
        ValueError: if a function comes without cases, or numbers come with some.

    Example:
        >>> squared = Mistake("squared", "That is the square.", lambda x: x**2)
        >>> double = Task("double", lambda x: 2 * x, cases=((3.0,),), mistakes=(squared,))
        >>> double.solution(3.0)
        6.0
    """

    name: str
    solution: Any
    cases: tuple[tuple[Any, ...], ...] = field(default=(), repr=False)
    mistakes: tuple[Mistake, ...] = field(default=(), repr=False)
    tolerance: float = 1e-9
    places: int | None = None

    __eq__, __hash__ = _equal, _hash

    def __post_init__(self) -> None:
        if bool(self.cases) != callable(self.solution):
            raise ValueError(
                f"cases: expected some for a function, and only then, but {self.name} has {len(self.cases)}"
            )


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

    A function gets copies of the inputs, and has some seconds for all of them. An overflow on the way, a division by 0
    and a root of a negative number are wrong, even if the result is right.

    Args:
        name: the exercise, as its text calls it.
        answer: the reader's function or, of an exercise to be done by hand, the numbers.

    Raises:
        ValueError: if there is no exercise of that name.
        TypeError: if the answer is not a function and should be one, or is one and should be numbers.

    Example:
        >>> check("leaky-relu-by-alpha", lambda z: np.minimum(z, 0))
        Right.
        >>> check("leaky-relu-by-alpha", lambda z: z)
        Not yet. For positive z the value does not depend on alpha.
        >>> check("leaky-relu-by-alpha", lambda z: z < 0)
        Not yet. For z = [-3.  ,  2.  , -0.5 ,  0.  ,  0.25]: expected numbers, but got truth values.
        >>> check("score-by-hand", 2.2)
        Not yet. 2.2 is too large.
    """
    task = _find(name)
    if callable(answer) != callable(task.solution):
        wanted = "a function" if callable(task.solution) else "numbers"
        raise TypeError(f"answer: expected {wanted}, but got {shown(answer)}")
    found = _outcomes(task, answer)
    expected = _outcomes(task, task.solution)
    problems = [
        _problem(right, outcome, task)
        for right, outcome in zip(expected, found, strict=True)
    ]
    if not any(problems):
        return Answer(True, "Right.")
    for mistake in task.mistakes:
        wrong = _outcomes(task, mistake.answer)
        if all(_alike(*pair, task) for pair in zip(wrong, found, strict=True)):
            return Answer(False, f"Not yet. {mistake.hint}")
    number, problem = next(pair for pair in enumerate(problems) if pair[1])
    return Answer(False, f"Not yet. {_given(task, number)}{problem}")


def _find(name: str) -> Task:
    tasks = {task.name: task for task in ALL}
    if not isinstance(name, str) or name not in tasks:
        close = difflib.get_close_matches(str(name), tasks, cutoff=0.4)
        raise ValueError(
            f"name: expected that of an exercise, such as {', '.join(close or list(tasks)[:3])}, but got {shown(name)}"
        )
    return tasks[name]


def _outcomes(task: Task, answer: Any) -> list[Outcome]:
    if not callable(answer):
        return [Outcome(answer)]
    names = _names(task)
    cases = [dict(zip(names, case, strict=True)) for case in task.cases]
    return outcomes(answer, cases)


def _problem(
    expected: Outcome, found: Outcome, task: Task, lossy: bool = False
) -> str | None:
    """Say what is the matter with an outcome; nothing if it is as expected, be it a value or an error."""
    if expected.error is found.error is not None:
        return None
    if found.problem:
        return found.problem
    try:
        if expected.error:
            wanted = expected.error.__name__
            return f"expected a {wanted}, but got {_show(found.value)}."
        right, value = expected.value, found.value
        if lossy:
            right, value = _blurred(right), _blurred(value)
        difference = _difference(right, value, task)
    except Exception as error:  # of a method of the value
        kind = type(found.value).__name__
        return f"a value of type {kind} raised {type(error).__name__} when it was compared."
    if expected.lost or not found.lost:
        return difference
    if difference:
        return f"on the way {found.lost}; {difference}"
    return f"the result is right, but on the way {found.lost}."


def _alike(wrong: Outcome, found: Outcome, task: Task) -> bool:
    """Tell whether an answer went wrong as a mistake did; what was lost on the way may end as inf, nan or an error."""
    if bool(wrong.lost) != bool(found.lost):
        return False
    if wrong.lost and (wrong.problem or found.problem):
        return True
    return not _problem(wrong, found, task, lossy=bool(wrong.lost))


def _blurred(value: Any) -> Any:
    """Put nan for each infinity in a result."""
    if isinstance(value, tuple | list):
        return tuple(map(_blurred, value))
    array = _array(value)
    return np.where(np.isfinite(array), array, np.nan)


def _difference(expected: Any, found: Any, task: Task) -> str | None:
    """Say how a result differs from the one expected; nothing if it does not."""
    if found is None and callable(task.solution):
        return "it returned nothing; is there a return?"
    if isinstance(expected, tuple):
        if isinstance(found, np.ndarray) and found.ndim and not callable(task.solution):
            found = list(found)  # numbers that were computed in NumPy
        if not isinstance(found, tuple | list):
            return f"expected {len(expected)} results, but got {_show(found)}."
        if len(found) != len(expected):
            return f"expected {len(expected)} results, but got {len(found)}."
        pairs = enumerate(zip(expected, found, strict=True), start=1)
        parts = ((i, _difference(*pair, task)) for i, pair in pairs)
        return next((f"result {i}: {part}" for i, part in parts if part), None)
    wanted, got = np.asarray(expected), _array(found)
    kinds = {"b": "truth values", **dict.fromkeys("iuf", "numbers")}
    kind = kinds[wanted.dtype.kind]
    if kinds.get(got.dtype.kind) != kind:
        return f"expected {kind}, but got {kinds.get(got.dtype.kind, shown(found))}."
    if got.shape != wanted.shape:
        return f"expected the shape {wanted.shape}, but got {got.shape}."
    return _distance(wanted, got, task)


def _distance(wanted: Array, got: Array, task: Task) -> str | None:
    """Compare the numbers of two arrays of one shape."""
    numbers, right = got.astype(np.float64), wanted.astype(np.float64)
    allowed = _allowed(right, task)
    close = np.isclose(numbers, right, rtol=0, atol=allowed, equal_nan=True)
    if close.all():
        return None
    if not callable(task.solution):
        return _direction(right, got, np.asarray(close))
    texts = _show(wanted[()]), _show(got[()])
    if texts[0] == texts[1]:  # it takes more digits to see the difference
        texts = _show(wanted[()], 17), _show(got[()], 17)
    return _compared(*texts)


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
    """Write a value as a reader does, and not too long."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=digits, threshold=40, separator=", ")
        return text if len(text) <= 1000 else f"an array of shape {value.shape}"
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    text = getattr(value, "__name__", None) or f"{value}"
    return text if len(text) <= LONGEST else text[: LONGEST - 4] + " ..."


def _all() -> Iterator[Task]:
    """Yield the tasks of all chapters."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            yield from importlib.import_module(f"{__name__}.{module.name}").TASKS


ALL: tuple[Task, ...] = tuple(_all())
"""All tasks, by chapter."""
