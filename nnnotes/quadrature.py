"""Quadrature: means over a standard normal number, and the nodes and weights behind them."""

import itertools
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from nnnotes._checks import check_callable, check_count, check_number, shown
from nnnotes.arrays import Array

__all__ = ["gaussian_mean", "legendre"]

# The density of a standard normal number beyond is below 1e-31.
EDGE = 12.0


@cache
def legendre(count: int) -> tuple[Array, Array]:
    """Compute nodes and weights of Gauss-Legendre quadrature between -1 and 1, once for each number of them.

    With them polynomials of a degree below twice their number are integrated exactly, but for rounding.

    Args:
        count: the number of nodes, at least 1.

    Raises:
        ValueError: if count is less than 1.
        TypeError: if count is not an integer.

    Example:
        >>> nodes, weights = legendre(2)
        >>> print(f"{weights @ nodes**2:.6f}")  # the integral of z² from -1 to 1
        0.666667
    """
    check_count("count", count)
    nodes, weights = np.polynomial.legendre.leggauss(count)
    # All callers share these arrays.
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights


def gaussian_mean(f: Callable[[Array], Array], kinks: Sequence[float] = ()) -> float:
    """Compute the mean of f(z) for z ~ N(0, 1), by Gauss-Legendre quadrature between the kinks.

    Args:
        f: a function of an array, applied elementwise; smooth between the kinks.
        kinks: the points at which f is not smooth, in any order.

    Raises:
        ValueError: if a kink is not finite.
        TypeError: if f is not a function, or the kinks are not a list of numbers.

    Example:
        >>> print(f"{gaussian_mean(np.square):.12f}")
        1.000000000000
    """
    check_callable("f", f)
    check_points("kinks", kinks)
    nodes, weights = legendre(100)
    # Split at 0 too: nodes are dense at the ends, and tanh has its poles near 0.
    points = [-EDGE, *sorted({0.0, *kinks}), EDGE]
    total = 0.0
    for low, high in itertools.pairwise(points):
        z = (low + high) / 2 + (high - low) / 2 * nodes
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        total += float((high - low) / 2 * np.sum(weights * f(z) * density))
    return total


def check_points(name: str, points: object) -> None:
    """Check that an argument is a sequence of finite numbers."""
    if not isinstance(points, tuple | list):
        raise TypeError(f"{name}: expected a tuple of numbers, but got {shown(points)}")
    for number, point in enumerate(points):
        check_number(f"{name}[{number}]", point)
