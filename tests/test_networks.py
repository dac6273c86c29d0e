"""Networks: gradients against differences, training against a loop written by hand."""

import copy
import dataclasses
import itertools

import jaxtyping
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.members import targets
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    SGD,
    Adam,
    Constant,
    Dense,
    DivergenceError,
    Glorot,
    Gradients,
    LeakyReLU,
    LogisticLoss,
    Memory,
    Momentum,
    Nesterov,
    ShapeError,
    SoftmaxLoss,
    SquaredError,
    Tangents,
    accuracy,
    backward,
    checkpointing,
    datasets,
    dense,
    descend,
    forward,
    identity,
    jvp,
    mlp,
    numerical_gradients,
    optimize,
    predict,
    relative_error,
    relu,
    softmax,
    tanh,
    train,
)
from nnnotes.activations import ALL as ACTIVATIONS
from nnnotes.formula import expression
from nnnotes.losses import ALL as LOSSES
from nnnotes.optimizers import ALL as OPTIMIZERS
from nnnotes.residual import Residual
from nnnotes.signals import signals


def flat(gradients):
    return np.concatenate([part.ravel() for d in gradients for part in (d.dW, d.db)])


@settings(max_examples=25)
@given(
    depth=st.integers(1, 4),
    sizes=st.permutations(range(1, 7)),
    g=st.sampled_from(ACTIVATIONS),
    loss=st.sampled_from(LOSSES),
    seed=st.integers(0, 2**32 - 1),
)
def test_backward_is_the_gradient_of_the_mean_loss(depth, sizes, g, loss, seed):
    m, *sizes = sizes[: depth + 2]
    rng = np.random.default_rng(seed)
    network = tuple(
        dataclasses.replace(layer, b=rng.standard_normal(layer.b.shape))
        for layer in mlp(rng, sizes, g, Glorot())
    )
    X, Y = rng.standard_normal((sizes[0], m)), targets(loss, rng, sizes[-1], m)
    Z, caches = forward(network, X)
    # No step, nor one twice as long, may reach over a kink. It moves one pre-activation by
    # at most the step times its input, and each layer behind stretches that by its slopes
    # and by the norm of its W.
    h = np.cbrt(np.finfo(float).eps)
    steepest = [max(1, np.abs(g.derivative(cache.Z)).max()) for cache in caches[:-1]]
    norms = [max(1, np.linalg.norm(layer.W, 2)) for layer in network]
    stretch = 2 * np.prod([*norms, *steepest])
    reach = h * stretch * max(1, *(np.abs(cache.A_prev).max() for cache in caches))
    hidden = [cache.Z for cache in caches[:-1]]
    assume(all(np.abs(Z - kink).min() > reach for Z in hidden for kink in g.kinks))

    exact = flat(backward(network, loss.gradient(Z, Y), caches))
    with pytest.MonkeyPatch.context() as patch:  # hundreds of calls like the one above
        patch.setattr(jaxtyping.config, "jaxtyping_disable", True)
        approximate, coarse = (
            flat(numerical_gradients(network, loss, X, Y, step)) for step in (h, 2 * h)
        )
    # A central difference errs by h**2 times a third derivative, and four times as much
    # with twice the step; and by rounding, about eps / h = 4e-11 times the loss.
    distance = np.linalg.norm(exact - approximate)
    bends = np.linalg.norm(coarse - approximate)
    size = max(1, loss(Z, Y), np.linalg.norm(exact))
    assert distance <= bends + 1e-8 * size
    assert bends <= 1e-3 * size  # else this would say little


@given(
    depth=st.integers(1, 4),
    sizes=st.permutations(range(1, 7)),
    g=st.sampled_from(ACTIVATIONS),
    seed=st.integers(0, 2**32 - 1),
)
def test_forward_mode_is_the_transpose_of_backward(depth, sizes, g, seed):
    m, *sizes = sizes[: depth + 2]
    rng = np.random.default_rng(seed)
    network = tuple(
        dataclasses.replace(layer, b=rng.standard_normal(layer.b.shape))
        for layer in mlp(rng, sizes, g, Glorot())
    )
    X, Xdot = rng.standard_normal((2, sizes[0], m))
    moving = tuple(
        Tangents(*map(rng.standard_normal, (layer.W.shape, layer.b.shape)))
        for layer in network
    )
    A, caches = forward(network, X)
    dA = rng.standard_normal(A.shape)
    Adot = jvp(network, Xdot, moving, caches)
    # backward leaves the first layer's input out: ask that layer itself.
    dX = dA
    for layer, cache in zip(network[::-1], caches[::-1], strict=True):
        dX, _ = layer.backward(dX, cache)
    products = [
        *(dA * Adot).ravel(),
        *(-dX * Xdot).ravel(),
        *(-flat(backward(network, dA, caches)) * flat_tangents(moving)),
    ]
    # The largest possible sum, that of the absolute values of all terms, is rounded some
    # 20 times a layer.
    most = np.abs(Xdot)
    for layer, tangent, cache in zip(network, moving, caches, strict=True):
        inputs = np.abs(tangent.Wdot) @ np.abs(cache.A_prev) + np.abs(tangent.bdot)
        most = np.abs(layer.g.derivative(cache.Z)) * (np.abs(layer.W) @ most + inputs)
    rounded = 20 * depth * np.finfo(float).eps
    assert abs(sum(products)) <= rounded * (np.abs(dA) * most).sum()


