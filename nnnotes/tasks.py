"""Tasks: the exercises of the chapters that check themselves, each with a right answer and the usual wrong ones."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnnotes.activations import (
    LeakyReLU,
    hard_sigmoid,
    relu,
    selu,
    sigmoid,
    softmax,
    tanh,
)
from nnnotes.arrays import Array
from nnnotes.gates import Gate, geglu, swiglu
from nnnotes.gradcheck import numerical_gradient, relative_error
from nnnotes.initializers import Glorot, He, LeCun
from nnnotes.losses import SoftmaxLoss, one_hot
from nnnotes.optimizers import Momentum
from nnnotes.quadrature import gaussian_mean

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


def _gate_backward(gate: Gate, W: Array, V: Array, X: Array, dA: Array) -> Any:
    by_u, by_v = gate.derivative(W @ X, V @ X)
    return (dA * by_u) @ X.T, (dA * by_v) @ X.T


def _careful_error(P: Array, Y: Array) -> float:
    if P.shape != Y.shape:
        raise ValueError(f"{P.shape} and {Y.shape}")
    return float(((P - Y) ** 2).mean())


def _filled_up_before(*shapes: tuple[int, ...]) -> list[tuple[int, ...]]:
    axes = max(map(len, shapes))
    return [(1,) * (axes - len(shape)) + shape for shape in shapes]


def _filled_up_behind(*shapes: tuple[int, ...]) -> list[tuple[int, ...]]:
    axes = max(map(len, shapes))
    return [shape + (1,) * (axes - len(shape)) for shape in shapes]


def _forward_gradient(f: Any, x: Array, h: float) -> Array:
    moved = (x + h * (np.arange(x.size) == i).reshape(x.shape) for i in range(x.size))
    return np.array([(f(other) - f(x)) / h for other in moved]).reshape(x.shape)


def _momentum_step(
    W: Array, V: Array, dW: Array, lr: float, mu: float
) -> tuple[Array, Array]:
    W, (V,) = Momentum(lr, mu).update(W, dW, (V,), t=1)
    return W, V


def _confusion(truth: Array, answers: Array, k: int) -> Array:
    counts = np.zeros((k, k))
    np.add.at(counts, (truth, answers), 1)
    return counts


def _on_the_edge(q: float, scale: float | None = None, power: int = 2) -> Any:
    root = np.sqrt(q) if scale is None else scale
    slopes = gaussian_mean(lambda x: tanh.derivative(root * x) ** power)
    return 1 / slopes, q - gaussian_mean(lambda x: tanh(root * x) ** 2) / slopes


def _worst_entry(a: Array, b: Array) -> float:
    larger = np.maximum(np.abs(a), np.abs(b))
    return float((np.abs(a - b) / np.where(larger > 0, larger, 1)).max())


Z = np.array([-3.0, -0.5, 0.0, 0.25, 2.0])

WHY_ACTIVATIONS = (
    Task(
        "collapse-by-hand",
        (np.array([[3, 7]]), 4),
        (),
        (
            (
                "The first bias passes through the second layer, too.",
                (np.array([[3, 7]]), 2),
            ),
            (
                "Look at the sign of the second entry of the first bias.",
                (np.array([[3, 7]]), 6),
            ),
            (
                "Row by column: that is the product with the transpose.",
                (np.array([[5, 1]]), 4),
            ),
        ),
    ),
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
                "The second layer multiplies the first one's bias before it adds its own.",
                lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2),
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
        "cheaper-in-two",
        lambda n_in, n_hidden, n_out: n_hidden * (n_in + n_out) < n_in * n_out,
        ((5, 2, 5), (10, 5, 10), (6, 5, 10), (100, 9, 10), (20, 10, 20), (4, 9, 3)),
        (
            (
                "A narrow layer is not enough. With sizes 6, 5, 10 two layers take 80 products, and one takes 60.",
                lambda n_in, n_hidden, n_out: n_hidden < min(n_in, n_out),
            ),
            (
                "Where both need as many, two are not cheaper.",
                lambda n_in, n_hidden, n_out: n_hidden * (n_in + n_out) <= n_in * n_out,
            ),
            (
                "The two layers work one after the other: their products are added up.",
                lambda n_in, n_hidden, n_out: (
                    (n_hidden * n_in) * (n_hidden * n_out) < n_in * n_out
                ),
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
            (
                "At the kink the book takes the slope 0, and not one half.",
                lambda z: np.heaviside(z, 0.5),
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
                "Alpha is 0.1 here, and not 0.01.",
                (np.array([-0.2, -0.01, 5]), np.array([0.01, 0.01, 1])),
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
        "leaky-relu-by-alpha",
        lambda z: np.minimum(z, 0),
        ((Z,), (_numbers(3, 4),)),
        (
            ("For positive z the value does not depend on alpha.", lambda z: z),
            (
                "On the negative side the value is alpha z. How does it change with alpha?",
                lambda z: np.where(z > 0, 0.0, 1.0),
            ),
            (
                "More leak makes the value more negative: look at the sign.",
                lambda z: np.maximum(-z, 0),
            ),
        ),
    ),
)
SIGMOID = (
    Task(
        "score-by-hand",
        np.log(9.0),
        (),
        (
            ("That score has the probability 0.1.", -np.log(9.0)),
            (
                "That is the probability of the score 0.9. The question goes the other way.",
                sigmoid(0.9),
            ),
            ("That is ln 0.9. Solve the formula of the sigmoid for z.", np.log(0.9)),
        ),
        places=3,
    ),
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
        "odds",
        lambda p, k: p * k / (p * k + 1 - p),
        ((0.5, 9.0), (0.01, 100.0), (np.array([0.2, 0.5, 0.9]), 0.25)),
        (
            (
                "The odds p / (1 - p) are multiplied by k, and not p itself. Can p k be above 1?",
                lambda p, k: p * k,
            ),
            (
                "The score is not multiplied by k. To multiply the odds is to add to their logarithm.",
                lambda p, k: sigmoid(k * np.log(p / (1 - p))),
            ),
            (
                "The score is the logarithm of the odds. It grows by ln k, and not by k.",
                lambda p, k: sigmoid(np.log(p / (1 - p)) + k),
            ),
            (
                "Those are the odds. The probability is o / (1 + o).",
                lambda p, k: k * p / (1 - p),
            ),
        ),
    ),
)
TANH = (
    Task(
        "tanh-from-sigmoid",
        lambda W1, b1, W2, b2: (
            W1 / 2,
            b1 / 2,
            W2 / 2,
            b2 + W2.sum(axis=1, keepdims=True) / 2,
        ),
        ((_numbers(3, 2), _numbers(3, 1), 1 + _numbers(4, 3), 2 * _numbers(4, 1)),),
        (
            (
                "The sigmoid of z is a tanh of z / 2: halve the first weights and biases.",
                lambda W1, b1, W2, b2: (
                    2 * W1,
                    2 * b1,
                    W2 / 2,
                    b2 + W2.sum(axis=1, keepdims=True) / 2,
                ),
            ),
            (
                "The first biases are a part of z, and halved, too.",
                lambda W1, b1, W2, b2: (
                    W1 / 2,
                    b1,
                    W2 / 2,
                    b2 + W2.sum(axis=1, keepdims=True) / 2,
                ),
            ),
            (
                "The half that is added to each activation passes through the old W2, and ends in the second bias.",
                lambda W1, b1, W2, b2: (W1 / 2, b1 / 2, W2 / 2, b2),
            ),
        ),
    ),
    Task(
        "tanh-edges-by-hand",
        (np.arctanh(np.sqrt(0.99)), 2 * np.arctanh(np.sqrt(0.99))),
        (),
        (
            (
                "The slope of tanh is 1 - a², and not 1 - a.",
                (np.arctanh(0.99), 2 * np.arctanh(0.99)),
            ),
            (
                "The sigmoid is twice as wide as tanh.",
                (np.arctanh(np.sqrt(0.99)), np.arctanh(np.sqrt(0.99))),
            ),
            (
                "One percent of the largest slope: the sigmoid's largest slope is 1/4, not 1.",
                (
                    np.arctanh(np.sqrt(0.99)),
                    np.log((1 + np.sqrt(0.96)) / (1 - np.sqrt(0.96))),
                ),
            ),
        ),
        places=2,
    ),
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
        "stable-tanh",
        lambda z: tanh(z),
        ((Z,), (np.array([1000.0, -1000.0]),), (np.array([1e-12, -1e-12]),)),
        (
            (
                "For large z both exponentials overflow. Let no exponent be positive.",
                lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
            ),
            (
                "Near 0 the sigmoid is near one half, and the subtraction of 1 loses the digits. Use expm1.",
                lambda z: 2 * sigmoid(2 * z) - 1,
            ),
            (
                "For negative z the value is negative.",
                lambda z: -np.expm1(-2 * np.abs(z)) / (1 + np.exp(-2 * np.abs(z))),
            ),
            (
                "Near 0 the numerator is a difference of nearly equal numbers. expm1 keeps its digits.",
                lambda z: (
                    np.sign(z)
                    * (1 - np.exp(-2 * np.abs(z)))
                    / (1 + np.exp(-2 * np.abs(z)))
                ),
            ),
            (
                "For negative z this exponent is positive, and exp overflows. Take the size of z, then its sign.",
                lambda z: -np.expm1(-2 * z) / (1 + np.exp(-2 * z)),
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
FAMILY = (
    Task(
        "hard-swish-slope",
        lambda z: hard_sigmoid(z) + z * hard_sigmoid.derivative(z),
        ((np.array([-5.0, -2.0, -0.3, 0.0, 1.0, 2.9, 4.0]),),),
        (
            (
                "Both factors depend on z. The product rule gives two terms.",
                lambda z: hard_sigmoid(z),
            ),
            (
                "That is one of the product rule's two terms.",
                lambda z: z * hard_sigmoid.derivative(z),
            ),
            (
                "That is the slope of the hard sigmoid itself. It is multiplied by z.",
                lambda z: hard_sigmoid.derivative(z),
            ),
        ),
    ),
    Task(
        "gate-backward",
        _gate_backward,
        tuple(
            (gate, _numbers(4, 3), 1 - _numbers(4, 3), _numbers(3, 7), _numbers(4, 7))
            for gate in (geglu, swiglu)
        ),
        (
            (
                "The derivative by u belongs to W, the one by v to V.",
                lambda gate, W, V, X, dA: _gate_backward(gate, W, V, X, dA)[::-1],
            ),
            (
                "Both shares are multiplied by dA.",
                lambda gate, W, V, X, dA: tuple(
                    by @ X.T for by in gate.derivative(W @ X, V @ X)
                ),
            ),
            (
                "The gate's own value is missing: the derivative by u is g(v), and not 1.",
                lambda gate, W, V, X, dA: (
                    dA @ X.T,
                    _gate_backward(gate, W, V, X, dA)[1],
                ),
            ),
        ),
    ),
)
WHICH_ONE = (
    Task(
        "seeds-needed",
        lambda difference, spread: int(np.ceil((3 * spread / difference) ** 2)),
        ((0.01, 0.02), (0.01, 0.011), (0.005, 0.02), (0.03, 0.02)),
        (
            (
                "The standard error falls like one over the square root of n: half of it takes four times as many.",
                lambda difference, spread: int(np.ceil(3 * spread / difference)),
            ),
            (
                "Rounded down, that is one too few.",
                lambda difference, spread: int((3 * spread / difference) ** 2),
            ),
            (
                "The difference is to be three standard errors, not one.",
                lambda difference, spread: int(np.ceil((spread / difference) ** 2)),
            ),
        ),
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
        "split-unit",
        lambda W1, b1, W2: (
            np.vstack([W1, W1[:1]]),
            np.vstack([b1, b1[:1]]),
            np.hstack([W2[:, :1] / 2, W2[:, 1:], W2[:, :1] / 2]),
        ),
        (
            (_numbers(3, 2), 1 + _numbers(3, 1), 2 + _numbers(4, 3)),
            (_numbers(2, 5), 1 + _numbers(2, 1), 2 + _numbers(1, 2)),
        ),
        (
            (
                "Both copies pass their activation on, so the next layer gets it twice. Halve the outgoing weights.",
                lambda W1, b1, W2: (
                    np.vstack([W1, W1[:1]]),
                    np.vstack([b1, b1[:1]]),
                    np.hstack([W2, W2[:, :1]]),
                ),
            ),
            (
                "Only one copy's outgoing weights were halved.",
                lambda W1, b1, W2: (
                    np.vstack([W1, W1[:1]]),
                    np.vstack([b1, b1[:1]]),
                    np.hstack([W2, W2[:, :1] / 2]),
                ),
            ),
            (
                "Halved incoming weights give another activation. Copy them as they are.",
                lambda W1, b1, W2: (
                    np.vstack([W1[:1] / 2, W1[1:], W1[:1] / 2]),
                    np.vstack([b1[:1] / 2, b1[1:], b1[:1] / 2]),
                    np.hstack([W2, W2[:, :1]]),
                ),
            ),
        ),
    ),
    Task(
        "different-units",
        lambda W, b: len(np.unique(np.hstack([W, b]), axis=0)),
        (
            (
                np.array([[1.0, 2, 5, 5], [1, 2, 5, 5], [4, 1, 1, 1]]),
                np.array([[0.0], [0.0], [0.0]]),
            ),
            (np.zeros((4, 2)), np.array([[0.0], [1.0], [0.0], [2.0]])),
            (np.array([[1.0, 1], [2, 2], [3, 3]]), np.array([[1.0], [2.0], [3.0]])),
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
                "Rows that differ need not be linearly independent. Count the rows that differ.",
                lambda W, b: int(np.linalg.matrix_rank(np.hstack([W, b]))),
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
        "std-by-hand",
        tuple(np.sqrt(rule.variance(50, 200)) for rule in (LeCun(), Glorot(), He())),
        (),
        (
            (
                "Those are the variances. Take the square roots.",
                tuple(rule.variance(50, 200) for rule in (LeCun(), Glorot(), He())),
            ),
            (
                "Inputs and units are swapped. A sum has one term for each input.",
                tuple(
                    np.sqrt(rule.variance(200, 50))
                    for rule in (LeCun(), Glorot(), He())
                ),
            ),
            (
                "Name them in the order LeCun, Glorot, He.",
                tuple(
                    np.sqrt(rule.variance(50, 200))
                    for rule in (He(), Glorot(), LeCun())
                ),
            ),
            (
                "Glorot divides by the mean of both sizes, and not by their sum.",
                tuple(np.sqrt([1 / 200, 1 / 250, 2 / 200])),
            ),
        ),
        places=3,
    ),
    Task(
        "after-layers",
        lambda n, std, depth: (n * std**2 / 2) ** depth,
        ((100, 0.1, 30), (500, 0.05, 10), (8, 0.5, 1)),
        (
            (
                "ReLU halves the mean square in each layer, too.",
                lambda n, std, depth: (n * std**2) ** depth,
            ),
            (
                "The given number is the standard deviation. The variance is its square.",
                lambda n, std, depth: (n * std / 2) ** depth,
            ),
            (
                "That is one layer. Each further layer multiplies again.",
                lambda n, std, depth: n * std**2 / 2,
            ),
            (
                "The factors of the layers are multiplied, and not added up.",
                lambda n, std, depth: n * std**2 / 2 * depth,
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
        "on-the-edge",
        lambda q: _on_the_edge(q),
        ((0.5,), (2.0,)),
        (
            (
                "A pre-activation of variance q is the root of q times x.",
                lambda q: _on_the_edge(q, scale=q),
            ),
            (
                "The slopes are squared before the mean is taken.",
                lambda q: _on_the_edge(q, power=1),
            ),
            (
                "The mean square of the activations is multiplied by the weights' variance.",
                lambda q: (
                    _on_the_edge(q)[0],
                    q - gaussian_mean(lambda x: tanh(np.sqrt(q) * x) ** 2),
                ),
            ),
        ),
        tolerance=1e-6,
    ),
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
        "selu-constants",
        (selu.alpha, selu.lambda_),
        (),
        (
            ("First alpha, then lambda.", (selu.lambda_, selu.alpha)),
            (
                "The mean square is multiplied by the square of lambda. Take the root.",
                (selu.alpha, selu.lambda_**2),
            ),
            (
                "Lambda multiplies both sides. Alpha alone is the one in the bracket.",
                (selu.lambda_ * selu.alpha, selu.lambda_),
            ),
        ),
        places=4,
    ),
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
        lambda L, k: L ** (-1 / (2 * k - 2)),
        ((4.0, 2), (16.0, 3), (100.0, 2)),
        (
            (
                "The exponent has 2k - 2 in it, not 2k: the last layer of the branch is 0 and does not count.",
                lambda L, k: L ** (-1 / (2 * k)),
            ),
            (
                "That makes weights larger where there are more branches. Mind the sign of the exponent.",
                lambda L, k: L ** (1 / (2 * k - 2)),
            ),
            (
                "The number of branches is L, and each has k layers.",
                lambda L, k: k ** (-1 / (2 * L - 2)),
            ),
        ),
    ),
)
SHAPES = (
    Task(
        "shapes-by-hand",
        ((128, 256), (10, 1), (256, 64), (128, 64), 235146),
        (),
        (
            (
                "A matrix W has one row per unit, and one column per input.",
                ((256, 128), (10, 1), (256, 64), (128, 64), 235146),
            ),
            (
                "The biases are parameters, too: one for each unit.",
                ((128, 256), (10, 1), (256, 64), (128, 64), 234752),
            ),
            (
                "One example is a column, so the second axis has 64 places.",
                ((128, 256), (10, 1), (64, 256), (64, 128), 235146),
            ),
            (
                "The bias is a column: it has two axes.",
                ((128, 256), (10,), (256, 64), (128, 64), 235146),
            ),
            (
                "The bias does not know of the batch.",
                ((128, 256), (10, 64), (256, 64), (128, 64), 235146),
            ),
        ),
    ),
    Task(
        "careful-error",
        _careful_error,
        (
            (_numbers(3, 2), 1 + _numbers(3, 2)),
            (_numbers(3), _numbers(3, 1)),
            (_numbers(1, 4), _numbers(4, 1)),
            (_numbers(2, 3), _numbers(1, 3)),
        ),
        (
            (
                "Arrays of shapes (3,) and (3, 1) are stretched to (3, 3). Compare the shapes first.",
                lambda P, Y: ((P - Y) ** 2).mean(),
            ),
            (
                "Arrays with as many numbers may still have different shapes.",
                lambda P, Y: (
                    _careful_error(P, Y) if P.size != Y.size else ((P - Y) ** 2).mean()
                ),
            ),
            (
                "As many axes are not yet the same shape.",
                lambda P, Y: (
                    _careful_error(P, Y) if P.ndim != Y.ndim else ((P - Y) ** 2).mean()
                ),
            ),
            (
                "The mean is over all numbers, in all rows and columns.",
                lambda P, Y: _careful_error(P, Y) * P.size,
            ),
        ),
    ),
    Task(
        "stretched",
        lambda one, other: np.broadcast_shapes(one, other),
        (
            ((4, 1), (1, 5)),
            ((4, 1), (4,)),
            ((3, 5), (5,)),
            ((2,), (3,)),
            ((2, 3), (4, 2, 3)),
            ((1,), (1,)),
        ),
        (
            (
                "Shapes are compared from the last axis on, not from the first.",
                lambda one, other: np.broadcast_shapes(*_filled_up_behind(one, other)),
            ),
            (
                "Sizes 2 and 3 do not fit: only a 1 is stretched.",
                lambda one, other: tuple(map(max, *_filled_up_before(one, other))),
            ),
            (
                "The axes that only one of the arrays has are kept.",
                lambda one, other: np.broadcast_shapes(
                    one[-min(len(one), len(other)) :],
                    other[-min(len(one), len(other)) :],
                ),
            ),
        ),
    ),
)
ONE_LAYER = (
    Task(
        "one-unit-by-hand",
        (5, 5, 4, np.array([12, 4]), 4, np.array([8, -4])),
        (),
        (
            (
                "The weights and the inputs have changed places: dw is dz times the input, da_prev is dz times w.",
                (5, 5, 4, np.array([8, -4]), 4, np.array([12, 4])),
            ),
            (
                "The slope of ReLU at z = 5 is 1, and not 5.",
                (5, 5, 20, np.array([60, 20]), 20, np.array([40, -20])),
            ),
            (
                "The chain rule multiplies the slope by da.",
                (5, 5, 1, np.array([3, 1]), 1, np.array([2, -1])),
            ),
            (
                "The second weight is negative.",
                (7, 7, 4, np.array([12, 4]), 4, np.array([8, 4])),
            ),
        ),
    ),
    Task(
        "scale-backward",
        lambda dA, X, c: (dA * c, (dA * X).sum(axis=1, keepdims=True)),
        (
            (_numbers(3, 5), 1 + _numbers(3, 5), 2 + _numbers(3, 1)),
            (_numbers(2, 2), 1 + _numbers(2, 2), 2 + _numbers(2, 1)),
        ),
        (
            (
                "All examples share c: their paths add up, and dc has the shape of c.",
                lambda dA, X, c: (dA * c, dA * X),
            ),
            (
                "The shape of dc is (n,). Without keepdims=True it acts as a row.",
                lambda dA, X, c: (dA * c, (dA * X).sum(axis=1)),
            ),
            (
                "The mean over the examples is part of the loss already. Here it is a sum.",
                lambda dA, X, c: (dA * c, (dA * X).mean(axis=1, keepdims=True)),
            ),
            (
                "Each number of X reaches the loss through c: the way back multiplies by it.",
                lambda dA, X, c: (dA, (dA * X).sum(axis=1, keepdims=True)),
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
        "complex-step",
        lambda f, x, h: np.imag(f(x + 1j * h)) / h,
        ((np.tanh, 0.7, 1e-20), (np.exp, np.array([-1.0, 0.0, 2.0]), 1e-20)),
        (
            ("Divide by the step.", lambda f, x, h: np.imag(f(x + 1j * h))),
            (
                "The derivative is in the imaginary part.",
                lambda f, x, h: np.real(f(x + 1j * h)) / h,
            ),
            (
                "The step is imaginary: x + 1j * h.",
                lambda f, x, h: (f(x + h) - f(x)) / h,
            ),
        ),
    ),
    Task(
        "differences-by-hand",
        (3.31, 3.01),
        (),
        (
            ("Divide by the step.", (0.331, 0.602)),
            ("The two points of the central difference are 2 h apart.", (3.31, 6.02)),
            ("That is the derivative. The differences only come close.", (3.0, 3.0)),
        ),
        places=3,
    ),
    Task(
        "gradient-of-array",
        lambda f, x, h: numerical_gradient(f, x, h=h),
        (
            (np.prod, np.array([[1.0, 2.0, -0.5], [3.0, 0.25, 2.0]]), 0.1),
            (np.linalg.norm, np.array([3.0, 0.0, -4.0]), 0.5),
        ),
        (
            (
                "All numbers were moved at once. Move one at a time: each has a derivative of its own.",
                lambda f, x, h: np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h)),
            ),
            (
                "That is the forward difference. Take one step to each side.",
                _forward_gradient,
            ),
            (
                "The two points are 2 h apart.",
                lambda f, x, h: 2 * numerical_gradient(f, x, h=h),
            ),
            (
                "A derivative by an array has the shape of the array.",
                lambda f, x, h: numerical_gradient(f, x, h=h).ravel(),
            ),
        ),
    ),
    Task(
        "worst-entry",
        _worst_entry,
        (
            (np.array([1000.0, 1e-3]), np.array([1000.0, 2e-3])),
            (np.array([[0.0, 2.0], [4.0, 1.0]]), np.array([[0.0, -2.0], [5.0, 1.0]])),
            (np.zeros(3), np.zeros(3)),
        ),
        (
            (
                "That compares the arrays as wholes. Beside 1000, an error of 0.001 does not show.",
                lambda a, b: relative_error(a, b),
            ),
            (
                "That is an absolute error. Divide each by the larger of the two entries.",
                lambda a, b: np.abs(a - b).max(),
            ),
            (
                "Two zeros are equal: their error is 0, and not 0 / 0.",
                lambda a, b: (np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))).max(),
            ),
            (
                "Errors of both signs must not cancel, nor count as negative: take absolute values.",
                lambda a, b: (
                    (b - a) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-300)
                ).max(),
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
AUTODIFF = (
    Task(
        "matmul-back",
        lambda d, A, B: (d @ B.T, A.T @ d),
        (
            (_numbers(3, 3), 1 + _numbers(3, 3), 2 * _numbers(3, 3) ** 2),
            (_numbers(4, 2), _numbers(4, 3), _numbers(3, 2)),
        ),
        (
            (
                "The first result belongs to A, the second to B.",
                lambda d, A, B: (A.T @ d, d @ B.T),
            ),
            (
                "Each product wants the other factor transposed.",
                lambda d, A, B: (d @ B, A @ d),
            ),
            (
                "The factors stand on the wrong side. Look at sizes that all differ.",
                lambda d, A, B: (B.T @ d, d @ A.T),
            ),
        ),
    ),
    Task(
        "divide-back",
        lambda d, a, b: (d / b, -d * a / b**2),
        (
            (_numbers(3), np.array([1.0, -2.0, 3.0]), np.array([2.0, 4.0, -0.5])),
            (1 + _numbers(2, 2), np.full((2, 2), 3.0), np.full((2, 2), 0.5)),
        ),
        (
            (
                "A larger divisor makes the quotient smaller: the second one has a minus.",
                lambda d, a, b: (d / b, d * a / b**2),
            ),
            (
                "The derivative of 1/b is -1/b**2, not -1/b.",
                lambda d, a, b: (d / b, -d * a / b),
            ),
            (
                "These are the derivatives of the quotient alone. The chain rule wants the factor d.",
                lambda d, a, b: (1 / b, -a / b**2),
            ),
        ),
    ),
)
DIGITS = (
    Task(
        "confusion",
        _confusion,
        ((np.array([0, 2, 2, 1, 0, 2]), np.array([0, 1, 2, 1, 2, 1]), 4),),
        (
            (
                "The rows are the true classes, the columns the answers.",
                lambda truth, answers, k: _confusion(answers, truth, k),
            ),
            (
                "Count the right answers, too. They are on the diagonal.",
                lambda truth, answers, k: (
                    _confusion(truth, answers, k) * (1 - np.eye(k))
                ),
            ),
            (
                "Count them, and do not divide.",
                lambda truth, answers, k: _confusion(truth, answers, k) / len(truth),
            ),
        ),
    ),
    Task(
        "losses-by-hand",
        (-np.log(0.99), -np.log(0.01)),
        (),
        (
            (
                "The book's logarithm is the natural one.",
                (-np.log10(0.99), -np.log10(0.01)),
            ),
            (
                "A loss is minus the logarithm: it is positive.",
                (np.log(0.99), np.log(0.01)),
            ),
            ("The worse answer has the larger loss.", (-np.log(0.01), -np.log(0.99))),
        ),
        places=3,
    ),
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
        "momentum-step",
        _momentum_step,
        (
            (_numbers(2, 3), 1 + _numbers(2, 3), 2 * _numbers(2, 3), 0.1, 0.9),
            (_numbers(4, 1), np.zeros((4, 1)), 1 + _numbers(4, 1), 0.5, 0.5),
        ),
        (
            (
                "The weights move along the new velocity, not along the old one.",
                lambda W, V, dW, lr, mu: (W - lr * V, mu * V + dW),
            ),
            (
                "Here the new gradient counts in full, and not with the share that the velocity loses.",
                lambda W, V, dW, lr, mu: (
                    W - lr * (mu * V + (1 - mu) * dW),
                    mu * V + (1 - mu) * dW,
                ),
            ),
            (
                "Uphill: subtract the step.",
                lambda W, V, dW, lr, mu: (W + lr * (mu * V + dW), mu * V + dW),
            ),
            (
                "The velocity was forgotten: that is a step of plain gradient descent.",
                lambda W, V, dW, lr, mu: (W - lr * dW, dW),
            ),
        ),
    ),
)

EXTREME = np.array([-1000.0, -40.0, -1.0, 0.0, 2.0, 50.0, 1000.0])
OUTPUTS = (
    Task(
        "softmax-by-hand",
        SoftmaxLoss().gradient(np.log([[1.0], [3.0]]), np.array([[1.0], [0.0]]))[:, 0],
        (),
        (
            (
                "Those are the probabilities. The target is subtracted from them.",
                np.array([0.25, 0.75]),
            ),
            ("That is the target minus the output.", np.array([0.75, -0.75])),
            ("There the second class would be right.", np.array([0.25, -0.25])),
        ),
        places=2,
    ),
    Task(
        "cross-entropy-from-scores",
        lambda Z, labels: SoftmaxLoss()(Z, one_hot(labels, len(Z))),
        (
            (_numbers(3, 4), np.array([0, 2, 1, 1])),
            (np.array([[1000.0, 0.0], [-1000.0, 999.0]]), np.array([0, 0])),
        ),
        (
            (
                "A score of 1000 makes exponentials overflow, or probabilities 0. Take out the greatest one.",
                lambda Z, labels: (
                    -np.log(softmax(Z)[labels, np.arange(len(labels))]).mean()
                ),
            ),
            (
                "That is the sum over the examples. Take the mean.",
                lambda Z, labels: (
                    len(labels) * SoftmaxLoss()(Z, one_hot(labels, len(Z)))
                ),
            ),
            (
                "A loss is positive, and the logarithm of a probability is not.",
                lambda Z, labels: -SoftmaxLoss()(Z, one_hot(labels, len(Z))),
            ),
        ),
    ),
    Task(
        "squared-error-of-tanh",
        lambda z, y: tanh.derivative(z) * (tanh(z) - y),
        ((Z, np.array([1.0, -1.0, 1.0, 0.5, 1.0])), (-1.0, 1.0)),
        (
            (
                "The slope of tanh is missing: the chain rule multiplies by it.",
                lambda z, y: tanh(z) - y,
            ),
            (
                "That is minus the derivative. The difference is output minus target.",
                lambda z, y: tanh.derivative(z) * (y - tanh(z)),
            ),
            (
                "The square's 2 and the half cancel.",
                lambda z, y: 2 * tanh.derivative(z) * (tanh(z) - y),
            ),
        ),
    ),
)
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

ALL: tuple[Task, ...] = (
    *WHY_ACTIVATIONS,
    *RELU,
    *LEAKY_RELU,
    *SIGMOID,
    *TANH,
    *SATURATION,
    *FAMILY,
    *OUTPUTS,
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
    *AUTODIFF,
    *DIGITS,
    *READING_A_RUN,
)
"""All tasks, in the order of the chapters."""
