"""Exercises of the chapter on sigmoid and tanh."""

import numpy as np

from nnnotes.activations import sigmoid
from nnnotes.exercises import Mistake, Task

EDGE = np.arctanh(np.sqrt(0.99))
SIGMOID_EDGE = np.log((1 + np.sqrt(0.96)) / (1 - np.sqrt(0.96)))

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
        "tanh-slope-from-a",
        solution=lambda a, c, s: c * s * (1 - (a / c) ** 2),
        cases=(
            (np.array([-0.9, 0.0, 0.5, 1.6]), 1.75, 0.5),
            (np.array([[0.2, -0.6], [-0.3, 0.45]]), -0.75, 3.0),
        ),
        mistakes=(
            Mistake(
                "not-divided",
                "The value of tanh is between -1 and 1. Here a is c times it: divide by c before you square.",
                lambda a, c, s: c * s * (1 - a**2),
            ),
            Mistake(
                "divided-after-the-square",
                "It is a / c that is squared, and not a alone.",
                lambda a, c, s: c * s * (1 - a**2 / c),
            ),
            Mistake(
                "inner-slope-lost",
                "By the chain rule, the slope of s z is a factor, too.",
                lambda a, c, s: c * (1 - (a / c) ** 2),
            ),
            Mistake(
                "outer-factor-lost",
                "The factor in front of tanh stays in front of its slope.",
                lambda a, c, s: s * (1 - (a / c) ** 2),
            ),
            Mistake(
                "slope-of-tanh",
                "That is the slope of tanh itself. Here two factors come in, and a is c times a tanh.",
                lambda a, c, s: 1 - a**2,
            ),
            Mistake(
                "slope-of-sigmoid",
                "With a (1 - a) one has the slope of the sigmoid. That of tanh has a square.",
                lambda a, c, s: c * s * (a / c) * (1 - a / c),
            ),
            Mistake(
                "not-squared",
                "In the slope of tanh its value is squared.",
                lambda a, c, s: c * s * (1 - a / c),
            ),
            Mistake(
                "tanh-again",
                "The argument a is a value of tanh already, times c. It is not z.",
                lambda a, c, s: c * s * (1 - np.tanh(s * a) ** 2),
            ),
            Mistake(
                "tanh-of-the-value",
                "The quotient a / c is a value of tanh already. Square it, and do not take tanh of it once more.",
                lambda a, c, s: c * s * (1 - np.tanh(a / c) ** 2),
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
                "odds-divided",
                "That divides the odds by k. Evidence for yes, with k above 1, makes yes more probable.",
                lambda p, k: p / (p + k * (1 - p)),
            ),
            Mistake(
                "odds-mistaken",
                "The odds are p / (1 - p), and not p. Multiply those by k, then turn them into a probability.",
                lambda p, k: p * k / (1 + p * k),
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
