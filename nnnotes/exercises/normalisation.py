"""Exercises of the chapter on normalisation."""

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _layer_norm(X: Array, epsilon: float) -> Array:
    centred = X - X.mean(axis=0)
    return centred / np.sqrt(np.square(centred).mean(axis=0) + epsilon)


def _rms_backward(d: Array, x: Array) -> Array:
    rms = np.sqrt(np.square(x).mean())
    x_hat = x / rms
    return (d - x_hat * (x_hat * d).mean()) / rms


X, X_2, D, X_3, D_3, X_4 = numbers((3, 4), (4, 3), (4,), (4,), (5,), (5,))

TASKS = (
    Task(
        "layer-norm",
        solution=_layer_norm,
        cases=((X, 0.25), (X_2 + 3, 0.0), (2 * X_2, 1.0)),
        mistakes=(
            Mistake(
                "rows",
                "That normalises rows, as batch normalisation does. An example is a column.",
                lambda X, epsilon: _layer_norm(X.T, epsilon).T,
            ),
            Mistake(
                "all-together",
                "Each column has a mean and a root of its own; there is not one for the whole matrix.",
                lambda X, epsilon: (
                    (X - X.mean()) / np.sqrt(np.square(X - X.mean()).mean() + epsilon)
                ),
            ),
            Mistake(
                "outside-the-root",
                "Epsilon is added to the mean square, below the root.",
                lambda X, epsilon: (X - X.mean(axis=0)) / (X.std(axis=0) + epsilon),
            ),
            Mistake(
                "no-root",
                "Divide by the root: the mean square itself has other units.",
                lambda X, epsilon: (X - X.mean(axis=0)) / (X.var(axis=0) + epsilon),
            ),
            Mistake(
                "no-mean",
                "That is RMS normalisation. Layer normalisation first subtracts the mean.",
                lambda X, epsilon: X / np.sqrt(np.square(X).mean(axis=0) + epsilon),
            ),
            Mistake(
                "without-bias",
                "Divide the sum of squares by n, not by n - 1.",
                lambda X, epsilon: (
                    (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0, ddof=1) + epsilon)
                ),
            ),
            Mistake(
                "no-epsilon",
                "Epsilon is missing.",
                lambda X, epsilon: _layer_norm(X, 1e-300),
            ),
        ),
    ),
    Task(
        "rms-norm-backward",
        solution=_rms_backward,
        cases=((D, X_3), (D_3, X_4), (D_3 + 1, 2 * X_4)),
        mistakes=(
            Mistake(
                "root-is-constant",
                "That takes the root mean square for a constant. It depends on each x, too.",
                lambda d, x: d / np.sqrt(np.square(x).mean()),
            ),
            Mistake(
                "layer-norm",
                "That also takes the mean out, as layer normalisation does. No mean was subtracted here.",
                lambda d, x: (
                    _rms_backward(d, x) - d.mean() / np.sqrt(np.square(x).mean())
                ),
            ),
            Mistake(
                "sum-for-mean",
                "The root holds a mean, so what comes back through it is a mean, too, and not a sum.",
                lambda d, x: (
                    (d - x * (x * d).sum() / np.square(x).mean())
                    / np.sqrt(np.square(x).mean())
                ),
            ),
            Mistake(
                "not-normalised",
                "The product is that of d with the normalised numbers, not with x.",
                lambda d, x: (d - x * (x * d).mean()) / np.sqrt(np.square(x).mean()),
            ),
            Mistake(
                "not-divided",
                "Each path ends with a division by the root mean square.",
                lambda d, x: _rms_backward(d, x) * np.sqrt(np.square(x).mean()),
            ),
            Mistake(
                "plus",
                "A larger root makes every result smaller: mind the sign of the second part.",
                lambda d, x: 2 * d / np.sqrt(np.square(x).mean()) - _rms_backward(d, x),
            ),
        ),
    ),
)
