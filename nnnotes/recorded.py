"""Runs that take too long for a page: the functions that make them, and what they gave."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from nnnotes._checks import (
    AN_ACTIVATION,
    check_count,
    check_kind,
    check_positive,
    check_rng,
    shown,
)
from nnnotes.activations import (
    Activation,
    identity,
    leaky_relu,
    relu,
    sigmoid,
    tanh,
)
from nnnotes.arrays import Array, Float
from nnnotes.datasets import digits, flower
from nnnotes.initializers import He, LeCun, Zeros, gain
from nnnotes.layers import Dense, dense
from nnnotes.losses import LogisticLoss, Loss, SoftmaxLoss
from nnnotes.networks import (
    DivergenceError,
    Memory,
    Training,
    accuracy,
    backward,
    forward,
    mlp,
    optimize,
    train,
)
from nnnotes.optimizers import Adam

__all__ = [
    "ACTIVATIONS",
    "RATES",
    "SEEDS",
    "TASKS",
    "WIDTHS",
    "WIDTH_RATES",
    "WIDTH_SEEDS",
    "Recorded",
    "digits_run",
    "flower_run",
    "record",
    "recorded",
    "width_losses",
    "width_run",
]

ACTIVATIONS: tuple[Activation, ...] = (identity, relu, leaky_relu, sigmoid, tanh)
"""The activations that are compared, in the order of the first axis."""

RATES: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""The learning rates, in the order of the second axis."""

SEEDS = 60
"""The number of seeds, counted from 0 on the third axis."""


def digits_run(
    rng: np.random.Generator, g: Activation, lr: float
) -> tuple[float, float]:
    """Train a network of 32 hidden units on 1,150 digits, and return its validation loss and its test accuracy.

    It takes 200 steps with batches of 64 and momentum 0.9. The validation data are 287 other digits, the test data 360.

    Args:
        rng: the source of randomness: of the split, of the weights, and of the batches.
        g: the activation of the hidden layer.
        lr: the learning rate, greater than 0.

    Raises:
        ValueError: if lr is not a finite number greater than 0.
        TypeError: if an argument is of another type.

    Example:
        >>> loss, share = digits_run(np.random.default_rng(0), tanh, lr=0.3)
        >>> print(f"{share:.2f}")
        0.97
    """
    _check(rng, g, lr)
    data = digits(rng)
    X, Y = data.X_train, data.Y_train
    network = mlp(rng, [64, 32, 10], g, LeCun(gain(g)))
    loss = SoftmaxLoss()
    training = train(
        network,
        loss,
        X[:, :1150],
        Y[:, :1150],
        lr=lr,
        momentum=0.9,
        steps=200,
        batch_size=64,
        rng=rng,
    )
    validation = X[:, 1150:], Y[:, 1150:]
    return _judged(training, loss, validation, (data.X_test, data.Y_test))


def flower_run(
    rng: np.random.Generator, g: Activation, lr: float
) -> tuple[float, float]:
    """Train a network of 16 hidden units on a flower of 400 points; return its validation loss and its test accuracy.

    It takes 500 steps with all points and momentum 0.9. Validation and test data are two more flowers of 400 points.

    Args:
        rng: the source of randomness: of the three flowers, and of the weights.
        g: the activation of the hidden layer.
        lr: the learning rate, greater than 0.

    Raises:
        ValueError: if lr is not a finite number greater than 0.
        TypeError: if an argument is of another type.

    Example:
        >>> loss, share = flower_run(np.random.default_rng(0), identity, lr=0.1)
        >>> share < 0.7
        True
    """
    _check(rng, g, lr)
    (X, Y), validation, test = (flower(rng) for _ in range(3))
    network = mlp(rng, [2, 16, 1], g, LeCun(gain(g)))
    loss = LogisticLoss()
    training = train(network, loss, X, Y, lr=lr, momentum=0.9, steps=500)
    return _judged(training, loss, validation, test)


def _judged(
    training: Training[Dense],
    loss: Loss,
    validation: tuple[Array, Array],
    test: tuple[Array, Array],
) -> tuple[float, float]:
    """Run a training; return the loss on the validation data and the accuracy on the test data."""
    # A rate that is too large is one of the results.
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            network = training.run().network
        except DivergenceError:
            return math.inf, 0.0
        Z, _ = forward(network, validation[0])
        value = loss(Z, validation[1])
    if not math.isfinite(value):
        return math.inf, 0.0
    return value, accuracy(network, *test)


def _check(rng: object, g: object, lr: object) -> None:
    check_rng(rng)
    check_kind("g", g, Activation, AN_ACTIVATION)
    check_positive("lr", lr)


TASKS: dict[str, Callable[..., tuple[float, float]]] = {
    "digits": digits_run,
    "flower": flower_run,
}
"""The tasks by name, each with the function that runs it.

:meta hide-value:
"""


@dataclass(frozen=True, eq=False)
class Recorded:
    """What the runs of a task gave, for each activation, learning rate and seed.

    Args:
        losses: the validation losses, inf where a run diverged.
        accuracies: the test accuracies, from 0 to 1.

    Example:
        >>> recorded("digits").losses.shape == (len(ACTIVATIONS), len(RATES), SEEDS)
        True
    """

    losses: Float[Array, "activations rates seeds"]
    accuracies: Float[Array, "activations rates seeds"]

    @property
    def chosen(self) -> tuple[int, ...]:
        """The number of the rate with the least mean validation loss, for each activation."""
        return tuple(int(k) for k in self.losses.mean(axis=2).argmin(axis=1))

    @property
    def scores(self) -> Array:
        """The test accuracies at the chosen rates, a row for each activation and a column for each seed."""
        return self.accuracies[np.arange(len(self.accuracies)), self.chosen]


