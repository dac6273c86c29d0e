"""Mean field: how variances, correlations and gradients go through many wide layers with random weights."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from nnnotes._checks import (
    AN_ACTIVATION,
    check_callable,
    check_kind,
    check_number,
    check_positive,
    check_rng,
    check_sizes,
    shown,
)
from nnnotes.activations import Activation, identity
from nnnotes.arrays import Array
from nnnotes.formula import Equation
from nnnotes.initializers import LeCun
from nnnotes.layers import Dense
from nnnotes.networks import Network
from nnnotes.quadrature import (
    EDGE,
    check_points,
    gaussian_mean,
    legendre,
)

__all__ = ["MeanField", "critical_weight_variance", "depth_scale", "pair_mean"]

# Far above the rounding of a quadrature, which is a few 1e-15.
ROUNDING = 1e-12

# A scale whose square is still a float.
TINY = 1e-150


@dataclass(frozen=True)
class MeanField:
    """The theory of wide layers with random weights, of variance weight_variance / n_in, and random biases.

    In the limit of wide layers each pre-activation is normal with mean 0. So one number says all about one input, the
    variance q, and one more about two inputs, their correlation c. Each layer maps them to new ones.

    Args:
        g: the activation; one that jumps has no slope that the theory could use.
        weight_variance: n_in times the variance of a weight, finite and greater than 0; the square of a gain.
        bias_variance: the variance of a bias, finite and not negative.

    Raises:
        ValueError: if a variance is out of its range, or the activation jumps.
        TypeError: if g is not an activation, or a variance not a number.

    Example:
        >>> from nnnotes import tanh
        >>> theory = MeanField(tanh, weight_variance=2.5, bias_variance=0.05)
        >>> print(f"{theory.fixed_point:.4f} {theory.chi:.4f} {theory.fixed_correlation:.4f}")
        1.0640 1.1335 0.4468

    References:
        Poole, B., Lahiri, S., Raghu, M., Sohl-Dickstein, J. and Ganguli, S., "Exponential expressivity in deep neural
        networks through transient chaos", NIPS 2016, doi:10.48550/arXiv.1606.05340.
        Schoenholz, S. S., Gilmer, J., Ganguli, S. and Sohl-Dickstein, J., "Deep information propagation", ICLR 2017,
        doi:10.48550/arXiv.1611.01232.
    """

    g: Activation
    weight_variance: float
    bias_variance: float = 0.0

    variance_equation: ClassVar[Equation] = Equation(
        "V(q)", "weight_variance * mean(g(sqrt(q) * x)**2) + bias_variance"
    )
    """The variance in the next layer, for a standard normal x."""

    pair_equation: ClassVar[Equation] = Equation("y", "c * x + sqrt(1 - c**2) * u")
    """A standard normal number y whose correlation with x is c; u is standard normal and independent of x."""

    correlation_equation: ClassVar[Equation] = Equation(
        "C(c)",
        "(weight_variance * mean(g(sqrt(q) * x) * g(sqrt(q) * y)) + bias_variance) / V(q)",
    )
    """The correlation in the next layer."""

    chi_equation: ClassVar[Equation] = Equation(
        "chi", "weight_variance * mean(slope(sqrt(q) * x)**2)"
    )
    """The factor of the gradient's mean square, and the slope of the correlation map at 1."""

    depth_equation: ClassVar[Equation] = Equation("xi", "-1 / log(abs(f))")
    """The number of layers after which the power of a factor f is 1/e."""

    def __post_init__(self) -> None:
        check_kind("g", self.g, Activation, AN_ACTIVATION)
        if self.g.smoothness < 0:
            raise ValueError(
                f"g: expected an activation that does not jump, but got {shown(self.g)}"
            )
        check_positive("weight_variance", self.weight_variance)
        _check_variance("bias_variance", self.bias_variance)
        # NumPy's numbers would be computed with in their precision.
        for name in ("weight_variance", "bias_variance"):
            object.__setattr__(self, name, float(getattr(self, name)))

    def variance_map(self, q: float) -> float:
        """Compute the variance of the pre-activations in the next layer.

        Args:
            q: the variance of the pre-activations in a layer, finite and not negative.

        Raises:
            ValueError: if q is negative or not finite.
            TypeError: if q is not a number.

        Example:
            >>> from nnnotes import relu
            >>> print(f"{MeanField(relu, weight_variance=2, bias_variance=0.5).variance_map(3):.6f}")
            3.500000
        """
        _check_variance("q", q)
        square = _mean(self.g, lambda z: self.g(z) ** 2, math.sqrt(q))
        return self.weight_variance * square + self.bias_variance

    @cached_property
    def fixed_point(self) -> float:
        """The variance at which layers settle whose first one has variance 1.

        It is 0 if the variance dies out, and inf if it grows without bound, which is to say above 1e12. If each
        variance stays as it is, as with ReLU and weight variance 2, it is 1.
        """
        V = self.variance_map
        if abs(V(1.0) - 1) <= ROUNDING:
            return 1.0
        if V(1.0) > 1:
            above = (2.0**k for k in range(1, 41))
            q = next((q for q in above if V(q) < q * (1 - ROUNDING)), math.inf)
            return q if q == math.inf else _root(lambda q: V(q) - q, q / 2, q)
        # Floats end at 1074.
        last = 40 if V(0.0) == 0 else 1074
        below = (0.5**k for k in range(1, last + 1))
        q = next((q for q in below if V(q) > q * (1 + ROUNDING)), 0.0)
        return q if q == 0 else _root(lambda q: V(q) - q, q, 2 * q)

    @cached_property
    def chi(self) -> float:
        """The factor by which the gradient's mean square changes from a layer to the one before it, at the fixed point.

        It is also the slope of the correlation map at 1. A ValueError says that the variance grows without bound.
        """
        # At 0, this is the limit from above.
        scale = max(math.sqrt(self._settled()), TINY)
        square = _mean(self.g, lambda z: self.g.derivative(z) ** 2, scale)
        return self.weight_variance * square

    def correlation_map(self, c: float, q: float | None = None) -> float:
        """Compute the correlation of two inputs' pre-activations in the next layer.

        Args:
            c: their correlation in a layer, from -1 to 1.
            q: their variance in that layer, the same for both; the fixed point if none is given.

        Raises:
            ValueError: if c or q is out of its range, or the variance dies out or grows without bound.
            TypeError: if c or q is not a number.

        Example:
            >>> from nnnotes import relu
            >>> print(f"{MeanField(relu, weight_variance=2).correlation_map(0):.6f} {1 / np.pi:.6f}")
            0.318310 0.318310
        """
        check_number("c", c, "a correlation from -1 to 1", lambda c: -1 <= c <= 1)
        q = self._positive(q)
        product = self._pair_mean(self.g, c, q)
        moved = self.weight_variance * product + self.bias_variance
        variance = self.variance_map(q)
        if not 0 < variance < math.inf:
            raise ValueError(
                f"q: expected a variance whose next one is a float above 0, but from {q} comes {variance}"
            )
        # Rounding may lead out of the range, and then the result could not be passed on.
        return max(-1.0, min(1.0, moved / variance))

    @cached_property
    def fixed_correlation(self) -> float:
        """The correlation at which two inputs settle, which is 1 where chi is at most 1, and less where it is greater.

        A ValueError says that the variance dies out, or grows without bound.
        """
        q = self._positive(None)
        if self.chi <= 1 + ROUNDING:
            return 1.0
        # The map is convex, since it is a power series without negative coefficients. So Newton's method, from below,
        # does not overshoot.
        c, step = 0.0, math.inf
        while step > ROUNDING:
            step = (self.correlation_map(c, q) - c) / (1 - self._correlation_slope(c))
            c = min(c + step, 1.0)
        return c

    @property
    def variance_depth(self) -> float:
        """The number of layers in which the distance of the variance from its fixed point shrinks to 1/e of it.

        A ValueError says that the variance grows without bound.
        """
        scale = max(math.sqrt(self._settled()), TINY)

        def terms(x: Array) -> Array:
            return x * self.g(scale * x) * self.g.derivative(scale * x)

        slope = gaussian_mean(terms, _splits(self.g, scale)) / scale
        return depth_scale(self.weight_variance * slope)

    @property
    def correlation_depth(self) -> float:
        """The number of layers in which the distance of the correlation from its fixed point shrinks to 1/e of it.

        A ValueError says that the variance dies out, or grows without bound.
        """
        return depth_scale(self._correlation_slope(self.fixed_correlation))

    def network(
        self, rng: np.random.Generator, sizes: Sequence[int] | Array
    ) -> Network:
        """Draw a network that the theory is about: hidden layers with activation g, and a last layer without one.

        Args:
            rng: the source of randomness.
            sizes: the numbers of units, from the inputs to the outputs; at least two, each at least 1.

        Raises:
            ValueError: if there are fewer than two sizes, or one is less than 1.
            TypeError: if an argument is of another type.

        Example:
            >>> from nnnotes import forward, tanh
            >>> theory = MeanField(tanh, weight_variance=1, bias_variance=0.1)
            >>> network = theory.network(np.random.default_rng(0), [1000, 1000])
            >>> Z, _ = forward(network, np.zeros((1000, 1)))
            >>> print(f"{Z.var():.2f}")
            0.10
        """
        check_rng(rng)
        pairs = list(itertools.pairwise(check_sizes(sizes)))
        init = LeCun(math.sqrt(self.weight_variance))
        std = math.sqrt(self.bias_variance)
        return tuple(
            Dense(
                W=init(rng, n_out, n_in),
                b=std * rng.standard_normal((n_out, 1)),
                g=self.g if number < len(pairs) else identity,
            )
            for number, (n_in, n_out) in enumerate(pairs, start=1)
        )

    def _settled(self) -> float:
        if self.fixed_point == math.inf:
            raise ValueError(
                f"weight_variance: expected one with which the variance settles, but with {self.weight_variance} "
                "it grows without bound"
            )
        return self.fixed_point

    def _positive(self, q: float | None) -> float:
        if q is not None:
            check_positive("q", q)
            return float(q)
        if self._settled() == 0:
            raise ValueError(
                f"weight_variance: expected one with which the variance settles, but with {self.weight_variance} "
                "it dies out"
            )
        return self.fixed_point

    def _correlation_slope(self, c: float) -> float:
        """Compute the slope of the correlation map at the fixed point of the variance."""
        product = self._pair_mean(self.g.derivative, c, self.fixed_point)
        return self.weight_variance * product

    def _pair_mean(self, f: Callable[[Array], Array], c: float, q: float) -> float:
        scale = math.sqrt(q)
        kinks = _within_reach(self.g.kinks, scale)
        return pair_mean(lambda x: f(scale * x), c, kinks, _octaves(scale))


