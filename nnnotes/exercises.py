"""Exercises that check themselves: is a function right, and if not, which of the usual mistakes is it."""

import copy
import difflib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

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


def check(name: str, answer: Callable[..., Any]) -> Answer:
    """Compare a function with the solution of an exercise, on inputs that tell the usual mistakes apart.

    The function gets copies of the inputs. Overflow, division by 0 and invalid operations count as errors.

    Args:
        name: the exercise, as its text calls it.
        answer: the reader's function.

    Raises:
        ValueError: if there is no exercise of that name.
        TypeError: if the answer is not a function.

    Example:
        >>> check("he-std", lambda n_out, n_in: (2 / n_in) ** 0.5)
        Right.
        >>> check("he-std", lambda n_out, n_in: 2 / n_in)
        Not yet. That is the variance. The standard deviation is its square root.
        >>> check("he-std", lambda n_out, n_in: 1.0)
        Not yet. For n_out = 5, n_in = 8: expected 0.5, but got 1.0.
    """
    task = _find(name)
    if not callable(answer):
        raise TypeError(f"answer: expected a function, but got {answer!r}")
    outcomes = [_outcome(answer, case) for case in task.cases]
    expected = [_outcome(task.solution, case).value for case in task.cases]
    problems = [
        outcome.problem or _difference(value, outcome.value, task.tolerance)
        for value, outcome in zip(expected, outcomes, strict=True)
    ]
    if not any(problems):
        return Answer(True, "Right.")
    for hint, mistake in task.mistakes:
        if _alike(outcomes, [_outcome(mistake, case) for case in task.cases], task):
            return Answer(False, f"Not yet. {hint}")
    case, problem = next(
        (case, problem)
        for case, problem in zip(task.cases, problems, strict=True)
        if problem
    )
    names = inspect.signature(task.solution).parameters
    inputs = ", ".join(
        f"{key} = {_show(x)}" for key, x in zip(names, case, strict=True)
    )
    return Answer(False, f"Not yet. For {inputs}: {problem}.")


@dataclass(frozen=True)
class _Outcome:
    """What a call gave: a value, or a problem and, if there was one, the type of the error."""

    value: Any = None
    problem: str | None = None
    error: type[Exception] | None = None


def _find(name: str) -> Task:
    tasks = {task.name: task for task in ALL}
    if name not in tasks:
        close = difflib.get_close_matches(str(name), tasks, cutoff=0.4)
        raise ValueError(
            f"name: expected that of an exercise, such as {', '.join(close or list(tasks)[:3])}, but got {name!r}"
        )
    return tasks[name]


def _outcome(function: Callable[..., Any], case: tuple[Any, ...]) -> _Outcome:
    inputs = copy.deepcopy(case)
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            value = function(*inputs)
    except Exception as error:
        kind = type(error)
        return _Outcome(problem=f"it raised {kind.__name__}: {error}", error=kind)
    for before, after in zip(case, inputs, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after):
            return _Outcome(problem="it changed its input; return a new array")
    return _Outcome(value)


def _alike(outcomes: list[_Outcome], others: list[_Outcome], task: Task) -> bool:
    return all(
        one.error is other.error is not None
        if one.problem or other.problem
        else _difference(other.value, one.value, task.tolerance) is None
        for one, other in zip(outcomes, others, strict=True)
    )


def _difference(expected: Any, found: Any, tolerance: float) -> str | None:
    """Say how a result differs from the one expected; nothing if it does not."""
    if found is None:
        return "it returned nothing; is there a return"
    if isinstance(expected, tuple):
        if not isinstance(found, tuple | list) or len(found) != len(expected):
            return f"expected {len(expected)} results, but got {_show(found)}"
        parts = zip(expected, found, strict=True)
        return next(
            filter(None, (_difference(*part, tolerance) for part in parts)), None
        )
    try:
        array = np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError):
        return f"expected numbers, but got {found!r}"
    wanted = np.asarray(expected, dtype=np.float64)
    if array.shape != wanted.shape:
        return f"expected the shape {wanted.shape}, but got {array.shape}"
    allowed = tolerance * (np.abs(wanted).max() or 1.0)
    if (np.abs(array - wanted) <= allowed).all():
        return None
    return f"expected {_show(expected)}, but got {_show(found)}"


def _show(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, threshold=40, separator=", ")
    return getattr(value, "__name__", None) or f"{value}"
