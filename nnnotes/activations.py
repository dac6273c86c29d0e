"""Activation functions: each one's value, slope and both formulas, side by side."""

import functools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

import numpy as np

from nnnotes._checks import (
    as_float,
    check_float,
    check_number,
    check_positive,
    check_usable,
)
from nnnotes._values import Value, names
from nnnotes.arrays import Array, Float, Number, Real
from nnnotes.formula import latex, names_in_arguments
from nnnotes.shapes import check_shapes
from nnnotes.special import scaled_tail, two_product


@dataclass(frozen=True, eq=False)
class Activation(Value, ABC):
    """A function g that a layer applies to each element of its pre-activation Z.

    A subclass says its value and its slope, once as formulas and once as code. The fields of the class are the
    parameters in the formulas. Values keep the dtype of a floating-point array; integers are computed in float64. Where
    z is nan, so is the value; in the formula of the slope no condition holds there.

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
    """The points at which the slope, or even the value, jumps."""

    range: ClassVar[str] = "(-oo, oo)"
    """The values that g takes, as an interval with a square bracket at an end that it reaches, or as a set in braces.

    The ends are Python text in the parameters, and ``oo``; what has no closed form is rounded to six decimals.
    """

    crossings: ClassVar[tuple[float, ...]] = ()
    """Where the slope changes its sign because two terms cancel, to four decimals.

    Close to these points only the absolute error of the slope is small.
    """

    smoothness: ClassVar[float] = math.inf
    """How many of the derivatives of g are continuous; inf if all are, 0 if only g itself is, -1 if g jumps."""

    precision: ClassVar[type[np.floating[Any]]] = np.float32
    """What `blockwise` computes in, if the input is less precise."""

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
    @overload
    def __call__(self, z: Sequence[Any]) -> Float[Array, "..."]: ...
    def __call__(self, z: Any) -> Any:
        """Return g(z), elementwise.

        Args:
            z: a number, or an array of any shape, or lists of numbers.

        Raises:
            ValueError: if a parameter is beyond the numbers of z's dtype, or lists differ in length.
            TypeError: if z does not hold real numbers.

        Example:
            >>> from nnnotes import relu
            >>> print(relu(np.array([-1.5, 0.0, 2.0])))
            [0. 0. 2.]
        """
        return self._elementwise(self.value, z)

    @overload
    def derivative(self, z: Number) -> np.floating[Any]: ...
    @overload
    def derivative(self, z: Real[Array, "*shape"]) -> Float[Array, "*shape"]: ...
    @overload
    def derivative(self, z: Sequence[Any]) -> Float[Array, "..."]: ...
    def derivative(self, z: Any) -> Any:
        """Return g'(z), elementwise.

        Args:
            z: a number, or an array of any shape, or lists of numbers.

        Raises:
            ValueError: if a parameter is beyond the numbers of z's dtype, or lists differ in length.
            TypeError: if z does not hold real numbers.

        Example:
            >>> from nnnotes import relu
            >>> print(relu.derivative(np.array([-1.5, 0.0, 2.0])))
            [0. 0. 1.]
        """
        return self._elementwise(self.slope, z)

    def _elementwise(self, function: Callable[[Array], Array], z: object) -> Any:
        z = as_float(z, "z")
        check_usable(z.dtype, **self.parameters)
        if z.ndim == 0:
            # With an axis, since NumPy 1 widens a float32 scalar that meets a Python number.
            return function(z[np.newaxis])[0]
        return function(z)

    @property
    def parameters(self) -> dict[str, float]:
        """The symbols in the formulas other than z and a, with their numbers."""
        declared = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return declared | vars(self)

    @property
    def rescales(self) -> bool:
        """Whether a parameter stands in the argument of a function, as in exp(z / alpha).

        What it makes of z is rounded first, and where the function is steep that costs digits.
        """
        given = {entry.name for entry in fields(self) if entry.init}
        inside = names_in_arguments(self.formula, self.derivative_formula)
        return not given.isdisjoint(inside)

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

    @property
    def range_latex(self) -> str:
        """The values that g takes, an interval or a set, in LaTeX."""
        ends = (
            end if "." in end else latex(end)  # which would make it a fraction
            for end in self.range[1:-1].split(", ")
        )
        text = self.range[0] + ", ".join(ends) + self.range[-1]
        return text.replace("{", r"\{").replace("}", r"\}")

    def _repr_latex_(self) -> str:
        return f"$g(z) = {self.latex}$"


Method = TypeVar("Method", bound=Callable[..., Any])

BLOCK = 2**14  # numbers; a few arrays of them fit into a processor's cache


def blockwise(method: Method) -> Method:
    """Let a method that makes arrays on the way see a large input block by block, and half precision as single.

    The arrays on the way then stay small, whatever the input, and in the processor's cache.

    Args:
        method: a value or a slope, which computes elementwise.

    Example:
        >>> from nnnotes import sigmoid
        >>> sigmoid(np.ones((200, 300))).shape  # two blocks
        (200, 300)
    """

    @functools.wraps(method)
    def in_blocks(self: Activation, z: Array) -> Array:
        wide = z.dtype.itemsize >= np.dtype(self.precision).itemsize
        if wide and z.size <= BLOCK:
            return method(self, z)
        dtype = z.dtype if wide else self.precision
        result = np.empty(z.shape, z.dtype)
        for part, out in zip(_blocks(z), _blocks(result), strict=True):
            out[...] = method(self, part.astype(dtype, copy=False))
        return result

    return in_blocks  # type: ignore[return-value]  # the same signature


def _blocks(array: Array) -> list[Array]:
    flat = array.ravel()
    return [flat[start : start + BLOCK] for start in range(0, flat.size, BLOCK)]


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
        # np.ones takes twice as long for a layer of a few units, and each last layer asks for this.
        slope = np.empty(z.shape, z.dtype)
        slope.fill(1)
        return slope


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
    range: ClassVar[str] = "[0, oo)"
    smoothness: ClassVar[float] = 0

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.maximum(z, 0)

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return (z > 0).astype(z.dtype)


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """Leaky rectified linear unit: pass what is positive, and multiply the rest by a small slope.

    For slopes up to 1 this is max(alpha z, z); for larger ones it is not. At the kink we take g'(0) = alpha.

    Args:
        alpha: the slope for negative z, finite and not 0 (with 0 it would be ReLU).

    Raises:
        ValueError: if alpha is 0 or not finite.
        TypeError: if alpha is not a number.

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

    def __post_init__(self) -> None:
        check_number(
            "alpha", self.alpha, "a finite slope other than 0", lambda alpha: alpha != 0
        )

    @property
    def kinks(self) -> tuple[float, ...]:  # type: ignore[override]  # here it depends
        """The point 0, unless alpha is 1, which makes it the identity."""
        return () if self.alpha == 1 else (0.0,)

    @property
    def range(self) -> str:  # type: ignore[override]  # here it depends
        """All numbers, unless alpha is negative."""
        return "(-oo, oo)" if self.alpha > 0 else "[0, oo)"

    @property
    def smoothness(self) -> float:  # type: ignore[override]  # here it depends
        """How many derivatives are continuous, which is 0, or all if alpha is 1."""
        return math.inf if self.alpha == 1 else 0

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.maximum(z, 0) + self.alpha * np.minimum(z, 0)

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        positive = (z > 0).astype(z.dtype)  # 1 or 0
        return positive + self.alpha * (1 - positive)


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
    range: ClassVar[str] = "(0, 1)"

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # Never overflows; from z = 37 on the sigmoid rounds to 1.
        e = np.exp(np.minimum(z, 40))
        return e / (1 + e)

    @blockwise
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
    range: ClassVar[str] = "(-1, 1)"

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # the formula itself overflows: inf / inf is nan
        return np.tanh(z)

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # 1 - a**2 would be 0 from about z = 19 on; this is 1 / cosh(z)**2.
        e = np.exp(-np.abs(z))
        root = (e + e) / (1 + e * e)
        return root * root


