"""One layer: Z = W A_prev + b, A = g(Z), and its derivatives in both directions."""

from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from nnnotes._checks import (
    AN_ACTIVATION,
    AN_INITIALIZER,
    check_dtype,
    check_float,
    check_kind,
    check_same_dtype,
    shown,
)
from nnnotes.activations import Activation
from nnnotes.arrays import Array, Float
from nnnotes.initializers import He, Initializer
from nnnotes.shapes import check_shapes

__all__ = ["Cache", "Dense", "Gradients", "Tangents", "dense"]


@dataclass(frozen=True, eq=False)
class Cache:
    """What the forward pass of a layer keeps for the backward pass.

    Args:
        A_prev: the layer's input, one example per column; no copy, so it must not be changed before the backward pass.
        Z: the pre-activation, one example per column.

    Example:
        >>> from nnnotes import tanh
        >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
        >>> A, cache = layer.forward(np.zeros((2, 5)))
        >>> cache.A_prev.shape, cache.Z.shape
        ((2, 5), (3, 5))
    """

    A_prev: Float[Array, "n_in m"]
    Z: Float[Array, "n_out m"]


@dataclass(frozen=True, eq=False)
class Gradients:
    """The derivatives of the loss with respect to a layer's parameters.

    Args:
        dW: the derivative with respect to the weights, of their shape.
        db: the derivative with respect to the biases, of their shape.

    Example:
        >>> Gradients(dW=np.zeros((3, 2)), db=np.zeros((3, 1))).dW.shape
        (3, 2)
    """

    dW: Float[Array, "n_out n_in"]
    db: Float[Array, "n_out 1"]


@dataclass(frozen=True, eq=False)
class Tangents:
    """The direction in which a layer's parameters move.

    Args:
        Wdot: the velocity of the weights, of their shape.
        bdot: the velocity of the biases, of their shape.

    Example:
        >>> Tangents(Wdot=np.zeros((3, 2)), bdot=np.zeros((3, 1))).Wdot.shape
        (3, 2)
    """

    Wdot: Float[Array, "n_out n_in"]
    bdot: Float[Array, "n_out 1"]