def flat_tangents(tangents):
    return np.concatenate([part.ravel() for t in tangents for part in (t.Wdot, t.bdot)])


def test_forward_mode_of_still_parameters_is_linear_in_the_inputs():
    rng = np.random.default_rng(0)
    network = mlp(rng, [2, 4, 3], identity)
    X, Xdot = rng.standard_normal((2, 2, 5))
    still = tuple(
        Tangents(np.zeros_like(layer.W), np.zeros_like(layer.b)) for layer in network
    )
    _, caches = forward(network, X)
    # Without an activation and biases the network is a product of matrices.
    np.testing.assert_array_equal(
        jvp(network, Xdot, still, caches), forward(network, Xdot)[0]
    )


def test_gradient_of_the_mean_does_not_grow_with_copies_of_the_examples():
    rng = np.random.default_rng(0)
    network = mlp(rng, [2, 4, 3], tanh)
    X, Y = rng.standard_normal((2, 5)), targets(SoftmaxLoss(), rng, 3, 5)

    def gradient(X, Y):
        Z, caches = forward(network, X)
        return flat(backward(network, SoftmaxLoss().gradient(Z, Y), caches))

    many = gradient(np.tile(X, 3), np.tile(Y, 3))
    # Sums of 15 terms in another order: some ten ulp.
    assert relative_error(gradient(X, Y), many) < 1e-14


def test_mlp_has_the_activation_in_each_layer_but_the_last():
    network = mlp(np.random.default_rng(0), [2, 5, 4, 3], relu, Glorot(), np.float32)
    assert [layer.g for layer in network] == [relu, relu, identity]
    assert [layer.W.shape for layer in network] == [(5, 2), (4, 5), (3, 4)]
    rng = np.random.default_rng(0)
    for layer in network:  # drawn from the first layer to the last
        np.testing.assert_array_equal(
            layer.W, Glorot()(rng, *layer.W.shape).astype(np.float32)
        )
        assert not layer.b.any()


def test_forward_is_one_layer_after_the_other():
    rng = np.random.default_rng(0)
    network = mlp(rng, [2, 4, 3], tanh)
    X = rng.standard_normal((2, 5))
    A, caches = forward(network, X)
    hidden = np.tanh(network[0].W @ X + network[0].b)
    np.testing.assert_array_equal(A, network[1].W @ hidden + network[1].b)
    np.testing.assert_array_equal(caches[1].A_prev, hidden)


def test_layers_that_do_not_fit_are_an_error_that_names_both():
    rng = np.random.default_rng(0)
    network = (*mlp(rng, [2, 5, 3], tanh), *mlp(rng, [4, 1], tanh))
    message = r"^network: layer 2 has n_out = 3, but layer 3 has n_in = 4$"
    X, Y = np.ones((2, 7)), np.ones((1, 7))
    calls = [
        lambda: forward(network, X),
        lambda: backward(network, Y, ()),
        lambda: descend(network, (), 0.1),
        lambda: train(network, SquaredError(), X, Y, lr=0.1, steps=1),
        lambda: predict(network, X),
        lambda: accuracy(network, X, Y),
        lambda: signals(network, X, SquaredError(), Y),
        lambda: numerical_gradients(network, SquaredError(), X, Y),
    ]
    for call in calls:
        with pytest.raises(ShapeError, match=message):
            call()


def problem(dtype=np.float64, k=1, m=7):
    """A small network, a loss and examples."""
    rng = np.random.default_rng(0)
    loss = SoftmaxLoss() if k > 1 else LogisticLoss()
    X = rng.standard_normal((2, m)).astype(dtype)
    Y = targets(loss, rng, k, m).astype(dtype)
    return mlp(rng, [2, 4, k], tanh, dtype=dtype), loss, X, Y


def by_hand(network, loss, X, Y, lr, steps, momentum=0.0, batches=None):
    """Gradient descent as the chapters write it, with the steps' losses."""
    memory, history = None, []
    rule = Momentum(lr, momentum) if momentum else SGD(lr)
    for step in range(steps):
        x, y = (X, Y) if batches is None else (X[:, batches[step]], Y[:, batches[step]])
        Z, caches = forward(network, x)
        d = backward(network, loss.gradient(Z, y), caches)
        network, memory = optimize(network, d, rule, memory)
        history.append(loss(Z, y))
    return network, history


def same(network, other):
    return all(
        np.array_equal(a.W, b.W) and np.array_equal(a.b, b.b)
        for a, b in zip(network, other, strict=True)
    )


