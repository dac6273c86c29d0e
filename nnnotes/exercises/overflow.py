"""Exercises of the chapter on sigmoid and tanh without overflow."""

from typing import Any

import numpy as np

from nnnotes.activations import sigmoid, tanh
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import Z, numbers


def _both_forms(z: Array) -> Array:
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


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
        "stable-sigmoid",
        solution=lambda z: sigmoid(z),
        cases=(
            (Z,),
            (np.array([1000.0]),),
            (np.array([-1000.0]),),
            (np.array([-40.0]),),
        ),
        mistakes=(
            Mistake(
                "overflow-below",
                "For z = -1000, exp(-z) overflows. Write it with exp(z) where z is negative.",
                lambda z: 1 / (1 + np.exp(-z)),
            ),
            Mistake(
                "overflow-above",
                "For z = 1000, exp(z) overflows. Write it with exp(-z) where z is positive.",
                lambda z: np.exp(z) / (1 + np.exp(z)),
            ),
            Mistake(
                "both-branches",
                "The forms are right, but np.where computes both for every z, and the one it does not take overflows. "
                "Let no exponent be positive.",
                _both_forms,
            ),
            Mistake(
                "digits-lost",
                "At z = -40 no digit is right. A difference of numbers near 1 loses them, and so does a limit on z.",
                lambda z: 1 - sigmoid(-z),
            ),
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
            (np.array([5e-4, -0.02]),),
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
)