@dataclass(frozen=True)
class Step(Activation):
    """Unit step, the oldest activation: 1 if the pre-activation is positive, else 0.

    Its derivative is 0 wherever it has one, so gradient descent learns nothing through it. At the jump we take
    g(0) = 0 and g'(0) = 0.

    Example:
        >>> print(Step()(np.array([-2.0, 0.0, 3.0])))
        [0. 0. 1.]

    References:
        McCulloch, W. S. and Pitts, W., "A logical calculus of the ideas immanent in nervous activity", Bulletin of
        Mathematical Biophysics 5, 1943, doi:10.1007/BF02478259.
    """

    formula: ClassVar[str] = "1 if z > 0 else 0"
    derivative_formula: ClassVar[str] = "0"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    range: ClassVar[str] = "{0, 1}"
    smoothness: ClassVar[float] = -1

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.heaviside(z, z.dtype.type(0))

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.zeros_like(z)


@dataclass(frozen=True)
class Softplus(Activation):
    """Softplus: ReLU with its corner rounded off; its slope is the sigmoid.

    Example:
        >>> print(Softplus()(np.array([-1000.0, 0.0, 100.0])).round(4))
        [  0.       0.6931 100.    ]

    References:
        Dugas, C., Bengio, Y., Bélisle, F., Nadeau, C. and Garcia, R., "Incorporating second-order functional knowledge
        for better option pricing", NIPS 2000.
    """

    formula: ClassVar[str] = "log(1 + exp(z))"
    derivative_formula: ClassVar[str] = "1 / (1 + exp(-z))"
    range: ClassVar[str] = "(0, oo)"

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # the formula overflows at 710, and loses its digits below 0: 1 + exp(z) rounds
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return sigmoid.value(z)


