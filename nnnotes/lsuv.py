"""Layer-sequential unit variance: scale the weights by what the data do in the network."""

from dataclasses import replace

import numpy as np

from nnnotes._checks import check_finite, check_positive
from nnnotes.arrays import Array, Float
from nnnotes.networks import Network, check_inputs, check_network

__all__ = ["lsuv"]

ROUNDS = 10  # one is enough where the biases are 0


def lsuv(
    network: Network, X: Float[Array, "n_0 m"], tolerance: float = 0.01
) -> Network:
    """Scale the weights of each layer, one after the other, until its pre-activations have variance 1 on a batch.

    Where other rules compute the scale from sizes, this one measures it, so it works for any activation. The authors
    start from orthogonal weights. The variance is that of all pre-activations of a layer together.

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
    A, layers = X, []
    for number, layer in enumerate(network, start=1):
        for _ in range(ROUNDS):
            with np.errstate(over="ignore", invalid="ignore"):  # an error says so
                A_next, cache = layer.forward(A)
                variance = float(cache.Z.var(dtype=np.float64))
            if not 0 < variance < np.inf:
                raise ValueError(
                    f"X: expected pre-activations that vary, but in layer {number} their variance is {variance}"
                )
            if abs(variance - 1) <= tolerance:
                break
            layer = replace(layer, W=layer.W / float(np.sqrt(variance)))
        else:
            raise ValueError(
                f"network: expected a variance that a scale brings to 1, but in layer {number} it is {variance}"
            )
        A = A_next
        layers.append(layer)
    return tuple(layers)
