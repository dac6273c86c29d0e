"""Exercises of the chapter with more on shapes."""

from typing import Any

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers

Shape = tuple[int, ...]


def _largest(one: Shape, other: Shape) -> Shape:
    axes = max(len(one), len(other))
    ones = (1,) * axes
    return tuple(map(max, (ones + one)[-axes:], (ones + other)[-axes:]))


def _from_the_first_axis(one: Shape, other: Shape) -> Shape:
    axes = max(len(one), len(other))
    ones = (1,) * axes
    return np.broadcast_shapes((one + ones)[:axes], (other + ones)[:axes])


def _shared_axes(one: Shape, other: Shape) -> Shape:
    axes = min(len(one), len(other))
    return np.broadcast_shapes(one[-axes:], other[-axes:])


def _rows_backward(dZ: Array, X: Array, W: Array) -> Any:
    return dZ @ W, dZ.T @ X, dZ.sum(axis=0)


TASKS = (
    Task(
        "fits-by-hand",
        solution=(2, 1, 2, 8),
        mistakes=(
            Mistake(
                "one-each",
                "Where sizes coincide, more than one product fits.",
                (1, 1, 1, 1),
            ),
            Mistake(
                "right-ones-only",
                "Count all that have the shape of dW, whether they are right or not.",
                (1, 1, 2, 8),
            ),
            Mistake(
                "order-kept",
                "The two factors may also change places.",
                (2, 1, 1, 4),
            ),
        ),
    ),
    Task(
        "stretched",
        solution=lambda one, other: np.broadcast_shapes(one, other),
        cases=(
            ((4, 1), (1, 5)),
            ((4, 1), (4,)),
            ((3, 5), (5,)),
            ((2,), (3,)),
            ((2, 3), (4, 2, 3)),
            ((1,), (1,)),
        ),
        mistakes=(
            Mistake(
                "from-the-first-axis",
                "Shapes are compared from the last axis on, not from the first.",
                _from_the_first_axis,
            ),
            Mistake(
                "larger-of-both",
                "Sizes 2 and 3 do not fit: only a 1 is stretched.",
                _largest,
            ),
            Mistake(
                "shared-axes-only",
                "The axes that only one of the arrays has are kept.",
                _shared_axes,
            ),
        ),
    ),
    Task(
        "rows-backward",
        solution=_rows_backward,
        cases=(
            numbers((5, 4), (5, 3), (4, 3)),
            numbers((3, 3), (3, 3), (3, 3)),
        ),
        mistakes=(
            Mistake(
                "columns",
                "These are the equations for examples in columns. Here an example is a row.",
                lambda dZ, X, W: (W.T @ dZ, dZ @ X.T, dZ.sum(axis=1, keepdims=True)),
            ),
            Mistake(
                "inputs-by-units",
                "The second result has the shape of W: units by inputs.",
                lambda dZ, X, W: (dZ @ W, X.T @ dZ, dZ.sum(axis=0)),
            ),
            Mistake(
                "one-row",
                "Here b has one axis only, and so has db: no keepdims.",
                lambda dZ, X, W: (dZ @ W, dZ.T @ X, dZ.sum(axis=0, keepdims=True)),
            ),
            Mistake(
                "wrong-axis",
                "The examples are added up, and they are the rows: axis 0.",
                lambda dZ, X, W: (dZ @ W, dZ.T @ X, dZ.sum(axis=1)),
            ),
            Mistake(
                "w-transposed",
                "Forwards the weights are transposed. On the way back they are not.",
                lambda dZ, X, W: (dZ @ W.T, dZ.T @ X, dZ.sum(axis=0)),
            ),
            Mistake(
                "mean",
                "The mean over the examples is part of the loss already. Here they are sums.",
                lambda dZ, X, W: (dZ @ W, dZ.T @ X / len(X), dZ.mean(axis=0)),
            ),
        ),
    ),
)
