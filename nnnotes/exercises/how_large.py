"""Exercises of the chapter on how large first weights are."""

import numpy as np

from nnnotes.exercises import Mistake, Task
from nnnotes.initializers import Glorot, He, LeCun

RULES = LeCun(), Glorot(), He()

TASKS = (
    Task(
        "std-by-hand",
        solution=np.sqrt([rule.variance(50, 200) for rule in RULES]),
        places=3,
        mistakes=(
            Mistake(
                "variances",
                "Those are the variances. Take the square roots.",
                tuple(rule.variance(50, 200) for rule in RULES),
            ),
            Mistake(
                "sizes-swapped",
                "Inputs and units are swapped. A sum has one term for each input.",
                tuple(np.sqrt(rule.variance(200, 50)) for rule in RULES),
            ),
            Mistake(
                "another-order",
                "Name them in the order LeCun, Glorot, He.",
                tuple(np.sqrt(rule.variance(50, 200)) for rule in RULES[::-1]),
            ),
            Mistake(
                "sum-for-mean",
                "Glorot divides by the mean of both sizes, and not by their sum.",
                tuple(np.sqrt([1 / 200, 1 / 250, 2 / 200])),
            ),
        ),
    ),
    Task(
        "after-layers",
        solution=lambda n, std, depth: (n * std**2 / 2) ** depth,
        cases=((100, 0.12, 30), (500, 0.05, 10), (60, 0.2, 3), (8, 0.45, 1)),
        mistakes=(
            Mistake(
                "relu-left-out",
                "ReLU halves the mean square in each layer, too.",
                lambda n, std, depth: (n * std**2) ** depth,
            ),
            Mistake(
                "std-for-variance",
                "The given number is the standard deviation. The variance is its square.",
                lambda n, std, depth: (n * std / 2) ** depth,
            ),
            Mistake(
                "root-mean-square",
                "That is the factor of the root mean square. The mean square is its square.",
                lambda n, std, depth: (n * std**2 / 2) ** (depth / 2),
            ),
            Mistake(
                "one-layer",
                "That is one layer. Each further layer multiplies again.",
                lambda n, std, depth: n * std**2 / 2,
            ),
            Mistake(
                "added",
                "The factors of the layers are multiplied, and not added up.",
                lambda n, std, depth: n * std**2 / 2 * depth,
            ),
        ),
    ),
)