@pytest.mark.parametrize("momentum", [0.0, 0.7])
@pytest.mark.parametrize("batch_size", [None, 3, 7])
@pytest.mark.parametrize("k", [1, 3])
def test_train_is_the_loop_of_forward_backward_and_descend(momentum, batch_size, k):
    network, loss, X, Y = problem(k=k)
    steps, batches, rng = 8, None, None
    if batch_size:
        shuffles = np.random.default_rng(5)
        passes = [shuffles.permutation(7) for _ in range(steps)]
        batches = [
            order[i : i + batch_size]
            for order in passes
            for i in range(0, 7, batch_size)
        ]
        rng = np.random.default_rng(5)
    expected, history = by_hand(network, loss, X, Y, 0.5, steps, momentum, batches)
    result = list(
        train(
            network,
            loss,
            X,
            Y,
            lr=0.5,
            steps=steps,
            momentum=momentum,
            batch_size=batch_size,
            rng=rng,
        )
    )
    assert [step.number for step in result] == list(range(1, steps + 1))
    assert [step.loss for step in result] == history
    assert same(result[-1].network, expected)
    assert not same(result[0].network, network)


def test_train_goes_on_from_the_network_of_the_last_step():
    network, loss, X, Y = problem()
    *_, half = train(network, loss, X, Y, lr=0.5, steps=4)
    *_, rest = train(half.network, loss, X, Y, lr=0.5, steps=4)
    *_, whole = train(network, loss, X, Y, lr=0.5, steps=8)
    assert same(rest.network, whole.network)


@pytest.mark.parametrize("rule", OPTIMIZERS, ids=repr)
def test_train_takes_any_optimizer_and_updates_each_parameter_by_its_rule(rule):
    network, loss, X, Y = problem()
    *_, last = train(network, loss, X, Y, optimizer=rule, steps=3)
    parameters = [w for layer in network for w in (layer.W, layer.b)]
    memories = [rule.start(w) for w in parameters]
    for t in (1, 2, 3):
        layers = [
            Dense(W, b, layer.g)
            for W, b, layer in zip(
                parameters[::2], parameters[1::2], network, strict=True
            )
        ]
        Z, caches = forward(tuple(layers), X)
        d = backward(tuple(layers), loss.gradient(Z, Y), caches)
        gradients = [g for part in d for g in (part.dW, part.db)]
        updates = map(rule.update, parameters, gradients, memories, [t] * 4)
        parameters, memories = map(list, zip(*updates, strict=True))
    result = [w for layer in last.network for w in (layer.W, layer.b)]
    for expected, w in zip(parameters, result, strict=True):
        np.testing.assert_array_equal(w, expected)


def test_descend_is_one_step_of_sgd():
    network, loss, X, Y = problem()
    Z, caches = forward(network, X)
    d = backward(network, loss.gradient(Z, Y), caches)
    for layer, part, after in zip(network, d, descend(network, d, 0.1), strict=True):
        np.testing.assert_array_equal(after.W, layer.W - 0.1 * part.dW)
        np.testing.assert_array_equal(after.b, layer.b - 0.1 * part.db)


def test_memory_of_another_optimizer_or_network_is_an_error():
    network, loss, X, Y = problem()
    Z, caches = forward(network, X)
    d = backward(network, loss.gradient(Z, Y), caches)
    _, memory = optimize(network, d, Momentum(0.1))
    for wrong in (dataclasses.replace(memory, parts=memory.parts[:-1]), memory):
        rule = Momentum(0.1) if wrong is not memory else SGD(0.1)
        with pytest.raises(ValueError, match=r"^memory: expected that of"):
            optimize(network, d, rule, wrong)


class RecordedSquaredError(SquaredError):
    """Squared error that keeps the targets of each step."""

    def __init__(self):
        self.batches = []

    def _value_and_gradient(self, Z, Y):
        self.batches.append(Y[0].tolist())
        return super()._value_and_gradient(Z, Y)


def test_one_pass_shows_each_example_once_with_its_target():
    m = 7
    recorder = RecordedSquaredError()
    X = np.arange(m, dtype=np.float64)[np.newaxis]
    network = (Dense(np.array([[1.0]]), np.array([[0.0]]), identity),)
    steps = train(
        network,
        recorder,
        X,
        X.copy(),
        lr=0.1,
        steps=9,
        batch_size=3,
        rng=np.random.default_rng(0),
    )
    # The targets are the inputs, which the network gives back: each loss is 0 as long as
    # an example and its target stay together.
    assert [step.loss for step in steps] == [0.0] * 9
    passes = [recorder.batches[i : i + 3] for i in (0, 3, 6)]
    for batches in passes:
        assert [len(batch) for batch in batches] == [3, 3, 1]
        assert sorted(itertools.chain(*batches)) == list(range(m))
    assert passes[0] != passes[1] != passes[2]


