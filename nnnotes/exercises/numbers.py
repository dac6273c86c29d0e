"""Exercises of the chapter on the computer's numbers."""

import numpy as np

from nnnotes.activations import sigmoid
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import Z


def _softplus(z: Array) -> Array:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _digits_lost(z: Array) -> Array:
    return np.minimum(z, 0) - np.log(1 + np.exp(-np.abs(z)))


def _both_forms(z: Array) -> Array:
    return np.where(z < 0, z - np.log1p(np.exp(z)), -np.log1p(np.exp(-z)))


def _log_mean_exp(z: Array) -> float:
    return float(z.max() + np.log(np.exp(z - z.max()).mean()))


TASKS = (
    Task(
        "log-sigmoid",
        solution=lambda z: -_softplus(-z),
        cases=(
            (Z,),
            (np.array([-1000.0, -40.0]),),
            # Here the small numbers are the largest ones.
            (np.array([50.0, 60.0]),),
            (np.array([1000.0]),),
        ),
        mistakes=(
            Mistake(
                "overflow",
                "The exponential overflows for very negative z. Let no exponent be positive.",
                lambda z: -np.log1p(np.exp(-z)),
            ),
            Mistake(
                "both-branches",
                "The forms are right, but np.where computes both for every z, and the one it does not take overflows. "
                "Let no exponent be positive.",
                _both_forms,
            ),
            Mistake(
                "log-of-sigmoid",
                "At z = -1000 the sigmoid has underflowed to 0, and 0 has no logarithm. Let no sigmoid be computed.",
                lambda z: np.log(sigmoid(z)),
            ),
            Mistake(
                "digits-lost",
                "At z = 50 a small number is lost beside 1. Use log1p.",
                _digits_lost,
            ),
            Mistake(
                "limit",
                "That is the limit for large |z| only. Near 0 a term is missing.",
                lambda z: np.minimum(z, 0),
            ),
            Mistake(
                "softplus",
                "That is softplus. The logarithm of a sigmoid is never positive.",
                _softplus,
            ),
        ),
    ),
    Task(
        "log-mean-exp",
        solution=_log_mean_exp,
        cases=(
            (np.array([-1000.0, -40.0, -1.0, 0.0, 2.0, 50.0, 1000.0]),),
            (np.array([-1000.0, -1001.0]),),
            (Z,),
        ),
        mistakes=(
            Mistake(
                "overflow",
                "The exponential overflows, or the logarithm gets 0. Take out the greatest number first.",
                lambda z: np.log(np.exp(z).mean()),
            ),
            Mistake(
                "sum",
                "That is the sum. Divide it by how many there are.",
                lambda z: _log_mean_exp(z) + np.log(len(z)),
            ),
            Mistake(
                "greatest-left-out",
                "The greatest number was taken out; add it again outside of the logarithm.",
                lambda z: _log_mean_exp(z - z.max()),
            ),
            Mistake(
                "mean-of-the-numbers",
                "That is the mean of the numbers. The mean of the exponentials is another one.",
                lambda z: z.mean(),
            ),
        ),
    ),
)
