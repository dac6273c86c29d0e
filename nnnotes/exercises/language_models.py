"""Exercises of the chapter on the first weights of language models."""

from collections.abc import Callable

import numpy as np

from nnnotes.activations import sigmoid, silu, tanh
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.quadrature import gaussian_mean


def _share(q_0: float, v: float, N: int, scaled: bool) -> float:
    return q_0 / (q_0 + (v if scaled else 2 * N * v))


def _gate_gain(q: float, g: Callable[[Array], Array]) -> float:
    mean = gaussian_mean(lambda z: g(np.sqrt(q) * z) ** 2)
    return float(1 / np.sqrt(q * mean))


TASKS = (
    Task(
        "embedding-share",
        solution=_share,
        cases=(
            (1.0, 0.13, 12, False),
            (1.0, 0.13, 12, True),
            (0.0004, 0.05, 6, False),
            (0.3, 0.7, 20, True),
        ),
        mistakes=(
            Mistake(
                "one-branch-a-layer",
                "A layer has two branches.",
                lambda q_0, v, N, scaled: q_0 / (q_0 + (v if scaled else N * v)),
            ),
            Mistake(
                "factor-not-squared",
                "The factor multiplies numbers, and a mean square is multiplied by its square.",
                lambda q_0, v, N, scaled: (
                    q_0 / (q_0 + (np.sqrt(2 * N) * v if scaled else 2 * N * v))
                ),
            ),
            Mistake(
                "factor-ignored",
                "Where the last matrices are scaled, each branch adds less.",
                lambda q_0, v, N, scaled: _share(q_0, v, N, False),
            ),
            Mistake(
                "relative-to-the-branches",
                "That compares with what the branches add. The share is that of the whole stream.",
                lambda q_0, v, N, scaled: q_0 / (v if scaled else 2 * N * v),
            ),
            Mistake(
                "cosine",
                "That is the cosine. The share of the mean square is its square.",
                lambda q_0, v, N, scaled: np.sqrt(_share(q_0, v, N, scaled)),
            ),
            Mistake(
                "the-rest",
                "That is the share of the branches.",
                lambda q_0, v, N, scaled: 1 - _share(q_0, v, N, scaled),
            ),
        ),
    ),
    Task(
        "gate-gain",
        solution=_gate_gain,
        cases=((1.0, silu), (0.25, silu), (2.0, sigmoid), (0.5, tanh)),
        mistakes=(
            Mistake(
                "no-u",
                "The other factor, u, has a mean square, too.",
                lambda q, g: _gate_gain(q, g) * np.sqrt(q),
            ),
            Mistake(
                "unit-argument",
                "The gate sees numbers of mean square q, so the root of q times z.",
                lambda q, g: 1 / np.sqrt(q * gaussian_mean(lambda z: g(z) ** 2)),
            ),
            Mistake(
                "q-for-root",
                "A number of mean square q is the root of q times z, not q times z.",
                lambda q, g: 1 / np.sqrt(q * gaussian_mean(lambda z: g(q * z) ** 2)),
            ),
            Mistake(
                "no-root",
                "That is what the variance is multiplied by. The weights take its root.",
                lambda q, g: _gate_gain(q, g) ** 2,
            ),
            Mistake(
                "mean-square",
                "That is the mean square after the gate. The matrix has to make up for it.",
                lambda q, g: q * gaussian_mean(lambda z: g(np.sqrt(q) * z) ** 2),
            ),
            Mistake(
                "inverse",
                "Weights have to be larger where the gate makes numbers smaller: divide by the root.",
                lambda q, g: 1 / _gate_gain(q, g),
            ),
        ),
    ),
)
