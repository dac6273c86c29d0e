"""Initialisers: how the weights of a layer are drawn, each one defined by its variance."""

import itertools
from abc import ABC
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import numpy as np

from nnnotes.activations import Activation
from nnnotes.arrays import Array, Float, check_rng
from nnnotes.formula import latex
from nnnotes.shapes import check_count

__all__ = [
    "ALL",
    "Constant",
    "Glorot",
    "He",
    "Initializer",
    "LeCun",
    "Normal",
    "Zeros",
    "gain",
    "gaussian_mean",
    "normal",
    "uniform",
]


def normal(
    rng: np.random.Generator, shape: tuple[int, ...], variance: float
) -> Float[Array, "..."]:
    """Draw from the normal distribution with mean 0.

    Args:
        rng: the source of randomness.
        shape: the shape of the result.
        variance: the variance, which is the square of the standard deviation.

    Example:
        >>> W = normal(np.random.default_rng(0), (1000, 1000), variance=0.25)
        >>> print(f"{W.std():.2f}")
        0.50
    """
    return np.sqrt(variance) * rng.standard_normal(shape)


def uniform(
    rng: np.random.Generator, shape: tuple[int, ...], variance: float
) -> Float[Array, "..."]:
    """Draw from the uniform distribution with mean 0: U(-r, r) with r = sqrt(3 variance).

    Args:
        rng: the source of randomness.
        shape: the shape of the result.
        variance: the variance; U(-r, r) has r**2 / 3.

    Example:
        >>> W = uniform(np.random.default_rng(0), (1000, 1000), variance=0.25)
        >>> print(f"{W.std():.2f} {W.max():.3f}")
        0.50 0.866
    """
    r = np.sqrt(3 * variance)
    return rng.uniform(-r, r, shape)


Draw: TypeAlias = Callable[[np.random.Generator, tuple[int, ...], float], Array]


@dataclass(frozen=True, repr=False)
class Initializer(ABC):
    """A rule for the first weights of a layer with n_in inputs and n_out units.

    A subclass says the variance of a weight, as Python text in n_in, n_out and its own fields.

    Example:
        >>> from nnnotes import He
        >>> W = He()(np.random.default_rng(0), n_out=3, n_in=2)
        >>> print(W.shape, He.variance_formula)
        (3, 2) 2 / n_in
    """

    variance_formula: ClassVar[str]
    """The variance of one weight, as Python text."""

    def variance(self, n_out: int, n_in: int) -> float:
        """Compute the variance of one weight.

        Args:
            n_out: the number of units, at least 1.
            n_in: the number of inputs of each unit, at least 1.

        Raises:
            ValueError: if a size is less than 1.
            TypeError: if a size is not an integer.

        Example:
            >>> print(Glorot().variance(n_out=3, n_in=5))
            0.25
        """
        check_count("n_out", n_out)
        check_count("n_in", n_in)
        # The text is this package's own; vars(self) are the parameters in it.
        return float(
            eval(
                self.variance_formula,
                {},
                {**vars(self), "n_out": int(n_out), "n_in": int(n_in)},
            )
        )

    def __call__(
        self, rng: np.random.Generator, n_out: int, n_in: int
    ) -> Float[Array, "n_out n_in"]:
        """Draw the weights of a layer, shape (n_out, n_in).

        Args:
            rng: the source of randomness; the same state gives the same weights.
            n_out: the number of units, at least 1.
            n_in: the number of inputs of each unit, at least 1.

        Raises:
            ValueError: if a size is less than 1.
            TypeError: if a size is not an integer, or rng is not a generator.

        Example:
            >>> print(Zeros()(np.random.default_rng(0), n_out=1, n_in=3))
            [[0. 0. 0.]]
        """
        check_rng(rng)
        return self._draw(rng, n_out, n_in, self.variance(n_out, n_in))

    def _draw(
        self, rng: np.random.Generator, n_out: int, n_in: int, variance: float
    ) -> Array:
        draw: Draw = getattr(self, "draw", normal)
        return draw(rng, (n_out, n_in), variance)

    def __repr__(self) -> str:
        parameters = (
            getattr(value, "__name__", repr(value)) for value in vars(self).values()
        )
        return f"{type(self).__name__}({', '.join(parameters)})"

    @property
    def latex(self) -> str:
        """The formula of the variance in LaTeX, right-hand side only."""
        return latex(self.variance_formula)

    def _repr_latex_(self) -> str:
        return rf"$\operatorname{{Var}} w = {self.latex}$"


@dataclass(frozen=True, repr=False)
class Zeros(Initializer):
    """All weights 0: right for biases, wrong for weights, since units then stay alike.

    Example:
        >>> print(Zeros()(np.random.default_rng(0), n_out=2, n_in=2).sum())
        0.0
    """

    variance_formula: ClassVar[str] = "0"

    def _draw(
        self, rng: np.random.Generator, n_out: int, n_in: int, variance: float
    ) -> Array:
        return np.zeros((n_out, n_in))


@dataclass(frozen=True, repr=False)
class Constant(Initializer):
    """All weights the same number c: units stay alike, as with zeros.

    Args:
        c: the value of each weight, finite.

    Raises:
        ValueError: if c is not finite.

    Example:
        >>> print(Constant(0.5)(np.random.default_rng(0), n_out=1, n_in=2))
        [[0.5 0.5]]
    """

    c: float = 0.01

    variance_formula: ClassVar[str] = "0"

    def __post_init__(self) -> None:
        _check_finite("c", self.c)

    def _draw(
        self, rng: np.random.Generator, n_out: int, n_in: int, variance: float
    ) -> Array:
        return np.full((n_out, n_in), float(self.c))


