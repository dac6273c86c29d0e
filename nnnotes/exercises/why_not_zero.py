"""Exercises of the chapter on why weights do not start at zero."""

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


TASKS = (
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
                "incoming-halved",
                "Halved incoming weights give another activation. Copy them as they are.",
                _incoming_halved,
            ),
        ),
    ),
    Task(
        "different-units",
        solution=lambda W, b: len(np.unique(np.hstack([W, b]), axis=0)),
        cases=(
            (
                np.array([[1.0, 2, 5, 5], [1, 2, 5, 5], [4, 1, 1, 1]]),
                np.zeros((3, 1)),
            ),
            (np.zeros((4, 2)), np.array([[0.0], [1.0], [0.0], [2.0]])),
            (np.array([[1.0, 1], [2, 2], [3, 3]]), np.array([[1.0], [2.0], [3.0]])),
            (
                np.array([[0.25, -1], [0.25, 1], [0.5, 1], [1, 0.25], [0.25, -1]]),
                np.array([[0.5], [0.5], [0.5], [-1.0], [0.5]]),
            ),
        ),
        mistakes=(
            Mistake(
                "biases-left-out",
                "Two units with equal weights differ if their biases do.",
                lambda W, b: len(np.unique(W, axis=0)),
            ),
            Mistake(
                "entries",
                "A unit is a whole row of W with its bias, and not a single number.",
                lambda W, b: len(np.unique(W)),
            ),
            Mistake(
                "rank",
                "Rows that differ need not be linearly independent. Count the rows that differ.",
                lambda W, b: int(np.linalg.matrix_rank(np.hstack([W, b]))),
            ),
            Mistake(
                "columns",
                "Units are the rows of W. The columns are the inputs.",
                lambda W, b: len(np.unique(W, axis=1).T),
            ),
        ),
    ),
)
