"""Exercises of the chapter on ReLU."""

import numpy as np

from nnnotes.activations import relu
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import Z, numbers

TASKS = (
    Task(
        "relu-slope",
        solution=lambda z: relu.derivative(z),
        cases=((Z,), numbers((3, 4))),
        mistakes=(
            Mistake(
                "one-at-the-kink",
                "At the kink the book takes the slope 0: z > 0, not z >= 0.",
                lambda z: (z >= 0).astype(float),
            ),
            Mistake(
                "one-everywhere",
                "ReLU is never negative, so relu(z) >= 0 holds everywhere. Ask where z > 0.",
                lambda z: np.ones_like(z),
            ),
            Mistake(
                "half-at-the-kink",
                "At the kink the book takes the slope 0, and not one half.",
                lambda z: np.heaviside(z, 0.5),
            ),
            Mistake(
                "value",
                "That is ReLU itself. Its slope is 1 or 0.",
                lambda z: relu(z),
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
                "falls-on",
                "It goes on falling. A third ReLU, from z = 2 on, turns the slope back to 0.",
                lambda z: relu(z) - 2 * relu(z - 1),
            ),
        ),
    ),
)
