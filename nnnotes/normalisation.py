"""Normalisation layers: numbers are divided by their root mean square along an axis, with or without their mean first.

Then they get a scale that is learnt.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from nnnotes._checks import (
    AN_ACTIVATION,
    check_count,
    check_dtype,
    check_fits,
    check_float,
    check_kind,
    check_not_negative,
    check_number,
    check_same_dtype,
)
from nnnotes.activations import Activation, identity
from nnnotes.arrays import Array, Float
from nnnotes.formula import Equation
from nnnotes.layers import Layer, Mirror, checked
from nnnotes.shapes import check_shapes, compare_shapes

__all__ = [
    "BatchNorm",
    "LayerNorm",
    "NormCache",
    "NormGradients",
    "NormTangents",
    "Normalisation",
    "RMSNorm",
    "ScaleGradients",
    "ScaleTangents",
]

AnyNorm = TypeVar("AnyNorm", bound="Normalisation")


@dataclass(frozen=True, eq=False)
class NormCache:
    """What the forward pass of a normalisation layer keeps for the backward pass.

    Args:
        X_hat: the normalised input, one example per column.
        mean: what was subtracted; 0 in `RMSNorm`.
        variance: the mean square of what was left. In half precision both are kept in single.

    Example:
        >>> A, cache = LayerNorm.of(2).forward(np.array([[1.0], [3.0]]))
        >>> print(cache.mean, cache.variance)
        [[2.]] [[1.]]
    """

    X_hat: Float[Array, "n m"]
    mean: Float[Array, "_ _"]
    variance: Float[Array, "_ _"]


@dataclass(frozen=True, eq=False)
class NormGradients(Mirror):
    """The derivatives of the loss with respect to the scales and the shifts of a normalisation layer.

    Args:
        dgamma: the derivative with respect to the scales.
        dbeta: the derivative with respect to the shifts.

    Example:
        >>> A, cache = LayerNorm.of(2).forward(np.array([[1.0], [3.0]]))
        >>> LayerNorm.of(2).backward(A, cache)[1].dgamma.shape
        (2, 1)
    """

    dgamma: Float[Array, "n 1"]
    dbeta: Float[Array, "n 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"gamma": self.dgamma, "beta": self.dbeta}


@dataclass(frozen=True, eq=False)
class NormTangents(Mirror):
    """The direction in which the scales and the shifts of a normalisation layer move.

    Args:
        gammadot: the velocity of the scales.
        betadot: the velocity of the shifts.

    Example:
        >>> layer = LayerNorm.of(2)
        >>> layer.tangents(layer.parameters).betadot.shape
        (2, 1)
    """

    gammadot: Float[Array, "n 1"]
    betadot: Float[Array, "n 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"gamma": self.gammadot, "beta": self.betadot}


@dataclass(frozen=True, eq=False)
class ScaleGradients(Mirror):
    """The derivative of the loss with respect to the scales of a normalisation layer without shifts.

    Args:
        dgamma: the derivative with respect to the scales.

    Example:
        >>> A, cache = RMSNorm.of(2).forward(np.array([[1.0], [3.0]]))
        >>> RMSNorm.of(2).backward(A, cache)[1].dgamma.shape
        (2, 1)
    """

    dgamma: Float[Array, "n 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"gamma": self.dgamma}


@dataclass(frozen=True, eq=False)
class ScaleTangents(Mirror):
    """The direction in which the scales of a normalisation layer without shifts move.

    Args:
        gammadot: the velocity of the scales.

    Example:
        >>> layer = RMSNorm.of(2)
        >>> layer.tangents(layer.parameters).gammadot.shape
        (2, 1)
    """

    gammadot: Float[Array, "n 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"gamma": self.gammadot}


class Normalisation(Layer):
    """A layer that normalises its input along an axis, and applies a scale, a shift and an activation to the result.

    The numbers are divided by their root mean square along the axis, with or without their mean first. A subclass is a
    frozen dataclass and says along which axis, whether the mean is subtracted, and both formulas. Means of half
    precision are taken in single.

    Example:
        >>> [norm.axis for norm in ALL]
        [1, 0, 0]
    """

    gamma: Float[Array, "n 1"]
    g: Activation
    epsilon: float

    axis: ClassVar[int]
    """The axis along which means are taken, of which 0 runs over the units and 1 over the examples."""

    centred: ClassVar[bool]
    """Whether the mean is subtracted."""

    equation: ClassVar[Equation]
    """The normalised input, as a formula in x; means are taken along the axis."""

    derivative_equation: ClassVar[Equation]
    """The derivative of the loss with respect to x, from that with respect to the normalised input."""

    names: ClassVar[tuple[str, ...]] = ("gamma", "beta")
    gradients_kind: ClassVar[type] = NormGradients
    tangents_kind: ClassVar[type] = NormTangents

    @classmethod
    @abstractmethod
    def of(
        cls: type[AnyNorm],
        n: int,
        g: Activation = identity,
        epsilon: float = 1e-5,
        dtype: DTypeLike = np.float64,
    ) -> AnyNorm:
        """Make a layer as training begins: scales 1, and shifts 0 where there are some.

        Args:
            n: the number of units, at least 1.
            g: the activation that follows.
            epsilon: what is added below the root, at least 0.
            dtype: the floating-point type of the parameters.

        Raises:
            ValueError: if n is less than 1, or epsilon less than 0.
            TypeError: if an argument is of another type.

        Example:
            >>> print(RMSNorm.of(2).gamma.T)
            [[1. 1.]]
        """

    def __post_init__(self) -> None:
        check_shapes(", ".join(["n 1"] * len(self.names)), **self.parameters)
        check_float(**self.parameters)
        check_same_dtype(**self.parameters)
        check_kind("g", self.g, Activation, AN_ACTIVATION)
        check_not_negative("epsilon", self.epsilon)
        check_fits(self.dtype, epsilon=self.epsilon, **self.g.parameters)
        # A NumPy number would give single precision its own dtype.
        object.__setattr__(self, "epsilon", float(self.epsilon))

    @property
    def n_in(self) -> int:
        """The number of inputs, which is that of the outputs."""
        return len(self.gamma)

    @property
    def n_out(self) -> int:
        """The number of outputs, which is that of the inputs."""
        return len(self.gamma)

    @checked
    def forward(
        self, A_prev: Float[Array, "n m"]
    ) -> tuple[Float[Array, "n m"], NormCache]:
        """Return the layer's output, and the cache that `backward` needs.

        Args:
            A_prev: the layer's input, one example per column.

        Raises:
            ShapeError: if A_prev does not have one row for each unit.
            ValueError: if epsilon is 0 and numbers do not vary, or batch normalisation has to learn from one example.
            TypeError: if A_prev is not a floating-point array, or of a wider dtype than the parameters.

        Example:
            >>> A, cache = LayerNorm.of(3).forward(np.array([[1.0], [2.0], [3.0]]))
            >>> print(A.T.round(3))
            [[-1.225  0.     1.225]]
        """
        X = self._wide(A_prev)
        mean, variance = self._statistics(X)
        X_hat = self._narrow((X - mean) / self._sigma(variance))
        A = self.g.value(self._scaled(X_hat))
        return A, NormCache(X_hat, mean, variance)

    @checked
    def backward(
        self, dA: Float[Array, "n m"], cache: NormCache, *, first: bool = False
    ) -> tuple[Float[Array, "n m"] | None, Any]:
        """Return the derivatives of the loss with respect to the layer's input and parameters.

        Args:
            dA: the derivative of the loss with respect to the layer's output, of its shape.
            cache: what `forward` returned for the same examples.
            first: whether to leave out the derivative with respect to the input.

        Raises:
            ShapeError: if dA does not have the shape of the output, or the cache is another layer's.
            TypeError: if dA is not a floating-point array, or cache not a normalisation layer's cache.

        Example:
            >>> layer = RMSNorm.of(2, epsilon=0)
            >>> A, cache = layer.forward(np.array([[3.0], [4.0]]))
            >>> print(layer.backward(np.array([[3.0], [4.0]]), cache)[0].T)  # a longer input changes nothing
            [[0. 0.]]
        """
        dZ = self._narrow(dA * self.slopes(cache))
        by_name = {"gamma": dZ * cache.X_hat, "beta": dZ}
        gradients = self.gradients(
            {name: self._summed(by_name[name]) for name in self.names}
        )
        if first:
            return None, gradients
        dX_hat = self.gamma * dZ
        return self._through(dX_hat, cache), gradients

    @checked
    def jvp(
        self, Adot_prev: Float[Array, "n m"], tangents: Any, cache: NormCache
    ) -> Float[Array, "n m"]:
        """Return how fast the layer's output moves when its input and parameters do: the product with its Jacobian.

        Args:
            Adot_prev: the velocity of the layer's input, of its shape.
            tangents: the velocity of the layer's parameters.
            cache: what `forward` returned for the same examples.

        Raises:
            ShapeError: if a velocity does not have the shape of what moves, or the cache is another layer's.
            TypeError: if a velocity is not a floating-point array, or an argument is of another type.

        Example:
            >>> layer = RMSNorm.of(2, epsilon=0)
            >>> A, cache = layer.forward(np.array([[3.0], [4.0]]))
            >>> still = layer.tangents({"gamma": np.zeros((2, 1))})
            >>> print(layer.jvp(np.array([[3.0], [4.0]]), still, cache).T)
            [[0. 0.]]
        """
        moved = {"gamma": cache.X_hat, "beta": 1}
        Zdot = self.gamma * self._through(Adot_prev, cache)
        for name, dot in tangents.by_name.items():
            Zdot = Zdot + dot * moved[name]
        return self._narrow(self.slopes(cache) * Zdot)

    def _statistics(self, X: Array) -> tuple[Array, Array]:
        """Return the mean along the axis, or 0, and the mean square of what is left without it."""
        mean = self._mean(X) if self.centred else np.zeros((1, 1), X.dtype)
        return mean, self._mean(np.square(X - mean))

    def _through(self, V: Array, cache: NormCache) -> Array:
        """Multiply with the Jacobian of the normalised input, which is symmetric: one product serves both ways."""
        V, X_hat = self._wide(V), self._wide(cache.X_hat)
        moved = V - X_hat * self._mean(X_hat * V)
        if self.centred:
            moved = moved - self._mean(V)
        return self._narrow(moved / self._sigma(cache.variance))

    def _mean(self, X: Array) -> Array:
        return X.mean(axis=self.axis, keepdims=True)

    def _sigma(self, variance: Array) -> Array:
        sigma = np.sqrt(variance + self.epsilon)
        if not sigma.all():
            raise ValueError(
                "A_prev: expected numbers that vary, since epsilon is 0, but all along an axis are the same"
            )
        return sigma

    def _scaled(self, X_hat: Array) -> Array:
        Z = self.gamma * X_hat
        return Z + self.parameters["beta"] if "beta" in self.names else Z

    def _summed(self, array: Array) -> Array:
        wide = np.promote_types(self.dtype, np.float32)
        return self._narrow(array.sum(axis=1, keepdims=True, dtype=wide))

    def _wide(self, array: Array) -> Array:
        return array.astype(np.promote_types(self.dtype, np.float32), copy=False)

    def _narrow(self, array: Array) -> Array:
        return array.astype(self.dtype, copy=False)

    def slopes(self, cache: NormCache) -> Array:
        return self.g.slope(self._scaled(cache.X_hat))

    def check_cache(self, cache: NormCache) -> int:
        check_kind("cache", cache, NormCache, "the NormCache that forward returned")
        sizes = check_shapes("n 1, n m", gamma=self.gamma, X_hat=cache.X_hat)
        self._check_dtype(X_hat=cache.X_hat)
        check_float(mean=cache.mean, variance=cache.variance)
        rows, columns = (1, sizes["m"]) if self.axis == 0 else (sizes["n"], 1)
        compare_shapes(
            "n m, n m",
            {"the statistics": (rows, columns), "variance": cache.variance.shape},
        )
        return sizes["m"]


@dataclass(frozen=True, eq=False)
class LayerNorm(Normalisation):
    """Layer normalisation: each example's numbers get mean 0 and mean square 1, whatever the other examples are.

    Args:
        gamma: the scale of each unit.
        beta: the shift of each unit.
        g: the activation that follows.
        epsilon: what is added to the variance, below the root, so that numbers that do not vary are no division by 0.

    Raises:
        ShapeError: if gamma and beta do not have the same shape, one unit per row.
        ValueError: if epsilon is negative or not finite.
        TypeError: if an array is not of a floating-point dtype, the dtypes differ, or g is not an activation.

    Example:
        >>> A, cache = LayerNorm.of(4).forward(np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0]]))
        >>> print(A.T.round(2))
        [[-1.34 -0.45  0.45  1.34]
         [-1.34 -0.45  0.45  1.34]]

    References:
        Ba, J. L., Kiros, J. R. and Hinton, G. E., "Layer normalization", 2016, doi:10.48550/arXiv.1607.06450.
    """

    gamma: Float[Array, "n 1"]
    beta: Float[Array, "n 1"]
    g: Activation = identity
    epsilon: float = 1e-5

    axis: ClassVar[int] = 0
    centred: ClassVar[bool] = True
    equation: ClassVar[Equation] = Equation(
        "xhat", "(x - mean(x)) / sqrt(variance(x) + epsilon)"
    )
    derivative_equation: ClassVar[Equation] = Equation(
        "dx",
        "(dxhat - mean(dxhat) - xhat * mean(xhat * dxhat)) / sqrt(variance(x) + epsilon)",
    )

    @classmethod
    def of(
        cls,
        n: int,
        g: Activation = identity,
        epsilon: float = 1e-5,
        dtype: DTypeLike = np.float64,
    ) -> "LayerNorm":
        ones = _ones(n, dtype)
        return cls(ones, 0 * ones, g, epsilon)


@dataclass(frozen=True, eq=False)
class RMSNorm(Normalisation):
    """RMS normalisation: each example's numbers are divided by their root mean square, and no mean is subtracted.

    Args:
        gamma: the scale of each unit; there are no shifts.
        g: the activation that follows.
        epsilon: what is added to the mean square, below the root.

    Raises:
        ShapeError: if gamma does not have one unit per row.
        ValueError: if epsilon is negative or not finite.
        TypeError: if gamma is not of a floating-point dtype, or g not an activation.

    Example:
        >>> A, cache = RMSNorm.of(2, epsilon=0).forward(np.array([[1.0], [7.0]]))
        >>> print(A.T)
        [[0.2 1.4]]

    References:
        Zhang, B. and Sennrich, R., "Root mean square layer normalization", NeurIPS 2019,
        doi:10.48550/arXiv.1910.07467.
    """

    gamma: Float[Array, "n 1"]
    g: Activation = identity
    epsilon: float = 1e-5

    names: ClassVar[tuple[str, ...]] = ("gamma",)
    gradients_kind: ClassVar[type] = ScaleGradients
    tangents_kind: ClassVar[type] = ScaleTangents
    axis: ClassVar[int] = 0
    centred: ClassVar[bool] = False
    equation: ClassVar[Equation] = Equation("xhat", "x / sqrt(mean(x**2) + epsilon)")
    derivative_equation: ClassVar[Equation] = Equation(
        "dx", "(dxhat - xhat * mean(xhat * dxhat)) / sqrt(mean(x**2) + epsilon)"
    )

    @classmethod
    def of(
        cls,
        n: int,
        g: Activation = identity,
        epsilon: float = 1e-5,
        dtype: DTypeLike = np.float64,
    ) -> "RMSNorm":
        return cls(_ones(n, dtype), g, epsilon)


@dataclass(frozen=True, eq=False)
class BatchNorm(Normalisation):
    """Batch normalisation: each unit's numbers get mean 0 and mean square 1 over the examples of a batch.

    In evaluation the batch plays no part. In place of its mean and variance stand running ones, which `observe` moves
    after each step of training. Nothing is changed in place: as a step of descent does, `observe` returns another
    layer, and `nnnotes.train` calls it.

    Args:
        gamma: the scale of each unit.
        beta: the shift of each unit.
        mean: the running mean of each unit.
        variance: the running variance of each unit.
        g: the activation that follows.
        epsilon: what is added to the variance, below the root.
        momentum: the share by which a step moves the running mean and variance, from 0 to 1.
        training: whether mean and variance are those of the batch.

    Raises:
        ShapeError: if the arrays do not have the same shape, one unit per row.
        ValueError: if epsilon is negative or not finite, or momentum not from 0 to 1.
        TypeError: if an array is not of a floating-point dtype, the dtypes of gamma and beta differ, or g is not an
            activation.

    Example:
        >>> A, cache = BatchNorm.of(1).forward(np.array([[1.0, 2.0, 3.0]]))
        >>> print(A.round(3))
        [[-1.225  0.     1.225]]

    References:
        Ioffe, S. and Szegedy, C., "Batch normalization: accelerating deep network training by reducing internal
        covariate shift", ICML 2015, doi:10.48550/arXiv.1502.03167.
    """

    gamma: Float[Array, "n 1"]
    beta: Float[Array, "n 1"]
    mean: Float[Array, "n 1"]
    variance: Float[Array, "n 1"]
    g: Activation = identity
    epsilon: float = 1e-5
    momentum: float = 0.1
    training: bool = True

    axis: ClassVar[int] = 1
    centred: ClassVar[bool] = True
    equation: ClassVar[Equation] = LayerNorm.equation
    derivative_equation: ClassVar[Equation] = LayerNorm.derivative_equation

    @classmethod
    def of(
        cls,
        n: int,
        g: Activation = identity,
        epsilon: float = 1e-5,
        dtype: DTypeLike = np.float64,
    ) -> "BatchNorm":
        ones = _ones(n, dtype)
        wide = ones.astype(np.promote_types(ones.dtype, np.float32))
        return cls(ones, 0 * ones, 0 * wide, wide, g, epsilon)

    def __post_init__(self) -> None:
        super().__post_init__()
        running = {"mean": self.mean, "variance": self.variance}
        check_shapes("n 1, n 1, n 1", gamma=self.gamma, **running)
        check_float(**running)
        check_number(
            "momentum", self.momentum, "a number from 0 to 1", lambda x: 0 <= x <= 1
        )
        check_kind("training", self.training, bool, "True or False")

    def observe(self, cache: NormCache) -> "BatchNorm":
        """Return the layer with the running mean and variance moved towards those of a batch.

        The variance of the batch is that without bias, m / (m - 1) times the one by which the batch was divided.

        Args:
            cache: what `forward` returned; in evaluation it moves nothing.

        Example:
            >>> layer = BatchNorm.of(1)
            >>> A, cache = layer.forward(np.array([[1.0, 3.0]]))
            >>> later = layer.observe(cache)
            >>> print(later.mean, later.variance, layer.mean)  # 0.1 · 2, 0.9 + 0.1 · 2
            [[0.2]] [[1.1]] [[0.]]
        """
        if not self.training:
            return self
        m = cache.X_hat.shape[1]
        share = float(self.momentum)
        return self.with_parameters(
            {
                "mean": (1 - share) * self.mean + share * cache.mean,
                "variance": (1 - share) * self.variance
                + share * m / (m - 1) * cache.variance,
            }
        )

    def in_evaluation(self) -> "BatchNorm":
        """Return the layer as it is used after training, with the running mean and variance.

        Example:
            >>> A, cache = BatchNorm.of(1, epsilon=0).in_evaluation().forward(np.array([[1.0, 3.0]]))
            >>> print(A)
            [[1. 3.]]
        """
        new = self.with_parameters({})
        vars(new)["training"] = False
        return new

    def _statistics(self, X: Array) -> tuple[Array, Array]:
        if not self.training:
            return self.mean, self.variance
        if X.shape[1] < 2:
            raise ValueError(
                f"A_prev: expected at least 2 examples to take a mean and a variance of, but got {X.shape[1]}; "
                "in_evaluation() takes the running ones"
            )
        return super()._statistics(X)

    def _through(self, V: Array, cache: NormCache) -> Array:
        if self.training:
            return super()._through(V, cache)
        return self._narrow(self._wide(V) / self._sigma(cache.variance))


def _ones(n: int, dtype: DTypeLike) -> Array:
    check_count("n", n)
    check_dtype(dtype)
    return np.ones((n, 1), dtype)


ALL: tuple[type[Normalisation], ...] = (BatchNorm, LayerNorm, RMSNorm)
"""Each kind of normalisation layer."""
