"""Exercises of the chapter on leaky ReLU."""

import numpy as np

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
        "leaky-relu-inverse",
        solution=lambda a, alpha: np.where(a > 0, a, a / alpha),
        cases=((Z, 0.1), (Z, 2.0), (numbers((3, 4))[0], 0.5)),
        mistakes=(
            Mistake(
                "smaller-of-both",
                "The smaller of a and a / alpha is right for alpha up to 1 only. Try alpha = 2, a = 3.",
                lambda a, alpha: np.minimum(a, a / alpha),
            ),
            Mistake(
                "leaky-relu-again",
                "That multiplies the negative side by alpha once more. To undo it, divide.",
                lambda a, alpha: np.where(a > 0, a, alpha * a),
            ),
            Mistake(
                "wrong-side",
                "Alpha belongs to the negative side. What is positive was not changed.",
                lambda a, alpha: np.where(a > 0, a / alpha, a),
            ),
            Mistake(
                "both-sides",
                "What is positive was not changed.",
                lambda a, alpha: a / alpha,
            ),
            Mistake(
                "sign-lost",
                "Alpha is positive, so a negative activation comes from a negative z.",
                lambda a, alpha: np.where(a > 0, a, np.abs(a) / alpha),
            ),
            Mistake(
                "relu",
                "ReLU cannot be undone, but leaky ReLU can: no negative value is lost.",
                lambda a, alpha: np.maximum(a, 0),
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
