"""Gated units: two pre-activations, of which one decides how much of the other gets through."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from nnnotes._checks import AN_ACTIVATION, as_float, check_kind, check_same_shape
from nnnotes._values import Value, names
from nnnotes.activations import Activation, gelu, identity, relu, sigmoid, silu
from nnnotes.arrays import Array, Float, Number, Real
from nnnotes.formula import latex


@dataclass(frozen=True, eq=False)
class Gate(Value):
    """A gated unit, a = u g(v): an activation of one pre-activation multiplies another one.

    A layer with such units has two weight matrices, one for u and one for v. Values keep the dtype of floating-point
    arrays, the wider one of two; integers are computed in float64. Numbers should be finite: infinity times 0 is nan.

    Args:
        g: the activation of v.

    Raises:
        TypeError: if g is not an activation.

    Example:
        >>> from nnnotes import tanh
        >>> gate = Gate(tanh)
        >>> print(gate(np.array([2.0, 2.0]), np.array([0.0, 9.0])).round(4))
        [0. 2.]

    References:
        Shazeer, N., "GLU variants improve Transformer", 2020, doi:10.48550/arXiv.2002.05202.
    """

    g: Activation

    def __post_init__(self) -> None:
        check_kind("g", self.g, Activation, AN_ACTIVATION)

    @property
    def parameters(self) -> dict[str, float]:
        """The symbols in the formulas other than u, v and h, with their numbers."""
        return self.g.parameters

    @property
    def formula(self) -> str:
        """The value, as Python text in u and v."""
        return _times_u(_in_v(self.g.formula))

    @property
    def derivative_formulas(self) -> tuple[str, str]:
        """The partial derivatives by u and by v, as Python text in u, v and h = g(v)."""
        return _in_v(self.g.formula), _times_u(_in_v(self.g.derivative_formula))

    @overload
    def __call__(self, u: Number, v: Number) -> np.floating[Any]: ...
    @overload
    def __call__(
        self, u: Real[Array, "*shape"], v: Real[Array, "*shape"]
    ) -> Float[Array, "*shape"]: ...
    def __call__(self, u: Any, v: Any) -> Any:
        """Return u g(v), elementwise.

        Args:
            u: a number, or an array of any shape.
            v: as u, of the same shape.

        Raises:
            ValueError: if the shapes differ.
            TypeError: if u or v does not hold real numbers.

        Example:
            >>> print(glu(np.array([3.0, 3.0]), np.array([-100.0, 0.0])).round(4))
            [0.  1.5]
        """
        u, v = _pair(u, v)
        return self.value(u[np.newaxis], v[np.newaxis])[0]

    @overload
    def derivative(
        self, u: Number, v: Number
    ) -> tuple[np.floating[Any], np.floating[Any]]: ...
    @overload
    def derivative(
        self, u: Real[Array, "*shape"], v: Real[Array, "*shape"]
    ) -> tuple[Float[Array, "*shape"], Float[Array, "*shape"]]: ...
    def derivative(self, u: Any, v: Any) -> Any:
        """Return the partial derivatives by u and by v, which are g(v) and u g'(v), elementwise.

        Args:
            u: a number, or an array of any shape.
            v: as u, of the same shape.

        Raises:
            ValueError: if the shapes differ.
            TypeError: if u or v does not hold real numbers.

        Example:
            >>> by_u, by_v = glu.derivative(np.array([3.0, 3.0]), np.array([-100.0, 0.0]))
            >>> print(by_u.round(4), by_v.round(4))
            [0.  0.5] [0.   0.75]
        """
        u, v = _pair(u, v)
        by_u, by_v = self.slopes(u[np.newaxis], v[np.newaxis])
        return by_u[0], by_v[0]

    def value(
        self, u: Float[Array, "*shape"], v: Float[Array, "*shape"]
    ) -> Float[Array, "*shape"]:
        """Compute u g(v) for two arrays of one shape and dtype.

        Args:
            u: an array with at least one axis.
            v: an array like u.

        Example:
            >>> print(bilinear.value(np.array([2.0]), np.array([-3.0])))
            [-6.]
        """
        return u * self.g.value(v)

    def slopes(
        self, u: Float[Array, "*shape"], v: Float[Array, "*shape"]
    ) -> tuple[Float[Array, "*shape"], Float[Array, "*shape"]]:
        """Compute the partial derivatives by u and by v for two arrays of one shape and dtype.

        Args:
            u: an array with at least one axis.
            v: an array like u.

        Example:
            >>> print(bilinear.slopes(np.array([2.0]), np.array([-3.0])))
            (array([-3.]), array([2.]))
        """
        return self.g.value(v), u * self.g.slope(v)

    @property
    def latex(self) -> str:
        """The formula of the value in LaTeX, right-hand side only."""
        return latex(self.formula)

    @property
    def derivatives_latex(self) -> str:
        r"""The formulas of both partial derivatives in LaTeX, as equations one below the other."""
        lines = (
            rf"\frac{{\partial a}}{{\partial {name}}} &= {latex(text)}"
            for name, text in zip("uv", self.derivative_formulas, strict=True)
        )
        return r"\begin{aligned} " + r" \\[2ex] ".join(lines) + r" \end{aligned}"

    def _repr_latex_(self) -> str:
        return f"$a = {self.latex}$"


def _in_v(formula: str) -> str:
    """Rename the letters of an activation's formula: z is v here, and a, its value, is h."""
    letters = {"z": "v", "a": "h"}
    return re.sub(r"\b[za]\b", lambda letter: letters[letter[0]], formula)


