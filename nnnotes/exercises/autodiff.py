"""Exercises of the chapter on automatic differentiation."""

from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers

TASKS = (
    Task(
        "matmul-back",
        solution=lambda d, A, B: (d @ B.T, A.T @ d),
        cases=(
            numbers((3, 3), (3, 3), (3, 3)),
            numbers((4, 2), (4, 3), (3, 2)),
        ),
        mistakes=(
            Mistake(
                "results-swapped",
                "The first result belongs to A, the second to B.",
                lambda d, A, B: (A.T @ d, d @ B.T),
            ),
            Mistake(
                "not-transposed",
                "Each product wants the other factor transposed.",
                lambda d, A, B: (d @ B, A @ d),
            ),
            Mistake(
                "wrong-side",
                "The factors stand on the wrong side. Look at sizes that all differ.",
                lambda d, A, B: (B.T @ d, d @ A.T),
            ),
        ),
    ),
    Task(
        "divide-back",
        solution=lambda d, a, b: (d / b, -d * a / b**2),
        cases=(numbers((3,), (3,), (3,)), numbers((2, 2), (2, 2), (2, 2))),
        mistakes=(
            Mistake(
                "sign-lost",
                "A larger divisor makes the quotient smaller: the second one has a minus.",
                lambda d, a, b: (d / b, d * a / b**2),
            ),
            Mistake(
                "not-squared",
                "The derivative of 1/b is -1/b**2, not -1/b.",
                lambda d, a, b: (d / b, -d * a / b),
            ),
            Mistake(
                "d-left-out",
                "These are the derivatives of the quotient alone. The chain rule wants the factor d.",
                lambda d, a, b: (1 / b, -a / b**2),
            ),
        ),
    ),
)
