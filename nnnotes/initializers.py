"""Initialisers: how the weights of a layer are drawn, each one defined by its variance."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np

from nnnotes._checks import (
    AN_ACTIVATION,
    check_count,
    check_kind,
    check_not_negative,
    check_number,
    check_rng,
    shown,
)
from nnnotes._values import Value, class_names
from nnnotes.activations import Activation
from nnnotes.arrays import Array, Float
from nnnotes.formula import evaluate, latex
from nnnotes.quadrature import gaussian_mean
from nnnotes.special import scaled_tail


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


def truncated_normal(
    rng: np.random.Generator, shape: tuple[int, ...], variance: float
) -> Float[Array, "..."]:
    """Draw from a normal distribution whose tails are cut off at two of its standard deviations.

    Cutting takes some of the variance away, so the normal distribution gets more at first: the variance given is that
    of the result. What lies beyond the cut is drawn again.

    Args:
        rng: the source of randomness.
        shape: the shape of the result.
        variance: the variance after the cut.

    Example:
        >>> W = truncated_normal(np.random.default_rng(0), (1000, 1000), variance=0.25)
        >>> print(f"{W.std():.2f} {W.max():.3f}")
        0.50 1.137
    """
    draws = rng.standard_normal(shape)
    while (beyond := np.abs(draws) > 2).any():
        draws[beyond] = rng.standard_normal(np.count_nonzero(beyond))
    return np.sqrt(variance / _truncated_variance()) * draws


def _truncated_variance() -> float:
    """Compute the variance of a standard normal number, given that it lies between -2 and 2."""
    bell = np.exp(-2.0)  # exp(-z²/2) at 2
    inside = 1 - 2 * bell * scaled_tail(np.array([2.0]))[0]
    return float(1 - 4 * bell / np.sqrt(2 * np.pi) / inside)


Draw: TypeAlias = Callable[[np.random.Generator, tuple[int, ...], float], Array]


@dataclass(frozen=True)
class Fan:
    """Which of a layer's sizes divides the variance.

    Args:
        name: what the fan is called.
        divisor: the size, as Python text in n_in and n_out.
        doubled: whether both sizes are added up, and the numerator therefore doubled.

    Example:
        >>> from nnnotes import He, fan_out
        >>> He(fan=fan_out).variance_formula
        '2 / n_out'
    """

    name: str
    divisor: str
    doubled: bool = False

    def share(self, scale: str, doubled: str) -> str:
        """Return the text of a scale over the fan.

        Args:
            scale: the numerator, as Python text.
            doubled: twice the numerator, as Python text.

        Example:
            >>> fan_average.share("1", doubled="2")
            '2 / (n_in + n_out)'
        """
        return f"{doubled if self.doubled else scale} / {self.divisor}"

    def __repr__(self) -> str:
        return self.name


fan_in = Fan("fan_in", "n_in")
"""Divide by the number of inputs of a unit, which keeps the mean square in the forward pass."""

fan_out = Fan("fan_out", "n_out")
"""Divide by the number of units that an input reaches, which keeps the mean square in the backward pass."""

fan_average = Fan("fan_average", "(n_in + n_out)", doubled=True)
"""Divide by the mean of both numbers, a compromise."""


@dataclass(frozen=True, eq=False, repr=False)
class Initializer(Value, ABC):
    """A rule for the first weights of a layer with n_in inputs and n_out units.

    A subclass says the variance of a weight, and its mean if that is not 0, as Python text in n_in, n_out and its own
    fields.

    Example:
        >>> from nnnotes import He
        >>> W = He()(np.random.default_rng(0), n_out=3, n_in=2)
        >>> print(W.shape, He().variance_formula)
        (3, 2) 2 / n_in
    """

    mean_formula: ClassVar[str] = "0"
    """The mean of one weight, as Python text."""

    @property
    @abstractmethod
    def variance_formula(self) -> str:
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
        names = {**vars(self), "n_out": int(n_out), "n_in": int(n_in)}
        return float(evaluate(self.variance_formula, names=names))

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

    variance_formula = "0"

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
        TypeError: if c is not a number.

    Example:
        >>> print(Constant(0.5)(np.random.default_rng(0), n_out=1, n_in=2))
        [[0.5 0.5]]
    """

    c: float = 0.01

    mean_formula: ClassVar[str] = "c"
    variance_formula = "0"

    def __post_init__(self) -> None:
        check_number("c", self.c)

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
        TypeError: if std is not a number.

    Example:
        >>> print(f"{Normal(std=0.01).variance(n_out=3, n_in=2):.4f}")
        0.0001
    """

    std: float = 0.01

    variance_formula = "std**2"

    def __post_init__(self) -> None:
        check_not_negative("std", self.std, "a standard deviation")


@dataclass(frozen=True, repr=False)
class TruncatedNormal(Initializer):
    """Normal weights of a fixed standard deviation, without the tails; see `truncated_normal`.

    Args:
        std: the standard deviation after the cut, finite and not negative.

    Raises:
        ValueError: if std is negative or not finite.
        TypeError: if std is not a number.

    Example:
        >>> W = TruncatedNormal(std=0.02)(np.random.default_rng(0), n_out=100, n_in=200)
        >>> print(f"{W.std():.3f} {W.max():.3f}")
        0.020 0.045
    """

    std: float = 0.01

    variance_formula = "std**2"

    def __post_init__(self) -> None:
        check_not_negative("std", self.std, "a standard deviation")

    def _draw(
        self, rng: np.random.Generator, n_out: int, n_in: int, variance: float
    ) -> Array:
        return truncated_normal(rng, (n_out, n_in), variance)


@dataclass(frozen=True, repr=False)
class LeCun(Initializer):
    """Variance 1 / n_in, times the square of a gain: the pre-activations keep the inputs' mean square.

    Args:
        gain: 1, or what `gain` computes for the activation of the layer before.
        draw: `normal`, `uniform` or `truncated_normal`.
        fan: what divides the variance: `fan_in`, `fan_out` or `fan_average`.

    Raises:
        ValueError: if the gain is not finite.
        TypeError: if the gain is not a number, draw not a function, or fan not a fan.

    Example:
        >>> print(LeCun().variance(n_out=3, n_in=4))
        0.25

    References:
        LeCun, Y., Bottou, L., Orr, G. B. and Müller, K.-R., "Efficient BackProp", in Neural Networks: Tricks of the
        Trade, 1998, doi:10.1007/3-540-49430-8_2.
    """

    gain: float = 1.0
    draw: Draw = normal
    fan: Fan = fan_in

    @property
    def variance_formula(self) -> str:
        return self.fan.share("gain**2", doubled="2 * gain**2")

    def __post_init__(self) -> None:
        check_number("gain", self.gain)
        _check_draw_and_fan(self.draw, self.fan)


@dataclass(frozen=True, repr=False)
class Glorot(Initializer):
    """Variance 2 / (n_in + n_out), a compromise between the forward and the backward pass; also called Xavier.

    Args:
        draw: `normal`, `uniform` or `truncated_normal`.
        fan: what divides the variance: `fan_average`, `fan_in` or `fan_out`.

    Raises:
        TypeError: if draw is not a function, or fan not a fan.

    Example:
        >>> print(Glorot().variance(n_out=3, n_in=5))
        0.25

    References:
        Glorot, X. and Bengio, Y., "Understanding the difficulty of training deep feedforward neural networks",
        AISTATS 2010.
    """

    draw: Draw = normal
    fan: Fan = fan_average

    @property
    def variance_formula(self) -> str:
        return self.fan.share("1", doubled="2")

    def __post_init__(self) -> None:
        _check_draw_and_fan(self.draw, self.fan)


@dataclass(frozen=True, repr=False)
class He(Initializer):
    """Variance 2 / n_in: ReLU halves the mean square, and the 2 makes up for it; also called Kaiming.

    Args:
        draw: `normal`, `uniform` or `truncated_normal`.
        fan: what divides the variance: `fan_in`, `fan_out` or `fan_average`.

    Raises:
        TypeError: if draw is not a function, or fan not a fan.

    Example:
        >>> print(He().variance(n_out=3, n_in=8))
        0.25

    References:
        He, K., Zhang, X., Ren, S. and Sun, J., "Delving deep into rectifiers: surpassing human-level performance on
        ImageNet classification", ICCV 2015, doi:10.1109/ICCV.2015.123.
    """

    draw: Draw = normal
    fan: Fan = fan_in

    @property
    def variance_formula(self) -> str:
        return self.fan.share("2", doubled="4")

    def __post_init__(self) -> None:
        _check_draw_and_fan(self.draw, self.fan)


def _check_draw_and_fan(draw: object, fan: object) -> None:
    if not callable(draw):
        raise TypeError(
            f"draw: expected a function such as nnnotes.initializers.normal, but got {shown(draw)}"
        )
    if not isinstance(fan, Fan):
        raise TypeError(
            f"fan: expected a fan such as nnnotes.initializers.fan_in, but got {shown(fan)}"
        )


@dataclass(frozen=True, repr=False)
class Orthogonal(Initializer):
    """An orthogonal matrix times a gain: it stretches no input more than another one.

    The rows, or the columns if these are fewer, are orthogonal and of length gain; all such matrices are equally
    likely.

    Args:
        gain: the factor, finite and not 0.

    Raises:
        ValueError: if the gain is 0 or not finite.
        TypeError: if the gain is not a number.

    Example:
        >>> W = Orthogonal()(np.random.default_rng(0), n_out=2, n_in=3)
        >>> print(abs(W @ W.T).round(12))
        [[1. 0.]
         [0. 1.]]

    References:
        Saxe, A. M., McClelland, J. L. and Ganguli, S., "Exact solutions to the nonlinear dynamics of learning in deep
        linear neural networks", ICLR 2014, doi:10.48550/arXiv.1312.6120.
        Mezzadri, F., "How to generate random matrices from the classical compact groups", Notices of the AMS 54(5),
        2007, doi:10.48550/arXiv.math-ph/0609050, for the signs.
    """

    gain: float = 1.0

    variance_formula = "gain**2 / max(n_in, n_out)"

    def __post_init__(self) -> None:
        check_number(
            "gain", self.gain, "a finite factor other than 0", lambda x: x != 0
        )

    def _draw(
        self, rng: np.random.Generator, n_out: int, n_in: int, variance: float
    ) -> Array:
        tall = rng.standard_normal((max(n_out, n_in), min(n_out, n_in)))
        Q, R = np.linalg.qr(tall)
        Q *= np.sign(np.diag(R))  # else the directions would not be equally likely
        return self.gain * (Q if n_out >= n_in else Q.T)


ALL: tuple[Initializer, ...] = (
    Zeros(),
    Constant(),
    Normal(),
    TruncatedNormal(),
    Orthogonal(),
    *(
        rule(draw=draw, fan=fan)
        for rule in (LeCun, Glorot, He)
        for draw in (normal, uniform, truncated_normal)
        for fan in (fan_in, fan_out, fan_average)
    ),
)
"""One of each initialiser, with its usual parameters, in each of its draws and with each of its fans."""


def gain(g: Activation) -> float:
    """Compute the gain of an activation, 1 / sqrt(E g(z)²) for z ~ N(0, 1), by quadrature.

    Weights of variance gain² / n_in, after a layer with this activation, keep the mean square of the
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
    check_kind("g", g, Activation, AN_ACTIVATION)
    return float(1 / np.sqrt(gaussian_mean(lambda z: g(z) ** 2, g.kinks)))


if not TYPE_CHECKING:
    __all__ = [
        "Initializer",
        *class_names(ALL),
        "normal",
        "uniform",
        "truncated_normal",
        "Fan",
        "fan_in",
        "fan_out",
        "fan_average",
        "gain",
    ]
