"""Moments: what an activation makes of a standard normal number, by quadrature."""

from collections.abc import Iterable
from dataclasses import dataclass

from nnnotes._checks import (
    AN_ACTIVATION,
    check_kind,
    check_number,
    check_positive,
    shown,
)
from nnnotes.activations import ALL, Activation
from nnnotes.quadrature import gaussian_mean
from nnnotes.tables import Table

__all__ = ["Moments", "moments", "moments_table"]


@dataclass(frozen=True)
class Moments:
    """Three means over z ~ N(0, 1), and what follows from them for a deep network.

    Args:
        mean: E g(z).
        mean_square: E g(z)².
        slope_mean_square: E g'(z)².

    Raises:
        ValueError: if a number is not finite, mean_square is not greater than 0, or slope_mean_square is negative.
        TypeError: if one is not a number.

    Example:
        >>> relu = Moments(mean=0.398942, mean_square=0.5, slope_mean_square=0.5)
        >>> print(f"{relu.variance:.3f} {relu.gain:.3f} {relu.chi:.3f}")
        0.341 1.414 1.000
    """

    mean: float
    mean_square: float
    slope_mean_square: float

    def __post_init__(self) -> None:
        check_number("mean", self.mean)
        check_positive("mean_square", self.mean_square)
        check_number(
            "slope_mean_square",
            self.slope_mean_square,
            "a finite number of at least 0",
            lambda number: number >= 0,
        )

    @property
    def variance(self) -> float:
        """The variance of g(z)."""
        return self.mean_square - self.mean**2

    @property
    def gain(self) -> float:
        """The number 1 / sqrt(E g(z)²), as `nnnotes.initializers.gain` computes it."""
        return float(self.mean_square**-0.5)

    @property
    def chi(self) -> float:
        """The ratio E g'(z)² / E g(z)².

        After weights of variance gain² / n, in layers of n units, the mean square of the gradient changes by this
        factor from a layer to the one before it.
        """
        return self.slope_mean_square / self.mean_square


def moments(g: Activation) -> Moments:
    """Compute the moments of an activation.

    Args:
        g: the activation.

    Raises:
        TypeError: if g is not an activation.

    Example:
        >>> from nnnotes import sigmoid
        >>> print(f"{moments(sigmoid).mean:.6f} {moments(sigmoid).mean_square:.6f}")
        0.500000 0.293379

    References:
        Poole, B., Lahiri, S., Raghu, M., Sohl-Dickstein, J. and Ganguli, S., "Exponential expressivity in deep neural
        networks through transient chaos", NIPS 2016, doi:10.48550/arXiv.1606.05340, for chi.
    """
    check_kind("g", g, Activation, AN_ACTIVATION)
    return Moments(
        mean=gaussian_mean(g, g.kinks),
        mean_square=gaussian_mean(lambda z: g(z) ** 2, g.kinks),
        slope_mean_square=gaussian_mean(lambda z: g.derivative(z) ** 2, g.kinks),
    )


def moments_table(gs: Iterable[Activation] = ALL) -> Table:
    """Tabulate the moments of activations: mean, mean square, gain and chi.

    Args:
        gs: the activations.

    Raises:
        TypeError: if they are not iterable, or one of them is not an activation.

    Example:
        >>> from nnnotes import relu, tanh
        >>> print(moments_table([relu, tanh]))
        g     E g    E g²   gain   chi
        ReLU  0.399  0.500  1.414  1.000
        Tanh  0.000  0.394  1.593  1.178
    """
    if not isinstance(gs, Iterable):
        raise TypeError(f"gs: expected a list of activations, but got {shown(gs)}")
    rows = []
    for g in gs:
        m = moments(g)
        numbers = (m.mean, m.mean_square, m.gain, m.chi)
        # an odd function's mean is rounded to -0; adding 0 takes the sign away
        rows.append((g.name, *(f"{round(x, 3) + 0.0:.3f}" for x in numbers)))
    return Table(("g", "E g", "E g²", "gain", "chi"), tuple(rows))
