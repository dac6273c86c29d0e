"""Residual layers, around which a shortcut carries their input to their output."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from nnnotes._checks import check_array, check_fits, check_kind, check_number
from nnnotes.arrays import Array, Float
from nnnotes.layers import Layer, Mirror, checked
from nnnotes.networks import (
    Network,
    check_caches,
    check_each,
    check_network,
    in_evaluation,
    observed,
    pass_back,
    pass_forward,
    pass_velocity,
)
from nnnotes.shapes import ShapeError, compare_shapes

__all__ = ["Residual", "ResidualCache", "ResidualGradients", "ResidualTangents"]


@dataclass(frozen=True, eq=False)
class ResidualCache:
    """What the forward pass of a residual layer keeps for the backward pass.

    Args:
        B: the output of the branch, one example per column.
        caches: the caches of the branch's layers.

    Example:
        >>> from nnnotes import mlp, tanh
        >>> layer = Residual(mlp(np.random.default_rng(0), [2, 3, 2], tanh))
        >>> A, cache = layer.forward(np.ones((2, 5)))
        >>> cache.B.shape, len(cache.caches)
        ((2, 5), 2)
    """

    B: Float[Array, "n m"]
    caches: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class ResidualGradients(Mirror):
    """The derivatives of the loss with respect to a residual layer's parameters.

    Args:
        dalpha: the derivative with respect to the factor of the branch.
        branch: the gradients of the branch's layers.

    Example:
        >>> ResidualGradients(dalpha=0.5, branch=()).dalpha
        0.5
    """

    dalpha: float
    branch: tuple[Mirror, ...]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"alpha": _array(self.dalpha), **_by_name(self.branch)}


@dataclass(frozen=True, eq=False)
class ResidualTangents(Mirror):
    """The direction in which a residual layer's parameters move.

    Args:
        alphadot: the velocity of the factor of the branch.
        branch: the tangents of the branch's layers.

    Example:
        >>> ResidualTangents(alphadot=0.5, branch=()).alphadot
        0.5
    """

    alphadot: float
    branch: tuple[Mirror, ...]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"alpha": _array(self.alphadot), **_by_name(self.branch)}


def _array(number: float) -> Array:
    return np.array([[number]], np.float64)


def _inside(number: int, name: str) -> str:
    return f"branch[{number}].{name}"


def _by_name(parts: Any) -> dict[str, Array]:
    """Return the arrays of a branch's layers, or of what mirrors them, by name and number of layer."""
    return {
        _inside(number, name): array
        for number, part in enumerate(parts)
        for name, array in part.by_name.items()
    }


