"""Exercises of the chapter on where the rule for first weights comes from."""

import numpy as np

from nnnotes.exercises import Mistake, Task
from nnnotes.initializers import Glorot, He

TASKS = (
    Task(
        "halving-by-hand",
        solution=np.array([25, 50]),
        mistakes=(
            Mistake(
                "by-one",
                "In each layer 1 / q grows by 2, not by 1.",
                (50, 100),
            ),
            Mistake(
                "the-same-again",
                "The smaller the mean square, the slower it falls: 1 / q, not q, changes evenly.",
                (25, 25),
            ),
            Mistake(
                "together",
                "The second number counts from the layer where it has halved once.",
                (25, 75),
            ),
            Mistake(
                "swapped",
                "The second halving takes longer than the first.",
                (50, 25),
            ),
        ),
    ),
    Task(
        "glorot-limit",
        solution=lambda n_out, n_in: np.sqrt(3 * Glorot().variance(n_out, n_in)),
        cases=((5, 8), (300, 100)),
        mistakes=(
            Mistake(
                "standard-deviation",
                "That is the standard deviation. U(-r, r) has the variance r² / 3.",
                lambda n_out, n_in: np.sqrt(Glorot().variance(n_out, n_in)),
            ),
            Mistake(
                "sum-for-mean",
                "The variance is 2 / (n_in + n_out): one over the mean of both.",
                lambda n_out, n_in: np.sqrt(3 / (n_in + n_out)),
            ),
            Mistake(
                "no-root",
                "That is the square of the limit: three times the variance.",
                lambda n_out, n_in: 3 * Glorot().variance(n_out, n_in),
            ),
            Mistake(
                "limit-of-he",
                "That is the limit of He's rule. Glorot's has both sizes in it.",
                lambda n_out, n_in: np.sqrt(3 * He().variance(n_out, n_in)),
            ),
        ),
    ),
    Task(
        "next-square",
        solution=lambda q, variance, n_in: n_in * variance * q / 2,
        cases=((3.0, 0.01, 100), (0.7, 0.04, 30), (5.0, 0.5, 3)),
        mistakes=(
            Mistake(
                "relu-left-out",
                "ReLU halves the mean square.",
                lambda q, variance, n_in: n_in * variance * q,
            ),
            Mistake(
                "one-term",
                "That is the mean square of one term. A pre-activation adds up n_in of them.",
                lambda q, variance, n_in: variance * q / 2,
            ),
            Mistake(
                "squared",
                "The variance of the weights is the mean of their squares already.",
                lambda q, variance, n_in: n_in * variance**2 * q / 2,
            ),
            Mistake(
                "root",
                "That takes a standard deviation and a mean square together. q is a mean square.",
                lambda q, variance, n_in: n_in * np.sqrt(variance) * q / 2,
            ),
            Mistake(
                "variance-of-relu",
                "What counts is the mean square after ReLU, q / 2, and not the variance.",
                lambda q, variance, n_in: (
                    n_in * variance * q * (1 / 2 - 1 / (2 * np.pi))
                ),
            ),
        ),
    ),
)