def test_train_complains_at_the_call_and_not_at_the_first_step():
    network, loss, X, Y = problem()
    for wrong in ({"Y": Y + 1}, {"lr": 0.0}, {"steps": 0}, {"X": X[:1]}):
        arguments = {"X": X, "Y": Y, "lr": 0.1, "steps": 1} | wrong
        with pytest.raises(ValueError, match=f"^{next(iter(wrong))}: "):
            train(network, loss, **arguments)


def test_progress_goes_to_stderr_and_changes_nothing(capsys):
    network, loss, X, Y = problem()
    quiet = list(train(network, loss, X, Y, lr=0.5, steps=5))
    assert capsys.readouterr() == ("", "")
    shown = list(train(network, loss, X, Y, lr=0.5, steps=5, progress=True))
    out, err = capsys.readouterr()
    assert out == ""
    assert "5/5" in err
    assert "step/s" in err
    assert [step.loss for step in shown] == [step.loss for step in quiet]
    assert same(shown[-1].network, quiet[-1].network)


def test_exclusive_or_is_learned():
    X, Y = datasets.xor(np.random.default_rng(0), m=40)
    network = mlp(np.random.default_rng(1), [2, 4, 1], tanh)
    assert accuracy(network, X, Y) < 0.8
    *_, last = train(network, LogisticLoss(), X, Y, lr=1.0, steps=200, momentum=0.5)
    assert accuracy(last.network, X, Y) == 1.0
    assert last.loss < 0.1


def constant(*biases):
    """A network that gives the input back in its first rows, with biases."""
    k = len(biases)
    return (Dense(np.eye(k), np.array(biases, np.float64)[:, np.newaxis], identity),)


def test_one_row_is_class_one_above_zero():
    X = np.array([[-2.0, -0.0, 0.0, 1e-300, 3.0]])
    labels = predict(constant(0), X)
    assert labels.dtype.kind == "i"
    assert labels.tolist() == [0, 0, 0, 1, 1]
    assert accuracy(constant(0), X, np.array([[0.0, 1, 0, 1, 0]])) == 3 / 5
    assert (
        accuracy(constant(0), X, np.array([[False, False, False, True, True]])) == 1.0
    )


def test_several_rows_are_the_class_of_the_greatest():
    X = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 2.0], [-1.0, 1.0, 9.0]])
    assert predict(constant(0, 0, 0), X).tolist() == [0, 1, 2]
    assert predict(constant(9, 0, 0), X).tolist() == [0, 0, 0]
    Y = np.eye(3)[:, [0, 1, 1]]
    assert accuracy(constant(0, 0, 0), X, Y) == 2 / 3


def test_narrower_inputs_leave_the_dtype_of_the_network():
    X, Y = np.ones((2, 4), np.float32), np.zeros((1, 4))
    network = mlp(np.random.default_rng(0), [2, 3, 1], tanh)
    (step,) = train(network, SquaredError(), X, Y, lr=0.1, steps=1)
    assert {w.dtype for layer in step.network for w in (layer.W, layer.b)} == {
        np.dtype(np.float64)
    }


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_stays_through_training(dtype):
    network, loss, X, Y = problem(dtype)
    # NumPy's own scalars are the numbers that would widen an array.
    lr, momentum = np.float64(0.1), np.float64(0.9)
    Z, caches = forward(network, X)
    gradients = backward(network, loss.gradient(Z, Y), caches)
    network = descend(network, gradients, lr)
    network, memory = optimize(network, gradients, Nesterov(lr, momentum))
    *_, last = train(network, loss, X, Y, lr=lr, steps=3, momentum=momentum)
    arrays = [Z, flat(gradients), *itertools.chain(*memory.parts)]
    arrays += [
        part for layer in (*network, *last.network) for part in (layer.W, layer.b)
    ]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize("k", [1, 3])
def test_nothing_that_is_passed_is_changed(k):
    network, loss, X, Y = problem(k=k)
    Z, caches = forward(network, X)
    gradients = backward(network, loss.gradient(Z, Y), caches)
    arrays = [X, Y, Z, *(part for layer in network for part in (layer.W, layer.b))]
    arrays += [part for cache in caches for part in (cache.A_prev, cache.Z)]
    arrays += [part for d in gradients for part in (d.dW, d.db)]
    before = copy.deepcopy(arrays)
    for array in arrays:
        array.flags.writeable = False  # an assignment to an element is an error now

    forward(network, X)
    backward(network, loss.gradient(Z, Y), caches)
    loss(Z, Y)
    descend(network, gradients, 0.1)
    for rule in OPTIMIZERS:
        _, memory = optimize(network, gradients, rule)
        kept = [array for part in memory.parts for array in part]
        before += copy.deepcopy(kept)
        arrays += kept
        for array in kept:
            array.flags.writeable = False
        optimize(network, gradients, rule, memory)
    for options in (
        {"lr": 0.1},
        {"lr": 0.1, "momentum": 0.9},
        {"optimizer": Adam(), "batch_size": 3, "rng": np.random.default_rng(0)},
    ):
        list(train(network, loss, X, Y, steps=4, **options))
    predict(network, X)
    accuracy(network, X, Y.round() if k == 1 else 1.0 * (Y.max(axis=0) == Y))
    signals(network, X, loss, Y)
    numerical_gradients(network, loss, X, Y)

    for array, copied in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copied)


