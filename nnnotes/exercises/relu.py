"""Exercises of the chapter on ReLU."""

import numpy as np

from nnnotes.activations import relu
from nnnotes.exercises import Mistake, Task

TASKS = (
    Task(
        "relu-slope",
        solution=lambda z, t, c: c[t < z].sum(),
        cases=(
            (0.5, np.array([-1.0, 0.0, 2.0]), np.array([1.0, -2.5, 4.0])),
            (-0.25, np.array([1.5, -0.5, 0.75, -3.0]), np.array([2.0, -1.5, 3.0, 0.5])),
            (1.75, np.array([0.25, 2.5, -2.0]), np.array([-1.25, 3.0, 0.5])),
            (-2.0, np.array([-1.0, 0.5]), np.array([3.0, -2.0])),
            (2.0, np.array([1.75, -1.0, 2.25]), np.array([1.5, -0.5, 3.0])),
        ),
        tolerance=1e-6,  # a difference quotient is an answer, too
        mistakes=(
            Mistake(
                "kinks-counted",
                "Each ReLU counts with its factor c: where it is on, the term has the slope c, and not 1.",
                lambda z, t, c: (t < z).sum(),
            ),
            Mistake(
                "all-on",
                "A ReLU whose kink lies to the right of z is off, and its term has the slope 0.",
                lambda z, t, c: c.sum(),
            ),
            Mistake(
                "other-side",
                "ReLU(z - t) is on to the right of its kink, where z > t.",
                lambda z, t, c: c[t > z].sum(),
            ),
            Mistake(
                "kink-at-zero",
                "The kink of ReLU(z - t) is at z = t, and not at 0.",
                lambda z, t, c: c.sum() if z > 0 else 0.0,
            ),
            Mistake(
                "value",
                "That is the value of the sum. The slope of each term is c where it is on, whatever z is.",
                lambda z, t, c: (c * relu(z - t)).sum(),
            ),
            Mistake(
                "not-added-up",
                "Those are the slopes of the terms. The slope of their sum is the sum of them.",
                lambda z, t, c: c * (t < z),
            ),
        ),
    ),
    Task(
        "hat",
        solution=lambda z: relu(z) - 2 * relu(z - 1) + relu(z - 2),
        cases=(
            (np.array([-1.0, 0.0, 0.5, 1.0, 1.25, 1.75, 2.0, 2.5, 7.0]),),
            (np.array([[1.6, -0.2], [0.1, 3.0]]),),
        ),
        mistakes=(
            Mistake(
                "stays-up",
                "It stays at 1. The second ReLU has to turn a slope of 1 into -1, so it counts twice.",
                lambda z: relu(z) - relu(z - 1),
            ),
            Mistake(
                "no-top",
                "It rises to 2, and stays there. There is no ReLU that turns it at its top, at z = 1.",
                lambda z: relu(z) - relu(z - 2),
            ),
            Mistake(
                "falls-too-late",
                "It rises to 2. The second kink is at z = 1, where the hat has its top.",
                lambda z: relu(z) - 2 * relu(z - 2) + relu(z - 4),
            ),
            Mistake(
                "falls-on",
                "It goes on falling. A third ReLU, from z = 2 on, turns the slope back to 0.",
                lambda z: relu(z) - 2 * relu(z - 1),
            ),
        ),
    ),
)
