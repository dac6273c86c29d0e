"""Exercises of the chapter on residual networks."""

from typing import Any

import numpy as np

from nnnotes.activations import relu
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _backward(
    dA: Array,
    A_prev: Array,
    W_1: Array,
    W_2: Array,
    alpha: float,
    shortcut: float = 1.0,
    branch: float | None = None,
    slopes: Any = relu.derivative,
) -> tuple[Any, ...]:
    """Go back through a residual layer; what is not given is as it should be."""
    Z = W_1 @ A_prev
    A = relu(Z)
    dB = (alpha if branch is None else branch) * dA
    dZ = (W_2.T @ dB) * slopes(Z)
    dA_prev = shortcut * dA + W_1.T @ dZ
    return dA_prev, dZ @ A_prev.T, dB @ A.T, np.sum(dA * (W_2 @ A))


def _solution(
    dA: Array, A_prev: Array, W_1: Array, W_2: Array, alpha: float
) -> tuple[Any, ...]:
    return _backward(dA, A_prev, W_1, W_2, alpha)


def _alpha_in_its_own_derivative(
    dA: Array, A_prev: Array, W_1: Array, W_2: Array, alpha: float
) -> tuple[Any, ...]:
    *others, dalpha = _backward(dA, A_prev, W_1, W_2, alpha)
    return (*others, alpha * dalpha)


def _not_summed(
    dA: Array, A_prev: Array, W_1: Array, W_2: Array, alpha: float
) -> tuple[Any, ...]:
    return (
        *_solution(dA, A_prev, W_1, W_2, alpha)[:3],
        dA * (W_2 @ relu(W_1 @ A_prev)),
    )


def _last_slope(
    dA: Array, A_prev: Array, W_1: Array, W_2: Array, alpha: float
) -> tuple[Any, ...]:
    B = W_2 @ relu(W_1 @ A_prev)
    *others, dalpha = _backward(dA * (B > 0), A_prev, W_1, W_2, alpha, shortcut=0)
    return (others[0] + dA, *others[1:], dalpha)


TASKS = (
    Task(
        "residual-backward",
        solution=_solution,
        cases=(
            (*numbers((3, 4), (3, 4), (5, 3), (3, 5)), 0.5),
            (*numbers((2, 3), (2, 3), (4, 2), (2, 4)), -2.0),
        ),
        mistakes=(
            Mistake(
                "no-shortcut",
                "The shortcut is missing: part of dA reaches the input unchanged.",
                lambda dA, A_prev, W_1, W_2, alpha: _backward(
                    dA, A_prev, W_1, W_2, alpha, shortcut=0.0
                ),
            ),
            Mistake(
                "shortcut-scaled",
                "Only the branch is multiplied by alpha, not the shortcut.",
                lambda dA, A_prev, W_1, W_2, alpha: _backward(
                    dA, A_prev, W_1, W_2, alpha, shortcut=alpha
                ),
            ),
            Mistake(
                "branch-not-scaled",
                "What goes back through the branch is multiplied by alpha.",
                lambda dA, A_prev, W_1, W_2, alpha: _backward(
                    dA, A_prev, W_1, W_2, alpha, branch=1.0
                ),
            ),
            Mistake(
                "no-slope",
                "The slope of the ReLU between the two matrices is missing.",
                lambda dA, A_prev, W_1, W_2, alpha: _backward(
                    dA, A_prev, W_1, W_2, alpha, slopes=np.ones_like
                ),
            ),
            Mistake(
                "value-for-slope",
                "On the way back a ReLU multiplies by its slope, 0 or 1, and not by its value.",
                lambda dA, A_prev, W_1, W_2, alpha: _backward(
                    dA, A_prev, W_1, W_2, alpha, slopes=relu
                ),
            ),
            Mistake(
                "last-slope",
                "The last layer of the branch has no activation, and so no slope.",
                _last_slope,
            ),
            Mistake(
                "not-summed",
                "All elements of the output depend on the one alpha, so its derivative is a sum over all of them.",
                _not_summed,
            ),
            Mistake(
                "alpha-in-its-own-derivative",
                "The output is A_prev + alpha B, so alpha does not stand in its own derivative.",
                _alpha_in_its_own_derivative,
            ),
        ),
    ),
    Task(
        "fixup-factor",
        solution=lambda L, k: L ** (-1 / (2 * k - 2)),
        cases=((4, 2), (16, 3), (100, 2), (7, 4), (50, 6), (12, 9)),
        mistakes=(
            Mistake(
                "all-layers",
                "Of the k layers of a branch the last one is 0 and is not scaled.",
                lambda L, k: L ** (-1 / (2 * k)),
            ),
            Mistake(
                "larger-with-depth",
                "That makes weights larger where there are more branches. Mind the sign of the exponent.",
                lambda L, k: L ** (1 / (2 * k - 2)),
            ),
            Mistake(
                "swapped",
                "The number of branches is L, and each has k layers.",
                lambda L, k: k ** (-1 / (2 * L - 2)),
            ),
            Mistake(
                "whole-branch",
                "That is the product of all factors of a branch. Each of its k - 1 layers takes a share.",
                lambda L, k: L**-0.5,
            ),
            Mistake(
                "once",
                "The product of the factors enters twice: in the step of the last layer, and in what the step adds.",
                lambda L, k: L ** (-1 / (k - 1)),
            ),
            Mistake(
                "two-less",
                "It is k - 1 layers that are scaled, and the product of their factors enters twice.",
                lambda L, k: L ** (-1 / (2 * k - 1)),
            ),
            Mistake(
                "each-takes-a-square-root-of-all",
                "The factors of a branch are multiplied, and not added up: take a root, not a share.",
                lambda L, k: L**-0.5 / (k - 1),
            ),
        ),
    ),
)
