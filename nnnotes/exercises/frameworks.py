"""Exercises of the chapter on what frameworks do."""

from typing import Any

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _from_keras(kernel: Array, bias: Array, mean: Array, std: Array) -> Any:
    W = kernel.T / std
    return W, (bias - W @ mean)[:, np.newaxis]


def _flat_bias(kernel: Array, bias: Array, mean: Array, std: Array) -> Any:
    W, b = _from_keras(kernel, bias, mean, std)
    return W, b[:, 0]


def _not_transposed(kernel: Array, bias: Array, mean: Array, std: Array) -> Any:
    W, b = _from_keras(kernel, bias, mean, std)
    return W.T, b


def _reshaped(kernel: Array, bias: Array, mean: Array, std: Array) -> Any:
    W = kernel.reshape(kernel.shape[::-1]) / std
    return W, (bias - W @ mean)[:, np.newaxis]


def _mean_not_divided(kernel: Array, bias: Array, mean: Array, std: Array) -> Any:
    return kernel.T / std, (bias - kernel.T @ mean)[:, np.newaxis]


def _multiplied(kernel: Array, bias: Array, mean: Array, std: Array) -> Any:
    W = kernel.T * std
    return W, (bias - W @ mean)[:, np.newaxis]


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
        solution=_from_keras,
        cases=(
            (*numbers((3, 2), (2,), (3,)), np.array([0.5, 2.0, 4.0])),
            (*numbers((2, 2), (2,), (2,)), np.array([3.0, 0.25])),
        ),
        mistakes=(
            Mistake(
                "kernel-as-it-is",
                "A kernel is (n_in, n_out). The book's W is its transpose.",
                _not_transposed,
            ),
            Mistake(
                "bias-as-it-is",
                "The book's b is a column, of shape (n_out, 1).",
                _flat_bias,
            ),
            Mistake(
                "reshaped",
                "That changes the shape, and mixes up the weights. Transpose.",
                _reshaped,
            ),
            Mistake(
                "mean-forgotten",
                "The means have to go somewhere: each unit gets the same from them, for every example.",
                lambda kernel, bias, mean, std: (kernel.T / std, bias[:, np.newaxis]),
            ),
            Mistake(
                "mean-added",
                "The means are taken away from the inputs, so their share is taken away from the bias.",
                lambda kernel, bias, mean, std: _from_keras(kernel, bias, -mean, std),
            ),
            Mistake(
                "mean-not-divided",
                "The mean is divided by the deviation, too: what goes into the bias is W times the mean.",
                _mean_not_divided,
            ),
            Mistake(
                "std-multiplied",
                "A larger deviation makes the standardised input smaller: divide the weights by it.",
                _multiplied,
            ),
            Mistake(
                "std-forgotten",
                "The deviations have to go into the weights.",
                lambda kernel, bias, mean, std: _from_keras(
                    kernel, bias, mean, np.ones_like(std)
                ),
            ),
        ),
    ),
)