def depth_scale(factor: float) -> float:
    """Compute after how many layers the power of a factor is 1/e: minus the inverse of the factor's logarithm.

    Args:
        factor: what a layer multiplies by, finite. Its sign does not matter; within 1e-12 of 1 it counts as 1.

    Raises:
        ValueError: if the factor is not finite.
        TypeError: if the factor is not a number.

    Example:
        >>> print(f"{depth_scale(0.9):.1f} {depth_scale(1)} {depth_scale(1.1):.1f}")
        9.5 inf -10.5
    """
    check_number("factor", factor)
    if factor == 0:
        return 0.0
    logarithm = math.log(abs(factor))
    return -1 / logarithm if abs(logarithm) > ROUNDING else math.inf


def critical_weight_variance(g: Activation, bias_variance: float) -> float:
    """Compute the smallest weight variance with which chi is 1: the edge of chaos.

    Args:
        g: the activation.
        bias_variance: the variance of a bias, finite and not negative.

    Raises:
        ValueError: if there is none, the variance is out of its range, or the activation jumps.
        TypeError: if g is not an activation, or the variance not a number.

    Example:
        >>> from nnnotes import relu, tanh
        >>> print(f"{critical_weight_variance(tanh, 0.05):.4f} {critical_weight_variance(relu, 0):.4f}")
        1.7610 2.0000

    References:
        Schoenholz, S. S., Gilmer, J., Ganguli, S. and Sohl-Dickstein, J., 2017, doi:10.48550/arXiv.1611.01232.
    """
    # This checks both, and makes a float of any number.
    bias_variance = MeanField(g, 1.0, bias_variance).bias_variance

    def weight_variance(q: float) -> float:
        """Return the weight variance with which chi is 1 if the variance is q."""
        scale = max(math.sqrt(q), TINY)
        slopes = _mean(g, lambda z: g.derivative(z) ** 2, scale)
        # Some are flat at 0, or so nearly that the squares underflow.
        return 1 / slopes if slopes > 0 else math.inf

    def excess(q: float) -> float:
        """Return the variance that q then leaves for the biases, minus the one that they have."""
        square = _mean(g, lambda z: g(z) ** 2, math.sqrt(q))
        taken = weight_variance(q) * square if square > 0 else 0.0
        return q - taken - bias_variance

    grid = [0.0, *(2.0**k for k in range(-40, 21))]
    values = [excess(q) for q in grid]
    steps = zip(itertools.pairwise(grid), itertools.pairwise(values), strict=True)
    variances = [
        *(q for q, value in zip(grid, values, strict=True) if value == 0),
        *(_root(excess, *ends) for ends, (a, b) in steps if a * b < 0),
    ]
    for variance in sorted(map(weight_variance, variances)):
        if variance < math.inf and _is_critical(MeanField(g, variance, bias_variance)):
            return variance
    raise ValueError(
        f"bias_variance: {shown(g)} has no critical weight variance with {bias_variance}"
    )


