"""Losses: means over the examples, computed on the pre-activations of the last layer.

The activation of the output (identity, sigmoid or softmax) belongs to the loss. From Z, loss and gradient are
finite; the logarithm of an activation that rounds to 0 or 1 is not. The mean, and with it 1/m, is taken here and
nowhere else.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnnotes._checks import check_count, check_finite, check_float
from nnnotes._values import Value, class_names
from nnnotes.activations import Identity, Sigmoid, Softmax, sigmoid, softmax
from nnnotes.arrays import Array, Float, Integer
from nnnotes.formula import latex
from nnnotes.shapes import check_shapes
from nnnotes.special import log_sum_exp


@dataclass(frozen=True, eq=False)
class Loss(Value, ABC):
    """A function of the last pre-activation Z and the targets Y, averaged over the m examples.

    A subclass says the loss of an example, its output and its derivative, once as formulas and once as code. The fields
    of the class are the parameters in the formulas.

    Example:
        >>> from nnnotes import SquaredError
        >>> print(SquaredError()(np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]])))
        1.25
    """

    formula: ClassVar[str]
    """The loss of one example, as Python text; an index stands for the units of the output."""

    output_formula: ClassVar[str]
    """The activation that belongs to the loss, as Python text."""

    derivative_formula: ClassVar[str] = "a - y"
    """The derivative with respect to z, as Python text in z, the output a and the target y.

    It is a - y where the output fits the loss, as a sigmoid fits the cross-entropy.
    """

    targets: ClassVar[str] = "(-oo, oo)"
    """What a target may be, as an interval or a set in braces, like the range of an activation."""

    distributions: ClassVar[bool] = False
    """Whether the targets of one example are probabilities, which add up to 1."""

    @abstractmethod
    def output(self, Z: Float[Array, "n_out m"]) -> Float[Array, "n_out m"]:
        """Compute the network's output A, from the pre-activation."""

    @abstractmethod
    def _losses(self, Z: Array, Y: Array) -> Array:
        """Compute the loss, elementwise or by examples; its sum over all is m times the loss."""

    def _slopes(self, Z: Array, Y: Array) -> Array:
        """Compute the derivative of each example's loss with respect to Z."""
        return self.output(Z) - Y

    def _limits(self, Z: Array, Y: Array) -> Array:
        """Compute the same where the difference of infinite pre-activations, or 0 times one, is not a number."""
        return self._losses(Z, Y)

    def _check_targets(self, Y: Array) -> None:
        check_finite("targets", Y=Y)

    def _checked(self, Z: Array, Y: Array) -> Array:
        check_shapes("n_out m, n_out m", Z=Z, Y=Y)
        check_float(Z=Z)
        if Y.dtype.kind not in "fiub":
            raise TypeError(f"Y: expected real numbers, but got {Y.dtype}")
        self._check_targets(Y)
        return cast_targets(Y, Z.dtype)

    def __call__(self, Z: Float[Array, "n_out m"], Y: Array) -> float:
        """Return the mean loss.

        Args:
            Z: the last layer's pre-activations, one example per column.
            Y: the targets, of the same shape.

        Raises:
            ShapeError: if the shapes differ.
            ValueError: if the targets are not what the loss expects.
            TypeError: if Z is not a floating-point array, or Y holds no real numbers.

        Example:
            >>> from nnnotes import LogisticLoss
            >>> print(f"{LogisticLoss()(np.array([[1000.0]]), np.array([[0.0]])):.1f}")
            1000.0
        """
        return self._mean(Z, self._checked(Z, Y))

    @np.errstate(over="ignore", invalid="ignore")
    def _mean(self, Z: Array, Y: Array) -> float:
        # In half precision squares would overflow, and long sums stop growing.
        Z, Y = _at_least_single(Z), _at_least_single(Y)
        total = float(self._losses(Z, Y).sum(dtype=np.float64))
        if math.isnan(total):
            total = float(self._limits(Z, Y).sum(dtype=np.float64))
        return total / Z.shape[1]

    def gradient(self, Z: Float[Array, "n_out m"], Y: Array) -> Float[Array, "n_out m"]:
        """Return the derivative of the mean loss with respect to Z, in which each example counts 1/m.

        Args:
            Z: the last layer's pre-activations, one example per column.
            Y: the targets, of the same shape.

        Raises:
            ShapeError: if the shapes differ.
            ValueError: if the targets are not what the loss expects.
            TypeError: if Z is not a floating-point array, or Y holds no real numbers.

        Example:
            >>> from nnnotes import LogisticLoss
            >>> print(LogisticLoss().gradient(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]])))
            [[-0.25  0.25]]
        """
        return self._gradient(Z, self._checked(Z, Y))

    def _gradient(self, Z: Array, Y: Array) -> Array:
        # The count of examples may be beyond half precision, and so may a difference of two numbers.
        slopes = self._slopes(_at_least_single(Z), _at_least_single(Y))
        return (slopes / Z.shape[1]).astype(Z.dtype, copy=False)

    def value_and_gradient(
        self, Z: Float[Array, "n_out m"], Y: Array
    ) -> tuple[float, Float[Array, "n_out m"]]:
        """Return the mean loss and its derivative with respect to Z.

        Args:
            Z: the last layer's pre-activations, one example per column.
            Y: the targets, of the same shape.

        Raises:
            ShapeError: if the shapes differ.
            ValueError: if the targets are not what the loss expects.
            TypeError: if Z is not a floating-point array, or Y holds no real numbers.

        Example:
            >>> from nnnotes import SquaredError
            >>> value, gradient = SquaredError().value_and_gradient(np.array([[3.0]]), np.array([[1.0]]))
            >>> print(value, gradient)
            2.0 [[2.]]
        """
        return self._value_and_gradient(Z, self._checked(Z, Y))

    def _value_and_gradient(self, Z: Array, Y: Array) -> tuple[float, Array]:
        return self._mean(Z, Y), self._gradient(Z, Y)

    @property
    def latex(self) -> str:
        """The formula of the loss in LaTeX, right-hand side only."""
        return latex(self.formula)

    @property
    def output_latex(self) -> str:
        """The formula of the output in LaTeX, right-hand side only."""
        return latex(self.output_formula)

    @property
    def derivative_latex(self) -> str:
        """The formula of the derivative with respect to z in LaTeX, right-hand side only."""
        return latex(self.derivative_formula)

    def _repr_latex_(self) -> str:
        return f"$L = {self.latex}$"


