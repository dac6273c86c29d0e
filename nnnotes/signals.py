"""Signals: what a network does to its numbers from layer to layer, forwards and backwards."""

import math
from dataclasses import dataclass

import numpy as np

from nnnotes._checks import A_LOSS, check_finite, check_kind
from nnnotes.arrays import Array, Float
from nnnotes.losses import Loss
from nnnotes.networks import Network, backward, check_network, forward
from nnnotes.shapes import check_shapes
from nnnotes.tables import Table

__all__ = ["LayerSignal", "Signals", "signals", "update_ratios"]


@dataclass(frozen=True)
class LayerSignal:
    """What one layer does to a batch.

    Args:
        mean: the mean of its activations A.
        variance: the variance of its activations A.
        mean_square: the mean of the squares of its activations A.
        saturated: the share of its pre-activations at which the slope g'(z) is below 0.01, from 0 to 1.
        dead: the share of its units whose slope is 0 for every example, from 0 to 1.
        dW_rms: the root mean square of its gradient dW.

    Example:
        >>> LayerSignal(0.0, 1.0, 1.0, 0.0, 0.0, 0.1).variance
        1.0
    """

    mean: float
    variance: float
    mean_square: float
    saturated: float
    dead: float
    dW_rms: float


@dataclass(frozen=True)
class Signals:
    """What each layer of a network does to a batch; prints as a table.

    Args:
        layers: one entry for each layer, from the first to the last.

    Example:
        >>> print(Signals((LayerSignal(0.0, 1.0, 1.0, 0.25, 0.0, 0.1),)))
        l  mean A     Var A     saturated  dead   rms dW
        1  +0.00e+00  1.00e+00  25.0 %     0.0 %  1.00e-01
    """

    layers: tuple[LayerSignal, ...]

    def _table(self) -> Table:
        rows = (
            (
                str(number),
                f"{layer.mean:+.2e}",
                f"{layer.variance:.2e}",
                f"{100 * layer.saturated:.1f} %",
                f"{100 * layer.dead:.1f} %",
                f"{layer.dW_rms:.2e}",
            )
            for number, layer in enumerate(self.layers, start=1)
        )
        return Table(
            ("l", "mean A", "Var A", "saturated", "dead", "rms dW"), tuple(rows)
        )

    def __str__(self) -> str:
        return str(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def signals(
    network: Network, X: Float[Array, "n_0 m"], loss: Loss, Y: Array
) -> Signals:
    """Measure mean, variance, saturated and dead share, and gradient of each layer, on one batch.

    Args:
        network: the layers.
        X: the inputs, one example per column.
        loss: a loss on the pre-activations of the last layer.
        Y: the targets, one example per column.

    Raises:
        ShapeError: if the shapes do not fit.
        TypeError: if an argument is of another type.

    Example:
        >>> from nnnotes import Normal, SquaredError, mlp, tanh
        >>> rng = np.random.default_rng(0)
        >>> network = mlp(rng, [50, 50, 50, 1], tanh, Normal(std=100))
        >>> result = signals(network, rng.standard_normal((50, 20)), SquaredError(), np.zeros((1, 20)))
        >>> print(f"{result.layers[0].saturated:.2f}")
        1.00
    """
    check_kind("loss", loss, Loss, A_LOSS)
    Z, caches = forward(network, X)
    gradients = backward(network, loss.gradient(Z, Y), caches)
    measured = []
    for layer, cache, gradient in zip(network, caches, gradients, strict=True):
        A, slope = layer.g(cache.Z), layer.g.derivative(cache.Z)
        # In half precision a square is inf from 256 on.
        A, dW = A.astype(np.float64), gradient.dW.astype(np.float64)
        measured.append(
            LayerSignal(
                mean=float(A.mean()),
                variance=float(A.var()),
                mean_square=float(np.square(A).mean()),
                saturated=float((np.abs(slope) < 0.01).mean()),
                dead=float((slope == 0).all(axis=1).mean()),
                dW_rms=_norm(dW) / math.sqrt(dW.size),
            )
        )
    return Signals(tuple(measured))


def update_ratios(before: Network, after: Network) -> tuple[float, ...]:
    """Compare how far one step moved the weights of each layer with how large they were.

    It is the root mean square of the change of W over that of W before, one number for each layer: 0 where nothing
    changed, and else inf where all weights were 0.

    Args:
        before: the layers before the step.
        after: the same layers after it.

    Raises:
        ShapeError: if a layer changed its shape.
        ValueError: if one network has more layers than the other, or a weight is not finite.
        TypeError: if an argument is no network.

    Example:
        >>> from nnnotes import Dense, identity
        >>> W, b = np.array([[3.0, 4.0]]), np.zeros((1, 1))
        >>> update_ratios((Dense(W, b, identity),), (Dense(1.5 * W, b, identity),))
        (0.5,)
    """
    check_network(before)
    check_network(after)
    if len(before) != len(after):
        raise ValueError(
            f"after: expected the {len(before)} layers of before, but got {len(after)}"
        )
    return tuple(_change(old.W, new.W) for old, new in zip(before, after, strict=True))


def _change(old: Array, new: Array) -> float:
    check_shapes("n_out n_in, n_out n_in", before=old, after=new)
    check_finite("weights", before=old, after=new)
    old, new = old.astype(np.float64), new.astype(np.float64)
    change, size = _norm(new - old), _norm(old)
    if size == 0:
        return np.inf if change else 0.0
    return change / size


def _norm(W: Array) -> float:
    """Compute the root of the sum of squares, of which none overflows and the greatest does not become 0."""
    greatest = float(np.abs(W).max())
    return greatest * float(np.linalg.norm(W / (greatest or 1.0)))
