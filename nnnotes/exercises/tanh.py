"""Exercises of the chapter on tanh."""

from typing import Any

import numpy as np

from nnnotes.activations import sigmoid, tanh
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import Z, numbers

EDGE = np.arctanh(np.sqrt(0.99))
SIGMOID_EDGE = np.log((1 + np.sqrt(0.96)) / (1 - np.sqrt(0.96)))


def _from_sigmoid(W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return W1 / 2, b1 / 2, W2 / 2, b2 + W2.sum(axis=1, keepdims=True) / 2


def _doubled(W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return 2 * W1, 2 * b1, *_from_sigmoid(W1, b1, W2, b2)[2:]


def _first_bias_kept(W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return W1 / 2, b1, *_from_sigmoid(W1, b1, W2, b2)[2:]


def _naive(z: Array) -> Array:
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def _of_size(z: Array) -> Array:
    return -np.expm1(-2 * np.abs(z)) / (1 + np.exp(-2 * np.abs(z)))


def _difference_of_exponentials(z: Array) -> Array:
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


def _for_positive(z: Array) -> Array:
    return -np.expm1(-2 * z) / (1 + np.exp(-2 * z))


TASKS = (
    Task(
        "tanh-from-sigmoid",
        solution=_from_sigmoid,
        cases=(
            numbers((3, 2), (3, 1), (4, 3), (4, 1)),
            numbers((2, 2), (2, 1), (2, 2), (2, 1)),
        ),
        mistakes=(
            Mistake(
                "doubled",
                "The sigmoid of z is a tanh of z / 2: halve the first weights and biases.",
                _doubled,
            ),
            Mistake(
                "first-bias-kept",
                "The first biases are a part of z, and halved, too.",
                _first_bias_kept,
            ),
            Mistake(
                "second-bias-kept",
                "The half that is added to each activation passes through the old W2, and ends in the second bias.",
                lambda W1, b1, W2, b2: (W1 / 2, b1 / 2, W2 / 2, b2),
            ),
        ),
    ),
    Task(
        "tanh-edges-by-hand",
        solution=(EDGE, 2 * EDGE),
        places=2,
        mistakes=(
            Mistake(
                "not-squared",
                "The slope of tanh is 1 - a², and not 1 - a.",
                (np.arctanh(0.99), 2 * np.arctanh(0.99)),
            ),
            Mistake("same-edge", "The sigmoid is twice as wide as tanh.", (EDGE, EDGE)),
            Mistake(
                "not-of-the-largest",
                "One percent of the largest slope: the sigmoid's largest slope is 1/4, not 1.",
                (EDGE, SIGMOID_EDGE),
            ),
        ),
    ),
    Task(
        "tanh-slope-from-a",
        solution=lambda a: 1 - a**2,
        cases=(
            (np.array([-0.9, 0.0, 0.5, 0.99]),),
            (np.array([[0.2, -0.6], [-0.3, 0.8]]),),
        ),
        mistakes=(
            Mistake(
                "slope-of-sigmoid",
                "That is the sigmoid's slope in terms of its value.",
                lambda a: a * (1 - a),
            ),
            Mistake(
                "tanh-again",
                "The argument is a, which is tanh(z) already.",
                lambda a: 1 - np.tanh(a) ** 2,
            ),
            Mistake("not-squared", "The value a is squared.", lambda a: 1 - a),
        ),
    ),
    Task(
        "stable-tanh",
        solution=lambda z: tanh(z),
        cases=(
            (Z,),
            (np.array([1000.0]),),
            (np.array([-1000.0]),),
            (np.array([1e-12, -1e-12]),),
        ),
        mistakes=(
            Mistake(
                "overflow",
                "For large z both exponentials overflow. Let no exponent be positive.",
                _naive,
            ),
            Mistake(
                "overflow-below",
                "For negative z this exponent is positive, and exp overflows. Take the size of z, then its sign.",
                _for_positive,
            ),
            Mistake(
                "both-branches",
                "The forms are right, but np.where computes both for every z, and the one it does not take overflows. "
                "Take the size of z, then its sign.",
                lambda z: np.where(z > 0, _for_positive(z), -_for_positive(-z)),
            ),
            Mistake(
                "digits-of-sigmoid-lost",
                "Near 0 the sigmoid is near one half, and the subtraction of 1 loses the digits. Use expm1.",
                lambda z: 2 * sigmoid(2 * z) - 1,
            ),
            Mistake(
                "digits-of-numerator-lost",
                "Near 0 the numerator is a difference of nearly equal numbers. expm1 keeps its digits.",
                _difference_of_exponentials,
            ),
            Mistake("sign-lost", "For negative z the value is negative.", _of_size),
        ),
    ),
)
