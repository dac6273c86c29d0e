"""Exercises of the chapter on saturation and dead units."""

import numpy as np

from nnnotes.activations import tanh
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task


def _dead_share(W: Array, b: Array) -> float:
    largest = b + np.maximum(W, 0).sum(axis=1, keepdims=True)
    return float((largest <= 0).mean())


TASKS = (
    Task(
        "dead-share",
        solution=_dead_share,
        cases=(
            (
                np.array([[1.0, -5.0], [2.0, 1.0], [-3.0, -1.0], [0.5, 1.0]]),
                np.array([[-1.0], [-2.5], [0.5], [-2.0]]),
            ),
            (
                np.array([[-2.0, -1.0, -0.5], [0.5, 0.25, -4.0], [3.0, -1.0, -1.0]]),
                np.array([[0.0], [-0.75], [-2.5]]),
            ),
            (
                np.array(
                    [[2.0, 2.0], [-1.0, 4.0], [1.0, 1.0], [6.0, -9.0], [1.0, -1.0]]
                ),
                np.array([[-3.0], [-5.0], [-1.5], [-4.0], [1.0]]),
            ),
            (
                np.array([[-1.0, -1.0], [2.0, -3.0], [4.0, 4.0]]),
                np.array([[-0.5], [-2.0], [-1.0]]),
            ),
        ),
        mistakes=(
            Mistake(
                "all-ones",
                "Where a weight is negative, a black pixel makes z larger than a bright one.",
                lambda W, b: (b + W.sum(axis=1, keepdims=True) <= 0).mean(),
            ),
            Mistake(
                "black",
                "That looks at the black image alone. Others may switch a unit on.",
                lambda W, b: (b <= 0).mean(),
            ),
            Mistake(
                "absolute",
                "Pixels are not negative, so a negative weight cannot make z larger.",
                lambda W, b: (b + np.abs(W).sum(axis=1, keepdims=True) <= 0).mean(),
            ),
            Mistake(
                "one-pixel",
                "All pixels may be bright at once: add up the positive weights.",
                lambda W, b: (
                    b + np.maximum(W, 0).max(axis=1, keepdims=True) <= 0
                ).mean(),
            ),
            Mistake(
                "kink",
                "At z = 0 the slope is 0, too.",
                lambda W, b: (
                    b + np.maximum(W, 0).sum(axis=1, keepdims=True) < 0
                ).mean(),
            ),
            Mistake(
                "inputs-for-units",
                "Units are the rows of W. Add up along axis 1.",
                lambda W, b: (b + np.maximum(W, 0).sum(axis=0) <= 0).mean(),
            ),
            Mistake(
                "number",
                "That is how many they are. Which share of all units is it?",
                lambda W, b: len(b) * _dead_share(W, b),
            ),
            Mistake(
                "alive",
                "That is the share of those that can be switched on.",
                lambda W, b: 1 - _dead_share(W, b),
            ),
        ),
    ),
    Task(
        "saturated-share",
        solution=lambda a: (1 - a**2 < 0.01).mean(),
        cases=(
            (np.array([-0.999, -0.992, 0.0, 0.99, 0.994, 0.996]),),
            (np.array([[-0.9951, 0.9949, 0.3], [-0.9949, 0.9951, 0.999]]),),
        ),
        mistakes=(
            Mistake(
                "one-side",
                "Where a = -1 the slope is 0, too.",
                lambda a: (a > np.sqrt(0.99)).mean(),
            ),
            Mistake(
                "not-squared",
                "The slope of tanh is 1 - a², and not 1 - |a|.",
                lambda a: (1 - np.abs(a) < 0.01).mean(),
            ),
            Mistake(
                "tanh-again",
                "The argument is a, which is tanh(z) already.",
                lambda a: (tanh.derivative(a) < 0.01).mean(),
            ),
        ),
    ),
)