@dataclass(frozen=True)
class ELU(Activation):
    """Exponential linear unit: pass what is positive, and let the rest approach -alpha.

    Args:
        alpha: minus the limit for negative z, greater than 0 and finite; with 1 the slope does not jump at 0.

    Raises:
        ValueError: if alpha is not greater than 0 and finite.
        TypeError: if alpha is not a number.

    Example:
        >>> print(ELU()(np.array([-1000.0, -1.0, 2.0])).round(4))
        [-1.     -0.6321  2.    ]

    References:
        Clevert, D.-A., Unterthiner, T. and Hochreiter, S., "Fast and accurate deep network learning by exponential
        linear units (ELUs)", ICLR 2016, doi:10.48550/arXiv.1511.07289.
    """

    alpha: float = 1.0

    formula: ClassVar[str] = "z if z > 0 else alpha * (exp(z) - 1)"
    derivative_formula: ClassVar[str] = "1 if z > 0 else alpha * exp(z)"
    range: ClassVar[str] = "(-alpha, oo)"

    def __post_init__(self) -> None:
        check_positive("alpha", self.alpha)

    @property
    def kinks(self) -> tuple[float, ...]:  # type: ignore[override]  # here it depends
        """The point 0, unless alpha is 1."""
        return () if self.alpha == 1 else (0.0,)

    @property
    def smoothness(self) -> float:  # type: ignore[override]  # here it depends
        """How many derivatives are continuous, which is 1 if alpha is 1, else 0."""
        return 1 if self.alpha == 1 else 0

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # exp(z) - 1 would cancel near 0
        return np.maximum(z, 0) + self.alpha * np.expm1(np.minimum(z, 0))

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        positive = (z > 0).astype(z.dtype)  # 1 or 0
        return positive + self.alpha * (np.exp(np.minimum(z, 0)) - positive)


@dataclass(frozen=True)
class SELU(Activation):
    """Scaled exponential linear unit: an ELU scaled so that mean 0 and variance 1 are a fixed point.

    With weights of variance 1 / n_in, units whose inputs have mean 0 and variance 1 have these again; nearby values are
    drawn to them. Both constants follow from that condition: alpha is 1.6733, and lambda 1.0507.

    Example:
        >>> print(SELU()(np.array([-1000.0, 0.0, 1.0])).round(4))
        [-1.7581  0.      1.0507]

    References:
        Klambauer, G., Unterthiner, T., Mayr, A. and Hochreiter, S., "Self-normalizing neural networks", NIPS 2017,
        doi:10.48550/arXiv.1706.02515.
    """

    alpha: float = field(default=1.6732632423543772, init=False, repr=False)
    lambda_: float = field(default=1.0507009873554805, init=False, repr=False)

    formula: ClassVar[str] = "lambda_ * (z if z > 0 else alpha * (exp(z) - 1))"
    derivative_formula: ClassVar[str] = "lambda_ * (1 if z > 0 else alpha * exp(z))"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    range: ClassVar[str] = "(-lambda_ * alpha, oo)"
    smoothness: ClassVar[float] = 0

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return self.lambda_ * ELU(self.alpha).value(z)

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return self.lambda_ * ELU(self.alpha).slope(z)


