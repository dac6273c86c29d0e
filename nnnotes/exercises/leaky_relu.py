"""Exercises of the chapter on leaky ReLU."""

import numpy as np

from nnnotes.activations import LeakyReLU
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import Z, numbers

TASKS = (
    Task(
        "leaky-relu-by-hand",
        solution=([-2, -0.1, 5], [0.1, 0.1, 1]),
        mistakes=(
            Mistake(
                "value-for-slope",
                "On the negative side the slope is alpha, however far from 0.",
                ([-2, -0.1, 5], [-2, -0.1, 1]),
            ),
            Mistake(
                "sign-lost",
                "A negative z times alpha is negative.",
                ([2, 0.1, 5], [0.1, 0.1, 1]),
            ),
            Mistake(
                "another-alpha",
                "Alpha is 0.1 here, and not 0.01.",
                ([-0.2, -0.01, 5], [0.01, 0.01, 1]),
            ),
            Mistake(
                "no-leak",
                "That is ReLU. The leak is missing.",
                ([0, 0, 5], [0, 0, 1]),
            ),
        ),
    ),
    Task(
        "leaky-relu",
        solution=lambda z, alpha: LeakyReLU(alpha)(z),
        cases=((Z, 0.1), (Z, 2.0), (Z, -0.5)),
        mistakes=(
            Mistake(
                "larger-of-both",
                "The larger of alpha z and z is right for alpha up to 1 only. Try alpha = 2, z = 3.",
                lambda z, alpha: np.maximum(alpha * z, z),
            ),
            Mistake(
                "wrong-side",
                "Alpha belongs to the negative side.",
                lambda z, alpha: np.where(z > 0, alpha * z, z),
            ),
            Mistake(
                "sign-lost",
                "On the negative side the value is alpha z: negative, if alpha is positive.",
                lambda z, alpha: np.where(z > 0, z, alpha * np.abs(z)),
            ),
        ),
    ),
    Task(
        "leaky-relu-by-alpha",
        solution=lambda z: np.minimum(z, 0),
        cases=((Z,), numbers((3, 4))),
        mistakes=(
            Mistake(
                "both-sides",
                "For positive z the value does not depend on alpha.",
                lambda z: z,
            ),
            Mistake(
                "side-for-slope",
                "On the negative side the value is alpha z. How does it change with alpha?",
                lambda z: np.where(z > 0, 0.0, 1.0),
            ),
            Mistake(
                "sign-lost",
                "More leak makes the value more negative: look at the sign.",
                lambda z: np.maximum(-z, 0),
            ),
        ),
    ),
)
