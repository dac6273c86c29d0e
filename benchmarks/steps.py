"""One training step in each library: forward, loss, backward, plain gradient descent, on the same numbers."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import textbook
import torch
from sklearn.neural_network import MLPClassifier

import nnnotes

LR = 0.01
TORCH = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
JAX = {"tanh": jnp.tanh, "relu": jax.nn.relu}

Step = Callable[[], float]
Weights = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Problem:
    """The sizes of a network, the number of examples, the activation, and the dtype."""

    sizes: tuple[int, ...]
    m: int
    activation: str
    dtype: str

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.sizes))}, m = {self.m}, {self.dtype}"


PROBLEMS = [
    Problem(sizes, m, activation, dtype)
    for sizes, m, activation in (
        ((2, 4, 1), 400, "tanh"),
        ((2, 25, 10, 1), 400, "relu"),
        ((64, 128, 10), 128, "relu"),
        ((784, 256, 128, 10), 128, "relu"),
        ((784, 1024, 1024, 10), 1024, "relu"),
        ((12288, 20, 7, 5, 1), 209, "relu"),
    )
    for dtype in ("float32", "float64")
]


@dataclass(frozen=True)
class Start:
    """Where all contestants start.

    Args:
        activation: that of the hidden layers.
        X: the inputs, one example per column.
        labels: the class of each example.
        Y: the targets, one example per column: one row for two classes, else one-hot.
        weights: W and b of each layer, as in Z = W A_prev + b.
    """

    activation: str
    X: np.ndarray
    labels: np.ndarray
    Y: np.ndarray
    weights: Weights

    @property
    def binary(self) -> bool:
        return len(self.Y) == 1

    def astype(self, dtype: str) -> "Start":
        """Return the same numbers in another dtype."""
        weights = [(W.astype(dtype), b.astype(dtype)) for W, b in self.weights]
        X, Y = self.X.astype(dtype), self.Y.astype(dtype)
        return Start(self.activation, X, self.labels, Y, weights)


def draw(problem: Problem) -> Start:
    """Draw a start for a problem; it is the same each time."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((problem.sizes[0], problem.m))
    classes = max(2, problem.sizes[-1])
    labels = rng.permutation(np.arange(problem.m) % classes)  # each one occurs
    Y = nnnotes.one_hot(labels, classes)
    Y = Y[1:] if problem.sizes[-1] == 1 else Y
    network = nnnotes.mlp(rng, problem.sizes, nnnotes.relu)
    weights = [(layer.W, layer.b) for layer in network]
    return Start(problem.activation, X, labels, Y, weights).astype(problem.dtype)


@dataclass(frozen=True)
class Contestant:
    """A function that takes one step and returns the loss before it, and one that returns W and b of each layer."""

    step: Step
    weights: Callable[[], Weights]


def as_network(start: Start) -> nnnotes.Network:
    """Make the network of nnnotes with the weights of the start."""
    g, last = getattr(nnnotes, start.activation), len(start.weights) - 1
    return tuple(
        nnnotes.Dense(W, b, nnnotes.identity if number == last else g)
        for number, (W, b) in enumerate(start.weights)
    )


def as_loss(start: Start) -> nnnotes.Loss:
    return nnnotes.LogisticLoss() if start.binary else nnnotes.SoftmaxLoss()


def with_nnnotes(start: Start) -> Contestant:
    """Ask the iterator of `nnnotes.train` for its next step."""
    network = as_network(start)
    iterator = nnnotes.train(
        network, as_loss(start), start.X, start.Y, lr=LR, steps=10**9
    )

    def step() -> float:
        nonlocal network
        done = next(iterator)
        network = done.network
        return done.loss

    return Contestant(step, lambda: [(layer.W, layer.b) for layer in network])


def with_textbook(start: Start) -> Contestant:
    """Run the listing of textbook.py."""
    L = len(start.weights)
    parameters = {}
    for number, (W, b) in enumerate(start.weights, start=1):
        parameters[f"W{number}"], parameters[f"b{number}"] = W, b

    def step() -> float:
        A, caches = textbook.forward(start.X, parameters, L, start.activation)
        cost = textbook.compute_cost(A, start.Y)
        gradients = textbook.backward(start.Y, parameters, caches, L, start.activation)
        textbook.update(parameters, gradients, L, LR)
        return cost

    def weights() -> Weights:
        return [(parameters[f"W{n}"], parameters[f"b{n}"]) for n in range(1, L + 1)]

    return Contestant(step, weights)


