"""Exercises of the chapter on why weights do not start at zero."""

import numpy as np

from nnnotes.exercises import Mistake, Task


def _rows(z: float, da: float) -> tuple[tuple[float, float], ...]:
    """Return the two rows of dW for the inputs 1 and 2, if the slope is taken at z."""
    dz = da * (1 - np.tanh(z) ** 2)
    return ((dz, 2 * dz),) * 2


TASKS = (
    Task(
        "equal-rows-by-hand",
        solution=np.array(_rows(0.3, 0.1)),
        places=3,
        mistakes=(
            Mistake(
                "slope-left-out",
                "The slope of tanh at z = 0.3 is missing: dz = da g'(z).",
                np.array([[0.1, 0.2]] * 2),
            ),
            Mistake(
                "output-weight-left-out",
                "On its way back to a hidden unit, dz2 is multiplied by the unit's outgoing weight.",
                np.array(_rows(0.3, 1.0)),
            ),
            Mistake(
                "inputs-left-out",
                "That is dz. Each weight's derivative is dz times the input that it multiplies.",
                np.array([[_rows(0.3, 0.1)[0][0]] * 2] * 2),
            ),
            Mistake(
                "minus",
                "Gradients have the sign of dz2, which is positive here. The minus belongs to the step.",
                -np.array(_rows(0.3, 0.1)),
            ),
            Mistake(
                "z-times-input",
                "That is z times the input. The gradient takes dz, which is da times the slope at z.",
                np.array([[0.3, 0.6]] * 2),
            ),
            Mistake(
                "transposed",
                "Rows belong to units, and columns to inputs.",
                np.array(_rows(0.3, 0.1)).T,
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
            (
                np.array([[1.0, 2], [2, 1], [2, 3], [1, 2], [9, 0], [0, 9]]),
                np.array([[1.0], [1.0], [0.0], [1.0], [0.0], [0.0]]),
            ),
            (
                np.array([[0.5, -1], [0.5, -1], [2, 0.5], [2, 0.5]]),
                np.array([[0.0], [1.0], [0.0], [0.0]]),
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
                "all-units",
                "That is the number of units. Those that are equal count once.",
                lambda W, b: len(W),
            ),
            Mistake(
                "sums",
                "Different units may have the same sum. Compare whole rows.",
                lambda W, b: len(np.unique(W.sum(axis=1) + b[:, 0])),
            ),
            Mistake(
                "bias-added",
                "A bias that is added to the weights gets lost in them. Put it beside them.",
                lambda W, b: len(np.unique(W + b, axis=0)),
            ),
            Mistake(
                "columns",
                "Units are the rows of W. The columns are the inputs.",
                lambda W, b: len(np.unique(W, axis=1).T),
            ),
        ),
    ),
)