def misshapen(array):
    """The array with each axis longer, shorter or transposed, with an axis more and one less."""
    for axis in (0, 1):
        yield np.repeat(array, 2, axis)
        yield np.delete(array, 0, axis)
    if array.shape[0] != array.shape[1]:
        yield array.T
    yield array[np.newaxis]
    yield array[0]


@settings(max_examples=10)
@given(
    sizes=st.permutations(range(2, 7)),
    number=st.integers(0, 2),
    seed=st.integers(0, 2**32 - 1),
)
@pytest.mark.usefixtures("unchecked")
def test_every_wrong_shape_is_an_error(sizes, number, seed):
    m, *sizes = sizes
    rng = np.random.default_rng(seed)
    network = mlp(rng, sizes, tanh)
    loss = SquaredError()
    X, Y = rng.standard_normal((sizes[0], m)), rng.standard_normal((sizes[-1], m))
    Z, caches = forward(network, X)
    dZ = loss.gradient(Z, Y)
    d = backward(network, dZ, caches)
    layer, cache, gradient = network[number], caches[number], d[number]

    def with_(things, **changes):
        changed = dataclasses.replace(things[number], **changes)
        return (*things[:number], changed, *things[number + 1 :])

    calls = [
        (X, lambda X: backward(network, dZ, forward(network, X)[1])),
        (X, lambda X: train(network, loss, X, Y, lr=0.1, steps=1)),
        (Y, lambda Y: train(network, loss, X, Y, lr=0.1, steps=1)),
        (Y, lambda Y: loss.value_and_gradient(Z, Y)),
        (Z, lambda Z: loss(Z, Y)),
        (dZ, lambda dZ: backward(network, dZ, caches)),
        (cache.Z, lambda Z: backward(network, dZ, with_(caches, Z=Z))),
        (cache.A_prev, lambda A: backward(network, dZ, with_(caches, A_prev=A))),
        (gradient.dW, lambda dW: descend(network, with_(d, dW=dW), 0.1)),
        (gradient.db, lambda db: descend(network, with_(d, db=db), 0.1)),
        (layer.W, lambda W: forward(with_(network, W=W), X)),
        (layer.b, lambda b: forward(with_(network, b=b), X)),
    ]
    for right, call in calls:
        call(right)
        for wrong in misshapen(right):
            with pytest.raises(ShapeError):
                call(wrong)