@dataclass(frozen=True, eq=False)
class Residual(Layer):
    """A residual layer: its output is its input plus alpha times what a branch of layers makes of the input.

    Args:
        branch: the layers of the branch, which has as many outputs as inputs.
        alpha: the factor of the branch, a finite number. 0 makes the layer the identity.

    Raises:
        ShapeError: if the branch does not have as many outputs as inputs.
        ValueError: if the branch has no layers, or alpha is not finite in its dtype.
        TypeError: if the branch is not a tuple of layers, or alpha not a number.

    Example:
        >>> from nnnotes import mlp, tanh
        >>> layer = Residual(mlp(np.random.default_rng(0), [2, 3, 2], tanh), alpha=0.0)
        >>> A, cache = layer.forward(np.array([[1.0], [2.0]]))
        >>> print(A.T)
        [[1. 2.]]

    References:
        He, K., Zhang, X., Ren, S. and Sun, J., "Deep residual learning for image recognition", 2016,
        doi:10.1109/CVPR.2016.90.
        Bachlechner, T., Majumder, B. P., Mao, H., Cottrell, G. and McAuley, J., "ReZero is all you need: fast
        convergence at large depth", UAI 2021, doi:10.48550/arXiv.2003.04887, for alpha.
    """

    branch: Network
    alpha: float = 1.0

    gradients_kind: ClassVar[type] = ResidualGradients
    tangents_kind: ClassVar[type] = ResidualTangents

    def __post_init__(self) -> None:
        check_network(self.branch)
        check_number("alpha", self.alpha)
        check_fits(self.branch[0].dtype, alpha=self.alpha)
        # A NumPy number would give single precision its own dtype.
        object.__setattr__(self, "alpha", float(self.alpha))
        if self.n_out != self.n_in:
            raise ShapeError(
                f"branch: the last layer has n_out = {self.n_out}, but the first has n_in = {self.n_in}"
            )

    @property
    def n_in(self) -> int:
        """The number of inputs, which is that of the outputs."""
        return self.branch[0].n_in

    @property
    def n_out(self) -> int:
        """The number of outputs, which is that of the inputs."""
        return self.branch[-1].n_out

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the branch."""
        return self.branch[0].dtype

    @property
    def inner(self) -> Network:  # type: ignore[override]  # here it depends
        """The layers of the branch."""
        return self.branch

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]  # here it depends
        """The weights of the branch's layers."""
        return tuple(
            _inside(number, name)
            for number, layer in enumerate(self.branch)
            for name in layer.weights
        )

    @property
    def parameters(self) -> dict[str, Array]:
        """The factor alpha, as an array, and the parameters of the branch's layers by name and number of layer."""
        inside = {
            _inside(number, name): array
            for number, layer in enumerate(self.branch)
            for name, array in layer.parameters.items()
        }
        return {"alpha": _array(self.alpha), **inside}

    @checked
    def forward(
        self, A_prev: Float[Array, "n m"]
    ) -> tuple[Float[Array, "n m"], ResidualCache]:
        """Return the layer's output, and the cache that `backward` needs.

        Args:
            A_prev: the layer's input, one example per column.

        Raises:
            ShapeError: if A_prev does not have one row for each input of the branch.
            TypeError: if A_prev is not a floating-point array, or of a wider dtype than the branch.

        Example:
            >>> from nnnotes import Dense, identity
            >>> double = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> A, cache = Residual((double,), alpha=0.5).forward(np.array([[1.0, 3.0]]))
            >>> print(A)
            [[2. 6.]]
        """
        B, caches = pass_forward(self.branch, A_prev)
        A = A_prev + self.alpha * B
        return A, ResidualCache(B, caches)

    @checked
    def backward(
        self, dA: Float[Array, "n m"], cache: ResidualCache, *, first: bool = False
    ) -> tuple[Float[Array, "n m"], ResidualGradients]:
        """Return the derivatives of the loss with respect to the layer's input and parameters.

        Args:
            dA: the derivative of the loss with respect to the layer's output, of its shape.
            cache: what `forward` returned for the same examples.
            first: whether the layer is the network's first; it computes the derivative with respect to its input
                all the same.

        Raises:
            ShapeError: if dA does not have the shape of the output, or the cache is another layer's.
            ValueError: if the cache does not hold one cache for each layer of the branch.
            TypeError: if dA is not a floating-point array, or cache not a residual layer's cache.

        Example:
            >>> from nnnotes import mlp, tanh
            >>> layer = Residual(mlp(np.random.default_rng(0), [2, 3, 2], tanh), alpha=0.0)
            >>> A, cache = layer.forward(np.ones((2, 5)))
            >>> dA_prev, gradients = layer.backward(np.ones((2, 5)), cache)
            >>> print((dA_prev == 1).all(), round(gradients.dalpha, 3) == round(cache.B.sum(), 3))
            True True
        """
        # In half precision the sum would stop growing at 2048, or overflow.
        dalpha = float(np.multiply(dA, cache.B, dtype=np.float64).sum())
        dB = self.alpha * dA
        dA_branch, branch = pass_back(self.branch, dB, cache.caches)
        dA_prev = dA + dA_branch
        return dA_prev, ResidualGradients(dalpha, branch)

    @checked
    def jvp(
        self,
        Adot_prev: Float[Array, "n m"],
        tangents: ResidualTangents,
        cache: ResidualCache,
    ) -> Float[Array, "n m"]:
        """Return how fast the layer's output moves when its input and parameters do: the product with its Jacobian.

        Args:
            Adot_prev: the velocity of the layer's input, of its shape.
            tangents: the velocity of the layer's parameters.
            cache: what `forward` returned for the same examples.

        Raises:
            ShapeError: if a velocity does not have the shape of what moves, or the cache is another layer's.
            ValueError: if there are not one cache and one velocity for each layer of the branch.
            TypeError: if an argument is of another type.

        Example:
            >>> from nnnotes import Dense, identity
            >>> double = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> layer = Residual((double,), alpha=0.5)
            >>> A, cache = layer.forward(np.array([[3.0]]))
            >>> still = double.tangents({"W": np.zeros((1, 1)), "b": np.zeros((1, 1))})
            >>> print(layer.jvp(np.array([[1.0]]), ResidualTangents(1.0, (still,)), cache))  # 1 + 6 + 0.5 · 2
            [[8.]]
        """
        Bdot = pass_velocity(self.branch, Adot_prev, tangents.branch, cache.caches)
        return Adot_prev + tangents.alphadot * cache.B + self.alpha * Bdot

    def with_parameters(self, parameters: Mapping[str, Array]) -> "Residual":
        alpha = parameters.get("alpha", _array(self.alpha))
        branch = (
            layer.with_parameters(
                {
                    name: parameters[_inside(number, name)]
                    for name in layer.parameters
                    if _inside(number, name) in parameters
                }
            )
            for number, layer in enumerate(self.branch)
        )
        new = object.__new__(Residual)
        vars(new).update(branch=tuple(branch), alpha=alpha.item())
        return new

    def with_inner(self, inner: Network) -> "Residual":
        return replace(self, branch=inner)

    def observe(self, cache: ResidualCache) -> "Residual":
        new = object.__new__(Residual)
        branch = observed(self.branch, cache.caches)
        vars(new).update(branch=branch, alpha=self.alpha)
        return new

    def in_evaluation(self) -> "Residual":
        return self.with_inner(in_evaluation(self.branch))

    def gradients(self, by_name: Mapping[str, Array]) -> ResidualGradients:
        parts = (
            layer.gradients(part)
            for layer, part in zip(self.branch, self._split(by_name), strict=True)
        )
        return ResidualGradients(by_name["alpha"].item(), tuple(parts))

    def tangents(self, by_name: Mapping[str, Array]) -> ResidualTangents:
        parts = (
            layer.tangents(part)
            for layer, part in zip(self.branch, self._split(by_name), strict=True)
        )
        return ResidualTangents(by_name["alpha"].item(), tuple(parts))

    def _split(self, by_name: Mapping[str, Array]) -> list[dict[str, Array]]:
        """Sort what belongs to the branch by its layers."""
        return [
            {name: by_name[_inside(number, name)] for name in layer.parameters}
            for number, layer in enumerate(self.branch)
        ]

    def check_mirror(self, what: str, mirror: Any) -> None:
        kind = getattr(self, f"{what}_kind")
        check_kind(what, mirror, kind, kind.__name__)
        name, factor = next(iter(vars(mirror).items()))
        check_number(name, factor)
        if what == "tangents":
            check_fits(self.dtype, **{name: factor})
        check_each(what, mirror.branch, self.branch)
        for layer, part in zip(self.branch, mirror.branch, strict=True):
            layer.check_mirror(what, part)

    def check_cache(self, cache: ResidualCache) -> int:
        words = "the ResidualCache that forward returned"
        check_kind("cache", cache, ResidualCache, words)
        check_array("B", cache.B)
        check_each("caches", cache.caches, self.branch)
        m = check_caches(self.branch, cache.caches)
        shapes = {"the branch": (self.n_out, m), "B": cache.B.shape}
        compare_shapes("n m, n m", shapes)
        self._check_dtype(B=cache.B)
        return m
