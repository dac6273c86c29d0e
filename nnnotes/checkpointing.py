"""Checkpointing: a backward pass that keeps every k-th activation, and computes the others again."""

from dataclasses import dataclass
from typing import Any

from nnnotes._checks import check_count, shown
from nnnotes.arrays import Array, Float
from nnnotes.networks import (
    Network,
    check_derivative,
    check_inputs,
    check_network,
    pass_back,
    pass_forward,
)
from nnnotes.shapes import ShapeError

__all__ = ["Checkpoints", "backward", "forward"]


@dataclass(frozen=True, eq=False)
class Checkpoints:
    """What the forward pass of a network keeps for the backward pass, if it keeps as little as it can.

    Args:
        every: how many layers make a segment, at least 1; the last segment may be shorter.
        inputs: the input of each segment's first layer, one example per column; the first is X itself, not a copy.

    Raises:
        ValueError: if every is less than 1.
        TypeError: if every is not an integer.

    Example:
        >>> import numpy as np
        >>> Checkpoints(every=2, inputs=(np.zeros((3, 5)),)).every
        2
    """

    every: int
    inputs: tuple[Float[Array, "_ m"], ...]

    def __post_init__(self) -> None:
        check_count("every", self.every)


def forward(
    network: Network, X: Float[Array, "n_0 m"], every: int
) -> tuple[Float[Array, "n_L m"], Checkpoints]:
    """Run a network, and return its output and the input of each segment.

    Args:
        network: the layers, from the first to the last.
        X: the inputs, one example per column.
        every: how many layers make a segment, at least 1.

    Raises:
        ShapeError: if X does not fit the first layer, or a layer the one before it.
        ValueError: if the network has no layers, or every is less than 1.
        TypeError: if an argument is of another type.

    Example:
        >>> import numpy as np
        >>> from nnnotes import mlp, tanh
        >>> network = mlp(np.random.default_rng(0), [2, 4, 5, 6, 1], tanh)
        >>> A, checkpoints = forward(network, np.ones((2, 7)), every=2)
        >>> [A.shape for A in checkpoints.inputs]
        [(2, 7), (5, 7)]
    """
    check_network(network)
    check_inputs(network, X)
    check_count("every", every)
    A, inputs = X, []
    for number, layer in enumerate(network):
        if number % every == 0:
            inputs.append(A)
        A, _ = layer._forward(A)
    return A, Checkpoints(every, tuple(inputs))


def backward(
    network: Network, dA: Float[Array, "n_L m"], checkpoints: Checkpoints
) -> tuple[Any, ...]:
    """Run a network backwards segment by segment, each after a second forward pass, and return the gradients.

    Each number is computed as in `nnnotes.networks.backward`, from the same numbers, so it is the same.

    Args:
        network: the layers, from the first to the last.
        dA: the derivative of the loss with respect to the network's output.
        checkpoints: what `forward` returned.

    Raises:
        ShapeError: if dA or a checkpoint does not fit its layer.
        ValueError: if there is not one checkpoint for each segment.
        TypeError: if the network is not a tuple of layers, or checkpoints not Checkpoints.

    Example:
        >>> import numpy as np
        >>> from nnnotes import mlp, tanh
        >>> network = mlp(np.random.default_rng(0), [2, 4, 5, 6, 1], tanh)
        >>> A, checkpoints = forward(network, np.ones((2, 7)), every=2)
        >>> [gradient.dW.shape for gradient in backward(network, np.ones((1, 7)), checkpoints)]
        [(4, 2), (5, 4), (6, 5), (1, 6)]

    References:
        Chen, T., Xu, B., Zhang, C. and Guestrin, C., "Training deep nets with sublinear memory cost", 2016,
        doi:10.48550/arXiv.1604.06174.
    """
    check_network(network)
    segments = _segments(network, checkpoints)
    _check(segments, dA, checkpoints)
    gradients: tuple[Any, ...] = ()
    for segment, A in zip(segments[::-1], checkpoints.inputs[::-1], strict=True):
        dA, last = _backward_segment(segment, dA, A)
        gradients = last + gradients
    return gradients


# A function of its own, so that the caches of a segment are gone before the next one needs room.
def _backward_segment(
    segment: Network, dA: Array, A: Array
) -> tuple[Array, tuple[Any, ...]]:
    _, caches = pass_forward(segment, A)
    return pass_back(segment, dA, caches)


def _check(segments: list[Network], dA: Array, checkpoints: Checkpoints) -> None:
    m = {check_inputs(s, A) for s, A in zip(segments, checkpoints.inputs, strict=True)}
    if len(m) > 1:
        raise ShapeError(f"checkpoints: axis m differs, it is {sorted(m)}")
    check_derivative(segments[-1], dA, m.pop())


def _segments(network: Network, checkpoints: object) -> list[Network]:
    if not isinstance(checkpoints, Checkpoints):
        raise TypeError(
            f"checkpoints: expected the Checkpoints that forward returned, but got {shown(checkpoints)}"
        )
    k = checkpoints.every
    segments = [network[start : start + k] for start in range(0, len(network), k)]
    inputs = checkpoints.inputs
    if not isinstance(inputs, tuple) or len(inputs) != len(segments):
        raise ValueError(
            f"checkpoints: expected one for each of the {len(segments)} segments, but got {shown(inputs)}"
        )
    return segments
