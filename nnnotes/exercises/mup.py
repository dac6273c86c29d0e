"""Exercises of the chapter on learning rates that fit every width."""

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _rates(lr: float, n: int, n_0: int, rule: str) -> tuple[float, float, float]:
    r = n / n_0
    return (lr * r, lr, lr / r) if rule == "SGD" else (lr, lr / r, lr / r)


def _spectral_rate(W: Array, dW: Array) -> float:
    n_out, n_in = W.shape
    return float(np.sqrt(n_out / n_in) / np.linalg.norm(dW, 2))


TALL, TALL_STEP, WIDE, WIDE_STEP = numbers((6, 2), (6, 2), (3, 5), (3, 5))

TASKS = (
    Task(
        "mup-rates",
        solution=_rates,
        cases=(
            (0.002, 4096, 256, "Adam"),
            (0.1, 512, 64, "SGD"),
            (0.03, 48, 96, "Adam"),
            (0.5, 300, 100, "SGD"),
        ),
        mistakes=(
            Mistake(
                "not-relative",
                "The powers are relative to the base width: take n over n_0.",
                lambda lr, n, n_0, rule: _rates(lr, n, 1, rule),
            ),
            Mistake(
                "upside-down",
                "The ratio is that of the width to the base width, not the other way round.",
                lambda lr, n, n_0, rule: _rates(lr, n_0, n, rule),
            ),
            Mistake(
                "always-adam",
                "Plain gradient descent has other powers than Adam.",
                lambda lr, n, n_0, rule: _rates(lr, n, n_0, "Adam"),
            ),
            Mistake(
                "always-sgd",
                "Adam has other powers than plain gradient descent.",
                lambda lr, n, n_0, rule: _rates(lr, n, n_0, "SGD"),
            ),
            Mistake(
                "swapped-rules",
                "These are the powers of the other rule.",
                lambda lr, n, n_0, rule: _rates(
                    lr, n, n_0, "Adam" if rule == "SGD" else "SGD"
                ),
            ),
            Mistake(
                "one-rate",
                "That is one rate for all layers. Which of them have as many inputs as the network is wide?",
                lambda lr, n, n_0, rule: (lr, lr, lr),
            ),
        ),
    ),
    Task(
        "spectral-rate",
        solution=_spectral_rate,
        cases=((TALL, TALL_STEP), (WIDE, WIDE_STEP), (2 * TALL.T, 3 * TALL_STEP.T)),
        mistakes=(
            Mistake(
                "frobenius",
                "That is the root of the sum of all squares. The spectral norm is the largest singular value.",
                lambda W, dW: np.sqrt(W.shape[0] / W.shape[1]) / np.linalg.norm(dW),
            ),
            Mistake(
                "swapped-sizes",
                "W has one row for each output: n_out comes first in its shape.",
                lambda W, dW: np.sqrt(W.shape[1] / W.shape[0]) / np.linalg.norm(dW, 2),
            ),
            Mistake(
                "no-root",
                "The norm wanted is the root of the ratio.",
                lambda W, dW: W.shape[0] / W.shape[1] / np.linalg.norm(dW, 2),
            ),
            Mistake(
                "relative-to-the-weights",
                "The norm wanted follows from the shape. The weights themselves do not enter.",
                lambda W, dW: np.linalg.norm(W, 2) / np.linalg.norm(dW, 2),
            ),
            Mistake(
                "inverse",
                "Divide by the norm of the gradient: a large gradient wants a small rate.",
                lambda W, dW: 1 / _spectral_rate(W, dW),
            ),
        ),
    ),
)