@wrong_calls(
    (
        lambda network, loss, X, Y: train(
            network, loss, X, Y, optimizer=SGD(0.1), momentum=X, steps=1
        ),
        "momentum: expected a number from 0 to less than 1, but got array",
    ),
    (
        lambda network, loss, X, Y: train(
            network, loss, X, Y, lr=0.1, steps=1, progress=X
        ),
        "progress: expected True or False, but got array",
    ),
    (
        lambda network, X, caches, t: jvp(list(network), X, t, caches),
        "network: expected a tuple of layers, but got [Dense(",
    ),
    (
        lambda network, X, caches, t: jvp(network, X, t[:1], caches),
        "tangents: expected one for each of the 2 layers, but got 1",
    ),
    (
        lambda network, X, caches, d: jvp(network, X, d, caches),
        "tangents: expected Tangents, but got Gradients(",
    ),
    (
        lambda network, X, caches, t: jvp(network, X, t, caches[:1]),
        "caches: expected one for each of the 2 layers, but got 1",
    ),
    (lambda rng: mlp(rng, 5, tanh), "sizes: expected a list of integers, but got 5"),
    (
        lambda rng: mlp(rng, "25", tanh),
        "sizes: expected a list of integers, but got '25'",
    ),
    (
        lambda rng: mlp(rng, b"25", tanh),
        "sizes: expected a list of integers, but got b'25'",
    ),
    (
        lambda rng: mlp(rng, [2, 3], "tanh"),
        "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    ),
    (
        lambda rng: mlp(rng, [2, 3.0], tanh),
        "sizes[1]: expected an integer, but got 3.0",
    ),
    (
        lambda rng: mlp(rng, [2, 3], tanh, dtype=int),
        "dtype: expected a floating-point type, such as np.float64, but got <class",
    ),
    (
        lambda rng: mlp(rng, [2, 3], tanh, dtype="no"),
        "dtype: expected a floating-point type, such as np.float64, but got 'no'",
    ),
    (
        lambda rng: mlp(rng, [2, 3], tanh, "He"),
        "init: expected an initialiser such as nnnotes.He(), but got 'He'",
    ),
    (
        lambda rng: mlp(rng, [2], tanh),
        "sizes: expected at least an input and an output size, but got (2,)",
    ),
    (
        lambda: mlp(3, [2, 1], tanh),
        "rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got 3",
    ),
    (
        lambda network, X: forward(list(network), X),
        "network: expected a tuple of layers, but got [Dense(",
    ),
    (lambda X: forward((), X), "network: expected at least one layer, but got none"),
    (
        lambda W, b, X: forward((W, b), X),
        "network: expected a tuple of layers, but got (array",
    ),
    (
        lambda network, X: forward(network, X[0]),
        "X: the number of axes is 1, but must be 2; expected (n_0, m), got (4,)",
    ),
    (
        lambda network, X: forward(network, X.T),
        "X: axis n_0 is 4, but layer 1 has n_0 = 2; expected (n_0, m), got (4, 2)",
    ),
    (
        lambda network, X: forward(network, X.astype(complex)),
        "X: expected a floating-point dtype, such as float64, but got complex128",
    ),
    (
        lambda network, X: forward(network[::-1], X),
        "network: layer 1 has n_out = 1, but layer 2 has n_in = 2",
    ),
    (lambda X: forward(None, X), "network: expected a tuple of layers, but got None"),
    (
        lambda network, Y, caches: backward(network, Y, caches[:1]),
        "caches: expected one for each of the 2 layers, but got 1",
    ),
    (
        lambda network, d: descend(network, d, -0.1),
        "lr: expected a finite number greater than 0, but got -0.1",
    ),
    (
        lambda network, d: descend(network, d[:1], 0.1),
        "gradients: expected one for each of the 2 layers, but got 1",
    ),
    (
        lambda network, d: descend(network, d[::-1], 0.1),
        "dW: axis n_out is 1, but W has n_out = 3; expected (n_out, n_in), got (1, 3)",
    ),
    (
        lambda rng, network, X: forward(
            (network[0], dense(rng, 1, 3, tanh, dtype=np.float32)), X
        ),
        "network: layer 1 is of float64, but layer 2",
    ),
    (
        lambda single, d: descend(single, d, 0.1),
        "dW: expected the dtype of W, float32, but got float64",
    ),
    (
        lambda network, W, b: descend(network[:1], (Gradients(W, b > 0),), 0.1),
        "db: expected a floating-point dtype, such as float64, but got bool",
    ),
    (
        lambda network, d: descend(network, d, None),
        "lr: expected a finite number greater than 0, but got None",
    ),
    (
        lambda network, d: descend(network, d, "0.1"),
        "lr: expected a finite number greater than 0, but got '0.1'",
    ),
    (
        lambda network, d: descend(network, d, 0),
        "lr: expected a finite number greater than 0, but got 0",
    ),
    (
        lambda network, caches: descend(network, caches, 0.1),
        "gradients: expected Gradients, but got Cache(",
    ),
    (
        lambda network, X, Y: backward(network, Y, X),
        "caches: expected a tuple with one for each layer, but got array",
    ),
    (
        lambda network, Y, d: backward(network, Y, d),
        "cache: expected the Cache that forward returned, but got Gradients(",
    ),
    (
        lambda network, X, caches: backward(network, X, caches),
        "dA: axis n_L is 2, but A has n_L = 1; expected (n_L, m), got (2, 4)",
    ),
    (
        lambda network, d: optimize(network, d, 0.1),
        "optimizer: expected an optimiser such as nnnotes.SGD(lr=0.1), but got 0.1",
    ),
    (
        lambda network, d: optimize(network, d, SGD(0.1), ()),
        "memory: expected the Memory that optimize returned, but got ()",
    ),
    (
        lambda network, d: optimize(network, d, Adam(), Memory(1, ())),
        "memory: expected that of Adam(",
    ),
    (
        lambda network, d: optimize(network, d, SGD(0.1), Memory(1, None)),
        "memory: expected the Memory that optimize returned, but got",
    ),
    (
        lambda network, d: optimize(network, d, SGD(0.1), Memory(1, (None,))),
        "memory: expected the Memory that optimize returned, but got",
    ),
    (
        lambda network, d: optimize(network, d, SGD(0.1), Memory(-1, ((),) * 4)),
        "memory.steps: expected at least 0, but got -1",
    ),
    (
        lambda network, d: optimize(network, d, Momentum(0.1), Memory(1, ((0,),) * 4)),
        "memory: expected that of Momentum(",
    ),
    (
        lambda network, single, d, single_d: optimize(
            network, d, Momentum(0.1), optimize(single, single_d, Momentum(0.1))[1]
        ),
        "memory: expected that of",
    ),
    (
        lambda network, X, Y: train(network, "loss", X, Y, lr=1, steps=1),
        "loss: expected a loss such as nnnotes.LogisticLoss(), but got",
    ),
    (
        lambda network, X, Y, loss: train(network[0], loss, X, Y, lr=1, steps=1),
        "network: expected a tuple of layers, but got Dense(",
    ),
    (
        lambda single, X, Y, loss: train(single, loss, X, Y, lr=1, steps=1),
        "X: expected the network's dtype, float32, or a narrower one, but got",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X[:1], Y, lr=1, steps=1),
        "X: axis n_0 is 1, but layer 1 has n_0 = 2; expected (n_0, m)",
    ),
    (
        lambda network, X, loss: train(network, loss, X, X, lr=1, steps=1),
        "Y: axis n_L is 2, but A has n_L = 1; expected (n_L, m)",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y + 2, lr=1, steps=1),
        "Y: expected targets from 0 to 1, but got 2.0 to 2.0",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X * np.nan, Y, lr=1, steps=1),
        "X: not all inputs are finite",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X * np.inf, Y, lr=1, steps=1),
        "X: not all inputs are finite",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X > 0, Y, lr=1, steps=1),
        "X: expected a floating-point dtype, such as float64, but got",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y, lr=np.nan, steps=1),
        "lr: expected a finite number greater than 0, but got nan",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y, lr="1", steps=1),
        "lr: expected a finite number greater than 0, but got '1'",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y, lr=0, steps=1),
        "lr: expected a finite number greater than 0, but got 0",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y, steps=1),
        "lr: expected a learning rate, or an optimizer",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, lr=1, optimizer=Adam(), steps=1
        ),
        "optimizer: expected it in place of lr and",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, momentum=0.5, optimizer=Adam(), steps=1
        ),
        "optimizer: expected it in place of lr",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, optimizer="adam", steps=1
        ),
        "optimizer: expected an optimiser such as",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X.astype(object), Y, lr=1, steps=1
        ),
        "X: expected a floating-point dtype, such as",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X[:, :0], Y[:, :0], lr=1, steps=1
        ),
        "X: axis m is empty; expected (n_0, m), got (2, 0)",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y[0], lr=1, steps=1),
        "Y: the number of axes is 1, but must be 2; expected (n_L, m)",
    ),
    (
        lambda network, X, loss: train(network, loss, X, None, lr=1, steps=1),
        "Y: expected a NumPy array, but got None",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y * np.nan, lr=1, steps=1),
        "Y: not all targets are finite",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, momentum="0"
        ),
        "momentum: expected a number from 0 to less than 1",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y, lr=1, steps=None),
        "steps: expected an integer, but got None",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y, lr=1, steps=0),
        "steps: expected at least 1, but got 0",
    ),
    (
        lambda network, X, Y, loss: train(network, loss, X, Y, lr=1, steps=True),
        "steps: expected an integer, but got True",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, momentum=-1
        ),
        "momentum: expected a number from 0 to less than 1",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, momentum=np.nan
        ),
        "momentum: expected a number from 0 to less than 1",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, batch_size=2
        ),
        "rng: expected a generator together with batch_size",
    ),
    (
        lambda rng, network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, rng=rng
        ),
        "rng: expected a generator together with batch_size",
    ),
    (
        lambda network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, batch_size=2, rng=0
        ),
        "rng: expected a numpy.random.Generator",
    ),
    (
        lambda rng, network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, batch_size=5, rng=rng
        ),
        "batch_size: expected at most the 4 examples",
    ),
    (
        lambda rng, network, X, Y, loss: train(
            network, loss, X, Y, lr=1, steps=1, batch_size=0, rng=rng
        ),
        "batch_size: expected at least 1, but got 0",
    ),
    (
        lambda network, X: predict(network, X.tolist()),
        "X: expected a NumPy array, but got [[1.0",
    ),
    (
        lambda network, X: accuracy(network, X, X),
        "Y: axis n_L is 2, but A has n_L = 1; expected (n_L, m), got (2, 4)",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)


