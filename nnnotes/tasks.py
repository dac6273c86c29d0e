"""Tasks: the exercises of the chapters that check themselves, each with a right answer and the usual wrong ones."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from nnnotes.activations import LeakyReLU, relu, sigmoid
from nnnotes.arrays import Array
from nnnotes.initializers import Glorot, He
from nnnotes.losses import one_hot

__all__ = ["ALL", "Task"]


@dataclass(frozen=True)
class Task:
    """An exercise that checks itself: a right answer, on which inputs to compare with it, and what usually goes wrong.

    Args:
        name: how a reader calls it.
        solution: a right function, which may raise an error where it should; messages call its arguments by their
            names. Or, of an exercise to be done by hand, the numbers: one, an array, or a tuple of these.
        cases: the arguments of each call. They tell all mistakes apart, from each other and from the solution. None by
            hand.
        mistakes: hints, each with the wrong function, or the wrong numbers, that it is for.
        tolerance: how far a number may be off, relative to the largest one that is expected.
        places: to how many decimals numbers are wanted, in place of a tolerance.

    Raises:
        ValueError: if a function comes without cases, or numbers come with some.

    Example:
        >>> double = Task("double", lambda x: 2 * x, ((3.0,),), (("That is the square.", lambda x: x**2),))
        >>> double.solution(3.0)
        6.0
    """

    name: str
    solution: Any
    cases: tuple[tuple[Any, ...], ...] = field(repr=False)
    mistakes: tuple[tuple[str, Any], ...] = field(repr=False)
    tolerance: float = 1e-9
    places: int | None = None

    def __post_init__(self) -> None:
        if bool(self.cases) != callable(self.solution):
            raise ValueError(
                f"cases: expected some for a function, and only then, but {self.name} has {len(self.cases)}"
            )


def _numbers(*shape: int) -> Array:
    """Return the same numbers each time, with a mean of 0."""
    return np.random.default_rng(0).standard_normal(shape)


Z = np.array([-3.0, -0.5, 0.0, 0.25, 2.0])
SIZES = ((2, 4, 1), (7, 3, 5, 2), (64, 128, 10))

WHY_ACTIVATIONS = (
    Task(
        "collapse-two-layers",
        lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2),
        (
            (_numbers(3, 2), _numbers(3, 1), _numbers(4, 3), 2 * _numbers(4, 1)),
            (_numbers(2, 2), _numbers(2, 1), 1 + _numbers(2, 2), 3 * _numbers(2, 1)),
        ),
        (
            (
                "The second layer multiplies the first one's bias, too.",
                lambda W1, b1, W2, b2: (W2 @ W1, b2),
            ),
            (
                "The second layer adds a bias of its own.",
                lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1),
            ),
            (
                "The layer that comes first stands on the right: W2 (W1 x).",
                lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2),
            ),
        ),
    ),
    Task(
        "highest-rank",
        lambda sizes: min(sizes),
        (((10, 7, 3, 7, 10),), ((2, 5, 9),), ((9, 5, 2),), ((4, 4),)),
        (
            (
                "The input and the output can be narrow, too.",
                lambda sizes: min(sizes[1:-1], default=sizes[0]),
            ),
            (
                "A matrix in the middle can lower the rank.",
                lambda sizes: min(sizes[0], sizes[-1]),
            ),
        ),
    ),
)
RELU = (
    Task(
        "relu-slope",
        lambda z: relu.derivative(z),
        ((Z,), (_numbers(3, 4),)),
        (
            (
                "At the kink the book takes the slope 0: z > 0, not z >= 0.",
                lambda z: (z >= 0).astype(float),
            ),
            (
                "An activation of ReLU is never negative, so a >= 0 holds always. Ask for a > 0.",
                np.ones_like,
            ),
            ("That is ReLU itself. Its slope is 1 or 0.", lambda z: relu(z)),
        ),
    ),
    Task(
        "hat",
        lambda z: relu(z) - 2 * relu(z - 1) + relu(z - 2),
        ((np.array([-1.0, 0.0, 0.5, 1.0, 1.25, 2.0, 2.5, 7.0]),),),
        (
            (
                "It stays at 1. The second ReLU must turn a slope of 1 into -1, so it counts twice.",
                lambda z: relu(z) - relu(z - 1),
            ),
            (
                "It goes on falling. A third ReLU, from z = 2 on, turns the slope back to 0.",
                lambda z: relu(z) - 2 * relu(z - 1),
            ),
        ),
    ),
)
LEAKY_RELU = (
    Task(
        "leaky-relu-by-hand",
        (np.array([-2, -0.1, 5]), np.array([0.1, 0.1, 1])),
        (),
        (
            (
                "On the negative side the slope is alpha, however far from 0.",
                (np.array([-2, -0.1, 5]), np.array([-2, -0.1, 1])),
            ),
            (
                "A negative z times alpha is negative.",
                (np.array([2, 0.1, 5]), np.array([0.1, 0.1, 1])),
            ),
            (
                "That is ReLU. The leak is missing.",
                (np.array([0, 0, 5]), np.array([0, 0, 1])),
            ),
        ),
    ),
    Task(
        "leaky-relu",
        lambda z, alpha: LeakyReLU(alpha)(z),
        ((Z, 0.1), (Z, 2.0), (Z, -0.5)),
        (
            (
                "The larger of alpha z and z is right for alpha up to 1 only. Try alpha = 2, z = 3.",
                lambda z, alpha: np.maximum(alpha * z, z),
            ),
            (
                "Alpha belongs to the negative side.",
                lambda z, alpha: np.where(z > 0, alpha * z, z),
            ),
            (
                "On the negative side the value is alpha z: negative, if alpha is positive.",
                lambda z, alpha: np.where(z > 0, z, alpha * np.abs(z)),
            ),
        ),
    ),
    Task(
        "leaky-relu-slope",
        lambda z, alpha: LeakyReLU(alpha).derivative(z),
        ((Z, 0.1), (Z, -0.5)),
        (
            (
                "That is the slope of ReLU. The leak has a slope, too.",
                lambda z, alpha: np.where(z > 0, 1.0, 0.0),
            ),
            (
                "At the kink the book takes the slope of the left side.",
                lambda z, alpha: np.where(z >= 0, 1.0, alpha),
            ),
            (
                "That is the value. The slope does not depend on how large z is.",
                lambda z, alpha: np.where(z > 0, z, alpha * z),
            ),
        ),
    ),
)
SIGMOID = (
    Task(
        "stable-sigmoid",
        lambda z: sigmoid(z),
        (
            (Z,),
            (np.array([1000.0]),),
            (np.array([-1000.0]),),
            (np.array([-40.0]),),
        ),
        (
            (
                "For z = -1000, exp(-z) overflows. Write it with exp(z) where z is negative.",
                lambda z: 1 / (1 + np.exp(-z)),
            ),
            (
                "For z = 1000, exp(z) overflows. Write it with exp(-z) where z is positive.",
                lambda z: np.exp(z) / (1 + np.exp(z)),
            ),
            (
                "At z = -40 the difference of two numbers near 1 has lost all digits.",
                lambda z: 1 - sigmoid(-z),
            ),
        ),
    ),
    Task(
        "logit",
        lambda p: np.log(p / (1 - p)),
        ((np.array([0.01, 0.5, 0.9]),),),
        (
            (
                "The sign is wrong: a probability of 0.9 has a positive score.",
                lambda p: np.log((1 - p) / p),
            ),
            ("Solve p = 1 / (1 + exp(-z)) for z. There is a 1 - p in it.", np.log),
        ),
    ),
)
TANH = (
    Task(
        "tanh-slope-from-a",
        lambda a: 1 - a**2,
        ((np.array([-0.9, 0.0, 0.5, 0.99]),),),
        (
            (
                "That is the sigmoid's slope in terms of its value.",
                lambda a: a * (1 - a),
            ),
            (
                "The argument is a, which is tanh(z) already.",
                lambda a: 1 - np.tanh(a) ** 2,
            ),
            ("The value a is squared.", lambda a: 1 - a),
        ),
    ),
    Task(
        "tanh-from-sigmoid",
        lambda sigmoid, z: 2 * sigmoid(2 * z) - 1,
        ((sigmoid, Z), (sigmoid, 1.5)),
        (
            (
                "That is tanh(z / 2): the sigmoid wants 2 z.",
                lambda sigmoid, z: 2 * sigmoid(z) - 1,
            ),
            (
                "The sigmoid ends at 0 and 1, tanh at -1 and 1. Subtract 1 at the end.",
                lambda sigmoid, z: 2 * sigmoid(2 * z),
            ),
        ),
    ),
)
SATURATION = (
    Task(
        "dead-share",
        lambda Z: (Z <= 0).all(axis=1).mean(),
        (
            (np.array([[-1.0, -2.0, 0.0], [-1.0, 3.0, -2.0]]),),
            (_numbers(5, 4) - 1,),
        ),
        (
            (
                "A unit that is off for one example may be on for another. It is dead if it is off for all.",
                lambda Z: (Z <= 0).mean(),
            ),
            (
                "A row is a unit, a column an example: look along axis 1.",
                lambda Z: (Z <= 0).all(axis=0).mean(),
            ),
            ("At z = 0 the slope is 0, too.", lambda Z: (Z < 0).all(axis=1).mean()),
        ),
    ),
    Task(
        "saturated-share",
        lambda a: (1 - a**2 < 0.01).mean(),
        ((np.array([-0.999, -0.992, 0.0, 0.99, 0.994, 0.996]),),),
        (
            ("Where a = -1 the slope is 0, too.", lambda a: (a > np.sqrt(0.99)).mean()),
            (
                "The slope of tanh is 1 - a², and not 1 - |a|.",
                lambda a: (1 - np.abs(a) < 0.01).mean(),
            ),
        ),
    ),
)
WHICH_ONE = (
    Task(
        "standard-errors",
        lambda one, other: (
            (one - other).mean() / ((one - other).std(ddof=1) / np.sqrt(len(one)))
        ),
        (
            (
                np.array([0.96, 0.97, 0.97, 0.95, 0.98]),
                np.array([0.95, 0.97, 0.96, 0.94, 0.98]),
            ),
            (_numbers(7), _numbers(8)[1:]),
        ),
        (
            (
                "Divide by sqrt(n): the mean of n differences varies less than one of them.",
                lambda one, other: (one - other).mean() / (one - other).std(ddof=1),
            ),
            (
                "With few seeds it matters: the spread of a sample is divided by n - 1, ddof=1.",
                lambda one, other: (
                    (one - other).mean() / ((one - other).std() / np.sqrt(len(one)))
                ),
            ),
            (
                "The runs are pairs, by their seeds. Take the spread of the differences.",
                lambda one, other: (
                    (one.mean() - other.mean())
                    / np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / len(one))
                ),
            ),
        ),
        1e-6,
    ),
    Task(
        "choose-rate",
        lambda losses, accuracies: losses.mean(axis=1).argmin(),
        (
            (
                np.array([[0.5, 0.6], [0.1, 0.9], [0.4, 0.5]]),
                np.array([[0.9, 0.9], [0.8, 0.7], [0.7, 0.7]]),
            ),
        ),
        (
            (
                "The test data may not be used for a choice.",
                lambda losses, accuracies: accuracies.mean(axis=1).argmax(),
            ),
            (
                "The best single run is luck. Compare means over the seeds.",
                lambda losses, accuracies: losses.min(axis=1).argmin(),
            ),
        ),
    ),
)
WHY_NOT_ZERO = (
    Task(
        "different-units",
        lambda W, b: len(np.unique(np.hstack([W, b]), axis=0)),
        (
            (
                np.array([[1.0, 2, 5, 5], [1, 2, 5, 5], [4, 1, 1, 1]]),
                np.array([[0.0], [0.0], [0.0]]),
            ),
            (np.zeros((4, 2)), np.array([[0.0], [1.0], [0.0], [2.0]])),
        ),
        (
            (
                "Two units with equal weights differ if their biases do.",
                lambda W, b: len(np.unique(W, axis=0)),
            ),
            (
                "A unit is a whole row of W with its bias, and not a single number.",
                lambda W, b: len(np.unique(W)),
            ),
            (
                "Units are the rows of W. The columns are the inputs.",
                lambda W, b: len(np.unique(W, axis=1).T),
            ),
        ),
    ),
)
HOW_LARGE = (
    Task(
        "he-std",
        lambda n_out, n_in: np.sqrt(He().variance(n_out, n_in)),
        ((5, 8), (300, 100)),
        (
            (
                "That is the variance. The standard deviation is its square root.",
                lambda n_out, n_in: 2 / n_in,
            ),
            (
                "Forwards it is the number of inputs that counts: so many terms are added up.",
                lambda n_out, n_in: np.sqrt(2 / n_out),
            ),
            (
                "That is LeCun's rule. ReLU halves the mean square, so He's has a 2.",
                lambda n_out, n_in: np.sqrt(1 / n_in),
            ),
        ),
    ),
    Task(
        "glorot-limit",
        lambda n_out, n_in: np.sqrt(3 * Glorot().variance(n_out, n_in)),
        ((5, 8), (300, 100)),
        (
            (
                "That is the standard deviation. U(-r, r) has the variance r² / 3.",
                lambda n_out, n_in: np.sqrt(2 / (n_in + n_out)),
            ),
            (
                "The variance is 2 / (n_in + n_out): one over the mean of both.",
                lambda n_out, n_in: np.sqrt(3 / (n_in + n_out)),
            ),
            (
                "One r for both ends: the distribution is symmetric, and both sizes are in it.",
                lambda n_out, n_in: np.sqrt(6 / n_in),
            ),
        ),
    ),
)
SIGNAL_PROPAGATION = (
    Task(
        "cosine",
        lambda Z: (
            Z[:, 0] @ Z[:, 1] / np.sqrt((Z[:, 0] @ Z[:, 0]) * (Z[:, 1] @ Z[:, 1]))
        ),
        ((1 + _numbers(6, 2),), (3 * _numbers(5, 2) - 1,)),
        (
            (
                "Subtract no mean: what the biases add counts as well.",
                lambda Z: np.corrcoef(Z.T)[0, 1],
            ),
            (
                "Divide by the length of both columns, so that the result does not depend on their size.",
                lambda Z: np.mean(Z[:, 0] * Z[:, 1]),
            ),
            (
                "The product of both sums of squares is a square, too: take its root.",
                lambda Z: (
                    Z[:, 0] @ Z[:, 1] / ((Z[:, 0] @ Z[:, 0]) * (Z[:, 1] @ Z[:, 1]))
                ),
            ),
        ),
    ),
    Task(
        "measured-chi",
        lambda Z, weight_variance: (
            weight_variance * np.mean((1 - np.tanh(Z) ** 2) ** 2)
        ),
        ((_numbers(6, 4), 2.5), (2 * _numbers(3, 2), 1.5)),
        (
            (
                "Square the slopes: what counts is the gradient's mean square.",
                lambda Z, weight_variance: (
                    weight_variance * np.mean(1 - np.tanh(Z) ** 2)
                ),
            ),
            (
                "Square first, and average then. That is the square of the mean.",
                lambda Z, weight_variance: (
                    weight_variance * np.mean(1 - np.tanh(Z) ** 2) ** 2
                ),
            ),
            (
                "The weights multiply the gradient, too. That is the mean of the squared slopes alone.",
                lambda Z, weight_variance: np.mean((1 - np.tanh(Z) ** 2) ** 2),
            ),
            (
                "That is the mean square of the activations, for the way forwards. Backwards it is the slope.",
                lambda Z, weight_variance: weight_variance * np.mean(np.tanh(Z) ** 2),
            ),
        ),
    ),
)
OTHER_STARTS = (
    Task(
        "orthogonal",
        lambda X: np.linalg.qr(X)[0] * np.sign(np.diag(np.linalg.qr(X)[1])),
        ((_numbers(4, 4),), (_numbers(6, 6),)),
        (
            (
                "Its signs are those of the QR decomposition. Multiply each column by the sign in R's diagonal.",
                lambda X: np.linalg.qr(X)[0],
            ),
            (
                "The signs belong to the columns of Q, not to its rows.",
                lambda X: (
                    np.linalg.qr(X)[0]
                    * np.sign(np.diag(np.linalg.qr(X)[1]))[:, np.newaxis]
                ),
            ),
            (
                "Columns of length 1 need not be orthogonal.",
                lambda X: X / np.linalg.norm(X, axis=0),
            ),
        ),
    ),
    Task(
        "unit-variance",
        lambda W, A_prev: W / (W @ A_prev).std(),
        (
            (_numbers(4, 3), relu(_numbers(3, 20))),
            (3 * _numbers(2, 5), 1 + _numbers(5, 9)),
        ),
        (
            (
                "Divide by the standard deviation: weights twice as large give four times the variance.",
                lambda W, A_prev: W / (W @ A_prev).var(),
            ),
            (
                "It is the pre-activations that shall have variance 1, not the weights.",
                lambda W, A_prev: W / W.std(),
            ),
            (
                "Variance is measured from the mean; the mean square is not the same.",
                lambda W, A_prev: W / np.sqrt(np.square(W @ A_prev).mean()),
            ),
        ),
    ),
)
RESIDUAL = (
    Task(
        "residual-forward",
        lambda A_prev, W_1, W_2, alpha: A_prev + alpha * (W_2 @ relu(W_1 @ A_prev)),
        (
            (_numbers(3, 4), _numbers(5, 3), _numbers(3, 5), 0.5),
            (_numbers(2, 3), 2 * _numbers(4, 2), 1 + _numbers(2, 4), -2.0),
        ),
        (
            (
                "The shortcut is missing: the input itself is part of the output.",
                lambda A_prev, W_1, W_2, alpha: alpha * (W_2 @ relu(W_1 @ A_prev)),
            ),
            (
                "Only the branch is multiplied by alpha.",
                lambda A_prev, W_1, W_2, alpha: (
                    alpha * (A_prev + W_2 @ relu(W_1 @ A_prev))
                ),
            ),
            (
                "The branch has its ReLU between the two matrices, and none behind them.",
                lambda A_prev, W_1, W_2, alpha: (
                    A_prev + alpha * relu(W_2 @ relu(W_1 @ A_prev))
                ),
            ),
            (
                "The ReLU between the two matrices is missing.",
                lambda A_prev, W_1, W_2, alpha: A_prev + alpha * (W_2 @ W_1 @ A_prev),
            ),
        ),
    ),
    Task(
        "fixup-factor",
        lambda L, m: L ** (-1 / (2 * m - 2)),
        ((4.0, 2), (16.0, 3), (100.0, 2)),
        (
            (
                "The exponent has 2m - 2 in it, not 2m: the last layer of the branch is 0 and does not count.",
                lambda L, m: L ** (-1 / (2 * m)),
            ),
            (
                "That makes weights larger where there are more branches. Mind the sign of the exponent.",
                lambda L, m: L ** (1 / (2 * m - 2)),
            ),
            (
                "The number of branches is L, and each has m layers.",
                lambda L, m: m ** (-1 / (2 * L - 2)),
            ),
        ),
    ),
)
SHAPES = (
    Task(
        "count-parameters",
        lambda sizes: sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes)),
        tuple((sizes,) for sizes in SIZES),
        (
            (
                "The biases are parameters, too: one for each unit.",
                lambda sizes: sum(a * b for a, b in pairwise(sizes)),
            ),
            (
                "The inputs have no biases.",
                lambda sizes: sum(a * b for a, b in pairwise(sizes)) + sum(sizes),
            ),
        ),
    ),
    Task(
        "shapes-of-Z",
        lambda sizes, m: tuple((n, m) for n in sizes[1:]),
        tuple((sizes, 9) for sizes in SIZES),
        (
            (
                "One example is a column, so m is the second axis.",
                lambda sizes, m: tuple((m, n) for n in sizes[1:]),
            ),
            ("The input X is not a Z.", lambda sizes, m: tuple((n, m) for n in sizes)),
        ),
    ),
)
ONE_LAYER = (
    Task(
        "db",
        lambda dZ: dZ.sum(axis=1, keepdims=True),
        ((_numbers(3, 5),), (_numbers(2, 2),)),
        (
            (
                "The shape is (n,). Without keepdims=True, b + db becomes a matrix.",
                lambda dZ: dZ.sum(axis=1),
            ),
            (
                "That is a sum over the units. The examples are the columns: sum over axis 1.",
                lambda dZ: dZ.sum(axis=0, keepdims=True),
            ),
            (
                "The mean over the examples is part of the loss already. Here it is a sum.",
                lambda dZ: dZ.mean(axis=1, keepdims=True),
            ),
        ),
    ),
    Task(
        "dW",
        lambda dZ, A_prev: dZ @ A_prev.T,
        (
            (_numbers(3, 5), 1 + _numbers(2, 5)),
            (_numbers(4, 4), 1 + _numbers(4, 4)),
        ),
        (
            (
                "The examples must meet in the product: A_prev is transposed.",
                lambda dZ, A_prev: dZ @ A_prev,
            ),
            (
                "The result has the shape of W: units by inputs.",
                lambda dZ, A_prev: A_prev @ dZ.T,
            ),
            (
                "The mean over the examples is part of the loss already. Do not divide by m again.",
                lambda dZ, A_prev: dZ @ A_prev.T / dZ.shape[1],
            ),
        ),
    ),
)
GRADIENT_CHECKING = (
    Task(
        "central-difference",
        lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
        ((np.exp, 0.5, 0.1), (np.square, 1.0, 0.25)),
        (
            (
                "That is the forward difference. Take one step to each side.",
                lambda f, x, h: (f(x + h) - f(x)) / h,
            ),
            (
                "The two points are 2 h apart.",
                lambda f, x, h: (f(x + h) - f(x - h)) / h,
            ),
        ),
    ),
    Task(
        "relative-error",
        lambda a, b: (
            np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max(), 1e-300)
        ),
        (
            (np.array([1e-8, -2e-8]), np.array([1e-8, -4e-8])),
            (np.array([3.0, -4.0]), np.array([3.0, 0.5])),
            (np.zeros(2), np.zeros(2)),
        ),
        (
            (
                "That is the absolute error. Gradients of 1e-8 would always look right.",
                lambda a, b: np.abs(a - b).max(),
            ),
            (
                "Two zeros are equal: their error is 0, and not 0 / 0.",
                lambda a, b: (
                    np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max())
                ),
            ),
            (
                "Errors of both signs must not cancel, nor count as negative: take absolute values first.",
                lambda a, b: (
                    (a - b).max() / max(np.abs(a).max(), np.abs(b).max(), 1e-300)
                ),
            ),
        ),
    ),
)
PRODUCTS = (
    Task(
        "layer-jvp",
        lambda W, slope, Adot_prev: slope * (W @ Adot_prev),
        (
            (_numbers(3, 3), np.abs(_numbers(3, 2)), 1 + _numbers(3, 2)),
            (_numbers(4, 3), np.abs(_numbers(4, 2)), 2 * _numbers(3, 2)),
        ),
        (
            (
                "The activation has a slope. Multiply by it, element by element.",
                lambda W, slope, Adot_prev: W @ Adot_prev,
            ),
            (
                "The slope belongs to the outputs: first through the weights, then times the slope.",
                lambda W, slope, Adot_prev: W @ (slope * Adot_prev),
            ),
            (
                "The transpose is for the way back.",
                lambda W, slope, Adot_prev: W.T @ (slope * Adot_prev),
            ),
        ),
    ),
    Task(
        "best-segment",
        lambda depth: min(
            range(1, depth + 1), key=lambda k: -(-depth // k) + 2 * k - 1
        ),
        ((72,), (1,), (2,), (30,), (7,), (100,)),
        (
            (
                "A layer of a segment holds two arrays, its input and Z, so the second term is 2 k, not k.",
                lambda depth: min(
                    range(1, depth + 1), key=lambda k: -(-depth // k) + k - 1
                ),
            ),
            (
                "That is the root of L. The second term is 2 k, so the root is that of L / 2.",
                lambda depth: round(depth**0.5),
            ),
            (
                "A segment that is not full has a checkpoint, too: round the number of checkpoints up.",
                lambda depth: min(
                    range(1, depth + 1), key=lambda k: depth // k + 2 * k - 1
                ),
            ),
        ),
    ),
)
DIGITS = (
    Task(
        "accuracy",
        lambda Z, Y: (Z.argmax(axis=0) == Y.argmax(axis=0)).mean(),
        (
            (_numbers(3, 7), one_hot(np.array([0, 1, 2, 0, 1, 2, 0]), 3)),
            (np.eye(4), np.eye(4)[::-1].copy()),
        ),
        (
            (
                "An example is a column, so the class is the largest along axis 0.",
                lambda Z, Y: (Z.argmax(axis=1) == Y.argmax(axis=1)).mean(),
            ),
            (
                "One right answer is one column, and not one entry of it.",
                lambda Z, Y: ((Z > 0) == Y).mean(),
            ),
        ),
    ),
    Task(
        "one-hot",
        lambda labels, k: one_hot(labels, k),
        ((np.array([2, 0, 1, 1]), 3), (np.array([0, 3]), 5)),
        (
            (
                "One example is a column: the shape is (k, m).",
                lambda labels, k: np.eye(k)[labels],
            ),
            (
                "The classes are counted from 0.",
                lambda labels, k: np.eye(k + 1)[labels + 1][:, :k].T,
            ),
        ),
    ),
)

EXTREME = np.array([-1000.0, -40.0, -1.0, 0.0, 2.0, 50.0, 1000.0])
NUMBERS = (
    Task(
        "log-sigmoid",
        lambda z: np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z))),
        # in the second case alone, the value at 50 is the largest one
        ((EXTREME,), (np.array([50.0, 60.0]),)),
        (
            (
                "The exponential overflows for very negative z. Let no exponent be positive.",
                lambda z: -np.log1p(np.exp(-z)),
            ),
            (
                "At z = 50 a small number is lost beside 1. Use log1p.",
                lambda z: np.minimum(z, 0) - np.log(1 + np.exp(-np.abs(z))),
            ),
            (
                "That is the limit for large |z| only. Near 0 a term is missing.",
                lambda z: np.minimum(z, 0),
            ),
            (
                "That is softplus. The logarithm of a sigmoid is never positive.",
                lambda z: np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))),
            ),
        ),
    ),
    Task(
        "log-mean-exp",
        lambda z: z.max() + np.log(np.exp(z - z.max()).mean()),
        ((EXTREME,), (np.array([-1000.0, -1001.0]),), (Z,)),
        (
            (
                "The exponential overflows, or the logarithm gets 0. Take out the greatest number first.",
                lambda z: np.log(np.exp(z).mean()),
            ),
            (
                "That is the sum. Divide it by how many there are.",
                lambda z: z.max() + np.log(np.exp(z - z.max()).sum()),
            ),
            (
                "The greatest number was taken out; add it again outside of the logarithm.",
                lambda z: np.log(np.exp(z - z.max()).mean()),
            ),
            (
                "That is the mean of the numbers. The mean of the exponentials is another one.",
                lambda z: z.mean(),
            ),
        ),
    ),
)

KERNEL = _numbers(3, 2)
FRAMEWORKS = (
    Task(
        "kaiming-limit",
        lambda n_in, a: np.sqrt(6 / ((1 + a**2) * n_in)),
        ((300, 5**0.5), (8, 0.0), (50, 0.1)),
        (
            (
                "That is the standard deviation. The limit of a uniform distribution is sqrt(3) times as large.",
                lambda n_in, a: np.sqrt(2 / ((1 + a**2) * n_in)),
            ),
            (
                "That is right for ReLU. A leaky ReLU keeps some of the negative side: 1 + a² in the divisor.",
                lambda n_in, a: np.sqrt(6 / n_in),
            ),
            (
                "In the gain, the slope is squared.",
                lambda n_in, a: np.sqrt(6 / ((1 + a) * n_in)),
            ),
            (
                "That is the variance times 3. Take the square root.",
                lambda n_in, a: 6 / ((1 + a**2) * n_in),
            ),
        ),
    ),
    Task(
        "from-keras",
        lambda kernel, bias: (kernel.T, bias[:, np.newaxis]),
        ((KERNEL, np.array([0.5, -1.0])), (_numbers(2, 2), np.array([1.0, 3.0]))),
        (
            (
                "A kernel is (n_in, n_out). The book's W is its transpose.",
                lambda kernel, bias: (kernel, bias[:, np.newaxis]),
            ),
            (
                "The book's b is a column, of shape (n_out, 1).",
                lambda kernel, bias: (kernel.T, bias),
            ),
            (
                "That changes the shape, and mixes up the weights. Transpose.",
                lambda kernel, bias: (
                    kernel.reshape(kernel.shape[::-1]),
                    bias[:, np.newaxis],
                ),
            ),
        ),
    ),
)

READING_A_RUN = (
    Task(
        "baseline-loss",
        lambda counts: (
            -sum(n / counts.sum() * np.log(n / counts.sum()) for n in counts)
        ),
        ((np.array([90.0, 10.0]),), (np.array([5.0, 2.0, 3.0]),)),
        (
            (
                "That is the loss of equal guesses, ln k. More frequent classes deserve more.",
                lambda counts: np.log(len(counts)),
            ),
            (
                "Each class counts as often as it occurs: weigh the logarithms by the frequencies.",
                lambda counts: -np.log(counts / counts.sum()).mean(),
            ),
            (
                "A loss is positive, and the logarithm of a probability is not.",
                lambda counts: sum(
                    n / counts.sum() * np.log(n / counts.sum()) for n in counts
                ),
            ),
        ),
    ),
    Task(
        "update-ratio",
        lambda before, after: np.linalg.norm(after - before) / np.linalg.norm(before),
        (
            (_numbers(3, 2), _numbers(3, 2) + 0.01 * _numbers(2, 3).T),
            (np.array([[3.0, -4.0]]), np.array([[3.0, -4.5]])),
        ),
        (
            (
                "That compares how large the weights are. Compare how far they moved.",
                lambda before, after: np.linalg.norm(after) / np.linalg.norm(before),
            ),
            (
                "A weight near 0 would dominate a mean of ratios. Take the ratio of two root mean squares.",
                lambda before, after: np.abs((after - before) / before).mean(),
            ),
            (
                "That ratio is the mean of a quotient, and near 1 for small steps.",
                lambda before, after: (after / before).mean(),
            ),
            (
                "The squares still want a root.",
                lambda before, after: ((after - before) ** 2).sum() / (before**2).sum(),
            ),
        ),
    ),
)

ALL = (
    *WHY_ACTIVATIONS,
    *RELU,
    *LEAKY_RELU,
    *SIGMOID,
    *TANH,
    *SATURATION,
    *NUMBERS,
    *WHICH_ONE,
    *WHY_NOT_ZERO,
    *HOW_LARGE,
    *FRAMEWORKS,
    *SIGNAL_PROPAGATION,
    *OTHER_STARTS,
    *RESIDUAL,
    *SHAPES,
    *ONE_LAYER,
    *GRADIENT_CHECKING,
    *PRODUCTS,
    *DIGITS,
    *READING_A_RUN,
)
