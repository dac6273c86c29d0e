"""Residual networks: layers around which a shortcut carries their input to their output."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnnotes._checks import check_float, check_number, check_positive, shown
from nnnotes.arrays import Array, Float
from nnnotes.layers import Cache, Dense, Gradients
from nnnotes.networks import Network, check_network
from nnnotes.networks import descend as descend_branch
from nnnotes.networks import forward as forward_branch
from nnnotes.shapes import ShapeError, check_shapes

__all__ = [
    "Residual",
    "ResidualCache",
    "ResidualGradients",
    "ResidualNetwork",
    "backward",
    "descend",
    "forward",
]


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
    caches: tuple[Cache, ...]


@dataclass(frozen=True, eq=False)
class ResidualGradients:
    """The derivatives of the loss with respect to a residual layer's parameters.

    Args:
        dalpha: the derivative with respect to the factor of the branch.
        branch: the gradients of the branch's layers.

    Example:
        >>> ResidualGradients(dalpha=0.5, branch=()).dalpha
        0.5
    """

    dalpha: float
    branch: tuple[Gradients, ...]


@dataclass(frozen=True, eq=False)
class Residual:
    """A residual layer: its output is its input plus alpha times what a branch of ordinary layers makes of the input.

    Args:
        branch: the layers of the branch, which has as many outputs as inputs.
        alpha: the factor of the branch, a finite number. 0 makes the layer the identity.

    Raises:
        ShapeError: if the branch does not have as many outputs as inputs.
        ValueError: if the branch has no layers, or alpha is not finite.
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

    def __post_init__(self) -> None:
        check_network(self.branch)
        check_number("alpha", self.alpha)
        # A NumPy number would give single precision its own dtype.
        object.__setattr__(self, "alpha", float(self.alpha))
        n_in, n_out = self.branch[0].W.shape[1], len(self.branch[-1].W)
        if n_out != n_in:
            raise ShapeError(
                f"branch: the last layer has n_out = {n_out}, but the first has n_in = {n_in}"
            )

    def forward(
        self, A_prev: Float[Array, "n m"]
    ) -> tuple[Float[Array, "n m"], ResidualCache]:
        """Return the layer's output, and the cache that `backward` needs.

        Args:
            A_prev: the layer's input, one example per column.

        Raises:
            ShapeError: if A_prev does not have one row for each input of the branch.
            TypeError: if A_prev is not a floating-point array.

        Example:
            >>> from nnnotes import Dense, identity
            >>> double = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> A, cache = Residual((double,), alpha=0.5).forward(np.array([[1.0, 3.0]]))
            >>> print(A)
            [[2. 6.]]
        """
        B, caches = forward_branch(self.branch, A_prev)
        A = A_prev + self.alpha * B
        return A, ResidualCache(B, caches)

    def backward(
        self, dA: Float[Array, "n m"], cache: ResidualCache
    ) -> tuple[Float[Array, "n m"], ResidualGradients]:
        """Return the derivatives of the loss with respect to the layer's input and parameters.

        Args:
            dA: the derivative of the loss with respect to the layer's output, of its shape.
            cache: what `forward` returned for the same examples.

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
        if not isinstance(cache, ResidualCache):
            raise TypeError(
                f"cache: expected the ResidualCache that forward returned, but got {shown(cache)}"
            )
        _check_each("caches", cache.caches, self.branch)
        check_shapes("n m, n m", B=cache.B, dA=dA)
        check_float(dA=dA, B=cache.B)
        # in half precision the sum would stop to grow at 2048, or overflow
        dalpha = float(np.multiply(dA, cache.B, dtype=np.float64).sum())
        dB, branch = self.alpha * dA, []
        for layer, part in zip(self.branch[::-1], cache.caches[::-1], strict=True):
            dB, gradients = layer.backward(dB, part)
            branch.append(gradients)
        dA_prev = dA + dB
        return dA_prev, ResidualGradients(dalpha, tuple(branch[::-1]))


ResidualNetwork: TypeAlias = tuple[Dense | Residual, ...]
"""A network some of whose layers are residual, as a tuple from the first layer to the last."""


def forward(
    network: ResidualNetwork, X: Float[Array, "n_0 m"]
) -> tuple[Float[Array, "n_L m"], tuple[Cache | ResidualCache, ...]]:
    """Run a network, and return its output and each layer's cache.

    Args:
        network: the layers, from the first to the last, ordinary and residual ones.
        X: the inputs, one example per column.

    Raises:
        ShapeError: if X does not fit the first layer, or a layer the one before it.
        ValueError: if the network has no layers.
        TypeError: if X is not a floating-point array, or the network not a tuple of layers.

    Example:
        >>> from nnnotes import He, dense, mlp, tanh
        >>> rng = np.random.default_rng(0)
        >>> network = (dense(rng, 4, 2, tanh), Residual(mlp(rng, [4, 4, 4], tanh)))
        >>> A, caches = forward(network, np.ones((2, 5)))
        >>> A.shape, len(caches)
        ((4, 5), 2)
    """
    _check_network(network)
    A, caches = X, []
    for layer in network:
        A, cache = layer.forward(A)
        caches.append(cache)
    return A, tuple(caches)


def backward(
    network: ResidualNetwork,
    dA: Float[Array, "n_L m"],
    caches: tuple[Cache | ResidualCache, ...],
) -> tuple[Gradients | ResidualGradients, ...]:
    """Run a network backwards, and return the gradients of each layer.

    Args:
        network: the layers, from the first to the last, ordinary and residual ones.
        dA: the derivative of the loss with respect to the network's output.
        caches: what `forward` returned.

    Raises:
        ShapeError: if dA or a cache does not fit its layer.
        ValueError: if there is not one cache for each layer.
        TypeError: if the network is not a tuple of layers, or a cache not its layer's.

    Example:
        >>> from nnnotes import mlp, tanh
        >>> network = (Residual(mlp(np.random.default_rng(0), [2, 3, 2], tanh)),)
        >>> A, caches = forward(network, np.ones((2, 5)))
        >>> (gradients,) = backward(network, np.ones((2, 5)), caches)
        >>> [gradient.dW.shape for gradient in gradients.branch]
        [(3, 2), (2, 3)]
    """
    _check_network(network)
    _check_each("caches", caches, network)
    gradients = []
    for layer, cache in zip(network[::-1], caches[::-1], strict=True):
        dA, gradient = layer.backward(dA, cache)  # type: ignore[arg-type]  # the layer checks
        gradients.append(gradient)
    return tuple(gradients[::-1])


def descend(
    network: ResidualNetwork,
    gradients: tuple[Gradients | ResidualGradients, ...],
    lr: float,
) -> ResidualNetwork:
    """Take one step of gradient descent with all weights, biases and factors alpha, and return the new network.

    Args:
        network: the layers; they are not changed.
        gradients: one for each layer.
        lr: the learning rate, greater than 0.

    Raises:
        ShapeError: if a gradient does not have the shape of its parameter.
        ValueError: if there is not one gradient for each layer, or lr is not a finite number greater than 0.
        TypeError: if the network is not a tuple of layers, or a gradient not its layer's.

    Example:
        >>> from nnnotes import Dense, Gradients, identity
        >>> one, zero = np.array([[1.0]]), np.array([[0.0]])
        >>> layer = Residual((Dense(one, zero, identity),), alpha=0.0)
        >>> gradients = ResidualGradients(dalpha=-2.0, branch=(Gradients(one, zero),))
        >>> (new,) = descend((layer,), (gradients,), lr=0.1)
        >>> print(new.alpha, new.branch[0].W)
        0.2 [[0.9]]
    """
    _check_network(network)
    _check_each("gradients", gradients, network)
    check_positive("lr", lr)
    return tuple(map(_descend, network, gradients, [lr] * len(network)))


def _descend(
    layer: Dense | Residual, d: Gradients | ResidualGradients, lr: float
) -> Dense | Residual:
    if isinstance(layer, Dense):
        (new,) = descend_branch((layer,), (d,), lr)  # type: ignore[arg-type]  # it checks
        return new
    if not isinstance(d, ResidualGradients):
        raise TypeError(
            f"gradients: expected ResidualGradients for a residual layer, but got {shown(d)}"
        )
    check_number("dalpha", d.dalpha)
    branch = descend_branch(layer.branch, d.branch, lr)
    return Residual(branch, layer.alpha - lr * d.dalpha)


def _check_network(network: object) -> None:
    if not isinstance(network, tuple) or not all(
        isinstance(layer, Dense | Residual) for layer in network
    ):
        raise TypeError(
            f"network: expected a tuple of layers, but got {shown(network)}"
        )
    if not network:
        raise ValueError("network: expected at least one layer, but got none")


def _check_each(name: str, things: object, network: ResidualNetwork) -> None:
    if not isinstance(things, tuple | list) or len(things) != len(network):
        raise ValueError(
            f"{name}: expected one for each of the {len(network)} layers, but got {shown(things)}"
        )
