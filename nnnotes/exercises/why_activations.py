"""Exercises of the chapter on why networks need activations."""

from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers

TASKS = (
    Task(
        "collapse-by-hand",
        solution=([[3, 7]], 4),
        mistakes=(
            Mistake(
                "first-bias-lost",
                "The first bias passes through the second layer, too.",
                ([[3, 7]], 2),
            ),
            Mistake(
                "sign-of-the-bias",
                "Look at the sign of the second entry of the first bias.",
                ([[3, 7]], 6),
            ),
            Mistake(
                "transposed",
                "Multiply rows by columns. That is the product with the transpose of the first matrix.",
                ([[5, 1]], 4),
            ),
        ),
    ),
    Task(
        "collapse-two-layers",
        solution=lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2),
        cases=(
            numbers((3, 2), (3, 1), (4, 3), (4, 1)),
            numbers((2, 2), (2, 1), (2, 2), (2, 1)),
        ),
        mistakes=(
            Mistake(
                "first-bias-lost",
                "The second layer multiplies the first one's bias, too.",
                lambda W1, b1, W2, b2: (W2 @ W1, b2),
            ),
            Mistake(
                "biases-added",
                "The second layer multiplies the first one's bias before it adds its own.",
                lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2),
            ),
            Mistake(
                "second-bias-lost",
                "The second layer adds a bias of its own.",
                lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1),
            ),
            Mistake(
                "wrong-order",
                "The layer that comes first stands on the right: W2 (W1 x).",
                lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2),
            ),
        ),
    ),
    Task(
        "cheaper-in-two",
        solution=lambda n_in, n_hidden, n_out: n_hidden * (n_in + n_out) < n_in * n_out,
        cases=(
            (5, 2, 5),
            (10, 5, 10),
            (6, 5, 10),
            (100, 9, 10),
            (20, 10, 20),
            (4, 9, 3),
            (40, 7, 6),
        ),
        mistakes=(
            Mistake(
                "narrow-is-enough",
                "A narrow layer is not enough. With sizes 6, 5, 10 two layers take 80 products, and one takes 60.",
                lambda n_in, n_hidden, n_out: n_hidden < min(n_in, n_out),
            ),
            Mistake(
                "equal-counts",
                "Where both need as many, two are not cheaper.",
                lambda n_in, n_hidden, n_out: n_hidden * (n_in + n_out) <= n_in * n_out,
            ),
            Mistake(
                "counts-multiplied",
                "The two layers work one after the other: their products are added up.",
                lambda n_in, n_hidden, n_out: (
                    (n_hidden * n_in) * (n_hidden * n_out) < n_in * n_out
                ),
            ),
        ),
    ),
)
