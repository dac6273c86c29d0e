"""Networks: a tuple of layers, and the functions that run it, differentiate it and train it."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from nnnotes._checks import (
    A_LOSS,
    AN_ACTIVATION,
    AN_OPTIMIZER,
    check_array,
    check_count,
    check_dtype,
    check_finite,
    check_float,
    check_kind,
    check_not_wider,
    check_rng,
    check_share,
    check_sizes,
    check_usable,
    shown,
)
from nnnotes.activations import Activation, identity
from nnnotes.arrays import Array, Float, Integer
from nnnotes.initializers import He, Initializer
from nnnotes.layers import Dense, Layer, Mirror, dense
from nnnotes.losses import Loss
from nnnotes.optimizers import SGD, Momentum, Optimizer
from nnnotes.shapes import ShapeError, compare_shapes

__all__ = [
    "DivergenceError",
    "Memory",
    "Network",
    "Training",
    "TrainingStep",
    "accuracy",
    "backward",
    "descend",
    "forward",
    "in_evaluation",
    "jvp",
    "mlp",
    "observe",
    "optimize",
    "predict",
    "train",
]

Network: TypeAlias = tuple[Layer, ...]
"""A network is a tuple of layers of one dtype, from the first to the last."""

AnyLayer = TypeVar("AnyLayer", bound=Layer)


def mlp(
    rng: np.random.Generator,
    sizes: Sequence[int] | Integer[Array, "layers"],
    g: Activation,
    init: Initializer = He(),
    dtype: DTypeLike = np.float64,
) -> tuple[Dense, ...]:
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
    check_rng(rng)
    check_kind("g", g, Activation, AN_ACTIVATION)
    check_dtype(dtype)
    pairs = list(itertools.pairwise(check_sizes(sizes)))
    return tuple(
        dense(rng, n_out, n_in, g if number < len(pairs) else identity, init, dtype)
        for number, (n_in, n_out) in enumerate(pairs, start=1)
    )


def forward(
    network: Network, X: Float[Array, "n_0 m"]
) -> tuple[Float[Array, "n_L m"], tuple[Any, ...]]:
    """Run a network, and return its output and each layer's cache.

    Args:
        network: the layers, from the first to the last.
        X: the inputs, one example per column, in the network's dtype or a narrower one; the first cache holds this
            very array.

    Raises:
        ShapeError: if X does not fit the first layer, or a layer the one before it.
        ValueError: if the network has no layers.
        TypeError: if X is not a floating-point array or wider than the network, or the network not a tuple of layers.

    Example:
        >>> from nnnotes import tanh
        >>> A, caches = forward(mlp(np.random.default_rng(0), [2, 4, 1], tanh), np.zeros((2, 5)))
        >>> A.shape, len(caches)
        ((1, 5), 2)
    """
    check_network(network)
    check_inputs(network, X)
    return pass_forward(network, X)


def pass_forward(network: Network, X: Array) -> tuple[Array, tuple[Any, ...]]:
    """Do what `forward` does, for arguments that are checked."""
    A, caches = X, []
    for layer in network:
        A, cache = layer._forward(A)
        caches.append(cache)
    return A, tuple(caches)


def backward(
    network: Network, dA: Float[Array, "n_L m"], caches: tuple[Any, ...]
) -> tuple[Any, ...]:
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
    check_each("caches", caches, network)
    check_derivative(network, dA, check_caches(network, caches))
    return pass_back(network, dA, caches, first=True)[1]


def pass_back(
    network: Network, dA: Array, caches: tuple[Any, ...], *, first: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    """Run checked layers backwards, and return the derivative with respect to their input and the gradients.

    Where the first of them is a network's first, nobody needs the former.
    """
    gradients = []
    for number in reversed(range(1, len(network))):
        dA, gradient = network[number]._backward(dA, caches[number])
        gradients.append(gradient)
    dX, gradient = network[0]._backward(dA, caches[0], first=first)
    return dX, (gradient, *reversed(gradients))


def jvp(
    network: Network,
    Xdot: Float[Array, "n_0 m"],
    tangents: tuple[Mirror, ...],
    caches: tuple[Any, ...],
) -> Float[Array, "n_L m"]:
    """Return how fast a network's output moves when its inputs and parameters do: the product with its Jacobian.

    This is forward mode. Its transpose, the product on the other side, is `backward`.

    Args:
        network: the layers, from the first to the last.
        Xdot: the velocity of the inputs, of their shape.
        tangents: the velocity of each layer's parameters.
        caches: what `forward` returned.

    Raises:
        ShapeError: if a velocity does not have the shape of what moves, or a cache does not fit its layer.
        ValueError: if there are not one cache and one velocity for each layer.
        TypeError: if an argument is of another type.

    Example:
        >>> from nnnotes import Tangents, identity
        >>> network = (Dense(np.array([[2.0]]), np.array([[0.0]]), identity),)
        >>> A, caches = forward(network, np.array([[3.0]]))
        >>> moving = Tangents(np.array([[1.0]]), np.array([[0.0]]))
        >>> print(jvp(network, np.array([[0.0]]), (moving,), caches))
        [[3.]]

    References:
        Griewank, A. and Walther, A., Evaluating Derivatives, 2nd edition, 2008, doi:10.1137/1.9780898717761.
    """
    check_network(network)
    check_each("tangents", tangents, network)
    check_each("caches", caches, network)
    for layer, tangent in zip(network, tangents, strict=True):
        layer.check_mirror("tangents", tangent)
    check_array("Xdot", Xdot)
    inputs = (network[0].n_in, check_caches(network, caches))
    compare_shapes("n_0 m, n_0 m", {"X": inputs, "Xdot": Xdot.shape})
    check_float(Xdot=Xdot)
    check_not_wider("network", network[0].dtype, Xdot=Xdot)
    return pass_velocity(network, Xdot, tangents, caches)


def pass_velocity(
    network: Network, Xdot: Array, tangents: tuple[Any, ...], caches: tuple[Any, ...]
) -> Array:
    """Do what `jvp` does, for arguments that are checked."""
    Adot = Xdot
    for layer, tangent, cache in zip(network, tangents, caches, strict=True):
        Adot = layer._jvp(Adot, tangent, cache)
    return Adot


def descend(
    network: tuple[AnyLayer, ...], gradients: tuple[Mirror, ...], lr: float
) -> tuple[AnyLayer, ...]:
    """Take one step of gradient descent, and return the new network.

    Args:
        network: the layers; they are not changed.
        gradients: one for each layer.
        lr: the learning rate, greater than 0.

    Raises:
        ShapeError: if a gradient does not have the shape of its parameter.
        ValueError: if there is not one gradient for each layer, or lr is not a finite number greater than 0.
        TypeError: if the network is not a tuple of layers, or a gradient is of another dtype than its layer.

    Example:
        >>> from nnnotes import Gradients, tanh
        >>> network = (Dense(np.array([[1.0]]), np.array([[0.0]]), tanh),)
        >>> step = (Gradients(np.array([[2.0]]), np.array([[1.0]])),)
        >>> print(descend(network, step, lr=0.1)[0].W, network[0].W)
        [[0.8]] [[1.]]
    """
    network, _ = optimize(network, gradients, SGD(lr))
    return network


@dataclass(frozen=True, eq=False)
class Memory:
    """What an optimiser remembers of a network from step to step.

    Args:
        steps: the number of steps so far.
        parts: what is remembered of each parameter, in their order, from the first to the last layer.

    Example:
        >>> Memory(steps=0, parts=()).steps
        0
    """

    steps: int
    parts: tuple[tuple[Array, ...], ...]


def optimize(
    network: tuple[AnyLayer, ...],
    gradients: tuple[Mirror, ...],
    optimizer: Optimizer,
    memory: Memory | None = None,
) -> tuple[tuple[AnyLayer, ...], Memory]:
    """Take one step of an optimiser, and return the new network and what to remember for the next step.

    Args:
        network: the layers; they are not changed.
        gradients: one for each layer.
        optimizer: the rule.
        memory: what the last step returned, for the same network and optimiser; nothing before the first.

    Raises:
        ShapeError: if a gradient does not have the shape of its parameter.
        ValueError: if there is not one gradient for each layer, or the memory is of another network or optimiser.
        TypeError: if an argument is of another type, or a gradient of another dtype than its layer.

    Example:
        >>> from nnnotes import Adam, Gradients, tanh
        >>> network = (Dense(np.array([[1.0]]), np.array([[0.0]]), tanh),)
        >>> gradients = (Gradients(np.array([[2.0]]), np.array([[1.0]])),)
        >>> network, memory = optimize(network, gradients, Adam(lr=0.1))
        >>> network, memory = optimize(network, gradients, Adam(lr=0.1), memory)
        >>> print(network[0].W.round(6), memory.steps)
        [[0.8]] 2
    """
    check_network(network)
    check_kind("optimizer", optimizer, Optimizer, AN_OPTIMIZER)
    check_each("gradients", gradients, network)
    for layer, d in zip(network, gradients, strict=True):
        layer.check_mirror("gradients", d)
    check_usable(network[0].dtype, lr=optimizer.lr)
    start = _start(network, optimizer)
    if memory is None:
        memory = start
    else:
        _check_memory(memory, start, optimizer)
    return _optimize(network, gradients, optimizer, memory)


def _start(network: Network, optimizer: Optimizer) -> Memory:
    return Memory(0, tuple(optimizer.start(w) for w in _parameters(network)))


def _parameters(network: Network) -> list[Array]:
    return [w for layer in network for w in layer.parameters.values()]


def _optimize(
    network: tuple[AnyLayer, ...],
    gradients: tuple[Mirror, ...],
    optimizer: Optimizer,
    memory: Memory,
) -> tuple[tuple[AnyLayer, ...], Memory]:
    t = memory.steps + 1
    old, new, parts = iter(memory.parts), [], []
    for layer, gradient in zip(network, gradients, strict=True):
        parameters = layer.parameters
        for name, d in gradient.by_name.items():
            parameters[name], part = optimizer.update(parameters[name], d, next(old), t)
            parts.append(part)
        new.append(layer.with_parameters(parameters))
    return tuple(new), Memory(t, tuple(parts))


def _check_memory(memory: object, start: Memory, optimizer: Optimizer) -> None:
    if not (
        isinstance(memory, Memory)
        and isinstance(memory.parts, tuple)
        and all(isinstance(part, tuple) for part in memory.parts)
    ):
        raise TypeError(
            f"memory: expected the Memory that optimize returned, but got {shown(memory)}"
        )
    check_count("memory.steps", memory.steps, least=0)
    expected, got = _kinds(start), _kinds(memory)
    if got != expected:
        raise ValueError(
            f"memory: expected that of {optimizer!r} and of the same network, "
            f"with the shapes and dtypes {expected}, but got {got}"
        )


def _kinds(memory: Memory) -> list[list[tuple[Any, str]]]:
    """List the shape and the dtype of each array, or what is there in place of one."""
    return [
        [
            (getattr(array, "shape", array), str(getattr(array, "dtype", "")))
            for array in part
        ]
        for part in memory.parts
    ]


def observe(
    network: tuple[AnyLayer, ...], caches: tuple[Any, ...]
) -> tuple[AnyLayer, ...]:
    """Return the network with its running means moved by a batch: those of batch normalisation, after a step.

    Args:
        network: the layers, as after the step; they are not changed.
        caches: what `forward` returned for the examples of the step.

    Raises:
        ShapeError: if a cache does not fit its layer.
        ValueError: if there is not one cache for each layer.
        TypeError: if the network is not a tuple of layers, or a cache not a cache.

    Example:
        >>> from nnnotes.normalisation import BatchNorm
        >>> network = (BatchNorm.of(1),)
        >>> A, caches = forward(network, np.array([[1.0, 3.0]]))
        >>> print(observe(network, caches)[0].mean)
        [[0.2]]
    """
    check_network(network)
    check_each("caches", caches, network)
    check_caches(network, caches)
    return observed(network, caches)


def observed(
    network: tuple[AnyLayer, ...], caches: tuple[Any, ...]
) -> tuple[AnyLayer, ...]:
    """Do what `observe` does, for arguments that are checked."""
    pairs = zip(network, caches, strict=True)
    return tuple(layer.observe(cache) for layer, cache in pairs)


def in_evaluation(network: tuple[AnyLayer, ...]) -> tuple[AnyLayer, ...]:
    """Return the network as it is used after training: batch normalisation takes its running means.

    Args:
        network: the layers; they are not changed.

    Raises:
        ShapeError: if a layer does not fit the one before it.
        ValueError: if the network has no layers.
        TypeError: if the network is not a tuple of layers.

    Example:
        >>> from nnnotes.normalisation import BatchNorm
        >>> A, caches = forward(in_evaluation((BatchNorm.of(1, epsilon=0),)), np.array([[1.0, 3.0]]))
        >>> print(A)
        [[1. 3.]]
    """
    check_network(network)
    return tuple(layer.in_evaluation() for layer in network)


@dataclass(frozen=True, eq=False)
class TrainingStep(Generic[AnyLayer]):
    """One step of training, as `train` gives it.

    Args:
        number: 1 for the first step.
        loss: the loss on the step's examples, before the step.
        network: the network after the step.

    Example:
        >>> TrainingStep(number=1, loss=0.7, network=()).loss
        0.7
    """

    number: int
    loss: float
    network: tuple[AnyLayer, ...]


class DivergenceError(ArithmeticError):
    """Training has left the numbers that a computer can hold; the message says at which step.

    Example:
        >>> issubclass(DivergenceError, ArithmeticError)
        True
    """


class Training(Iterator[TrainingStep[AnyLayer]]):
    """A training that is under way: ask it for its steps one by one, or for all of them with `run`.

    Example:
        >>> from nnnotes import SquaredError, identity
        >>> one, zero = np.array([[1.0]]), np.array([[0.0]])
        >>> training = train((Dense(one, zero, identity),), SquaredError(), one, zero, lr=0.1, steps=2)
        >>> training
        <Training of 2 steps: ask for one after the other, or for the last one by run()>
        >>> [round(step.loss, 2) for step in training]
        [0.5, 0.32]
    """

    def __init__(self, steps: int, iterator: Iterator[TrainingStep[AnyLayer]]) -> None:
        self._steps = steps
        self._iterator = iterator
        self._last: TrainingStep[AnyLayer] | None = None

    def __next__(self) -> TrainingStep[AnyLayer]:
        self._last = next(self._iterator)
        return self._last

    def run(self) -> TrainingStep[AnyLayer]:
        """Take all steps that are left, and return the last one.

        Raises:
            DivergenceError: if the loss stops being finite.

        Example:
            >>> from nnnotes import SquaredError, identity
            >>> one, zero = np.array([[1.0]]), np.array([[0.0]])
            >>> last = train((Dense(one, zero, identity),), SquaredError(), one, zero, lr=0.1, steps=2).run()
            >>> last.number, round(last.loss, 2)
            (2, 0.32)
        """
        for _ in self:
            pass
        assert self._last is not None, "there is at least one step"
        return self._last

    def __repr__(self) -> str:
        return f"<Training of {self._steps} steps: ask for one after the other, or for the last one by run()>"

    def __getattr__(self, name: str) -> Any:
        if name in TrainingStep.__dataclass_fields__:
            raise AttributeError(
                f"{name}: a training has none, but its steps have; run() takes them all, and returns the last one"
            )
        raise AttributeError(f"'Training' object has no attribute {name!r}")


def train(
    network: tuple[AnyLayer, ...],
    loss: Loss,
    X: Float[Array, "n_0 m"],
    Y: Array,
    *,
    steps: int,
    lr: float | None = None,
    momentum: float = 0.0,
    optimizer: Optimizer | None = None,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    progress: bool = False,
) -> Training[AnyLayer]:
    """Train a network by gradient descent, as far as one asks: `Training.run` takes all steps, a loop one by one.

    Nothing is changed in place: to stop, stop asking; to go on, start again from the last step's network. The training
    stops with an error at the step whose loss is no longer finite.

    Args:
        network: where training starts.
        loss: what is to become small.
        X: the inputs, one example per column, in the network's dtype or a narrower one.
        Y: the targets, one example per column.
        steps: the number of steps, at least 1.
        lr: the learning rate, greater than 0.
        momentum: the share of the last step's velocity that stays, from 0 to less than 1.
        optimizer: any other rule of descent, such as Adam; it takes the place of lr and momentum.
        batch_size: the number of examples a step, at most m; all of them if not given. Examples are shuffled
            before each pass through the data, and the last batch of a pass may be smaller.
        rng: the source of randomness of the shuffles; needed with batch_size, and only then.
        progress: whether to show a progress bar.

    Raises:
        ShapeError: if the shapes do not fit.
        ValueError: if a number is out of its range, only one of rng and batch_size is given, or lr and optimizer both.
        TypeError: if an argument is of another type.
        DivergenceError: if a step is taken at which the loss is not finite.

    Example:
        >>> from nnnotes import LogisticLoss, datasets, tanh
        >>> X, Y = datasets.xor(np.random.default_rng(0), m=40)
        >>> network = mlp(np.random.default_rng(1), [2, 4, 1], tanh)
        >>> last = train(network, LogisticLoss(), X, Y, lr=1.0, steps=300).run()
        >>> print(accuracy(last.network, X, Y))
        1.0
    """
    check_kind("loss", loss, Loss, A_LOSS)
    check_network(network)
    m = check_inputs(network, X)
    check_outputs(network, m, Y=Y)
    check_finite("inputs", X=X)
    # Wrong targets are an error here, not at the first step.
    loss(np.zeros(Y.shape, network[0].dtype), Y)
    Y = Y.astype(network[0].dtype, copy=False)
    optimizer = _optimizer(optimizer, lr, momentum)
    check_usable(network[0].dtype, lr=optimizer.lr)
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
    check_kind("progress", progress, bool | np.bool_, "True or False")
    taken = _steps(network, loss, X, Y, optimizer, steps, batch_size, rng, progress)
    return Training(int(steps), taken)


def _optimizer(
    optimizer: Optimizer | None, lr: float | None, momentum: float
) -> Optimizer:
    check_share("momentum", momentum)
    if optimizer is None:
        if lr is None:
            raise ValueError("lr: expected a learning rate, or an optimizer")
        return Momentum(lr, momentum) if momentum else SGD(lr)
    check_kind("optimizer", optimizer, Optimizer, AN_OPTIMIZER)
    if lr is not None or momentum != 0:
        raise ValueError(
            f"optimizer: expected it in place of lr and momentum, but got {shown(optimizer)} beside them"
        )
    return optimizer


def _steps(
    network: tuple[AnyLayer, ...],
    loss: Loss,
    X: Array,
    Y: Array,
    optimizer: Optimizer,
    steps: int,
    batch_size: int | None,
    rng: np.random.Generator | None,
    progress: bool,
) -> Iterator[TrainingStep[AnyLayer]]:
    numbers: Any = range(1, steps + 1)
    if progress:
        from tqdm import tqdm

        numbers = tqdm(numbers, unit="step")
    batches = _batches(X, Y, batch_size, rng)
    memory = _start(network, optimizer)
    for number in numbers:
        value, network, memory = _step(network, loss, *next(batches), optimizer, memory)
        if not math.isfinite(value):
            raise DivergenceError(
                f"loss: it is {value} at step {number}, where the network's outputs have become too large; "
                f"{optimizer!r} may need a smaller learning rate, or the network smaller weights"
            )
        yield TrainingStep(number, value, network)


# A function of its own, so that a step's caches are gone before the next step needs room. It computes and checks
# nothing: train has checked what all steps share.
def _step(
    network: tuple[AnyLayer, ...],
    loss: Loss,
    X: Array,
    Y: Array,
    optimizer: Optimizer,
    memory: Memory,
) -> tuple[float, tuple[AnyLayer, ...], Memory]:
    Z, caches = pass_forward(network, X)
    value, dZ = loss._value_and_gradient(Z, Y)
    _, gradients = pass_back(network, dZ, caches, first=True)
    network, memory = _optimize(network, gradients, optimizer, memory)
    return value, observed(network, caches), memory


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
        ValueError: if an output is not a number, as after a training that diverged.
        TypeError: if X is not a floating-point array.

    Example:
        >>> from nnnotes import identity
        >>> network = (Dense(np.array([[1.0]]), np.array([[0.0]]), identity),)
        >>> print(predict(network, np.array([[-2.0, 3.0]])))
        [0 1]
    """
    Z, _ = forward(network, X)
    lost = int(np.isnan(Z).any(axis=0).sum())
    if lost:
        raise ValueError(
            f"network: its output is not a number for {lost} of {Z.shape[1]} examples"
        )
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
        ValueError: if the targets are no classes, or an output is not a number.
        TypeError: if X is not a floating-point array.

    Example:
        >>> from nnnotes import identity
        >>> network = (Dense(np.array([[1.0]]), np.array([[0.0]]), identity),)
        >>> print(accuracy(network, np.array([[-2.0, 3.0]]), np.array([[0.0, 0.0]])))
        0.5
    """
    labels = predict(network, X)
    check_outputs(network, X.shape[1], Y=Y)
    _check_classes(Y)
    return float((labels == _labels(Y, threshold=0.5)).mean())


def _check_classes(Y: Array) -> None:
    if not np.isin(Y, (0, 1)).all():
        raise ValueError("Y: classes are told by 0 and 1, but there are other values")
    if len(Y) > 1 and not (Y.sum(axis=0) == 1).all():
        wrong = int((Y.sum(axis=0) != 1).argmax())
        raise ValueError(
            f"Y: column {wrong} does not hold one 1 among zeros, as a one-hot column does"
        )


def check_network(network: object) -> None:
    """Raise TypeError, ValueError or ShapeError unless it is a tuple of layers of one dtype, each fitting the last."""
    if not isinstance(network, tuple) or not all(
        isinstance(layer, Layer) for layer in network
    ):
        raise TypeError(
            f"network: expected a tuple of layers, but got {shown(network)}"
        )
    if not network:
        raise ValueError("network: expected at least one layer, but got none")
    for number, (layer, following) in enumerate(itertools.pairwise(network), start=1):
        if layer.n_out != following.n_in:
            raise ShapeError(
                f"network: layer {number} has n_out = {layer.n_out}, "
                f"but layer {number + 1} has n_in = {following.n_in}"
            )
        if layer.dtype != following.dtype:
            raise TypeError(
                f"network: layer {number} is of {layer.dtype}, but layer {number + 1} of {following.dtype}"
            )


def check_inputs(network: Network, X: Array) -> int:
    """Return the number of examples, unless the first layer does not take the inputs X."""
    check_array("X", X)
    layer = (network[0].n_out, network[0].n_in)
    sizes = compare_shapes("n_1 n_0, n_0 m", {"layer 1": layer, "X": X.shape})
    check_float(X=X)
    check_not_wider("network", network[0].dtype, X=X)
    return sizes["m"]


def check_outputs(network: Network, m: int, **arrays: Array) -> None:
    """Raise ShapeError or TypeError unless the arrays have the shape of the network's output for m examples."""
    for name, array in arrays.items():
        check_array(name, array)
        shapes = {"A": (network[-1].n_out, m), name: array.shape}
        compare_shapes("n_L m, n_L m", shapes)


def check_derivative(network: Network, dA: Array, m: int) -> None:
    """Raise ShapeError or TypeError unless dA can be the derivative with respect to the output for m examples."""
    check_outputs(network, m, dA=dA)
    check_float(dA=dA)
    check_not_wider("network", network[0].dtype, dA=dA)


def check_caches(network: Network, caches: tuple[Any, ...]) -> int:
    """Return the number of examples, unless a cache is not its layer's or of other examples than the first."""
    m = [layer.check_cache(cache) for layer, cache in zip(network, caches, strict=True)]
    for number, other in enumerate(m, start=1):
        if other != m[0]:
            raise ShapeError(
                f"caches: axis m is {other} in layer {number}, but layer 1 has m = {m[0]}"
            )
    return m[0]


def check_each(name: str, things: object, network: Network) -> None:
    """Raise TypeError or ValueError unless there is a thing for each layer."""
    if not isinstance(things, tuple | list):
        raise TypeError(
            f"{name}: expected a tuple with one for each layer, but got {shown(things)}"
        )
    if len(things) != len(network):
        raise ValueError(
            f"{name}: expected one for each of the {len(network)} layers, but got {len(things)}"
        )
