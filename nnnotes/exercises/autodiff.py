"""Exercises of the chapter on automatic differentiation."""

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _lengths(X: Array) -> Array:
    return np.linalg.norm(X, axis=0)


def _normalise_back(d: Array, X: Array) -> Array:
    Y = X / _lengths(X)
    return (d - (d * Y).sum(axis=0) * Y) / _lengths(X)


TASKS = (
    Task(
        "normalise-back",
        solution=_normalise_back,
        cases=(numbers((3, 4), (3, 4)), numbers((2, 2), (2, 2))),
        mistakes=(
            Mistake(
                "length-as-a-constant",
                "The length changes with X, too: there is a second path, through it.",
                lambda d, X: d / _lengths(X),
            ),
            Mistake(
                "not-divided",
                "Almost. The result is divided by the length as well.",
                lambda d, X: _normalise_back(d, X) * _lengths(X),
            ),
            Mistake(
                "second-path-added",
                "A greater length makes the result smaller: the second path has a minus.",
                lambda d, X: 2 * d / _lengths(X) - _normalise_back(d, X),
            ),
            Mistake(
                "part-left-over",
                "That keeps only the part of d along the column. It is the part to be taken away.",
                lambda d, X: d / _lengths(X) - _normalise_back(d, X),
            ),
            Mistake(
                "x-for-y",
                "The part along the column is d times y, times y, with y of length 1. X has another length.",
                lambda d, X: (d - (d * X).sum(axis=0) * X) / _lengths(X),
            ),
            Mistake(
                "forward",
                "That is the operation itself. The rule starts from d.",
                lambda d, X: X / _lengths(X),
            ),
            Mistake(
                "rows",
                "An example is a column: the lengths are those of the columns.",
                lambda d, X: _normalise_back(d.T, X.T).T,
            ),
        ),
    ),
    Task(
        "divide-back",
        solution=lambda d, a, b: (d / b, -d * a / b**2),
        cases=(numbers((3,), (3,), (3,)), numbers((2, 2), (2, 2), (2, 2))),
        mistakes=(
            Mistake(
                "sign-lost",
                "A larger divisor makes the quotient smaller: the second one has a minus.",
                lambda d, a, b: (d / b, d * a / b**2),
            ),
            Mistake(
                "not-squared",
                "The derivative of 1/b is -1/b**2, not -1/b.",
                lambda d, a, b: (d / b, -d * a / b),
            ),
            Mistake(
                "d-left-out",
                "These are the derivatives of the quotient alone. The chain rule wants the factor d.",
                lambda d, a, b: (1 / b, -a / b**2),
            ),
        ),
    ),
)
