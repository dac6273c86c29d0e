"""Exercises of the chapter on what frameworks do."""

import numpy as np

from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers

TASKS = (
    Task(
        "kaiming-limit",
        solution=lambda n_in, a: np.sqrt(6 / ((1 + a**2) * n_in)),
        cases=((300, 5**0.5), (8, 0.0), (50, 0.1)),
        mistakes=(
            Mistake(
                "standard-deviation",
                "That is the standard deviation. The limit of a uniform distribution is sqrt(3) times as large.",
                lambda n_in, a: np.sqrt(2 / ((1 + a**2) * n_in)),
            ),
            Mistake(
                "relu",
                "That is right for ReLU. A leaky ReLU keeps some of the negative side: 1 + a² in the divisor.",
                lambda n_in, a: np.sqrt(6 / n_in),
            ),
            Mistake(
                "slope-not-squared",
                "In the gain, the slope is squared.",
                lambda n_in, a: np.sqrt(6 / ((1 + a) * n_in)),
            ),
            Mistake(
                "no-root",
                "That is the variance times 3. Take the square root.",
                lambda n_in, a: 6 / ((1 + a**2) * n_in),
            ),
        ),
    ),
    Task(
        "from-keras",
        solution=lambda kernel, bias: (kernel.T, bias[:, np.newaxis]),
        cases=(numbers((3, 2), (2,)), numbers((2, 2), (2,))),
        mistakes=(
            Mistake(
                "kernel-as-it-is",
                "A kernel is (n_in, n_out). The book's W is its transpose.",
                lambda kernel, bias: (kernel, bias[:, np.newaxis]),
            ),
            Mistake(
                "bias-as-it-is",
                "The book's b is a column, of shape (n_out, 1).",
                lambda kernel, bias: (kernel.T, bias),
            ),
            Mistake(
                "reshaped",
                "That changes the shape, and mixes up the weights. Transpose.",
                lambda kernel, bias: (
                    kernel.reshape(kernel.shape[::-1]),
                    bias[:, np.newaxis],
                ),
            ),
        ),
    ),
)