@dataclass(frozen=True, eq=False)
class Dense:
    """A fully connected layer: n_out units, each of which sees all n_in inputs.

    The arrays are not copied: who changes them later changes the layer.

    Args:
        W: the weights, one unit per row.
        b: the biases, one unit per row.
        g: the activation of the units.

    Raises:
        ShapeError: if b is not one column with as many rows as W.
        TypeError: if W or b is not a floating-point array, their dtypes differ, or g is not an activation.

    Example:
        >>> from nnnotes import relu
        >>> layer = Dense(W=np.array([[1.0, -1.0]]), b=np.array([[0.5]]), g=relu)
        >>> A, cache = layer.forward(np.array([[2.0, 0.0], [1.0, 3.0]]))
        >>> print(A)
        [[1.5 0. ]]
    """

    W: Float[Array, "n_out n_in"]
    b: Float[Array, "n_out 1"]
    g: Activation

    def __post_init__(self) -> None:
        check_shapes("n_out n_in, n_out 1", W=self.W, b=self.b)
        check_float(W=self.W, b=self.b)
        check_same_dtype(W=self.W, b=self.b)
        check_kind("g", self.g, Activation, AN_ACTIVATION)

    def forward(
        self, A_prev: Float[Array, "n_in m"]
    ) -> tuple[Float[Array, "n_out m"], Cache]:
        """Return the layer's output, and the cache that `backward` needs.

        Args:
            A_prev: the layer's input, one example per column; the cache holds this very array. If its dtype is wider
                than that of W, the output has it, too.

        Raises:
            ShapeError: if A_prev does not have one row for each column of W.
            TypeError: if A_prev is not a floating-point array.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.forward(np.zeros((4, 5)))
            Traceback (most recent call last):
                ...
            nnnotes.shapes.ShapeError: A_prev: axis n_in is 4, but W has n_in = 2; expected (n_in, m), got (4, 5)
        """
        check_shapes("n_out n_in, n_in m", W=self.W, A_prev=A_prev)
        check_float(A_prev=A_prev)
        Z = self.W @ A_prev + self.b
        A = self.g(Z)
        return A, Cache(A_prev, Z)

    @overload
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Cache
    ) -> tuple[Float[Array, "n_in m"], Gradients]: ...
    @overload
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Cache, *, first: bool
    ) -> tuple[Float[Array, "n_in m"] | None, Gradients]: ...
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Cache, *, first: bool = False
    ) -> tuple[Float[Array, "n_in m"] | None, Gradients]:
        """Return the derivatives of the loss with respect to the layer's input and parameters.

        There is no 1/m here: the mean over the examples is part of the loss, and dA already holds it.

        Args:
            dA: the derivative of the loss with respect to the layer's output, of its shape.
            cache: what `forward` returned for the same examples.
            first: whether the layer is the network's first. Nobody needs the derivative with respect to the network's
                input then; it is left out, and None is returned in its place.

        Raises:
            ShapeError: if dA does not have the shape of the output, or the cache is another layer's.
            TypeError: if dA or what the cache holds is not a floating-point array, or cache not a cache.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> A, cache = layer.forward(np.zeros((2, 5)))
            >>> dA_prev, gradients = layer.backward(np.ones((3, 5)), cache)
            >>> dA_prev.shape, gradients.dW.shape, gradients.db.shape
            ((2, 5), (3, 2), (3, 1))

        References:
            Rumelhart, D. E., Hinton, G. E. and Williams, R. J., 1986, doi:10.1038/323533a0.
        """
        self._check(cache, dA=dA)
        dZ = dA * self.g.derivative(cache.Z)
        dW = dZ @ cache.A_prev.T
        db = dZ.sum(axis=1, keepdims=True)
        if first:
            return None, Gradients(dW, db)
        dA_prev = self.W.T @ dZ
        return dA_prev, Gradients(dW, db)

    def jvp(
        self, Adot_prev: Float[Array, "n_in m"], tangents: Tangents, cache: Cache
    ) -> Float[Array, "n_out m"]:
        """Return how fast the layer's output moves when its input and parameters do: the product with its Jacobian.

        This is one layer of forward mode. Its transpose, the product on the other side, is `backward`.

        Args:
            Adot_prev: the velocity of the layer's input, of its shape.
            tangents: the velocity of the layer's parameters.
            cache: what `forward` returned for the same examples.

        Raises:
            ShapeError: if a velocity does not have the shape of what moves, or the cache is another layer's.
            TypeError: if a velocity is not a floating-point array, tangents not Tangents, or cache not a cache.

        Example:
            >>> from nnnotes import identity
            >>> layer = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> A, cache = layer.forward(np.array([[3.0]]))
            >>> still = Tangents(np.array([[0.0]]), np.array([[0.0]]))
            >>> print(layer.jvp(np.array([[1.0]]), still, cache))
            [[2.]]

        References:
            Griewank, A. and Walther, A., Evaluating Derivatives, 2nd edition, 2008, doi:10.1137/1.9780898717761.
        """
        if not isinstance(tangents, Tangents):
            raise TypeError(f"tangents: expected Tangents, but got {shown(tangents)}")
        check_shapes(
            "n_out n_in, n_out n_in, n_out 1",
            W=self.W,
            Wdot=tangents.Wdot,
            bdot=tangents.bdot,
        )
        check_float(Adot_prev=Adot_prev, Wdot=tangents.Wdot, bdot=tangents.bdot)
        self._check(cache)
        check_shapes("n_in m, n_in m", A_prev=cache.A_prev, Adot_prev=Adot_prev)
        Zdot = self.W @ Adot_prev + tangents.Wdot @ cache.A_prev + tangents.bdot
        Adot = self.g.derivative(cache.Z) * Zdot
        return Adot

    def _check(self, cache: Cache, **dA: Array) -> None:
        if not isinstance(cache, Cache):
            raise TypeError(
                f"cache: expected the Cache that forward returned, but got {shown(cache)}"
            )
        patterns = "n_out n_in, n_in m, n_out m" + ", n_out m" * len(dA)
        check_shapes(patterns, W=self.W, A_prev=cache.A_prev, Z=cache.Z, **dA)
        check_float(A_prev=cache.A_prev, Z=cache.Z, **dA)


def dense(
    rng: np.random.Generator,
    n_out: int,
    n_in: int,
    g: Activation,
    init: Initializer = He(),
    dtype: type[np.floating[Any]] = np.float64,
) -> Dense:
    """Make a layer with drawn weights and biases 0.

    Args:
        rng: the source of randomness; the same state gives the same layer.
        n_out: the number of units.
        n_in: the number of inputs.
        g: the activation of the units.
        init: how the weights are drawn.
        dtype: the floating-point type of weights and biases; draws are made in float64 and then rounded.

    Raises:
        ValueError: if a size is less than 1.
        TypeError: if an argument is of another type, such as a name in place of an activation.

    Example:
        >>> from nnnotes import tanh
        >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
        >>> layer.W.shape, layer.b.shape
        ((3, 2), (3, 1))
    """
    check_kind("init", init, Initializer, AN_INITIALIZER)
    check_dtype(dtype)
    W = init(rng, n_out, n_in).astype(dtype)
    return Dense(W, np.zeros((n_out, 1), dtype), g)