@dataclass(frozen=True)
class GELU(Activation):
    """Gaussian error linear unit: z times the probability that a standard normal number is below z.

    The slope is 0 at z = -0.7518; close to that point two terms cancel, and only their absolute error is small.

    Example:
        >>> print(GELU()(np.array([-1000.0, -1.0, 1.0])).round(4))
        [ 0.     -0.1587  0.8413]

    References:
        Hendrycks, D. and Gimpel, K., "Gaussian error linear units (GELUs)", 2016, doi:10.48550/arXiv.1606.08415.
    """

    formula: ClassVar[str] = "z / 2 * (1 + erf(z / sqrt(2)))"
    derivative_formula: ClassVar[str] = (
        "(1 + erf(z / sqrt(2))) / 2 + z * exp(-(z**2 / 2)) / sqrt(2 * pi)"
    )
    range: ClassVar[str] = "[-0.169971, oo)"
    crossings: ClassVar[tuple[float, ...]] = (-0.7518,)
    precision: ClassVar[type[np.floating[Any]]] = np.float64

    # The probability of more than |z| is scaled_tail(|z|) exp(-z²/2).

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        size = np.minimum(np.abs(z), 40)  # beyond, the tail is 0
        return np.maximum(z, 0) - _times_bell(size * scaled_tail(size), size)

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        size = np.minimum(np.abs(z), 40)
        tail = scaled_tail(size) - size / np.sqrt(2 * np.pi)
        sign = np.sign(z)
        return (1 + sign) / 2 - sign * _times_bell(tail, size)


def _times_bell(factor: Array, z: Array) -> Array:
    """Multiply by exp(-z²/2), which alone may be too small for a float."""
    square, lost = two_product(z, z)
    root = np.exp(-square / 4)
    product = factor * root * root
    return product - product * (lost / 2)


@dataclass(frozen=True)
class GELUTanh(Activation):
    """GELU with the normal distribution replaced by a tanh: within 0.0005 of `GELU`, and a function of its own.

    The number kappa is 0.044715. The slope is 0 at z = -0.7525; close to that point two terms cancel, and only their
    absolute error is small.

    Example:
        >>> print(GELUTanh()(np.array([-1000.0, -1.0, 1.0])).round(4))
        [ 0.     -0.1588  0.8412]

    References:
        Hendrycks, D. and Gimpel, K., "Gaussian error linear units (GELUs)", 2016, doi:10.48550/arXiv.1606.08415.
    """

    kappa: float = field(default=0.044715, init=False, repr=False)

    formula: ClassVar[str] = "z / 2 * (1 + tanh(sqrt(2 / pi) * (z + kappa * z**3)))"
    derivative_formula: ClassVar[str] = (
        "(1 + tanh(sqrt(2 / pi) * (z + kappa * z**3))) / 2"
        " + z / 2 * (1 - tanh(sqrt(2 / pi) * (z + kappa * z**3))**2)"
        " * sqrt(2 / pi) * (1 + 3 * kappa * z**2)"
    )
    range: ClassVar[str] = "[-0.170041, oo)"
    crossings: ClassVar[tuple[float, ...]] = (-0.7525,)
    precision: ClassVar[type[np.floating[Any]]] = np.float64

    # (1 + tanh(w / 2)) / 2 is the sigmoid of w, which does not cancel.

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        size = np.minimum(np.abs(z), 40)  # beyond, the sigmoid of -w is 0
        root = self._root(-size)
        return np.maximum(z, 0) - size * root / (1 + root * root) * root

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        z = np.clip(z, -40, 40)
        root = self._root(z)
        rest = 1 / (1 + root * root)  # 1 - sigmoid(w)
        dw = np.sqrt(8 / np.pi) * (1 + 3 * self.kappa * z * z)
        return (1 + z * rest * dw) * rest * root * root

    def _root(self, z: Array) -> Array:
        """Compute exp(w/2), with w/2 = sqrt(2/pi) (z + kappa z³) to twice the digits of a float."""
        z = np.clip(z, -40, 8)  # beyond, the sigmoid of w is 0 or 1
        square, square_lost = two_product(z, z)
        cubic, cubic_lost = two_product(square, self.kappa)
        factor = 1 + cubic
        factor_lost = (1 - (factor - (factor - 1))) + (cubic - (factor - 1))
        factor_lost += cubic_lost + self.kappa * square_lost
        product, product_lost = two_product(z, factor)
        product_lost += z * factor_lost
        half, half_lost = two_product(product, _HIGH)
        half_lost += _HIGH * product_lost + _LOW * product
        root = np.exp(half)
        return root + root * half_lost


