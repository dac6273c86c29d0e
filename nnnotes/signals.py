"""Signals: what a network does to its numbers from layer to layer, forwards and backwards."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnnotes._checks import A_LOSS, check_finite, check_kind
from nnnotes.arrays import Array, Float
from nnnotes.layers import Layer, Mirror
from nnnotes.losses import Loss
from nnnotes.networks import Network, backward, check_inputs, check_network
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
        saturated: the share of its pre-activations at which the slope g'(z) is below 0.01, from 0 to 1; nan where units
            do not apply an activation to one number.
        dead: the share of its units whose slope is 0 for every example, from 0 to 1; nan where there are no slopes.
        dW_rms: the root mean square of the gradients of its weights; nan where there are none.

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
                *(
                    "–" if math.isnan(share) else f"{100 * share:.1f} %"
                    for share in (layer.saturated, layer.dead)
                ),
                "–" if math.isnan(layer.dW_rms) else f"{layer.dW_rms:.2e}",
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
    check_network(network)
    check_inputs(network, X)
    outputs, caches = [X], []
    for layer in network:
        A, cache = layer.forward(outputs[-1])
        outputs.append(A)
        caches.append(cache)
    gradients = backward(network, loss.gradient(A, Y), tuple(caches))
    return Signals(tuple(map(_measure, network, outputs[1:], caches, gradients)))


def _measure(layer: Layer, A: Array, cache: Any, gradients: Mirror) -> LayerSignal:
    slopes = layer.slopes(cache)
    # In half precision a square is inf from 256 on.
    A = A.astype(np.float64)
    return LayerSignal(
        mean=float(A.mean()),
        variance=float(A.var()),
        mean_square=float(np.square(A).mean()),
        saturated=math.nan if slopes is None else float((np.abs(slopes) < 0.01).mean()),
        dead=math.nan if slopes is None else float((slopes == 0).all(axis=1).mean()),
        dW_rms=_rms(_flat(gradients.by_name, layer.weights)),
    )


def update_ratios(before: Network, after: Network) -> tuple[float, ...]:
    """Compare how far one step moved the weights of each layer with how large they were.

    It is the root mean square of the change of the weights over that of the weights before, one number for each layer:
    0 where nothing changed, else inf where all weights were 0, and nan where a layer has no weights.

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
    return tuple(map(_change, before, after))


def _change(before: Layer, after: Layer) -> float:
    old, new = before.parameters, after.parameters
    for name in before.weights:
        if name not in new:
            raise ValueError(f"after: a layer has no weights {name}, but before had")
        check_shapes("n_out n_in, n_out n_in", before=old[name], after=new[name])
        check_finite("weights", before=old[name], after=new[name])
    a, b = _flat(old, before.weights), _flat(new, before.weights)
    # Of numbers near the largest one the difference would not be finite; a power of 2 changes no digit.
    _, exponent = math.frexp(np.abs([a, b]).max(initial=0))
    a, b = np.ldexp(a, -exponent), np.ldexp(b, -exponent)
    change, size = _rms(b - a), _rms(a)
    if size == 0:
        return math.inf if change else 0.0
    return change / size


def _flat(arrays: Mapping[str, Array], names: Sequence[str]) -> Array:
    parts = [arrays[name].ravel() for name in names]
    return np.concatenate([np.empty(0), *parts], dtype=np.float64)


def _rms(numbers: Array) -> float:
    """Compute the root mean square, where no square overflows and the greatest does not become 0."""
    if numbers.size == 0:
        return math.nan
    greatest = float(np.abs(numbers).max())
    return greatest * float(np.sqrt(np.square(numbers / (greatest or 1.0)).mean()))
