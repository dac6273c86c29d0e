"""Activation functions: each one's value, slope and both formulas, side by side."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, overload

import numpy as np

from nnnotes.arrays import Array, Float, Number, Real, as_float
from nnnotes.formula import latex

__all__ = [
    "ALL",
    "Activation",
    "Identity",
    "LeakyReLU",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "identity",
    "leaky_relu",
    "relu",
    "sigmoid",
    "tanh",
]


@dataclass(frozen=True)
class Activation(ABC):
    """A function g that a layer applies to each element of its pre-activation Z.

    A subclass says its value and its slope, once as formulas and once as code. The fields of the class are the
    parameters in the formulas. Values keep the dtype of a floating-point array; integers are computed in float64.

    Example:
        >>> from nnnotes import sigmoid
        >>> print(sigmoid.formula, "->", sigmoid(np.array([0.0, 2.0])).round(3))
        1 / (1 + exp(-z)) -> [0.5   0.881]
    """

    formula: ClassVar[str]
    """The value, as Python text in z."""

    derivative_formula: ClassVar[str]
    """The slope, as Python text in z and a = g(z)."""

    kinks: ClassVar[tuple[float, ...]] = ()
    """The points at which the slope jumps."""

    @abstractmethod
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        """Compute g(z) for a floating-point array with at least one axis, stably."""

    @abstractmethod
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        """Compute g'(z) for a floating-point array with at least one axis, stably."""

    @overload
    def __call__(self, z: Number) -> np.floating[Any]: ...
    @overload
    def __call__(self, z: Real[Array, "*shape"]) -> Float[Array, "*shape"]: ...
    def __call__(self, z: Any) -> Any:
        """Return g(z), elementwise.

        Args:
            z: a number, or an array of any shape.

        Raises:
            TypeError: if z does not hold real numbers.

        Example:
            >>> from nnnotes import relu
            >>> print(relu(np.array([-1.5, 0.0, 2.0])))
            [0. 0. 2.]
        """
        return _elementwise(self.value, z)

    @overload
    def derivative(self, z: Number) -> np.floating[Any]: ...
    @overload
    def derivative(self, z: Real[Array, "*shape"]) -> Float[Array, "*shape"]: ...
    def derivative(self, z: Any) -> Any:
        """Return g'(z), elementwise.

        Args:
            z: a number, or an array of any shape.

        Raises:
            TypeError: if z does not hold real numbers.

        Example:
            >>> from nnnotes import relu
            >>> print(relu.derivative(np.array([-1.5, 0.0, 2.0])))
            [0. 0. 1.]
        """
        return _elementwise(self.slope, z)

    @property
    def name(self) -> str:
        """The class's name with its parameters, as in ``LeakyReLU(alpha=0.01)``."""
        return repr(self).removesuffix("()")

    @property
    def latex(self) -> str:
        """The formula of the value in LaTeX, right-hand side only."""
        return latex(self.formula)

    @property
    def derivative_latex(self) -> str:
        """The formula of the slope in LaTeX, right-hand side only."""
        return latex(self.derivative_formula)

    def _repr_latex_(self) -> str:
        return f"$g(z) = {self.latex}$"


def _elementwise(function: Callable[[Array], Array], z: object) -> Any:
    z = as_float(z, "z")
    if (
        z.ndim == 0
    ):  # with an axis, since NumPy 1 widens a float32 scalar that meets a Python number
        return function(z[np.newaxis])[0]
    return function(z)


@dataclass(frozen=True)
class Identity(Activation):
    """The identity, which leaves the pre-activation as it is: a layer without an activation.

    Example:
        >>> print(Identity()(np.array([-2.0, 3.0])))
        [-2.  3.]
    """

    formula: ClassVar[str] = "z"
    derivative_formula: ClassVar[str] = "1"

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return z.copy()

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.where(np.isnan(z), z, np.ones_like(z))


