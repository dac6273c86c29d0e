"""Exercises of the chapter on shapes."""

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _mean_square(P: Array, Y: Array) -> float:
    return float(((P - Y) ** 2).mean())


def _careful(P: Array, Y: Array) -> float:
    if P.shape != Y.shape:
        raise ValueError(f"{P.shape} and {Y.shape}")
    return _mean_square(P, Y)


TASKS = (
    Task(
        "shapes-by-hand",
        solution=((128, 256), (10, 1), (256, 64), (128, 64), 235146),
        mistakes=(
            Mistake(
                "transposed",
                "A matrix W has one row per unit, and one column per input.",
                ((256, 128), (10, 1), (256, 64), (128, 64), 235146),
            ),
            Mistake(
                "biases-not-counted",
                "The biases are parameters, too: one for each unit.",
                ((128, 256), (10, 1), (256, 64), (128, 64), 234752),
            ),
            Mistake(
                "examples-in-rows",
                "One example is a column, so the second axis has 64 places.",
                ((128, 256), (10, 1), (64, 256), (64, 128), 235146),
            ),
            Mistake(
                "flat-bias",
                "The bias is a column: it has two axes.",
                ((128, 256), (10,), (256, 64), (128, 64), 235146),
            ),
            Mistake(
                "bias-for-each-example",
                "The bias does not know of the batch.",
                ((128, 256), (10, 64), (256, 64), (128, 64), 235146),
            ),
        ),
    ),
    Task(
        "careful-error",
        solution=_careful,
        cases=(
            numbers((3, 2), (3, 2)),
            numbers((3,), (3, 1)),
            numbers((1, 4), (4, 1)),
            numbers((2, 3), (1, 3)),
        ),
        mistakes=(
            Mistake(
                "shapes-not-compared",
                "Arrays of shapes (3,) and (3, 1) are stretched to (3, 3). Compare the shapes first.",
                _mean_square,
            ),
            Mistake(
                "sizes-compared",
                "Arrays with as many numbers may still have different shapes.",
                lambda P, Y: (_mean_square if P.size == Y.size else _careful)(P, Y),
            ),
            Mistake(
                "axes-compared",
                "Arrays with as many axes may still have different shapes.",
                lambda P, Y: (_mean_square if P.ndim == Y.ndim else _careful)(P, Y),
            ),
            Mistake(
                "sum",
                "That is the sum of the squares. Take the mean over all numbers, in all rows and columns.",
                lambda P, Y: _careful(P, Y) * P.size,
            ),
        ),
    ),
)
