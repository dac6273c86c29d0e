"""Exercises of the chapter that goes on with the digits."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers
from nnnotes.losses import one_hot

Gradient = Callable[[Array], Array]


def _nesterov(W: Array, V: Array, gradient: Gradient, lr: float, mu: float) -> Any:
    V = mu * V + gradient(W - lr * mu * V)
    return W - lr * V, V


def _momentum(W: Array, V: Array, gradient: Gradient, lr: float, mu: float) -> Any:
    V = mu * V + gradient(W)
    return W - lr * V, V


def _whole_velocity(
    W: Array, V: Array, gradient: Gradient, lr: float, mu: float
) -> Any:
    V = mu * V + gradient(W - lr * V)
    return W - lr * V, V


def _from_ahead(W: Array, V: Array, gradient: Gradient, lr: float, mu: float) -> Any:
    ahead = W - lr * mu * V
    V = mu * V + gradient(ahead)
    return ahead - lr * V, V


def _uphill(W: Array, V: Array, gradient: Gradient, lr: float, mu: float) -> Any:
    V = mu * V + gradient(W + lr * mu * V)
    return W - lr * V, V


def _old_velocity(W: Array, V: Array, gradient: Gradient, lr: float, mu: float) -> Any:
    return W - lr * V, mu * V + gradient(W - lr * mu * V)


def _averaged(W: Array, V: Array, gradient: Gradient, lr: float, mu: float) -> Any:
    V = mu * V + (1 - mu) * gradient(W - lr * mu * V)
    return W - lr * V, V


def _among_best(Z: Array, Y: Array, k: int) -> float:
    of_right = Z[Y.argmax(axis=0), np.arange(Z.shape[1])]
    return float(((of_right < Z).sum(axis=0) < k).mean())


def _one_too_many(Z: Array, Y: Array, k: int) -> float:
    return _among_best(Z, Y, k + 1)


def _smallest(Z: Array, Y: Array, k: int) -> float:
    return _among_best(-Z, Y, k)


def _best_only(Z: Array, Y: Array, k: int) -> float:
    return _among_best(Z, Y, 1)


def _kth(Z: Array, Y: Array, k: int) -> float:
    return _among_best(Z, Y, k) - _among_best(Z, Y, k - 1)


def _wrong_axis(Z: Array, Y: Array, k: int) -> float:
    return _among_best(Z.T, Y.T, k)


SCORES, MORE = numbers((5, 8), (4, 6))

TASKS = (
    Task(
        "velocities-by-hand",
        solution=(1, 1.5, 1.75, 2, 10),
        places=2,
        mistakes=(
            Mistake(
                "averaged",
                "Here the new gradient counts in full, and not with the share that the velocity loses.",
                (0.5, 0.75, 0.875, 1, 1),
            ),
            Mistake(
                "gradient-once",
                "That is what is left of the first gradient. Each step adds a new one.",
                (1, 0.5, 0.25, 0, 0),
            ),
            Mistake(
                "share-forgotten",
                "The velocity keeps a share of itself only, before the gradient is added.",
                (1, 2, 3, 2, 10),
            ),
            Mistake(
                "share-lost",
                "The velocity keeps 0.9 of itself, and not 0.1.",
                (1, 1.5, 1.75, 2, 1 / 0.9),
            ),
        ),
    ),
    Task(
        "nesterov-step",
        solution=_nesterov,
        cases=(
            (*numbers((2, 3), (2, 3)), np.tanh, 0.1, 0.9),
            (*numbers((4,), (4,)), np.exp, 0.5, 0.5),
        ),
        mistakes=(
            Mistake(
                "gradient-here",
                "That is momentum. Take the gradient at the place to which the velocity would carry W.",
                _momentum,
            ),
            Mistake(
                "whole-velocity",
                "The velocity has lost a part of itself by then: look ahead by lr * mu * V.",
                _whole_velocity,
            ),
            Mistake(
                "step-from-ahead",
                "The place ahead is for the gradient only. The step starts at W.",
                _from_ahead,
            ),
            Mistake(
                "looking-back",
                "That looks back. A step subtracts, and so does the look ahead.",
                _uphill,
            ),
            Mistake(
                "old-velocity",
                "The weights move along the new velocity, not along the old one.",
                _old_velocity,
            ),
            Mistake(
                "averaged",
                "Here the new gradient counts in full, and not with the share that the velocity loses.",
                _averaged,
            ),
        ),
    ),
    Task(
        "among-best",
        solution=_among_best,
        cases=(
            (SCORES, one_hot(np.array([1, 4, 1, 4, 4, 1, 0, 1]), 5), 2),
            (MORE, one_hot(np.array([1, 0, 2, 2, 2, 1]), 4), 3),
            (MORE, one_hot(np.array([1, 0, 2, 2, 2, 1]), 4), 1),
        ),
        mistakes=(
            Mistake(
                "best-only",
                "That counts the largest score only, whatever k is.",
                _best_only,
            ),
            Mistake(
                "one-too-many",
                "That is one place too many: with k = 1 only the largest score counts.",
                _one_too_many,
            ),
            Mistake(
                "smallest",
                "These are the smallest scores. The largest ones are the best.",
                _smallest,
            ),
            Mistake(
                "at-place-k",
                "Count those at place k, and those before it.",
                _kth,
            ),
            Mistake(
                "number",
                "That is how many there are. Which share of the examples is it?",
                lambda Z, Y, k: _among_best(Z, Y, k) * Z.shape[1],
            ),
            Mistake(
                "wrong-axis",
                "An example is a column: compare the scores along axis 0.",
                _wrong_axis,
            ),
        ),
    ),
)
