"""Exercises of the chapter on the sigmoid."""

import numpy as np

from nnnotes.activations import sigmoid
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import Z


def _both_forms(z: Array) -> Array:
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


TASKS = (
    Task(
        "score-by-hand",
        solution=np.log(9.0),
        places=3,
        mistakes=(
            Mistake("other-sign", "That score has the probability 0.1.", -np.log(9.0)),
            Mistake(
                "other-way",
                "That is the probability of the score 0.9. The question goes the other way.",
                sigmoid(0.9),
            ),
            Mistake(
                "logarithm",
                "That is ln 0.9. Solve the formula of the sigmoid for z.",
                np.log(0.9),
            ),
        ),
    ),
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
                "At z = -40 the difference of two numbers near 1 has lost all digits.",
                lambda z: 1 - sigmoid(-z),
            ),
        ),
    ),
    Task(
        "odds",
        solution=lambda p, k: p * k / (p * k + 1 - p),
        cases=((0.5, 9.0), (0.01, 100.0), (np.array([0.5, 0.9, 0.2]), 0.25)),
        mistakes=(
            Mistake(
                "probability-multiplied",
                "The odds p / (1 - p) are multiplied by k, and not p itself. Can p k be above 1?",
                lambda p, k: p * k,
            ),
            Mistake(
                "score-multiplied",
                "The score is not multiplied by k. To multiply the odds is to add to their logarithm.",
                lambda p, k: sigmoid(k * np.log(p / (1 - p))),
            ),
            Mistake(
                "k-added",
                "The score is the logarithm of the odds. It grows by ln k, and not by k.",
                lambda p, k: sigmoid(np.log(p / (1 - p)) + k),
            ),
            Mistake(
                "odds",
                "Those are the odds. The probability is o / (1 + o).",
                lambda p, k: k * p / (1 - p),
            ),
        ),
    ),
)