# sqrt(2 / pi), and what is left of it.
_HIGH, _LOW = 0.7978845608028654, -4.98465440455546e-17


@dataclass(frozen=True)
class SiLU(Activation):
    """Sigmoid linear unit, also called Swish: z times its sigmoid.

    The slope is 0 at z = -1.2785; close to that point two terms cancel, and only their absolute error is small.

    Example:
        >>> print(SiLU()(np.array([-1000.0, -1.0, 1.0])).round(4))
        [ 0.     -0.2689  0.7311]

    References:
        Hendrycks, D. and Gimpel, K., "Gaussian error linear units (GELUs)", 2016, doi:10.48550/arXiv.1606.08415.
        Elfwing, S., Uchibe, E. and Doya, K., "Sigmoid-weighted linear units for neural network function approximation
        in reinforcement learning", Neural Networks 107, 2018, doi:10.1016/j.neunet.2017.12.012.
        Ramachandran, P., Zoph, B. and Le, Q. V., "Searching for activation functions", 2017,
        doi:10.48550/arXiv.1710.05941.
    """

    formula: ClassVar[str] = "z / (1 + exp(-z))"
    derivative_formula: ClassVar[str] = "(1 + z - a) / (1 + exp(-z))"
    range: ClassVar[str] = "[-0.278465, oo)"
    crossings: ClassVar[tuple[float, ...]] = (-1.2785,)
    precision: ClassVar[type[np.floating[Any]]] = np.float64

    # A root of exp(z) may be squared after a large factor: exp(z) alone is 0 too early.

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        size = np.minimum(np.abs(z), 2000)  # beyond, the sigmoid of -|z| is 0
        root = np.exp(-size / 2)
        return np.maximum(z, 0) - size * root / (1 + root * root) * root

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        z = np.clip(z, -2000, 50)
        root = np.exp(z / 2)
        rest = 1 / (1 + root * root)  # 1 - sigmoid(z)
        return (1 + z * rest) * rest * root * root


@dataclass(frozen=True)
class Mish(Activation):
    """Mish: z times the tanh of its softplus.

    The slope is 0 at z = -1.1924; close to that point two terms cancel, and only their absolute error is small.

    Example:
        >>> print(Mish()(np.array([-1000.0, -1.0, 1.0])).round(4))
        [ 0.     -0.3034  0.8651]

    References:
        Misra, D., "Mish: a self regularized non-monotonic activation function", BMVC 2020,
        doi:10.48550/arXiv.1908.08681.
    """

    formula: ClassVar[str] = "z * tanh(log(1 + exp(z)))"
    derivative_formula: ClassVar[str] = (
        "tanh(log(1 + exp(z))) + z * (1 - tanh(log(1 + exp(z)))**2) / (1 + exp(-z))"
    )
    range: ClassVar[str] = "[-0.308843, oo)"
    crossings: ClassVar[tuple[float, ...]] = (-1.1924,)
    precision: ClassVar[type[np.floating[Any]]] = np.float64

    # With e = exp(z) and w = e (e + 2), tanh(log(1 + e)) is w / (w + 2).

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        negative = np.clip(z, -2000, 0)
        root = np.exp(np.minimum(z, 50) / 2)  # beyond, the tanh is 1
        e = root * root
        w = e * (e + 2)
        right = np.maximum(z, 0) * (w / (w + 2))
        return right + negative * root * (e + 2) / (w + 2) * root

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        z = np.clip(z, -2000, 50)
        root = np.exp(z / 2)
        e = root * root
        rest = 2 / (e * (e + 2) + 2)  # 1 - tanh
        return ((e + 2) / 2 + z * (1 + e) * rest) * rest * root * root


