"""Exercises of the chapter on other starts."""

import numpy as np

from nnnotes.activations import relu, selu
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _orthogonal(X: Array) -> Array:
    Q, R = np.linalg.qr(X)
    return Q * np.sign(np.diag(R))


def _rows_signed(X: Array) -> Array:
    Q, R = np.linalg.qr(X)
    return Q * np.sign(np.diag(R))[:, np.newaxis]


TASKS = (
    Task(
        "selu-constants",
        solution=(selu.alpha, selu.lambda_),
        places=4,
        mistakes=(
            Mistake("swapped", "First alpha, then lambda.", (selu.lambda_, selu.alpha)),
            Mistake(
                "no-root",
                "The mean square is multiplied by the square of lambda. Take the root.",
                (selu.alpha, selu.lambda_**2),
            ),
            Mistake(
                "alpha-times-lambda",
                "Lambda multiplies both sides. Alpha alone is the one in the bracket.",
                (selu.lambda_ * selu.alpha, selu.lambda_),
            ),
        ),
    ),
    Task(
        "orthogonal",
        solution=_orthogonal,
        cases=(numbers((4, 4)), numbers((6, 6))),
        mistakes=(
            Mistake(
                "signs-of-qr",
                "Its signs are those of the QR decomposition. Multiply each column by the sign in R's diagonal.",
                lambda X: np.linalg.qr(X)[0],
            ),
            Mistake(
                "rows-signed",
                "The signs belong to the columns of Q, not to its rows.",
                _rows_signed,
            ),
            Mistake(
                "length-only",
                "Columns of length 1 need not be orthogonal.",
                lambda X: X / np.linalg.norm(X, axis=0),
            ),
        ),
    ),
    Task(
        "unit-variance",
        solution=lambda W, A_prev: W / (W @ A_prev).std(),
        cases=(
            (numbers((4, 3))[0], relu(numbers((3, 20))[0])),
            (3 * numbers((2, 5))[0], numbers((5, 9))[0] + 1),
        ),
        mistakes=(
            Mistake(
                "variance-for-std",
                "Divide by the standard deviation: weights twice as large give four times the variance.",
                lambda W, A_prev: W / (W @ A_prev).var(),
            ),
            Mistake(
                "of-the-weights",
                "It is the pre-activations that shall have variance 1, not the weights.",
                lambda W, A_prev: W / W.std(),
            ),
            Mistake(
                "unit-by-unit",
                "That gives each unit a factor of its own. LSUV takes one for the whole layer.",
                lambda W, A_prev: W / (W @ A_prev).std(axis=1, keepdims=True),
            ),
            Mistake(
                "mean-square",
                "Variance is measured from the mean; the mean square is not the same.",
                lambda W, A_prev: W / np.sqrt(np.square(W @ A_prev).mean()),
            ),
        ),
    ),
)
