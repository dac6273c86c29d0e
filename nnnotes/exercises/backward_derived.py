"""Exercises of the chapter that derives the backward pass."""

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _pulls(dZ: Array, A_prev: Array) -> Array:
    return np.linalg.norm(dZ, axis=0) * np.linalg.norm(A_prev, axis=0)


TASKS = (
    Task(
        "dZ-by-hand",
        solution=(0.75, -0.5, [0.375, -0.25]),
        mistakes=(
            Mistake(
                "slope-too-many",
                "With the logistic loss the slope of the sigmoid drops out: the derivative is output minus target.",
                (0.140625, -0.125, [0.0703125, -0.0625]),
            ),
            Mistake(
                "target-minus-output",
                "The derivative is the output minus the target, and not the other way round.",
                (-0.75, 0.5, [-0.375, 0.25]),
            ),
            Mistake(
                "mean-forgotten",
                "In the batch of two each example counts one half: the loss is the mean.",
                (0.75, -0.5, [0.75, -0.5]),
            ),
            Mistake(
                "targets-forgotten",
                "These are the probabilities of 1. Subtract the targets.",
                (0.75, 0.5, [0.375, 0.25]),
            ),
            Mistake(
                "targets-swapped",
                "The target of the first example is 0, that of the second one is 1.",
                (-0.25, 0.5, [-0.125, 0.25]),
            ),
        ),
    ),
    Task(
        "pulls",
        solution=_pulls,
        cases=(numbers((3, 5), (2, 5)), numbers((4, 4), (4, 4))),
        mistakes=(
            Mistake(
                "squared",
                "These are the sums of the squares. The lengths are their roots.",
                lambda dZ, A_prev: _pulls(dZ, A_prev) ** 2,
            ),
            Mistake(
                "errors-only",
                "A share of dW holds the inputs, too: dz times each of them.",
                lambda dZ, A_prev: np.linalg.norm(dZ, axis=0),
            ),
            Mistake(
                "batch",
                "That is the length of the whole gradient. Each example has a number of its own.",
                lambda dZ, A_prev: np.linalg.norm(dZ @ A_prev.T),
            ),
            Mistake(
                "units",
                "An example is a column: add up along axis 0.",
                lambda dZ, A_prev: _pulls(dZ.T, A_prev.T),
            ),
            Mistake(
                "added-up",
                "The entries of a share are products, so the sum of their squares is a product of two sums.",
                lambda dZ, A_prev: np.sqrt(
                    (dZ**2).sum(axis=0) + (A_prev**2).sum(axis=0)
                ),
            ),
            Mistake(
                "mean",
                "The mean over the examples is part of the loss already. Do not divide by m again.",
                lambda dZ, A_prev: _pulls(dZ, A_prev) / dZ.shape[1],
            ),
        ),
    ),
)
