"""Exercises of the chapter on signal propagation."""

import numpy as np

from nnnotes.activations import tanh
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers
from nnnotes.quadrature import gaussian_mean


def _on_the_edge(q: float) -> tuple[float, float]:
    return _with_slopes(q, np.sqrt(q), 2)


def _with_slopes(q: float, std: float, power: int) -> tuple[float, float]:
    slopes = gaussian_mean(lambda x: tanh.derivative(std * x) ** power)
    return 1 / slopes, q - gaussian_mean(lambda x: tanh(std * x) ** 2) / slopes


def _unweighted(q: float) -> tuple[float, float]:
    return _on_the_edge(q)[0], q - gaussian_mean(lambda x: tanh(np.sqrt(q) * x) ** 2)


TASKS = (
    Task(
        "on-the-edge",
        solution=_on_the_edge,
        cases=((0.5,), (2.0,)),
        tolerance=1e-6,
        mistakes=(
            Mistake(
                "variance-for-std",
                "A pre-activation of variance q is the root of q times x.",
                lambda q: _with_slopes(q, q, 2),
            ),
            Mistake(
                "slopes-not-squared",
                "The slopes are squared before the mean is taken.",
                lambda q: _with_slopes(q, np.sqrt(q), 1),
            ),
            Mistake(
                "weights-left-out",
                "The mean square of the activations is multiplied by the weights' variance.",
                _unweighted,
            ),
        ),
    ),
    Task(
        "cosine",
        solution=lambda Z: (
            Z[:, 0] @ Z[:, 1] / np.sqrt((Z[:, 0] @ Z[:, 0]) * (Z[:, 1] @ Z[:, 1]))
        ),
        cases=(
            (numbers((6, 2))[0] + 1,),
            (3 * numbers((5, 2))[0] - 1,),
            (numbers((4, 2))[0] + [1, -1],),
        ),
        mistakes=(
            Mistake(
                "mean-subtracted",
                "Subtract no mean: what the biases add counts as well.",
                lambda Z: np.corrcoef(Z.T)[0, 1],
            ),
            Mistake(
                "lengths-left-out",
                "Divide by the length of both columns, so that the result does not depend on their size.",
                lambda Z: np.mean(Z[:, 0] * Z[:, 1]),
            ),
            Mistake(
                "no-root",
                "The product of both sums of squares is a square, too: take its root.",
                lambda Z: (
                    Z[:, 0] @ Z[:, 1] / ((Z[:, 0] @ Z[:, 0]) * (Z[:, 1] @ Z[:, 1]))
                ),
            ),
            Mistake(
                "sign-lost",
                "A correlation has a sign: -1 is that of opposite columns.",
                lambda Z: (
                    np.abs(Z[:, 0] @ Z[:, 1])
                    / np.linalg.norm(Z[:, 0])
                    / np.linalg.norm(Z[:, 1])
                ),
            ),
        ),
    ),
    Task(
        "measured-chi",
        solution=lambda Z, weight_variance: (
            weight_variance * np.mean(tanh.derivative(Z) ** 2)
        ),
        cases=((*numbers((6, 4)), 2.5), (2 * numbers((3, 2))[0], 1.5)),
        mistakes=(
            Mistake(
                "not-squared",
                "Square the slopes: what counts is the gradient's mean square.",
                lambda Z, weight_variance: (
                    weight_variance * np.mean(tanh.derivative(Z))
                ),
            ),
            Mistake(
                "squared-mean",
                "Square first, and average then. That is the square of the mean.",
                lambda Z, weight_variance: (
                    weight_variance * np.mean(tanh.derivative(Z)) ** 2
                ),
            ),
            Mistake(
                "weights-left-out",
                "The weights multiply the gradient, too. That is the mean of the squared slopes alone.",
                lambda Z, weight_variance: np.mean(tanh.derivative(Z) ** 2),
            ),
            Mistake(
                "forwards",
                "That is the mean square of the activations, for the way forwards. Backwards it is the slope.",
                lambda Z, weight_variance: weight_variance * np.mean(tanh(Z) ** 2),
            ),
        ),
    ),
)