def test_run_takes_all_steps_and_gives_the_last():
    network, loss, X, Y = problem()
    steps = list(train(network, loss, X, Y, lr=0.5, steps=5))
    training = train(network, loss, X, Y, lr=0.5, steps=5)
    assert "5 steps" in repr(training)
    assert "run()" in repr(training)
    assert next(training).number == 1
    last = training.run()
    assert (last.number, last.loss) == (5, steps[-1].loss)
    assert same(last.network, steps[-1].network)
    assert training.run() is last  # nothing is left, and nothing is lost


def test_a_training_says_where_the_network_is():
    training = train(*problem(), lr=0.5, steps=5)
    for name in ("network", "loss", "number"):
        with pytest.raises(
            AttributeError, match=rf"^{name}: .* run\(\) takes them all"
        ):
            getattr(training, name)
    with pytest.raises(AttributeError, match="no attribute 'weights'"):
        training.weights  # noqa: B018


def test_training_that_diverges_says_at_which_step():
    one, zero = np.array([[1.0]]), np.array([[0.0]])
    network = (Dense(one, zero, identity),)
    # Each step multiplies the distance from the target by 1 - 2 lr: the loss, its square, overflows.
    training = train(network, SquaredError(), one, 3 * one, lr=1e100, steps=100)
    seen = []
    with pytest.raises(
        DivergenceError, match=r"^loss: it is inf at step 3, .*SGD\(lr=1e\+100\)"
    ):
        seen += (step.number for step in training)
    assert seen == [1, 2]