def record(task: str, g: Activation, lr: float, seed: int) -> tuple[float, float]:
    """Make one run anew, and return its validation loss and its test accuracy.

    Args:
        task: "digits" or "flower".
        g: the activation.
        lr: the learning rate.
        seed: the seed, at least 0. All activations and rates of a task have the same data for one seed.

    Raises:
        ValueError: if there is no such task, or lr is not a finite number greater than 0.
        TypeError: if an argument is of another type.

    Example:
        >>> record("flower", identity, lr=0.1, seed=0)[1] < 0.7
        True
    """
    return _task(task)(np.random.default_rng(seed), g, lr)


def _task(
    name: object,
) -> Callable[[np.random.Generator, Activation, float], tuple[float, float]]:
    if not isinstance(name, str) or name not in TASKS:
        raise ValueError(
            f"task: expected {' or '.join(map(repr, TASKS))}, but got {shown(name)}"
        )
    return TASKS[name]


def recorded(task: str) -> Recorded:
    """Read what the runs of a task gave when they were made; ``python -m nnnotes.recorded`` makes them again.

    Args:
        task: "digits" or "flower".

    Raises:
        ValueError: if there is no such task.

    Example:
        >>> print(f"{recorded('digits').scores[-1].mean():.3f}")  # tanh
        0.970
    """
    _task(task)
    arrays = _arrays()
    return Recorded(arrays[f"{task}_losses"], arrays[f"{task}_accuracies"])


@cache
def _arrays() -> dict[str, Array]:
    from importlib.resources import as_file, files  # only here: importing it takes long

    with (
        as_file(files("nnnotes") / "data" / "recorded.npz") as path,
        np.load(path) as arrays,
    ):
        return dict(arrays)


WIDTHS: tuple[int, ...] = (32, 128, 512)
"""The widths of `width_run`, in the order of the second axis of `width_losses`."""

WIDTH_RATES: tuple[float, ...] = tuple(2.0**k for k in range(-11, -2))
"""Its learning rates, in the order of the third axis."""

WIDTH_SEEDS = 3
"""Its number of seeds, counted from 0 on the last axis."""


def width_run(rng: np.random.Generator, n: int, lr: float, mup: bool) -> float:
    """Train a network of two hidden layers of n ReLUs on the digits with Adam, and return its loss on what it learns.

    It takes 40 steps with 64 digits each, drawn from 1,437. Weights are He's, and LeCun's in the last layer. In the
    maximal update parametrisation the last layer begins as 0, and at width n the rates of the second and the third
    layer are those at width 32 times 32 / n.

    Args:
        rng: the source of randomness: of the split, of the weights, and of the batches.
        n: the width, at least 1.
        lr: the learning rate at width 32, greater than 0.
        mup: whether to use muP; if not, all layers have the rate lr at each width.

    Raises:
        ValueError: if a number is out of its range.
        TypeError: if an argument is of another type.

    Example:
        >>> print(f"{width_run(np.random.default_rng(0), 32, lr=2.0**-5, mup=True):.2f}")
        0.15

    References:
        Yang, G. et al., "Tensor programs V: tuning large neural networks via zero-shot hyperparameter transfer", 2022,
        doi:10.48550/arXiv.2203.03466, table 3.
    """
    check_rng(rng)
    check_count("n", n)
    check_positive("lr", lr)
    data, loss = digits(rng), SoftmaxLoss()
    X, Y = data.X_train, data.Y_train
    network: tuple[Dense, ...] = (
        dense(rng, n, 64, relu, He()),
        dense(rng, n, n, relu, He()),
        dense(rng, 10, n, identity, Zeros() if mup else LeCun()),
    )
    hidden = lr * 32 / n if mup else lr
    rules = Adam(lr), Adam(hidden), Adam(hidden)
    memories: list[Memory | None] = [None] * 3
    for _ in range(40):
        batch = rng.integers(0, X.shape[1], 64)
        Z, caches = forward(network, X[:, batch])
        gradients = backward(network, loss.gradient(Z, Y[:, batch]), caches)
        steps = [
            optimize((layer,), (d,), rule, memory)
            for layer, d, rule, memory in zip(
                network, gradients, rules, memories, strict=True
            )
        ]
        network = tuple(layer for (layer,), _ in steps)
        memories = [memory for _, memory in steps]
    Z, _ = forward(network, X)
    return loss(Z, Y)


def width_losses() -> Float[Array, "2 widths rates seeds"]:
    """Read what `width_run` gave for each width, rate and seed: first in the standard parametrisation, then in muP.

    Example:
        >>> width_losses().shape == (2, len(WIDTHS), len(WIDTH_RATES), WIDTH_SEEDS)
        True
    """
    return _arrays()["width_losses"]


def _record_all(path: str) -> None:
    arrays: dict[str, Array] = {
        "width_losses": np.array(
            [
                [
                    [
                        [
                            width_run(np.random.default_rng(seed), n, lr, mup)
                            for seed in range(WIDTH_SEEDS)
                        ]
                        for lr in WIDTH_RATES
                    ]
                    for n in WIDTHS
                ]
                for mup in (False, True)
            ]
        )
    }
    for task in TASKS:
        values = [
            [[record(task, g, lr, seed) for seed in range(SEEDS)] for lr in RATES]
            for g in ACTIVATIONS
        ]
        losses, accuracies = np.moveaxis(np.array(values), -1, 0)
        arrays |= {f"{task}_losses": losses, f"{task}_accuracies": accuracies}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # no name is an option's


if __name__ == "__main__":
    _record_all(str(Path(__file__).with_name("data") / "recorded.npz"))
