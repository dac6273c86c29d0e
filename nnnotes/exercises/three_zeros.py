"""Exercises of the chapter on three cases of zero."""

from typing import Any

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _split(W1: Array, b1: Array, W2: Array) -> Any:
    half = W2[:, :1] / 2
    return (
        np.vstack([W1, W1[:1]]),
        np.vstack([b1, b1[:1]]),
        np.hstack([half, W2[:, 1:], half]),
    )


def _twice_as_much(W1: Array, b1: Array, W2: Array) -> Any:
    return *_split(W1, b1, W2)[:2], np.hstack([W2, W2[:, :1]])


def _one_halved(W1: Array, b1: Array, W2: Array) -> Any:
    return *_split(W1, b1, W2)[:2], np.hstack([W2, W2[:, :1] / 2])


def _incoming_halved(W1: Array, b1: Array, W2: Array) -> Any:
    return (
        np.vstack([W1[:1] / 2, W1[1:], W1[:1] / 2]),
        np.vstack([b1[:1] / 2, b1[1:], b1[:1] / 2]),
        np.hstack([W2, W2[:, :1]]),
    )


def _arrives(W2: Array, value: float, slope: float) -> tuple[bool, bool]:
    return value != 0, bool(W2.any()) and slope != 0


ONES = np.ones((1, 3))

TASKS = (
    Task(
        "first-step-by-hand",
        solution=np.array([1 / 12, 1 / 6]),
        places=3,
        mistakes=(
            Mistake(
                "sign",
                "The derivative is the answer minus the target. More targets are 0 than 1, so it is positive.",
                (-1 / 12, -1 / 6),
            ),
            Mistake(
                "swapped",
                "First an element of dW, then db.",
                (1 / 6, 1 / 12),
            ),
            Mistake(
                "no-activation",
                "In dW each term is multiplied by the hidden activation, which is not 1.",
                (1 / 6, 1 / 6),
            ),
            Mistake(
                "sums",
                "The loss is a mean: divide by the number of examples.",
                (25, 50),
            ),
            Mistake(
                "zeros",
                "Those would be right for tanh. The sigmoid is not 0 at 0.",
                (0, 1 / 6),
            ),
        ),
    ),
    Task(
        "split-unit",
        solution=_split,
        cases=(
            numbers((3, 2), (3, 1), (4, 3)),
            numbers((2, 5), (2, 1), (1, 2)),
        ),
        mistakes=(
            Mistake(
                "twice-as-much",
                "Both copies pass their activation on, so the next layer gets it twice. Halve the outgoing weights.",
                _twice_as_much,
            ),
            Mistake(
                "one-halved",
                "Only one copy's outgoing weights were halved.",
                _one_halved,
            ),
            Mistake(
                "all-halved",
                "Halve the outgoing weights of the first unit and of its copy only.",
                lambda W1, b1, W2: (
                    *_split(W1, b1, W2)[:2],
                    np.hstack([W2, W2[:, :1]]) / 2,
                ),
            ),
            Mistake(
                "incoming-halved",
                "Halved incoming weights give another activation. Copy them as they are.",
                _incoming_halved,
            ),
        ),
    ),
    Task(
        "gradient-arrives",
        solution=_arrives,
        cases=(
            (ONES, 0.5, 0.25),
            (0 * ONES, 0.5, 0.25),
            (ONES, 0.0, 1.0),
            (0 * ONES, 0.0, 1.0),
            (ONES, 0.0, 0.0),
            (np.array([[1.0, -1.0, 0.0]]), -0.3, 0.4),
            (np.array([[2.0, 1.0, 0.5]]), 0.7, 0.0),
            (np.array([[0.0, 0.0, -2.0]]), 0.0, -0.5),
        ),
        mistakes=(
            Mistake(
                "swapped",
                "First say it of the output weights, then of the hidden ones.",
                lambda W2, value, slope: _arrives(W2, value, slope)[::-1],
            ),
            Mistake(
                "slope-left-out",
                "On the way back to the hidden weights the gradient is multiplied by the slope, too.",
                lambda W2, value, slope: (value != 0, bool(W2.any())),
            ),
            Mistake(
                "weights-left-out",
                "On the way back to the hidden weights the gradient is multiplied by the output weights, too.",
                lambda W2, value, slope: (value != 0, slope != 0),
            ),
            Mistake(
                "all-weights",
                "One output weight other than 0 is enough: its unit gets a gradient.",
                lambda W2, value, slope: (value != 0, bool(W2.all()) and slope != 0),
            ),
            Mistake(
                "sum",
                "Weights that add up to 0 are not 0: each unit has its own.",
                lambda W2, value, slope: (value != 0, W2.sum() != 0 and slope != 0),
            ),
            Mistake(
                "value-for-both",
                "The hidden weights are multiplied by the inputs, which are not 0, and not by the activations.",
                lambda W2, value, slope: (
                    value != 0,
                    value != 0 and bool(W2.any()) and slope != 0,
                ),
            ),
            Mistake(
                "needs-output-weights",
                "The gradient of the output weights does not depend on them, but on the activations.",
                lambda W2, value, slope: (
                    value != 0 and bool(W2.any()),
                    bool(W2.any()) and slope != 0,
                ),
            ),
        ),
    ),
)
