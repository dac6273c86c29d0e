"""Layer-sequential unit variance: scale the weights by what the data do in the network."""

import math

import numpy as np

from nnnotes._checks import check_finite, check_positive
from nnnotes.arrays import Array, Float
from nnnotes.networks import AnyLayer, check_inputs, check_network

__all__ = ["lsuv"]

ROUNDS = 10  # one is enough where the biases are 0


def lsuv(
    network: tuple[AnyLayer, ...], X: Float[Array, "n_0 m"], tolerance: float = 0.01
) -> tuple[AnyLayer, ...]:
    """Scale the weights of each layer, one after the other, until its pre-activations have variance 1 on a batch.

    Where other rules compute the scale from sizes, this one measures it, so it works for any activation. The authors
    start from orthogonal weights. The variance is that of all pre-activations that a matrix of weights makes, taken
    together. In a layer that is made of others, such as a residual one, these are scaled one after the other.

    Args:
        network: the layers, with their first weights; they are not changed, but the result shares their biases.
        X: a batch of inputs, one example per column.
        tolerance: how far from 1 the variance may be, greater than 0.

    Raises:
        ShapeError: if X does not fit the first layer.
        ValueError: if X is not finite, the tolerance not above 0, or no scale brings a variance to 1.
        TypeError: if an argument is of another type.

    Example:
        >>> from nnnotes import Orthogonal, forward, mlp, relu
        >>> rng = np.random.default_rng(0)
        >>> X = rng.standard_normal((20, 100))
        >>> network = lsuv(mlp(rng, [20, 30, 30, 1], relu, Orthogonal()), X)
        >>> print([f"{cache.Z.var():.2f}" for cache in forward(network, X)[1]])
        ['1.00', '1.00', '1.00']

    References:
        Mishkin, D. and Matas, J., "All you need is a good init", ICLR 2016, doi:10.48550/arXiv.1511.06422.
    """
    check_network(network)
    check_inputs(network, X)
    check_positive("tolerance", tolerance)
    check_finite("inputs", X=X)
    return _in_order(network, X, tolerance, "layer ")


def _in_order(
    network: tuple[AnyLayer, ...], A: Array, tolerance: float, place: str
) -> tuple[AnyLayer, ...]:
    layers = []
    for number, layer in enumerate(network, start=1):
        here = f"{place}{number}"
        if layer.inner:
            layer = layer.with_inner(_in_order(layer.inner, A, tolerance, f"{here}."))
        layer, A = _scaled(layer, A, tolerance, here)
        layers.append(layer)
    return tuple(layers)


# What overflows has no finite variance, which is an error.
@np.errstate(over="ignore", invalid="ignore")
def _scaled(
    layer: AnyLayer, A: Array, tolerance: float, place: str
) -> tuple[AnyLayer, Array]:
    """Scale the weights of a layer, and return it with its output."""
    for _ in range(ROUNDS):
        A_next, cache = layer.forward(A)
        variances = {
            name: float(Z.var(dtype=np.float64))
            for name, Z in layer.pre_activations(cache).items()
        }
        for variance in variances.values():
            if not 0 < variance < math.inf:
                raise ValueError(
                    f"X: expected pre-activations that vary, but in {place} their variance is {variance}"
                )
        if all(abs(variance - 1) <= tolerance for variance in variances.values()):
            return layer, A_next
        weights = {
            name: layer.parameters[name] / math.sqrt(variance)
            for name, variance in variances.items()
        }
        layer = layer.with_parameters(weights)
    raise ValueError(
        f"network: expected a variance that a scale brings to 1, but in {place} it is {variance}"
    )