def _is_critical(theory: MeanField) -> bool:
    # The variance may leave a fixed point that is not stable.
    return theory.fixed_point < math.inf and abs(theory.chi - 1) < 1e-6


def pair_mean(
    f: Callable[[Array], Array],
    c: float,
    kinks: Sequence[float] = (),
    splits: Sequence[float] = (),
) -> float:
    """Compute the mean of f(x) f(y) for two standard normal numbers of correlation c, by quadrature.

    With y = c x + s u, where u is independent of x and s² = 1 - c², the inner integral runs over u and the outer one
    over x. Both are split into panels; the outer one also where the inner one changes quickly, which is within some
    s / c of a kink. The error is that of rounding, if f is of size 1 and smooth between the kinks.

    Args:
        f: a function of an array, applied elementwise; smooth between the kinks.
        c: the correlation, from -1 to 1.
        kinks: the points at which f is not smooth.
        splits: more points at which to split, for a function that changes much between 0 and 4, or beyond.

    Raises:
        ValueError: if c is out of its range, or a point not finite.
        TypeError: if f is not a function, c not a number, or kinks or splits not a tuple of numbers.

    Example:
        >>> print(f"{pair_mean(np.sign, 0.5, kinks=(0.0,)):.12f}")  # 2 / pi arcsin(c)
        0.333333333333
    """
    check_callable("f", f)
    check_points("kinks", kinks)
    check_points("splits", splits)
    check_number("c", c, "a correlation from -1 to 1", lambda c: -1 <= c <= 1)
    # A NumPy number would be computed with in its precision.
    c = float(c)
    s = math.sqrt((1 - c) * (1 + c))
    cuts = np.array(sorted({0.0, *kinks, *splits}))
    if abs(c) == 1:
        return gaussian_mean(lambda x: f(x) * f(c * x), (*cuts, *-cuts))
    # Where y may reach a kink; for tiny c that is nowhere.
    near = np.add.outer(np.array(kinks), s * FIXED) / (c if abs(c) > TINY else TINY)
    x, weights = _panels(np.concatenate([cuts, near.ravel()]))
    u, inner_weights = _panels((cuts - c * x[:, np.newaxis]) / s)
    inner = np.sum(inner_weights * f(c * x[:, np.newaxis] + s * u), axis=1)
    return float(np.sum(weights * f(x) * inner))