@dataclass(frozen=True, repr=False)
class Normal(Initializer):
    """Normal weights of a fixed standard deviation, whatever the layer's size.

    Args:
        std: the standard deviation, finite and not negative.

    Raises:
        ValueError: if std is negative or not finite.

    Example:
        >>> print(f"{Normal(std=0.01).variance(n_out=3, n_in=2):.4f}")
        0.0001
    """

    std: float = 0.01

    variance_formula: ClassVar[str] = "std**2"

    def __post_init__(self) -> None:
        _check_finite("std", self.std)
        if self.std < 0:
            raise ValueError(
                f"std: expected a standard deviation of at least 0, but got {self.std}"
            )


@dataclass(frozen=True, repr=False)
class LeCun(Initializer):
    """Variance 1 / n_in, times the square of a gain: the pre-activations keep the inputs' mean square.

    Args:
        gain: 1, or what `gain` computes for the activation of the layer before.
        draw: `normal` or `uniform`.

    Raises:
        ValueError: if the gain is not finite.

    Example:
        >>> print(LeCun().variance(n_out=3, n_in=4))
        0.25

    References:
        LeCun, Y., Bottou, L., Orr, G. B. and Müller, K.-R., "Efficient BackProp", in Neural Networks: Tricks of the
        Trade, 1998, doi:10.1007/3-540-49430-8_2.
    """

    gain: float = 1.0
    draw: Draw = normal

    variance_formula: ClassVar[str] = "gain**2 / n_in"

    def __post_init__(self) -> None:
        _check_finite("gain", self.gain)


@dataclass(frozen=True, repr=False)
class Glorot(Initializer):
    """Variance 2 / (n_in + n_out), a compromise between the forward and the backward pass; also called Xavier.

    Args:
        draw: `normal` or `uniform`.

    Example:
        >>> print(Glorot().variance(n_out=3, n_in=5))
        0.25

    References:
        Glorot, X. and Bengio, Y., "Understanding the difficulty of training deep feedforward neural networks",
        AISTATS 2010.
    """

    draw: Draw = normal

    variance_formula: ClassVar[str] = "2 / (n_in + n_out)"


@dataclass(frozen=True, repr=False)
class He(Initializer):
    """Variance 2 / n_in: ReLU halves the mean square, and the 2 makes up for it; also called Kaiming.

    Args:
        draw: `normal` or `uniform`.

    Example:
        >>> print(He().variance(n_out=3, n_in=8))
        0.25

    References:
        He, K., Zhang, X., Ren, S. and Sun, J., "Delving deep into rectifiers: surpassing human-level performance on
        ImageNet classification", ICCV 2015, doi:10.1109/ICCV.2015.123.
    """

    draw: Draw = normal

    variance_formula: ClassVar[str] = "2 / n_in"


def _check_finite(name: str, value: float) -> None:
    if not np.isfinite(value):
        raise ValueError(f"{name}: expected a finite number, but got {value}")


ALL: tuple[Initializer, ...] = (
    Zeros(),
    Constant(),
    Normal(),
    *(rule(draw=draw) for rule in (LeCun, Glorot, He) for draw in (normal, uniform)),
)
"""One of each initialiser, with its usual parameters, in each of its draws."""


def gaussian_mean(f: Callable[[Array], Array], kinks: tuple[float, ...] = ()) -> float:
    """Compute the mean of f(z) for z ~ N(0, 1), by Gauss-Legendre quadrature between the kinks.

    Args:
        f: a function of an array, applied elementwise; smooth between the kinks.
        kinks: the points at which f is not smooth.

    Example:
        >>> print(f"{gaussian_mean(np.square):.12f}")
        1.000000000000
    """
    edge = 12.0  # the density beyond is below 1e-31
    nodes, weights = np.polynomial.legendre.leggauss(100)
    # Split at 0 too: nodes are dense at the ends, and tanh has its poles near 0.
    points = [-edge, *sorted({0.0, *kinks}), edge]
    total = 0.0
    for low, high in itertools.pairwise(points):
        z = (low + high) / 2 + (high - low) / 2 * nodes
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        total += float((high - low) / 2 * np.sum(weights * f(z) * density))
    return total


def gain(g: Activation) -> float:
    """Compute the gain of an activation, 1 / sqrt(E g(z)²) for z ~ N(0, 1), by quadrature.

    Weights of variance gain² / n_in, behind a layer with this activation, keep the mean square of the
    pre-activations from layer to layer. For ReLU the gain is sqrt(2), which is where He's 2 comes from.

    Args:
        g: the activation of the layer before.

    Raises:
        TypeError: if g is not an activation.

    Example:
        >>> from nnnotes import relu, tanh
        >>> print(f"{gain(relu)**2:.6f} {gain(tanh):.6f}")
        2.000000 1.592537

    References:
        He, K., Zhang, X., Ren, S. and Sun, J., 2015, doi:10.1109/ICCV.2015.123, section 2.2, for ReLU.
    """
    if not isinstance(g, Activation):
        raise TypeError(
            f"g: expected an activation such as nnnotes.relu, but got {g!r}"
        )
    return float(1 / np.sqrt(gaussian_mean(lambda z: g(z) ** 2, g.kinks)))