def test_what_is_not_a_number_is_no_class():
    network = (Dense(np.array([[1.0]]), np.array([[0.0]]), identity),)
    X = np.array([[1.0, np.nan, -2.0]])
    for call in (lambda: predict(network, X), lambda: accuracy(network, X, 0 * X)):
        with pytest.raises(
            ValueError,
            match=r"^network: its output is not a number for 1 of 3 examples",
        ):
            call()


@pytest.mark.parametrize(
    ("Y", "message"),
    [
        ([[0.0, np.nan, 1.0]], "Y: classes are told by 0 and 1"),
        ([[0, 1, 2]], "Y: classes are told by 0 and 1"),
        ([[-1.0, 1.0, 1.0]], "Y: classes are told by 0 and 1"),
        ([[0.3, 1.7, 0.0]], "Y: classes are told by 0 and 1"),
        ([[1, 0, 1], [0, 0, 0]], "Y: column 1 does not hold one 1 among zeros"),
        ([[1, 0, 1], [0, 1, 1]], "Y: column 2 does not hold one 1 among zeros"),
    ],
)
def test_targets_that_are_no_classes_are_an_error(Y, message):
    k = len(Y)
    network = (Dense(np.ones((k, 1)), np.zeros((k, 1)), identity),)
    with pytest.raises(ValueError, match=f"^{message}"):
        accuracy(network, np.ones((1, 3)), np.array(Y))


@pytest.mark.usefixtures("unchecked")
def test_no_message_holds_a_whole_argument():
    network = mlp(np.random.default_rng(0), [100] * 9, tanh)
    X = np.ones((100, 1000))
    deep = [[[X.tolist()]]]
    for call in (
        lambda: softmax(forward(network, X)),
        lambda: train(list(network), SquaredError(), X, X, lr=1.0, steps=1),
        lambda: forward(deep, X),
        lambda: backward(network, X, deep),
        lambda: relu([*deep, 1]),
        lambda: LeakyReLU(10**5000),
        lambda: expression("z + " * 5000),
    ):
        with pytest.raises((TypeError, ValueError)) as error:
            call()
        assert len(str(error.value)) <= 400
        assert "\n" not in str(error.value)


@pytest.mark.usefixtures("unchecked")
def test_inputs_wider_than_the_network_are_an_error_at_once():
    network = mlp(np.random.default_rng(0), [2, 3, 1], tanh, dtype=np.float32)
    X, Y = np.ones((2, 4)), np.zeros((1, 4))
    message = (
        "^X: expected the network's dtype, float32, or a narrower one, but got float64"
    )
    for call in (
        lambda: forward(network, X),
        lambda: predict(network, X),
        lambda: signals(network, X, SquaredError(), Y),
        lambda: train(network, SquaredError(), X, Y, lr=0.1, steps=1),
        lambda: checkpointing.forward(network, X, every=1),
    ):
        with pytest.raises(TypeError, match=message):
            call()
    Z, caches = forward(network, X.astype(np.float32))
    with pytest.raises(TypeError, match=r"^dA: expected the network's dtype, float32"):
        backward(network, Z.astype(np.float64), caches)


@pytest.mark.usefixtures("unchecked")
def test_bytes_in_another_order_are_an_error_that_says_how_to_mend_it():
    network, loss, X, Y = problem()
    swapped = X.astype(X.dtype.newbyteorder())
    W = network[0].W.astype(X.dtype.newbyteorder())
    for call in (
        lambda: forward(network, swapped),
        lambda: train(network, loss, swapped, Y, lr=0.1, steps=1),
        lambda: Dense(W, network[0].b, tanh),
    ):
        with pytest.raises(
            TypeError,
            match=r"not in this machine's order; those of \w\.astype\(np\.float64\) are$",
        ):
            call()


@pytest.mark.parametrize(
    "call",
    [
        lambda rng, one: dense(rng, 2, 2, tanh, Constant(1e39), dtype=np.float32),
        lambda rng, one: Dense(one, one, LeakyReLU(1e39)),
        lambda rng, one: Residual((Dense(one, one, tanh),), alpha=1e39),
        lambda rng, one: descend(
            (Dense(one, one, tanh),), (Gradients(one, one),), lr=1e39
        ),
        lambda rng, one: train(
            (Dense(one, one, tanh),), SquaredError(), one, one, lr=1e39, steps=1
        ),
    ],
)
def test_number_that_the_dtype_of_the_network_cannot_hold_is_an_error(call):
    with pytest.raises(
        ValueError, match=r" is beyond the largest number of float32, 3\.4028e\+38$"
    ):
        call(np.random.default_rng(0), np.ones((1, 1), np.float32))