def with_pytorch(start: Start) -> Contestant:
    """Run PyTorch as its tutorials do: eagerly, with a Sequential, a loss and an optimiser."""
    parts: list[torch.nn.Module] = []
    for W, b in start.weights:
        linear = torch.nn.Linear(*W.T.shape)
        linear.weight = torch.nn.Parameter(torch.tensor(W))
        linear.bias = torch.nn.Parameter(torch.tensor(b[:, 0]))
        parts += [linear, TORCH[start.activation]()]
    network = torch.nn.Sequential(*parts[:-1])
    optimizer = torch.optim.SGD(network.parameters(), lr=LR)
    inputs = torch.tensor(start.X.T.copy())
    if start.binary:
        targets, loss_of = torch.tensor(start.Y.T.copy()), torch.nn.BCEWithLogitsLoss()
    else:
        targets, loss_of = torch.tensor(start.labels), torch.nn.CrossEntropyLoss()

    def step() -> float:
        optimizer.zero_grad()
        loss = loss_of(network(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    def weights() -> Weights:
        arrays = [p.detach().numpy().copy() for p in network.parameters()]
        return [(W, b[:, None]) for W, b in zip(arrays[::2], arrays[1::2], strict=True)]

    return Contestant(step, weights)


def with_jax(start: Start) -> Contestant:
    """Compile loss, gradients and update into one function."""
    x, y = jnp.array(start.X.T), jnp.array(start.Y.T)
    parameters = [(jnp.array(W.T), jnp.array(b[:, 0])) for W, b in start.weights]
    g = JAX[start.activation]

    def loss_of(parameters, x, y):
        *hidden, last = parameters
        for W, b in hidden:
            x = g(x @ W + b)
        z = x @ last[0] + last[1]
        if start.binary:
            return jnp.mean(jax.nn.softplus(z) - y * z)
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1))

    @jax.jit
    def compiled(parameters, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x, y)
        return loss, jax.tree.map(lambda w, d: w - LR * d, parameters, gradients)

    def step() -> float:
        nonlocal parameters
        loss, parameters = jax.block_until_ready(compiled(parameters, x, y))
        return float(loss)

    def weights() -> Weights:
        return [(np.array(W).T, np.array(b)[:, None]) for W, b in parameters]

    return Contestant(step, weights)


def with_sklearn(start: Start) -> Contestant:
    """Call partial_fit with all examples as one batch."""
    inputs = start.X.T.copy()
    classifier = MLPClassifier(
        [len(b) for _, b in start.weights[:-1]],
        activation=start.activation,
        solver="sgd",
        alpha=0,
        batch_size=len(inputs),
        learning_rate_init=LR,
        shuffle=False,
        momentum=0,
        nesterovs_momentum=False,
    )
    # The first call makes the weights; then they become those of the others.
    classifier.partial_fit(inputs, start.labels, classes=np.unique(start.labels))
    for number, (W, b) in enumerate(start.weights):
        classifier.coefs_[number][...] = W.T
        classifier.intercepts_[number][...] = b[:, 0]

    def step() -> float:
        classifier.partial_fit(inputs, start.labels)
        return classifier.loss_

    def weights() -> Weights:
        pairs = zip(classifier.coefs_, classifier.intercepts_, strict=True)
        return [(W.T.copy(), b[:, None].copy()) for W, b in pairs]

    return Contestant(step, weights)


MAKERS = {
    "nnnotes": with_nnnotes,
    "PyTorch": with_pytorch,
    "JAX": with_jax,
    "scikit-learn": with_sklearn,
    "textbook": with_textbook,
}


def contestants(problem: Problem) -> dict[str, Step]:
    """Make all contestants, let each take one step, and return their steps if all did the same."""
    made = {name: make(draw(problem)) for name, make in MAKERS.items()}
    _verify(problem, made)
    return {name: contestant.step for name, contestant in made.items()}


def _verify(problem: Problem, made: dict[str, Contestant]) -> None:
    """Stop unless all start with the same weights, and have the same loss and the same weights after one step.

    The reference is the textbook's listing in float64. A sum of n terms may be wrong by n rounding errors; the new
    weights are rounded once more. What a step changes must be much more than that, or nothing would be compared.
    """
    start = draw(problem)
    before = _flat(start.weights)
    exact = with_textbook(start.astype("float64"))
    loss, after = exact.step(), _flat(exact.weights())
    change = np.abs(after - before).max()
    rounding = float(np.finfo(problem.dtype).eps) * max(*problem.sizes, problem.m)
    tolerance = rounding * change + np.spacing(np.abs(before).astype(problem.dtype))
    if tolerance.max() > change / 100:
        raise SystemExit(f"{problem}: the step is too small to be compared")
    for name, contestant in made.items():
        weights = contestant.weights()
        if any(array.dtype != problem.dtype for pair in weights for array in pair):
            raise SystemExit(f"{problem}: {name} computes in another dtype")
        if not np.array_equal(_flat(weights), before):
            raise SystemExit(f"{problem}: {name} starts from other weights")
        got = contestant.step()
        if not abs(got - loss) <= rounding * loss:
            raise SystemExit(f"{problem}: the loss of {name} is {got}, not {loss}")
        off = np.abs(_flat(contestant.weights()) - after)
        if not (off <= tolerance).all():
            raise SystemExit(
                f"{problem}: after a step, a weight of {name} is off by {off.max():g}"
            )


def _flat(weights: Weights) -> np.ndarray:
    return np.concatenate([a.ravel() for pair in weights for a in pair], dtype=float)


def products(problem: Problem) -> Callable[[], None]:
    """Return the matrix products of a step alone, on arrays of the shapes and layouts that nnnotes has."""
    start = draw(problem)
    rng = np.random.default_rng(1)

    def arrays(sizes: tuple[int, ...]) -> list[np.ndarray]:
        shapes = [(size, problem.m) for size in sizes]
        return [rng.standard_normal(shape).astype(problem.dtype) for shape in shapes]

    layers = list(
        zip(
            [W for W, _ in start.weights],
            [start.X, *arrays(problem.sizes[1:-1])],
            arrays(problem.sizes[1:]),
            strict=True,
        )
    )

    def multiply() -> None:
        for W, A_prev, _ in layers:
            np.matmul(W, A_prev)
        for W, A_prev, dZ in reversed(layers):
            np.matmul(dZ, A_prev.T)
            if A_prev is not start.X:  # nobody needs the derivative there
                np.matmul(W.T, dZ)

    return multiply