@dataclass(frozen=True)
class SquaredError(Loss):
    """Half the squared distance between output and target, for regression.

    Example:
        >>> print(SquaredError()(np.array([[3.0]]), np.array([[1.0]])))
        2.0
    """

    formula: ClassVar[str] = "sum((z[j] - y[j])**2) / 2"
    output_formula: ClassVar[str] = Identity.formula

    def output(self, Z: Float[Array, "n_out m"]) -> Float[Array, "n_out m"]:
        return Z.copy()

    def _losses(self, Z: Array, Y: Array) -> Array:
        return (Z - Y) ** 2 / 2


@dataclass(frozen=True)
class LogisticLoss(Loss):
    """Binary cross-entropy of a sigmoid, for yes-or-no targets; with several rows, each is a question of its own.

    Example:
        >>> print(f"{LogisticLoss()(np.array([[0.0]]), np.array([[1.0]])):.4f}")
        0.6931
    """

    formula: ClassVar[str] = "sum(log(1 + exp(z[j])) - y[j] * z[j])"
    output_formula: ClassVar[str] = Sigmoid.formula
    targets: ClassVar[str] = "[0, 1]"

    def output(self, Z: Float[Array, "n_out m"]) -> Float[Array, "n_out m"]:
        return sigmoid.value(Z)

    def _losses(self, Z: Array, Y: Array) -> Array:
        # Never overflows, loses no digits near 0.
        return np.maximum(Z, 0) - Y * Z + np.log1p(np.exp(-np.abs(Z)))

    def _limits(self, Z: Array, Y: Array) -> Array:
        size = np.abs(Z)
        return _times(np.abs(Y - (Z > 0)), size) + np.log1p(np.exp(-size))

    def _check_targets(self, Y: Array) -> None:
        low, high = Y.min(), Y.max()
        if not (low >= 0 and high <= 1):  # so that nan is seen, too
            super()._check_targets(Y)
            raise ValueError(
                f"Y: expected targets from 0 to 1, but got {low} to {high}"
            )


