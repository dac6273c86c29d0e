"""Exercises of the chapter on saturation and dead units."""

import numpy as np

from nnnotes.activations import tanh
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers

TASKS = (
    Task(
        "dead-share",
        solution=lambda Z: (Z <= 0).all(axis=1).mean(),
        cases=(
            (np.array([[-1.0, -2.0, 0.0], [-1.0, 3.0, -2.0]]),),
            (numbers((5, 4))[0] - 0.6,),
        ),
        mistakes=(
            Mistake(
                "share-of-entries",
                "A unit that is off for one example may be on for another. It is dead if it is off for all.",
                lambda Z: (Z <= 0).mean(),
            ),
            Mistake(
                "wrong-axis",
                "A row is a unit, a column an example: look along axis 1.",
                lambda Z: (Z <= 0).all(axis=0).mean(),
            ),
            Mistake(
                "kink",
                "At z = 0 the slope is 0, too.",
                lambda Z: (Z < 0).all(axis=1).mean(),
            ),
            Mistake(
                "number",
                "That is how many they are. Which share of all units is it?",
                lambda Z: (Z <= 0).all(axis=1).sum(),
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