@dataclass(frozen=True)
class HardSigmoid(Activation):
    """Hard sigmoid: a straight line from (-3, 0) to (3, 1), and constant beyond.

    At the kinks we take the slope 0. Some libraries have other ends than 3.

    Example:
        >>> print(HardSigmoid()(np.array([-5.0, 0.0, 1.5, 5.0])))
        [0.   0.5  0.75 1.  ]

    References:
        Howard, A. et al., "Searching for MobileNetV3", ICCV 2019, doi:10.1109/ICCV.2019.00140.
    """

    formula: ClassVar[str] = "min(max((z + 3) / 6, 0), 1)"
    derivative_formula: ClassVar[str] = "1 / 6 if abs(z) < 3 else 0"
    kinks: ClassVar[tuple[float, ...]] = (-3.0, 3.0)
    range: ClassVar[str] = "[0, 1]"
    smoothness: ClassVar[float] = 0

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.clip(z + 3, 0, 6) / 6

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return (np.abs(z) < 3).astype(z.dtype) / 6


@dataclass(frozen=True)
class HardTanh(Activation):
    """Hard tanh: the identity from -1 to 1, and constant beyond.

    At the kinks we take the slope 0.

    Example:
        >>> print(HardTanh()(np.array([-5.0, 0.25, 5.0])))
        [-1.    0.25  1.  ]

    References:
        Collobert, R. et al., "Natural language processing (almost) from scratch", Journal of Machine Learning
        Research 12, 2011.
    """

    formula: ClassVar[str] = "min(max(z, -1), 1)"
    derivative_formula: ClassVar[str] = "1 if abs(z) < 1 else 0"
    kinks: ClassVar[tuple[float, ...]] = (-1.0, 1.0)
    range: ClassVar[str] = "[-1, 1]"
    smoothness: ClassVar[float] = 0

    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.clip(z, -1, 1)

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return (np.abs(z) < 1).astype(z.dtype)


@dataclass(frozen=True)
class Softsign(Activation):
    """Softsign: like tanh, but it nears its limits -1 and 1 as slowly as 1/z.

    Example:
        >>> print(Softsign()(np.array([-3.0, 0.0, 1.0])))
        [-0.75  0.    0.5 ]

    References:
        Elliott, D. L., "A better activation function for artificial neural networks", Institute for Systems Research,
        University of Maryland, TR 93-8, 1993.
    """

    formula: ClassVar[str] = "z / (1 + abs(z))"
    derivative_formula: ClassVar[str] = "1 / (1 + abs(z))**2"
    range: ClassVar[str] = "(-1, 1)"
    smoothness: ClassVar[float] = 1

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # infinity over infinity would be nan
        largest = np.finfo(z.dtype).max
        z = np.clip(z, -largest, largest)
        return z / (1 + np.abs(z))

    @blockwise
    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        # the square of 1 + |z| would overflow
        return (1 / (1 + np.abs(z))) ** 2


