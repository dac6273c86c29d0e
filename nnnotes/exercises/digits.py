"""Exercises of the chapter on the digits."""

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task


def _confusion(truth: Array, answers: Array, k: int) -> Array:
    counts = np.zeros((k, k))
    np.add.at(counts, (truth, answers), 1)
    return counts


def _mistakes_only(truth: Array, answers: Array, k: int) -> Array:
    return _confusion(truth, answers, k) * (1 - np.eye(k))


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
)