FIXED = np.array([-EDGE, -4.0, 0.0, 4.0, EDGE])


def _panels(points: Array) -> tuple[Array, Array]:
    """Return nodes and weights of the normal density between points, along the last axis."""
    ends = np.broadcast_to(FIXED, (*points.shape[:-1], len(FIXED)))
    points = np.clip(np.concatenate([points, ends], axis=-1), -EDGE, EDGE)
    points = np.sort(points, axis=-1)[..., np.newaxis]
    middle = (points[..., 1:, :] + points[..., :-1, :]) / 2
    half = (points[..., 1:, :] - points[..., :-1, :]) / 2
    nodes, weights = legendre(24)
    x = middle + half * nodes
    weights = half * weights * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    flat = (*x.shape[:-2], -1)
    return x.reshape(flat), weights.reshape(flat)


def _mean(g: Activation, f: Callable[[Array], Array], scale: float) -> float:
    """Compute the mean of f(z), which is as smooth as g, for a normal z of standard deviation scale."""
    # What grows quickly may be beyond every float, and the mean infinite.
    with np.errstate(over="ignore"):
        return gaussian_mean(lambda x: f(scale * x), _splits(g, scale))


def _splits(g: Activation, scale: float) -> tuple[float, ...]:
    """Return where to split a quadrature of g(scale x)."""
    return (*_within_reach(g.kinks, scale), *_octaves(scale))


def _octaves(scale: float) -> tuple[float, ...]:
    """Return the x at which scale x is 1, 8, 64 and so on, and minus these: no panel then spans several scales."""
    sizes = [8.0**k for k in range(20)]
    return _within_reach((*sizes, *(-size for size in sizes)), scale)


def _within_reach(points: tuple[float, ...], scale: float) -> tuple[float, ...]:
    return tuple(point / scale for point in points if abs(point) < EDGE * scale)


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    """Halve an interval, at whose ends f has different signs, until floats end."""
    # Not the signs, as one end may be the root.
    falling = f(low) > f(high)
    for _ in range(60):
        middle = (low + high) / 2
        if (f(middle) > 0) == falling:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _check_variance(name: str, value: object) -> None:
    check_number(
        name, value, "a variance of at least 0", lambda variance: variance >= 0
    )
