"""Networks: a tuple of layers, and the functions that run it, differentiate it and train it."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from nnnotes.activations import Activation, identity
from nnnotes.arrays import Array, Float, Integer, check_float, check_rng
from nnnotes.initializers import He, Initializer
from nnnotes.layers import Cache, Dense, Gradients, dense
from nnnotes.losses import Loss, check_loss
from nnnotes.shapes import ShapeError, check, check_count

__all__ = [
    "Network",
    "Step",
    "accelerate",
    "accuracy",
    "backward",
    "descend",
    "forward",
    "mlp",
    "predict",
    "train",
]

Network: TypeAlias = tuple[Dense, ...]
"""A network is a tuple of layers, from the first to the last."""


def mlp(
    rng: np.random.Generator,
    sizes: Sequence[int],
    g: Activation,
    init: Initializer = He(),
    dtype: type[np.floating[Any]] = np.float64,
) -> Network:
    """Make a multilayer perceptron: hidden layers with activation g, and a last layer without one.

    The last layer leaves its pre-activations as they are, since the losses take pre-activations.

    Args:
        rng: the source of randomness; the same state gives the same network.
        sizes: the numbers of units, from the inputs to the outputs; at least two.
        g: the activation of the hidden layers.
        init: how the weights are drawn; biases are 0.
        dtype: the floating-point type of weights and biases.

    Raises:
        ValueError: if there are fewer than two sizes, or one is less than 1.
        TypeError: if an argument is of another type.

    Example:
        >>> from nnnotes import tanh
        >>> network = mlp(np.random.default_rng(0), [2, 4, 1], tanh)
        >>> [layer.W.shape for layer in network]
        [(4, 2), (1, 4)]
    """
    if len(sizes) < 2:
        raise ValueError(
            f"sizes: expected at least an input and an output size, but got {tuple(sizes)}"
        )
    pairs = list(itertools.pairwise(sizes))
    return tuple(
        dense(rng, n_out, n_in, g if number < len(pairs) else identity, init, dtype)
        for number, (n_in, n_out) in enumerate(pairs, start=1)
    )


def forward(
    network: Network, X: Float[Array, "n_0 m"]
) -> tuple[Float[Array, "n_L m"], tuple[Cache, ...]]:
    """Run a network, and return its output and each layer's cache.

    Args:
        network: the layers, from the first to the last.
        X: the inputs, one example per column.

    Raises:
        ShapeError: if X does not fit the first layer, or a layer the one before it.
        ValueError: if the network has no layers.
        TypeError: if X is not a floating-point array, or the network not a tuple of layers.

    Example:
        >>> from nnnotes import tanh
        >>> A, caches = forward(mlp(np.random.default_rng(0), [2, 4, 1], tanh), np.zeros((2, 5)))
        >>> A.shape, len(caches)
        ((1, 5), 2)
    """
    check_network(network)
    A, caches = X, []
    for layer in network:
        A, cache = layer.forward(A)
        caches.append(cache)
    return A, tuple(caches)


def backward(
    network: Network, dA: Float[Array, "n_L m"], caches: tuple[Cache, ...]
) -> tuple[Gradients, ...]:
    """Run a network backwards, and return the gradients of each layer.

    Args:
        network: the layers, from the first to the last.
        dA: the derivative of the loss with respect to the network's output.
        caches: what `forward` returned.

    Raises:
        ShapeError: if dA or a cache does not fit its layer.
        ValueError: if there is not one cache for each layer.
        TypeError: if the network is not a tuple of layers, or a cache not a cache.

    Example:
        >>> from nnnotes import SquaredError, tanh
        >>> network = mlp(np.random.default_rng(0), [2, 4, 1], tanh)
        >>> X, Y = np.ones((2, 5)), np.zeros((1, 5))
        >>> Z, caches = forward(network, X)
        >>> [gradient.dW.shape for gradient in backward(network, SquaredError().gradient(Z, Y), caches)]
        [(4, 2), (1, 4)]
    """
    check_network(network)
    if len(caches) != len(network):
        raise ValueError(
            f"caches: expected one for each of the {len(network)} layers, but got {len(caches)}"
        )
    gradients = []
    for layer, cache in zip(reversed(network), reversed(caches), strict=True):
        dA, gradient = layer.backward(dA, cache)
        gradients.append(gradient)
    return tuple(reversed(gradients))


def descend(network: Network, gradients: tuple[Gradients, ...], lr: float) -> Network:
    """Take one step of gradient descent, and return the new network.

    Args:
        network: the layers; they are not changed.
        gradients: one for each layer.
        lr: the learning rate, greater than 0.

    Raises:
        ShapeError: if a gradient does not have the shape of its parameter.
        ValueError: if there is not one gradient for each layer, or lr is not a finite number greater than 0.
        TypeError: if the network is not a tuple of layers.

    Example:
        >>> from nnnotes import tanh
        >>> network = (Dense(np.array([[1.0]]), np.array([[0.0]]), tanh),)
        >>> step = (Gradients(np.array([[2.0]]), np.array([[1.0]])),)
        >>> print(descend(network, step, lr=0.1)[0].W, network[0].W)
        [[0.8]] [[1.]]
    """
    check_network(network)
    _check_positive("lr", lr)
    if len(gradients) != len(network):
        raise ValueError(
            f"gradients: expected one for each of the {len(network)} layers, but got {len(gradients)}"
        )
    lr = float(lr)  # a NumPy scalar would widen float32
    for layer, d in zip(network, gradients, strict=True):
        check("n_out n_in, n_out n_in, n_out 1", W=layer.W, dW=d.dW, db=d.db)
    return tuple(
        replace(layer, W=layer.W - lr * d.dW, b=layer.b - lr * d.db)
        for layer, d in zip(network, gradients, strict=True)
    )


def accelerate(
    velocity: tuple[Gradients, ...], gradients: tuple[Gradients, ...], momentum: float
) -> tuple[Gradients, ...]:
    """Add the new gradients to a decaying sum of the old ones, and return that sum.

    Args:
        velocity: the sum so far, one for each layer.
        gradients: the new gradients, one for each layer.
        momentum: the share of the old sum that stays, from 0 to less than 1.

    Raises:
        ShapeError: if a gradient does not have the shape of its velocity.
        ValueError: if momentum is not from 0 to less than 1, or the lengths differ.

    Example:
        >>> one = (Gradients(np.array([[1.0]]), np.array([[1.0]])),)
        >>> print(accelerate(one, one, momentum=0.9)[0].dW)
        [[1.9]]

    References:
        Polyak, B. T., "Some methods of speeding up the convergence of iteration methods", USSR Computational
        Mathematics and Mathematical Physics 4(5), 1964, doi:10.1016/0041-5553(64)90137-5.
    """
    _check_momentum(momentum)
    if len(velocity) != len(gradients):
        raise ValueError(
            f"gradients: expected {len(velocity)}, one for each velocity, but got {len(gradients)}"
        )
    for v, d in zip(velocity, gradients, strict=True):
        check(
            "n_out n_in, n_out n_in, n_out 1, n_out 1",
            v_dW=v.dW,
            dW=d.dW,
            v_db=v.db,
            db=d.db,
        )
    momentum = float(momentum)
    return tuple(
        Gradients(momentum * v.dW + d.dW, momentum * v.db + d.db)
        for v, d in zip(velocity, gradients, strict=True)
    )


@dataclass(frozen=True, eq=False)
class Step:
    """One step of training, as `train` yields it.

    Args:
        number: 1 for the first step.
        loss: the loss on the step's examples, before the step.
        network: the network after the step.

    Example:
        >>> Step(number=1, loss=0.7, network=()).loss
        0.7
    """

    number: int
    loss: float
    network: Network


def train(
    network: Network,
    loss: Loss,
    X: Float[Array, "n_0 m"],
    Y: Array,
    *,
    lr: float,
    steps: int,
    momentum: float = 0.0,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    progress: bool = False,
) -> Iterator[Step]:
    """Train a network by gradient descent, one step each time that the iterator is asked.

    Nothing is changed in place: to stop, stop asking; to go on, start again from the last step's network.

    Args:
        network: where training starts.
        loss: what is to become small.
        X: the inputs, one example per column.
        Y: the targets, one example per column.
        lr: the learning rate, greater than 0.
        steps: the number of steps, at least 1.
        momentum: the share of the last step's velocity that stays, from 0 to less than 1.
        batch_size: the number of examples a step, at most m; all of them if not given. Examples are shuffled
            before each pass through the data, and the last batch of a pass may be smaller.
        rng: the source of randomness of the shuffles; needed with batch_size, and only then.
        progress: whether to show a progress bar.

    Raises:
        ShapeError: if the shapes do not fit.
        ValueError: if a number is out of its range, or rng and batch_size do not come together.
        TypeError: if an argument is of another type.

    Example:
        >>> from nnnotes import LogisticLoss, datasets, tanh
        >>> X, Y = datasets.xor(np.random.default_rng(0), m=40)
        >>> network = mlp(np.random.default_rng(1), [2, 4, 1], tanh)
        >>> for step in train(network, LogisticLoss(), X, Y, lr=1.0, steps=300):
        ...     pass
        >>> print(accuracy(step.network, X, Y))
        1.0
    """
    check_loss(loss)
    check_network(network)
    m = check(
        "n_1 n_0, n_0 m, n_L n, n_L m", W_1=network[0].W, X=X, W_L=network[-1].W, Y=Y
    )["m"]
    check_float(X=X)
    if not np.isfinite(X).all():
        raise ValueError(
            "X: expected finite inputs, but there are nan or infinite ones"
        )
    loss(np.zeros(Y.shape), Y)  # wrong targets are an error here, not at the first step
    _check_positive("lr", lr)
    _check_momentum(momentum)
    check_count("steps", steps)
    if (batch_size is None) != (rng is None):
        raise ValueError(
            "rng: expected a generator together with batch_size, and only then"
        )
    if batch_size is not None:
        check_count("batch_size", batch_size)
        if batch_size > m:
            raise ValueError(
                f"batch_size: expected at most the {m} examples, but got {batch_size}"
            )
    if rng is not None:
        check_rng(rng)
    return _steps(network, loss, X, Y, lr, steps, momentum, batch_size, rng, progress)


def _steps(
    network: Network,
    loss: Loss,
    X: Array,
    Y: Array,
    lr: float,
    steps: int,
    momentum: float,
    batch_size: int | None,
    rng: np.random.Generator | None,
    progress: bool,
) -> Iterator[Step]:
    numbers: Any = range(1, steps + 1)
    if progress:
        from tqdm import tqdm

        numbers = tqdm(numbers, unit="step")
    batches = _batches(X, Y, batch_size, rng)
    velocity: tuple[Gradients, ...] = ()
    for number in numbers:
        X_batch, Y_batch = next(batches)
        Z, caches = forward(network, X_batch)
        gradients = backward(network, loss.gradient(Z, Y_batch), caches)
        if velocity and momentum:
            gradients = accelerate(velocity, gradients, momentum)
        velocity = gradients
        network = descend(network, velocity, lr)
        yield Step(number, loss(Z, Y_batch), network)


def _batches(
    X: Array, Y: Array, batch_size: int | None, rng: np.random.Generator | None
) -> Iterator[tuple[Array, Array]]:
    while batch_size is None or rng is None:
        yield X, Y
    while True:
        order = rng.permutation(X.shape[1])
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            yield X[:, chosen], Y[:, chosen]


def predict(network: Network, X: Float[Array, "n_0 m"]) -> Integer[Array, "m"]:
    """Return the most probable class of each example, as a label.

    Args:
        network: a network whose last layer gives pre-activations: one row for two classes (class 0 if z <= 0, else
            class 1), or one row per class.
        X: the inputs, one example per column.

    Raises:
        ShapeError: if X does not fit the network.
        TypeError: if X is not a floating-point array.

    Example:
        >>> from nnnotes import identity
        >>> network = (Dense(np.array([[1.0]]), np.array([[0.0]]), identity),)
        >>> print(predict(network, np.array([[-2.0, 3.0]])))
        [0 1]
    """
    Z, _ = forward(network, X)
    return _labels(Z, threshold=0)


def _labels(scores: Array, threshold: float) -> Array:
    return (
        (scores[0] > threshold).astype(np.intp)
        if len(scores) == 1
        else scores.argmax(axis=0)
    )


def accuracy(network: Network, X: Float[Array, "n_0 m"], Y: Array) -> float:
    """Return the share of the examples whose class is predicted right.

    Args:
        network: as `predict` takes it.
        X: the inputs, one example per column.
        Y: the targets: one row of 0 and 1, or one-hot columns.

    Raises:
        ShapeError: if X or Y does not fit the network.
        TypeError: if X is not a floating-point array.

    Example:
        >>> from nnnotes import identity
        >>> network = (Dense(np.array([[1.0]]), np.array([[0.0]]), identity),)
        >>> print(accuracy(network, np.array([[-2.0, 3.0]]), np.array([[0.0, 0.0]])))
        0.5
    """
    Z, _ = forward(network, X)
    check("n_L m, n_L m", Z=Z, Y=Y)
    return float((_labels(Z, threshold=0) == _labels(Y, threshold=0.5)).mean())


def check_network(network: object) -> None:
    """Raise TypeError, ValueError or ShapeError unless the network is a tuple of layers, each fitting the last."""
    if not isinstance(network, tuple) or not all(
        isinstance(layer, Dense) for layer in network
    ):
        raise TypeError(f"network: expected a tuple of layers, but got {network!r}")
    if not network:
        raise ValueError("network: expected at least one layer, but got none")
    for number, (layer, following) in enumerate(itertools.pairwise(network), start=1):
        n_out, n_in = len(layer.W), following.W.shape[1]
        if n_out != n_in:
            raise ShapeError(
                f"network: layer {number} has n_out = {n_out}, but layer {number + 1} has n_in = {n_in}"
            )


def _check_positive(name: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise ValueError(
            f"{name}: expected a finite number greater than 0, but got {value}"
        )


def _check_momentum(momentum: float) -> None:
    if not 0 <= momentum < 1:
        raise ValueError(
            f"momentum: expected a number from 0 to less than 1, but got {momentum}"
        )
