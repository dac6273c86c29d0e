"""Exercises of the chapter on outputs and losses."""

import numpy as np

from nnnotes.activations import softmax, tanh
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import Z, numbers
from nnnotes.losses import SoftmaxLoss, one_hot


def _cross_entropy(Z: Array, labels: Array) -> float:
    return SoftmaxLoss()(Z, one_hot(labels, len(Z)))


def _of_probabilities(Z: Array, labels: Array) -> float:
    return float(-np.log(softmax(Z)[labels, np.arange(len(labels))]).mean())


TASKS = (
    Task(
        "softmax-by-hand",
        solution=[-0.75, 0.75],
        places=2,
        mistakes=(
            Mistake(
                "probabilities",
                "Those are the probabilities. The target is subtracted from them.",
                [0.25, 0.75],
            ),
            Mistake("sign-lost", "That is the target minus the output.", [0.75, -0.75]),
            Mistake(
                "other-class",
                "There the second class would be right.",
                [0.25, -0.25],
            ),
        ),
    ),
    Task(
        "cross-entropy-from-scores",
        solution=_cross_entropy,
        cases=(
            (*numbers((3, 4)), np.array([0, 2, 1, 1])),
            (np.array([[1000.0, 0.0], [-1000.0, 999.0]]), np.array([0, 0])),
        ),
        mistakes=(
            Mistake(
                "of-probabilities",
                "A score of 1000 makes exponentials overflow, or probabilities 0. Take out the greatest one.",
                _of_probabilities,
            ),
            Mistake(
                "sum",
                "That is the sum over the examples. Take the mean.",
                lambda Z, labels: len(labels) * _cross_entropy(Z, labels),
            ),
            Mistake(
                "sign-lost",
                "A loss is positive, and the logarithm of a probability is not.",
                lambda Z, labels: -_cross_entropy(Z, labels),
            ),
        ),
    ),
    Task(
        "squared-error-of-tanh",
        solution=lambda z, y: tanh.derivative(z) * (tanh(z) - y),
        cases=((Z, np.array([1.0, -1.0, 1.0, 0.5, 1.0])), (-1.0, 1.0)),
        mistakes=(
            Mistake(
                "slope-left-out",
                "The slope of tanh is missing: the chain rule multiplies by it.",
                lambda z, y: tanh(z) - y,
            ),
            Mistake(
                "sign-lost",
                "That is minus the derivative. The difference is output minus target.",
                lambda z, y: tanh.derivative(z) * (y - tanh(z)),
            ),
            Mistake(
                "half-left-out",
                "The square's 2 and the half cancel.",
                lambda z, y: 2 * tanh.derivative(z) * (tanh(z) - y),
            ),
        ),
    ),
)
