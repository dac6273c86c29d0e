"""Exercises of the chapter on reading a run."""

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _baseline(counts: Array) -> float:
    p = counts / counts.sum()
    return float(-(p * np.log(p)).sum())


def _ratio(before: Array, after: Array) -> float:
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


WEIGHTS, STEP = numbers((3, 2), (3, 2))

TASKS = (
    Task(
        "baseline-loss",
        solution=_baseline,
        cases=((np.array([90.0, 10.0]),), (np.array([5.0, 2.0, 3.0]),)),
        mistakes=(
            Mistake(
                "equal-guesses",
                "That is the loss of equal guesses, ln k. More frequent classes deserve more.",
                lambda counts: np.log(len(counts)),
            ),
            Mistake(
                "plain-mean",
                "Each class counts as often as it occurs: weigh the logarithms by the frequencies.",
                lambda counts: -np.log(counts / counts.sum()).mean(),
            ),
            Mistake(
                "sign-lost",
                "A loss is positive, and the logarithm of a probability is not.",
                lambda counts: -_baseline(counts),
            ),
        ),
    ),
    Task(
        "update-ratio",
        solution=_ratio,
        cases=(
            (WEIGHTS, WEIGHTS - 0.01 * STEP),
            (np.array([[3.0, -4.0]]), np.array([[3.0, -4.5]])),
        ),
        mistakes=(
            Mistake(
                "size-only",
                "That compares how large the weights are. Compare how far they moved.",
                lambda before, after: np.linalg.norm(after) / np.linalg.norm(before),
            ),
            Mistake(
                "mean-of-ratios",
                "A weight near 0 would dominate a mean of ratios. Take the ratio of two root mean squares.",
                lambda before, after: np.abs((after - before) / before).mean(),
            ),
            Mistake(
                "quotient",
                "That is near 1 for small steps, whatever they are. Compare the change with the weights.",
                lambda before, after: (after / before).mean(),
            ),
            Mistake(
                "no-root",
                "The squares still want a root.",
                lambda before, after: _ratio(before, after) ** 2,
            ),
        ),
    ),
)