@dataclass(frozen=True)
class ReLU(Activation):
    """Rectified linear unit: pass what is positive, and make the rest 0.

    At the kink we take g'(0) = 0, as most libraries do; every number from 0 to 1 is a subgradient.

    Example:
        >>> print(ReLU()(np.array([-2.0, 3.0])))
        [0. 3.]

    References:
        Nair, V. and Hinton, G. E., "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
        Bertoin, D. et al., "Numerical influence of ReLU'(0) on backpropagation", NeurIPS 2021.
    """

    formula: ClassVar[str] = "max(0, z)"
    derivative_formula: ClassVar[str] = "1 if z > 0 else 0"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.maximum(z, 0)

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # unlike a comparison, it lets nan through
        return np.heaviside(z, z.dtype.type(0))


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """Leaky rectified linear unit: pass what is positive, and multiply the rest by a small slope.

    For slopes up to 1 this is max(alpha z, z); for larger ones it is not. At the kink we take g'(0) = alpha.

    Args:
        alpha: the slope for negative z, finite and not 0 (with 0 it would be ReLU).

    Raises:
        ValueError: if alpha is 0 or not finite.

    Example:
        >>> print(LeakyReLU(0.1)(np.array([-2.0, 3.0])))
        [-0.2  3. ]

    References:
        Maas, A. L., Hannun, A. Y. and Ng, A. Y., "Rectifier nonlinearities improve neural network acoustic models",
        ICML Workshop on Deep Learning for Audio, Speech and Language Processing, 2013.
    """

    alpha: float = 0.01

    formula: ClassVar[str] = "z if z > 0 else alpha * z"
    derivative_formula: ClassVar[str] = "1 if z > 0 else alpha"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)

    def __post_init__(self) -> None:
        if self.alpha == 0 or not np.isfinite(as_float(self.alpha, "alpha")):
            raise ValueError(
                f"alpha: expected a finite slope other than 0, but got {self.alpha}"
            )

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.multiply(z, self.alpha, out=z.copy(), where=z <= 0)

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        slopes = np.where(z > 0, z.dtype.type(1), z.dtype.type(self.alpha))
        return np.where(np.isnan(z), z, slopes)


@dataclass(frozen=True)
class Sigmoid(Activation):
    """Logistic sigmoid: squash the real line into the interval (0, 1).

    Example:
        >>> print(Sigmoid()(np.array([-1000.0, 0.0, 1000.0])))
        [0.  0.5 1. ]

    References:
        Rumelhart, D. E., Hinton, G. E. and Williams, R. J., "Learning representations by back-propagating errors",
        Nature 323, 1986, doi:10.1038/323533a0.
    """

    formula: ClassVar[str] = "1 / (1 + exp(-z))"
    derivative_formula: ClassVar[str] = "a * (1 - a)"

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # never overflows: the exponent is never positive
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, z.dtype.type(1), e) / (1 + e)

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # a * (1 - a) would be 0 from z = 37 on: 1 - a cancels
        e = np.exp(-np.abs(z))
        return e / (1 + e) ** 2


@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent: squash the real line into the interval (-1, 1), centred at 0.

    Example:
        >>> print(Tanh()(np.array([-1000.0, 0.0, 1000.0])))
        [-1.  0.  1.]

    References:
        LeCun, Y., Bottou, L., Orr, G. B. and Müller, K.-R., "Efficient BackProp", in Neural Networks: Tricks of the
        Trade, 1998, doi:10.1007/3-540-49430-8_2.
    """

    formula: ClassVar[str] = "(exp(z) - exp(-z)) / (exp(z) + exp(-z))"
    derivative_formula: ClassVar[str] = "1 - a**2"

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # the formula itself overflows: inf / inf is nan
        return np.tanh(z)

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # 1 - a**2 would be 0 from z = 19 on; this is 1 / cosh(z)**2
        e = np.exp(-np.abs(z))
        return (2 * e / (1 + e * e)) ** 2


identity = Identity()
"""The identity."""

relu = ReLU()
"""ReLU."""

leaky_relu = LeakyReLU()
"""Leaky ReLU with slope 0.01."""

sigmoid = Sigmoid()
"""The sigmoid."""

tanh = Tanh()
"""The hyperbolic tangent."""

ALL: tuple[Activation, ...] = (identity, relu, leaky_relu, sigmoid, tanh)
"""One of each activation, with its usual parameters. The plots, the tables and the tests run over these."""
