"""Gradient checking: a derivative by central differences, and how far it is from another one."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnnotes._checks import (
    A_LOSS,
    as_float,
    check_callable,
    check_float,
    check_kind,
    check_number,
    check_same_shape,
)
from nnnotes.arrays import Array, Float
from nnnotes.losses import Loss
from nnnotes.networks import Network, check_network, forward

__all__ = ["numerical_gradient", "numerical_gradients", "relative_error"]


def numerical_gradient(
    f: Callable[[Array], float], x: Float[Array, "*shape"], h: float | None = None
) -> Float[Array, "*shape"]:
    """Compute the gradient of a function by central differences, (f(x + h) - f(x - h)) / (2h), element by element.

    Args:
        f: a function of an array of any shape that returns one number.
        x: where the gradient is wanted; it is not changed.
        h: the step, greater than 0; by default the cube root of the machine's precision, where the error of the
            formula, about h**2, and that of rounding, about eps/h, are alike.

    Raises:
        ValueError: if h is not a finite number greater than 0, or so small that x does not change.
        TypeError: if f is not a function, or x not a floating-point array.

    Example:
        >>> x = np.array([1.0, 3.0])
        >>> print(numerical_gradient(lambda x: float(x[0] * x[1] ** 2), x).round(6))
        [9. 6.]

    References:
        Squire, W. and Trapp, G., "Using complex variables to estimate derivatives of real functions", SIAM Review
        40(1), 1998, doi:10.1137/S003614459631241X, compares it with a step into the complex plane.
    """
    check_callable("f", f)
    check_float(x=x)
    if h is None:
        h = float(np.cbrt(np.finfo(x.dtype).eps))
    check_number("h", h, "a finite step greater than 0", lambda h: h > 0)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        right, left = x.copy(), x.copy()
        right[index] += h
        left[index] -= h
        # The distance that is really walked: x + h is rounded, too.
        distance = float(right[index]) - float(left[index])
        if distance == 0:
            raise ValueError(
                f"h: expected a step that changes x, but {h} is lost beside {x[index]}"
            )
        gradient[index] = (f(right) - f(left)) / distance
    return gradient


def numerical_gradients(
    network: Network,
    loss: Loss,
    X: Float[Array, "n_0 m"],
    Y: Array,
    h: float | None = None,
) -> tuple[Any, ...]:
    """Compute the gradients of a network's loss by central differences, for each layer.

    Args:
        network: the layers.
        loss: a loss on the pre-activations of the last layer.
        X: the inputs, one example per column.
        Y: the targets, one example per column.
        h: the step, as in `numerical_gradient`.

    Raises:
        ShapeError: if the shapes do not fit.
        ValueError: if h is not a finite number greater than 0.
        TypeError: if the network is not a tuple of layers, or loss not a loss.

    Example:
        >>> from nnnotes import SquaredError, mlp, tanh
        >>> network = mlp(np.random.default_rng(0), [2, 3, 1], tanh)
        >>> gradients = numerical_gradients(network, SquaredError(), np.ones((2, 4)), np.zeros((1, 4)))
        >>> [gradient.dW.shape for gradient in gradients]
        [(3, 2), (1, 3)]
    """
    check_network(network)
    check_kind("loss", loss, Loss, A_LOSS)

    def at_layer(number: int) -> Any:
        layer = network[number]

        def loss_with(name: str, array: Array) -> float:
            changed = layer.with_parameters({name: array})
            Z, _ = forward((*network[:number], changed, *network[number + 1 :]), X)
            return loss(Z, Y)

        return layer.gradients(
            {
                name: numerical_gradient(partial(loss_with, name), array, h)
                for name, array in layer.parameters.items()
            }
        )

    return tuple(at_layer(number) for number in range(len(network)))


def relative_error(a: Float[Array, "*shape"], b: Float[Array, "*shape"]) -> float:
    """Return the distance of two arrays over the length of the longer one: 0 if equal, at most 2.

    Args:
        a: an array of any shape.
        b: an array of the same shape.

    Raises:
        ValueError: if the shapes differ.
        TypeError: if a or b does not hold real numbers.

    Example:
        >>> print(f"{relative_error(np.array([1.0, 0.0]), np.array([1.0, 0.5])):.3f}")
        0.447
    """
    a, b = as_float(a, "a"), as_float(b, "b")
    check_same_shape(a=a, b=b)
    a, b = a.astype(np.float64), b.astype(np.float64)
    largest = np.abs([a, b]).max(initial=0.0)
    if largest == 0:
        return 0.0
    a, b = a / largest, b / largest  # else the squares of tiny gradients would be 0
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b)))
