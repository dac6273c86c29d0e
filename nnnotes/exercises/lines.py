"""Exercises of the chapter on what a line cannot separate."""

import itertools

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task


def _changes(n: int) -> Array:
    c = 2.0 * (-1.0) ** np.arange(n)
    c[0] = 1
    return c


TASKS = (
    Task(
        "separable",
        solution=lambda y00, y01, y10, y11: (
            not (y00 == y11 and y01 == y10 and y00 != y01)
        ),
        cases=tuple(itertools.product((0, 1), repeat=4)),
        mistakes=(
            Mistake(
                "xor-alone",
                "XOR is one of those that cannot be. Exchange 0 and 1 in it: what of that one?",
                lambda y00, y01, y10, y11: (y00, y01, y10, y11) != (0, 1, 1, 0),
            ),
            Mistake(
                "equal-sums",
                "Where both diagonals have a 1 and a 0, a line that cuts off a side will do.",
                lambda y00, y01, y10, y11: y00 + y11 != y01 + y10,
            ),
            Mistake(
                "two-and-two",
                "With two 1 and two 0, a line will do if the two 1 lie on one side of the square.",
                lambda y00, y01, y10, y11: y00 + y01 + y10 + y11 != 2,
            ),
            Mistake(
                "turned-round",
                "Is True your answer for those that no line can do? It should be False for them.",
                lambda y00, y01, y10, y11: y00 == y11 and y01 == y10 and y00 != y01,
            ),
            Mistake(
                "constants-too",
                "If all four answers are the same, a unit that looks at no input will do: its weights are 0.",
                lambda y00, y01, y10, y11: not (y00 == y11 and y01 == y10),
            ),
        ),
    ),
    Task(
        "parity",
        solution=_changes,
        cases=((2,), (3,), (6,)),
        mistakes=(
            Mistake(
                "slopes",
                "Those are the slopes of the pieces. A ReLU that is on stays on: its factor is a change of the slope.",
                lambda n: (-1.0) ** np.arange(n),
            ),
            Mistake(
                "first-doubled",
                "Before the first kink the slope is 0, and after it 1: there it changes by 1 only.",
                lambda n: 2.0 * (-1.0) ** np.arange(n),
            ),
            Mistake(
                "values",
                "Those are the values wanted at 1, 2 and so on. The factors are the changes of the slope.",
                lambda n: (np.arange(n) + 1.0) % 2,
            ),
            Mistake(
                "signs-lost",
                "The curve has to fall again: every second factor is negative.",
                lambda n: np.abs(_changes(n)),
            ),
            Mistake(
                "xor-continued",
                "After the second kink the slope is -1 for good, and the curve falls on. The third has to turn it.",
                lambda n: np.array([1.0, -2.0, *np.zeros(n - 2)]),
            ),
        ),
    ),
)
