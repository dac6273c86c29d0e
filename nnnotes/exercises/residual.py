"""Exercises of the chapter on residual networks."""

from nnnotes.activations import relu
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers

TASKS = (
    Task(
        "residual-forward",
        solution=lambda A_prev, W_1, W_2, alpha: (
            A_prev + alpha * (W_2 @ relu(W_1 @ A_prev))
        ),
        cases=(
            (*numbers((3, 4), (5, 3), (3, 5)), 0.5),
            (*numbers((2, 3), (4, 2), (2, 4)), -2.0),
        ),
        mistakes=(
            Mistake(
                "no-shortcut",
                "The shortcut is missing: the input itself is part of the output.",
                lambda A_prev, W_1, W_2, alpha: alpha * (W_2 @ relu(W_1 @ A_prev)),
            ),
            Mistake(
                "shortcut-scaled",
                "Only the branch is multiplied by alpha.",
                lambda A_prev, W_1, W_2, alpha: (
                    alpha * (A_prev + W_2 @ relu(W_1 @ A_prev))
                ),
            ),
            Mistake(
                "relu-behind",
                "The branch has its ReLU between the two matrices, and none behind them.",
                lambda A_prev, W_1, W_2, alpha: (
                    A_prev + alpha * relu(W_2 @ relu(W_1 @ A_prev))
                ),
            ),
            Mistake(
                "no-relu",
                "The ReLU between the two matrices is missing.",
                lambda A_prev, W_1, W_2, alpha: A_prev + alpha * (W_2 @ W_1 @ A_prev),
            ),
        ),
    ),
    Task(
        "fixup-factor",
        solution=lambda L, k: L ** (-1 / (2 * k - 2)),
        cases=((4, 2), (16, 3), (100, 2), (7, 4), (50, 6), (12, 9)),
        mistakes=(
            Mistake(
                "all-layers",
                "The exponent has 2k - 2 in it, not 2k: the last layer of the branch is 0 and does not count.",
                lambda L, k: L ** (-1 / (2 * k)),
            ),
            Mistake(
                "larger-with-depth",
                "That makes weights larger where there are more branches. Mind the sign of the exponent.",
                lambda L, k: L ** (1 / (2 * k - 2)),
            ),
            Mistake(
                "swapped",
                "The number of branches is L, and each has k layers.",
                lambda L, k: k ** (-1 / (2 * L - 2)),
            ),
            Mistake(
                "whole-branch",
                "That is the product of all factors of a branch. Each of its k - 1 layers takes a share.",
                lambda L, k: L**-0.5,
            ),
        ),
    ),
)
