"""Exercises of the chapter on one layer, forward and backward."""

from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers

TASKS = (
    Task(
        "one-unit-by-hand",
        solution=(5, 5, 4, [12, 4], 4, [8, -4]),
        mistakes=(
            Mistake(
                "factors-swapped",
                "The weights and the inputs have changed places: dw is dz times the input, da_prev is dz times w.",
                (5, 5, 4, [8, -4], 4, [12, 4]),
            ),
            Mistake(
                "slope-5",
                "The slope of ReLU at z = 5 is 1, and not 5.",
                (5, 5, 20, [60, 20], 20, [40, -20]),
            ),
            Mistake(
                "da-left-out",
                "The chain rule multiplies the slope by da.",
                (5, 5, 1, [3, 1], 1, [2, -1]),
            ),
            Mistake(
                "sign-of-the-weight",
                "The second weight is negative.",
                (7, 7, 4, [12, 4], 4, [8, 4]),
            ),
        ),
    ),
    Task(
        "scale-backward",
        solution=lambda dA, X, c: (dA * c, (dA * X).sum(axis=1, keepdims=True)),
        cases=(
            numbers((3, 5), (3, 5), (3, 1)),
            numbers((2, 2), (2, 2), (2, 1)),
        ),
        mistakes=(
            Mistake(
                "not-added",
                "All examples share c: their paths add up, and dc has the shape of c.",
                lambda dA, X, c: (dA * c, dA * X),
            ),
            Mistake(
                "flat",
                "The shape of dc is (n,). Without keepdims=True it acts as a row.",
                lambda dA, X, c: (dA * c, (dA * X).sum(axis=1)),
            ),
            Mistake(
                "mean",
                "The mean over the examples is part of the loss already. Here it is a sum.",
                lambda dA, X, c: (dA * c, (dA * X).mean(axis=1, keepdims=True)),
            ),
            Mistake(
                "c-left-out",
                "Each number of X reaches the loss through c: the way back multiplies by it.",
                lambda dA, X, c: (dA, (dA * X).sum(axis=1, keepdims=True)),
            ),
        ),
    ),
)