def _times_u(formula: str) -> str:
    return "u" if formula == "1" else f"u * ({formula})"


def _pair(u: object, v: object) -> tuple[Array, Array]:
    u, v = as_float(u, "u"), as_float(v, "v")
    check_same_shape(u=u, v=v)
    dtype = np.promote_types(u.dtype, v.dtype)
    return u.astype(dtype, copy=False), v.astype(dtype, copy=False)


@dataclass(frozen=True)
class GLU(Gate):
    """Gated linear unit: a sigmoid of v says which share of u gets through.

    Example:
        >>> print(GLU()(2.0, 0.0))
        1.0

    References:
        Dauphin, Y. N., Fan, A., Auli, M. and Grangier, D., "Language modeling with gated convolutional networks",
        ICML 2017, doi:10.48550/arXiv.1612.08083.
    """

    g: Activation = field(default=sigmoid, init=False, repr=False)


@dataclass(frozen=True)
class Bilinear(Gate):
    """Bilinear unit: the product of two pre-activations, without any activation.

    Example:
        >>> print(Bilinear()(2.0, -3.0))
        -6.0

    References:
        Mnih, A. and Hinton, G., "Three new graphical models for statistical language modelling", ICML 2007,
        doi:10.1145/1273496.1273577.
    """

    g: Activation = field(default=identity, init=False, repr=False)


@dataclass(frozen=True)
class ReGLU(Gate):
    """Gated unit with ReLU: the product of u and v where v is positive, and 0 elsewhere.

    Example:
        >>> print(ReGLU()(2.0, 3.0), ReGLU()(2.0, -3.0))
        6.0 0.0

    References:
        Shazeer, N., "GLU variants improve Transformer", 2020, doi:10.48550/arXiv.2002.05202.
    """

    g: Activation = field(default=relu, init=False, repr=False)


@dataclass(frozen=True)
class GEGLU(Gate):
    """Gated unit with GELU.

    Example:
        >>> print(f"{GEGLU()(2.0, 1.0):.4f}")
        1.6827

    References:
        Shazeer, N., "GLU variants improve Transformer", 2020, doi:10.48550/arXiv.2002.05202.
    """

    g: Activation = field(default=gelu, init=False, repr=False)


@dataclass(frozen=True)
class SwiGLU(Gate):
    """Gated unit with SiLU, which is also called Swish.

    Example:
        >>> print(f"{SwiGLU()(2.0, 1.0):.4f}")
        1.4621

    References:
        Shazeer, N., "GLU variants improve Transformer", 2020, doi:10.48550/arXiv.2002.05202.
    """

    g: Activation = field(default=silu, init=False, repr=False)


ALL: tuple[Gate, ...] = (
    (glu := GLU()),
    (bilinear := Bilinear()),
    (reglu := ReGLU()),
    (geglu := GEGLU()),
    (swiglu := SwiGLU()),
)
"""One of each gated unit."""

if not TYPE_CHECKING:
    __all__ = ["Gate", *names(ALL, vars())]
