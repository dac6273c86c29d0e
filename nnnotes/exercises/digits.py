"""Exercises of the chapter on the digits."""

from typing import Any

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers
from nnnotes.losses import one_hot
from nnnotes.optimizers import Momentum


def _confusion(truth: Array, answers: Array, k: int) -> Array:
    counts = np.zeros((k, k))
    np.add.at(counts, (truth, answers), 1)
    return counts


def _mistakes_only(truth: Array, answers: Array, k: int) -> Array:
    return _confusion(truth, answers, k) * (1 - np.eye(k))


def _momentum_step(W: Array, V: Array, dW: Array, lr: float, mu: float) -> Any:
    W, (V,) = Momentum(lr, mu).update(W, dW, (V,), t=1)
    return W, V


def _averaged(W: Array, V: Array, dW: Array, lr: float, mu: float) -> Any:
    V = mu * V + (1 - mu) * dW
    return W - lr * V, V


TASKS = (
    Task(
        "confusion",
        solution=_confusion,
        cases=(
            (np.array([0, 2, 2, 1, 0, 2]), np.array([0, 1, 2, 1, 2, 1]), 4),
            (np.array([1, 1, 0]), np.array([0, 0, 0]), 2),
        ),
        mistakes=(
            Mistake(
                "transposed",
                "The rows are the true classes, the columns the answers.",
                lambda truth, answers, k: _confusion(answers, truth, k),
            ),
            Mistake(
                "mistakes-only",
                "Count the right answers, too. They are on the diagonal.",
                _mistakes_only,
            ),
            Mistake(
                "shares",
                "Count them, and do not divide.",
                lambda truth, answers, k: _confusion(truth, answers, k) / len(truth),
            ),
        ),
    ),
    Task(
        "losses-by-hand",
        solution=(-np.log(0.99), -np.log(0.01)),
        places=3,
        mistakes=(
            Mistake(
                "base-10",
                "The book's logarithm is the natural one.",
                (-np.log10(0.99), -np.log10(0.01)),
            ),
            Mistake(
                "sign-lost",
                "A loss is minus the logarithm: it is positive.",
                (np.log(0.99), np.log(0.01)),
            ),
            Mistake(
                "swapped",
                "The worse answer has the larger loss.",
                (-np.log(0.01), -np.log(0.99)),
            ),
        ),
    ),
    Task(
        "accuracy",
        solution=lambda Z, Y: (Z.argmax(axis=0) == Y.argmax(axis=0)).mean(),
        cases=(
            (*numbers((3, 7)), one_hot(np.array([0, 1, 2, 0, 1, 2, 0]), 3)),
            (np.eye(4), np.eye(4)[::-1].copy()),
        ),
        mistakes=(
            Mistake(
                "wrong-axis",
                "An example is a column, so the class is the largest along axis 0.",
                lambda Z, Y: (Z.argmax(axis=1) == Y.argmax(axis=1)).mean(),
            ),
            Mistake(
                "entries",
                "One right answer is one column, and not one entry of it.",
                lambda Z, Y: ((Z > 0) == Y).mean(),
            ),
            Mistake(
                "number",
                "That is how many are right. Which share of the examples is it?",
                lambda Z, Y: (Z.argmax(axis=0) == Y.argmax(axis=0)).sum(),
            ),
        ),
    ),
    Task(
        "momentum-step",
        solution=_momentum_step,
        cases=(
            (*numbers((2, 3), (2, 3), (2, 3)), 0.1, 0.9),
            (*numbers((4, 1)), np.zeros((4, 1)), *numbers((4, 1)), 0.5, 0.5),
        ),
        mistakes=(
            Mistake(
                "old-velocity",
                "The weights move along the new velocity, not along the old one.",
                lambda W, V, dW, lr, mu: (W - lr * V, mu * V + dW),
            ),
            Mistake(
                "averaged",
                "Here the new gradient counts in full, and not with the share that the velocity loses.",
                _averaged,
            ),
            Mistake(
                "uphill",
                "Uphill: subtract the step.",
                lambda W, V, dW, lr, mu: (W + lr * (mu * V + dW), mu * V + dW),
            ),
            Mistake(
                "no-momentum",
                "The velocity was forgotten: that is a step of plain gradient descent.",
                lambda W, V, dW, lr, mu: (W - lr * dW, dW),
            ),
        ),
    ),
)