@dataclass(frozen=True)
class SquaredReLU(Activation):
    """Squared rectified linear unit: pass the square of what is positive, and make the rest 0.

    Example:
        >>> print(SquaredReLU()(np.array([-2.0, 3.0])))
        [0. 9.]

    References:
        So, D. R., Mańke, W., Liu, H., Dai, Z., Shazeer, N. and Le, Q. V., "Primer: Searching for efficient transformers
        for language modeling", NeurIPS 2021, doi:10.48550/arXiv.2109.08668.
    """

    formula: ClassVar[str] = "max(0, z)**2"
    derivative_formula: ClassVar[str] = "2 * max(0, z)"
    range: ClassVar[str] = "[0, oo)"
    smoothness: ClassVar[float] = 1

    @blockwise
    def value(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return np.maximum(z, 0) ** 2

    def slope(self, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        return 2 * np.maximum(z, 0)


@dataclass(frozen=True)
class Softmax:
    """Softmax: turn each column of numbers into probabilities that add up to 1.

    Not an `Activation`, since each output depends on the whole column. Its Jacobian is a matrix for each example;
    what the backward pass needs is its product with a vector, which `jvp` computes without the matrix. The Jacobian
    is symmetric, so forwards and backwards are the same product.

    Example:
        >>> print(Softmax()(np.array([[0.0, 1000.0], [0.0, 0.0]])))
        [[0.5 1. ]
         [0.5 0. ]]

    References:
        Bridle, J. S., "Probabilistic interpretation of feedforward classification network outputs, with relationships
        to statistical pattern recognition", in Neurocomputing, 1990, doi:10.1007/978-3-642-76153-9_28.
    """

    formula: ClassVar[str] = "exp(z[i]) / sum(exp(z[j]))"
    """The value of unit i, as Python text; j runs over the units."""

    derivative_formula: ClassVar[str] = "a[i] * (v[i] - sum(a[j] * v[j]))"
    """Unit i of the Jacobian times a vector v, as Python text in the value a."""

    def __call__(self, Z: Float[Array, "n_out m"]) -> Float[Array, "n_out m"]:
        """Return the probabilities, column by column.

        Args:
            Z: the pre-activations, one example per column.

        Raises:
            ShapeError: if Z does not have two axes.
            TypeError: if Z is not a floating-point array.

        Example:
            >>> from nnnotes import softmax
            >>> print(softmax(np.log(np.array([[1.0], [3.0]]))))
            [[0.25]
             [0.75]]
        """
        check_shapes("n_out m", Z=Z)
        check_float(Z=Z)
        # In half precision the sum of a long column would stop growing.
        z = Z.astype(np.promote_types(Z.dtype, np.float32), copy=False)
        # The greatest exponent is 0; a difference of -inf has the exponential 0.
        with np.errstate(over="ignore"):
            e = np.exp(z - z.max(axis=0))
        return (e / e.sum(axis=0)).astype(Z.dtype, copy=False)

    def jvp(
        self, Z: Float[Array, "n_out m"], V: Float[Array, "n_out m"]
    ) -> Float[Array, "n_out m"]:
        """Return the product of the Jacobian at Z with V, column by column.

        Args:
            Z: the pre-activations, one example per column.
            V: the directions, one per column.

        Raises:
            ShapeError: if Z does not have two axes, or V another shape.
            TypeError: if Z or V is not a floating-point array.

        Example:
            >>> from nnnotes import softmax
            >>> print(softmax.jvp(np.zeros((2, 1)), np.array([[1.0], [0.0]])))
            [[ 0.25]
             [-0.25]]
        """
        check_shapes("n_out m, n_out m", Z=Z, V=V)
        check_float(V=V)
        A = self(Z)
        return A * (V - (A * V).sum(axis=0))

    @property
    def latex(self) -> str:
        """The formula of the value in LaTeX, right-hand side only."""
        return latex(self.formula)

    @property
    def derivative_latex(self) -> str:
        """The formula of the product with the Jacobian in LaTeX, right-hand side only."""
        return latex(self.derivative_formula)

    def _repr_latex_(self) -> str:
        return f"$a_i = {self.latex}$"


# An entry gives an activation its name, and makes the package, the book and the tests know it.
ALL: tuple[Activation, ...] = (
    (identity := Identity()),
    (step := Step()),
    (relu := ReLU()),
    (leaky_relu := LeakyReLU()),
    (elu := ELU()),
    (selu := SELU()),
    (softplus := Softplus()),
    (gelu := GELU()),
    (gelu_tanh := GELUTanh()),
    (silu := SiLU()),
    (mish := Mish()),
    (sigmoid := Sigmoid()),
    (tanh := Tanh()),
    (softsign := Softsign()),
    (hard_sigmoid := HardSigmoid()),
    (hard_tanh := HardTanh()),
    (squared_relu := SquaredReLU()),
)
"""One of each activation, with its usual parameters. The plots, the tables and the tests run over these."""

softmax = Softmax()

if not TYPE_CHECKING:
    __all__ = ["Activation", *names(ALL, vars()), "Softmax", "softmax"]
