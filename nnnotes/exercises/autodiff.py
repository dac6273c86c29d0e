"""Exercises of the chapter on automatic differentiation."""

from typing import Any

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _lengths(X: Array) -> Array:
    return np.linalg.norm(X, axis=0)


def _normalise_back(d: Array, X: Array) -> Array:
    Y = X / _lengths(X)
    return (d - (d * Y).sum(axis=0) * Y) / _lengths(X)


def _power_back(d: Array, a: Array, b: Array) -> Any:
    return d * b * a ** (b - 1), d * a**b * np.log(a)


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
        "power-back",
        solution=_power_back,
        cases=tuple(
            (*numbers(shape), *map(np.abs, numbers(shape, shape, shape)[1:]))
            for shape in ((3,), (2, 2))
        ),
        mistakes=(
            Mistake(
                "exponent-as-base",
                "The exponent is not a power: write a**b as exp(b * log(a)) to see its derivative.",
                lambda d, a, b: (d * b * a ** (b - 1), d * b * a ** (b - 1)),
            ),
            Mistake(
                "logarithm-forgotten",
                "Move the exponent: a**b changes the more, the farther a is from 1. A logarithm is missing.",
                lambda d, a, b: (d * b * a ** (b - 1), d * a**b),
            ),
            Mistake(
                "logarithm-of-b",
                "It is the logarithm of the base.",
                lambda d, a, b: (d * b * a ** (b - 1), d * a**b * np.log(b)),
            ),
            Mistake(
                "exponent-not-lowered",
                "The derivative of a**b with respect to a has the exponent b - 1.",
                lambda d, a, b: (d * b * a**b, d * a**b * np.log(a)),
            ),
            Mistake(
                "factor-forgotten",
                "With respect to the base, the exponent comes down as a factor.",
                lambda d, a, b: (d * a ** (b - 1), d * a**b * np.log(a)),
            ),
            Mistake(
                "d-left-out",
                "These are the derivatives of the power alone. The chain rule wants the factor d.",
                lambda d, a, b: (b * a ** (b - 1), a**b * np.log(a)),
            ),
            Mistake(
                "results-swapped",
                "The first result belongs to the base, the second one to the exponent.",
                lambda d, a, b: _power_back(d, a, b)[::-1],
            ),
        ),
    ),
)