@dataclass(frozen=True)
class SoftmaxLoss(Loss):
    """Cross-entropy of a softmax, for one class out of several: targets are one-hot columns, or probabilities.

    Example:
        >>> Z, Y = np.array([[0.0], [0.0]]), np.array([[1.0], [0.0]])
        >>> print(f"{SoftmaxLoss()(Z, Y):.4f}")
        0.6931
    """

    formula: ClassVar[str] = "log(sum(exp(z[j]))) - sum(y[j] * z[j])"
    output_formula: ClassVar[str] = Softmax.formula
    targets: ClassVar[str] = "[0, 1]"
    distributions: ClassVar[bool] = True

    def output(self, Z: Float[Array, "n_out m"]) -> Float[Array, "n_out m"]:
        return softmax(Z)

    # To take the greatest out changes nothing, since the targets of an example add up to 1, and keeps the difference
    # from cancelling.

    def _losses(self, Z: Array, Y: Array) -> Array:
        Z = Z - Z.max(axis=0)
        return log_sum_exp(Z) - (Y * Z).sum(axis=0)

    def _limits(self, Z: Array, Y: Array) -> Array:
        greatest = Z.max(axis=0)
        Z = np.where(greatest == Z, 0, Z - greatest)
        return log_sum_exp(Z) - _times(Y, Z).sum(axis=0)

    def _check_targets(self, Y: Array) -> None:
        super()._check_targets(Y)
        total = Y.sum(axis=0, dtype=np.float64)
        worst = np.abs(total - 1).argmax()
        if Y.min() < 0 or abs(total[worst] - 1) > 1e-3:
            raise ValueError(
                "Y: expected one-hot columns, or probabilities that add up to 1, "
                f"but column {worst} adds up to {total[worst]:g} and the least entry is {Y.min():g}"
            )


def _times(share: Array, Z: Array) -> Array:
    """Multiply by a share, of which 0 leaves nothing even of infinity."""
    return np.where(share == 0, 0, share * Z)


def _at_least_single(array: Array) -> Array:
    return array.astype(np.float32) if array.dtype == np.float16 else array


ALL: tuple[Loss, ...] = (
    SquaredError(),
    LogisticLoss(),
    SoftmaxLoss(),
)
"""One of each loss."""


def cast_targets(Y: Array, dtype: np.dtype[Any]) -> Array:
    """Turn targets into a dtype; raise ValueError if one is beyond its numbers."""
    with np.errstate(over="ignore"):
        cast = Y.astype(dtype, copy=False)
    if not np.isfinite(cast).all():
        largest = float(np.finfo(dtype).max)
        raise ValueError(
            f"Y: {np.abs(Y).max():g} is beyond the largest number of {dtype}, {largest:.5g}"
        )
    return cast


def one_hot(labels: Integer[Array, "m"], k: int) -> Float[Array, "k m"]:
    """Turn class labels into one-hot columns.

    Args:
        labels: the class of each example, from 0 to k - 1.
        k: the number of classes, at least 1.

    Raises:
        ShapeError: if labels does not have exactly one axis, or is empty.
        ValueError: if a label is not from 0 to k - 1.
        TypeError: if labels are not integers.

    Example:
        >>> print(one_hot(np.array([0, 2]), k=3))
        [[1. 0.]
         [0. 0.]
         [0. 1.]]
    """
    check_shapes("m", labels=labels)
    check_count("k", k)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels: expected integers, but got {labels.dtype}")
    if labels.min() < 0 or labels.max() >= k:
        raise ValueError(
            f"labels: expected classes from 0 to {k - 1}, but got {labels.min()} to {labels.max()}"
        )
    return (np.arange(k)[:, np.newaxis] == labels).astype(np.float64)


if not TYPE_CHECKING:
    __all__ = ["Loss", *class_names(ALL), "one_hot"]
