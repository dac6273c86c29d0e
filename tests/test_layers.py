"""One layer: its two passes against loops and central differences."""

import inspect
import itertools
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    Adam,
    Cache,
    Constant,
    Dense,
    Glorot,
    He,
    Layer,
    Momentum,
    SquaredError,
    Tangents,
    backward,
    checkpointing,
    dense,
    descend,
    forward,
    gated,
    identity,
    jvp,
    mlp,
    numerical_gradient,
    numerical_gradients,
    observe,
    optimize,
    relative_error,
    relu,
    sigmoid,
    softplus,
    tanh,
    train,
)
from nnnotes.activations import ALL
from nnnotes.gates import ALL as GATES
from nnnotes.gates import swiglu
from nnnotes.lsuv import lsuv
from nnnotes.normalisation import ALL as NORMS
from nnnotes.normalisation import LayerNorm, Normalisation
from nnnotes.residual import Residual
from nnnotes.signals import signals, update_ratios

# A central difference errs by about eps**(2/3) = 4e-11 times the ratios of f and of its
# third derivative to the gradient. The derivative is compared with the sizes of both.
TOLERANCE = 1e-7


@given(
    g=st.sampled_from(ALL),
    sizes=st.permutations(range(1, 7)),
    seed=st.integers(0, 2**32 - 1),
)
def test_backward_is_the_derivative_of_forward(g, sizes, seed):
    n_out, n_in, m, *_ = sizes
    rng = np.random.default_rng(seed)
    W, b, A_prev, dA = map(
        rng.standard_normal, [(n_out, n_in), (n_out, 1), (n_in, m), (n_out, m)]
    )
    layer = Dense(W, b, g)
    _, cache = layer.forward(A_prev)
    # No step may reach over a kink: it moves Z by at most h times the greatest factor.
    reach = np.cbrt(np.finfo(float).eps) * max(1, np.abs(W).max(), np.abs(A_prev).max())
    assume(all(np.abs(cache.Z - kink).min() > reach for kink in g.kinks))

    dA_prev, gradients = layer.backward(dA, cache)
    # With dA as weights, the sum of A has dA as its derivative with respect to A.
    numerical = [
        numerical_gradient(
            lambda x: float((dA * Dense(x, b, g).forward(A_prev)[0]).sum()), W
        ),
        numerical_gradient(
            lambda x: float((dA * Dense(W, x, g).forward(A_prev)[0]).sum()), b
        ),
        numerical_gradient(lambda x: float((dA * layer.forward(x)[0]).sum()), A_prev),
    ]
    size = np.linalg.norm(dA * g(cache.Z))
    for exact, approximate in zip(
        (gradients.dW, gradients.db, dA_prev), numerical, strict=True
    ):
        distance = np.linalg.norm(exact - approximate)
        assert distance <= TOLERANCE * max(1, size, np.linalg.norm(exact))


@given(
    g=st.sampled_from(ALL),
    sizes=st.permutations(range(1, 7)),
    seed=st.integers(0, 2**32 - 1),
)
def test_jvp_is_the_velocity_of_the_output_and_the_transpose_of_backward(
    g, sizes, seed
):
    n_out, n_in, m, *_ = sizes
    rng = np.random.default_rng(seed)
    W, b, A_prev, dA = map(
        rng.standard_normal, [(n_out, n_in), (n_out, 1), (n_in, m), (n_out, m)]
    )
    Wdot, bdot, Adot_prev = map(rng.standard_normal, [W.shape, b.shape, A_prev.shape])
    layer = Dense(W, b, g)
    _, cache = layer.forward(A_prev)
    Adot = layer.jvp(Adot_prev, Tangents(Wdot, bdot), cache)

    # <dA, J v> = <J^T dA, v>, whatever the kinks. Each side adds up products of which the
    # largest possible sum, that of the absolute values, is rounded some 20 times.
    dA_prev, d = layer.backward(dA, cache)
    pairs = [(d.dW, Wdot), (d.db, bdot), (dA_prev, Adot_prev)]
    left, right = (dA * Adot).sum(), sum((u * v).sum() for u, v in pairs)
    slope = np.abs(g.derivative(cache.Z))
    terms = np.abs(W) @ np.abs(Adot_prev) + np.abs(Wdot) @ np.abs(A_prev) + np.abs(bdot)
    most = (np.abs(dA) * slope * terms).sum()
    assert abs(left - right) <= 20 * np.finfo(float).eps * most

    # And it is how fast the output moves, away from kinks. A step of t moves Z by at most
    # t times |Zdot| + t |Wdot| |Adot_prev|.
    t = np.cbrt(np.finfo(float).eps)
    reach = t * (terms + t * np.abs(Wdot) @ np.abs(Adot_prev)).max()
    assume(all(np.abs(cache.Z - kink).min() > reach for kink in g.kinks))
    ends = [
        Dense(W + s * Wdot, b + s * bdot, g).forward(A_prev + s * Adot_prev)[0]
        for s in (t, -t)
    ]
    distance = np.linalg.norm((ends[0] - ends[1]) / (2 * t) - Adot)
    assert distance <= TOLERANCE * max(1, np.linalg.norm(Adot))


def test_forward_is_the_sum_over_the_inputs_and_the_cache_holds_what_went_in():
    rng = np.random.default_rng(0)
    layer = Dense(rng.standard_normal((3, 2)), rng.standard_normal((3, 1)), tanh)
    A_prev = rng.standard_normal((2, 4))
    A, cache = layer.forward(A_prev)
    for i in range(3):
        for k in range(4):
            z = sum(layer.W[i, j] * A_prev[j, k] for j in range(2)) + layer.b[i, 0]
            # Three products and sums, each rounded by half an ulp.
            assert cache.Z[i, k] == pytest.approx(z, rel=1e-15, abs=1e-15)
            assert A[i, k] == tanh(cache.Z[i, k])
    assert cache.A_prev is A_prev


def test_backward_adds_the_examples_up_and_takes_no_mean():
    layer = Dense(np.array([[2.0, -1.0]]), np.array([[0.5]]), identity)
    X = np.array([[1.0, 3.0], [2.0, 5.0]])
    dA_prev, gradients = layer.backward(np.array([[1.0, 10.0]]), layer.forward(X)[1])
    np.testing.assert_array_equal(gradients.dW, [[1 * 1 + 10 * 3, 1 * 2 + 10 * 5]])
    np.testing.assert_array_equal(gradients.db, [[11]])
    np.testing.assert_array_equal(dA_prev, [[2, 20], [-1, -10]])


def test_first_layer_leaves_out_the_gradient_of_its_input():
    rng = np.random.default_rng(0)
    layer = dense(rng, 3, 2, tanh)
    dA = rng.standard_normal((3, 4))
    _, cache = layer.forward(rng.standard_normal((2, 4)))
    dA_prev, gradients = layer.backward(dA, cache)
    nothing, same = layer.backward(dA, cache, first=True)
    assert nothing is None
    assert dA_prev.shape == (2, 4)
    np.testing.assert_array_equal(same.dW, gradients.dW)
    np.testing.assert_array_equal(same.db, gradients.db)


@pytest.mark.parametrize("g", ALL, ids=repr)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_stays(g, dtype):
    layer = dense(np.random.default_rng(0), 3, 2, g, dtype=dtype)
    A, cache = layer.forward(np.ones((2, 4), dtype))
    dA_prev, gradients = layer.backward(np.ones((3, 4), dtype), cache)
    arrays = [
        layer.W,
        layer.b,
        A,
        cache.A_prev,
        cache.Z,
        dA_prev,
        gradients.dW,
        gradients.db,
    ]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_dense_draws_the_weights_and_leaves_the_biases_zero():
    layer = dense(np.random.default_rng(4), 3, 2, sigmoid, Glorot(), np.float32)
    expected = Glorot()(np.random.default_rng(4), 3, 2)
    np.testing.assert_array_equal(layer.W, expected.astype(np.float32))
    np.testing.assert_array_equal(layer.b, np.zeros((3, 1)))
    assert layer.g == sigmoid
    # He's rule is the default.
    default = dense(np.random.default_rng(4), 3, 2, relu)
    np.testing.assert_array_equal(default.W, He()(np.random.default_rng(4), 3, 2))


def drawn(layer, rng):
    """The layer with all parameters drawn, so that biases and factors count."""
    return layer.with_parameters(
        {
            name: rng.standard_normal(array.shape).astype(array.dtype)
            for name, array in layer.parameters.items()
        }
    )


def layers_of_each_kind(dtype=np.float64):
    """From four inputs to four outputs, smooth, so that central differences hold."""
    rng = np.random.default_rng(0)
    kinds = {"dense": dense(rng, 4, 4, tanh, dtype=dtype)}
    for gate in GATES:
        if not gate.g.kinks:
            kinds[repr(gate)] = gated(rng, 4, 4, gate, dtype=dtype)
    two = mlp(rng, [4, 5, 4], softplus, dtype=dtype)
    inner = Residual((gated(rng, 4, 4, swiglu, dtype=dtype),), alpha=-0.5)
    kinds["residual"] = Residual(two, alpha=0.7)
    kinds["residual in residual"] = Residual((*two, inner), alpha=1.5)
    for norm in NORMS:
        kinds[norm.__name__] = norm.of(4, softplus, dtype=dtype)
    kinds["BatchNorm in evaluation"] = kinds["BatchNorm"].in_evaluation()
    normalised = (LayerNorm.of(4, dtype=dtype), *two)
    kinds["residual with LayerNorm"] = Residual(normalised, alpha=0.7)
    # Each by itself, whichever gates there are.
    return {
        name: drawn(layer, np.random.default_rng(0)) for name, layer in kinds.items()
    }


each_kind = pytest.mark.parametrize("kind", layers_of_each_kind())


def problem(kind, dtype=np.float64):
    """A network around a layer, with examples."""
    rng = np.random.default_rng(1)
    layer = layers_of_each_kind(dtype)[kind]
    around = [
        dense(rng, 4, 3, tanh, dtype=dtype),
        dense(rng, 2, 4, identity, dtype=dtype),
    ]
    first, last = (drawn(layer, rng) for layer in around)
    X, Y = rng.standard_normal((3, 7)).astype(dtype), rng.standard_normal((2, 7))
    return (first, layer, last), X, Y.astype(dtype)


def all_arrays(mirrors):
    return {
        (number, name): array
        for number, mirror in enumerate(mirrors)
        for name, array in mirror.by_name.items()
    }


@each_kind
def test_layer_says_its_sizes_and_its_parameters(kind):
    layer = layers_of_each_kind()[kind]
    assert (layer.n_in, layer.n_out, layer.dtype) == (4, 4, np.dtype(float))
    assert set(layer.weights) < set(layer.parameters)
    same = layer.with_parameters({})
    assert type(same) is type(layer)
    changed = layer.with_parameters(
        {name: array + 1 for name, array in layer.parameters.items()}
    )
    for name, array in layer.parameters.items():
        np.testing.assert_array_equal(same.parameters[name], array)
        np.testing.assert_array_equal(changed.parameters[name], array + 1)
    for mirror in (layer.gradients, layer.tangents):
        by_name = mirror(layer.parameters).by_name
        assert list(by_name) == list(layer.parameters)
        for name, array in layer.parameters.items():
            np.testing.assert_array_equal(by_name[name], array)


@each_kind
def test_each_gradient_of_any_layers_is_the_central_difference(kind):
    network, X, Y = problem(kind)
    Z, caches = forward(network, X)
    exact = all_arrays(backward(network, SquaredError().gradient(Z, Y), caches))
    numerical = all_arrays(numerical_gradients(network, SquaredError(), X, Y))
    assert exact.keys() == numerical.keys()
    for name, array in exact.items():
        assert relative_error(array, numerical[name]) < TOLERANCE, name


@each_kind
def test_derivative_with_respect_to_the_input_of_any_layer(kind):
    layer, rng = layers_of_each_kind()[kind], np.random.default_rng(2)
    A_prev, dA = rng.standard_normal((2, 4, 5))
    _, cache = layer.forward(A_prev)
    dA_prev, gradients = layer.backward(dA, cache)
    expected = numerical_gradient(
        lambda x: float((dA * layer.forward(x)[0]).sum()), A_prev
    )
    assert relative_error(dA_prev, expected) < TOLERANCE
    # A network's first layer may leave it out, and must have the same gradients.
    _, first = layer.backward(dA, cache, first=True)
    for name, array in gradients.by_name.items():
        np.testing.assert_array_equal(first.by_name[name], array)


@each_kind
def test_velocity_of_any_layers_is_the_transpose_of_the_backward_pass(kind):
    network, X, _ = problem(kind)
    rng = np.random.default_rng(3)
    Xdot = rng.standard_normal(X.shape)
    tangents = tuple(layer.tangents(drawn(layer, rng).parameters) for layer in network)
    Z, caches = forward(network, X)
    moved = jvp(network, Xdot, tangents, caches)

    def at(t):
        there = tuple(
            layer.with_parameters(
                {
                    name: w + t * tangent.by_name[name]
                    for name, w in layer.parameters.items()
                }
            )
            for layer, tangent in zip(network, tangents, strict=True)
        )
        return forward(there, X + t * Xdot)[0]

    h = np.cbrt(np.finfo(float).eps)
    assert relative_error(moved, (at(h) - at(-h)) / (2 * h)) < TOLERANCE
    # With the inputs at rest: <dZ, J v> = <J^T dZ, v>.
    dZ = rng.standard_normal(Z.shape)
    moved = jvp(network, 0 * Xdot, tangents, caches)
    gradients, along = (
        all_arrays(backward(network, dZ, caches)),
        all_arrays(tangents),
    )
    transposed = sum((gradients[name] * along[name]).sum() for name in along)
    assert (dZ * moved).sum() == pytest.approx(transposed, rel=1e-11, abs=0)


@each_kind
@pytest.mark.parametrize("rule", [Momentum(0.001, 0.5), Adam(0.001)], ids=repr)
def test_training_of_any_layers_is_the_loop_over_the_public_functions(kind, rule):
    network, X, Y = problem(kind)
    loss, memory, by_hand = SquaredError(), None, network
    for _ in range(3):
        Z, caches = forward(by_hand, X)
        gradients = backward(by_hand, loss.gradient(Z, Y), caches)
        by_hand, memory = optimize(by_hand, gradients, rule, memory)
        by_hand = observe(by_hand, caches)
    last = train(network, loss, X, Y, optimizer=rule, steps=3).run()
    assert last.loss == loss(Z, Y) < loss(forward(network, X)[0], Y)
    for trained, expected in zip(last.network, by_hand, strict=True):
        for name, array in expected.parameters.items():
            np.testing.assert_array_equal(trained.parameters[name], array)


@each_kind
def test_checkpoints_of_any_layers_give_the_same_gradients(kind):
    network, X, _ = problem(kind)
    A, caches = forward(network, X)
    expected = all_arrays(backward(network, A, caches))
    A, checkpoints = checkpointing.forward(network, X, every=2)
    again = all_arrays(checkpointing.backward(network, A, checkpoints))
    for name, array in expected.items():
        np.testing.assert_array_equal(again[name], array)


@each_kind
def test_signals_of_any_layers_are_those_of_their_outputs(kind):
    network, X, Y = problem(kind)
    measured = signals(network, X, SquaredError(), Y).layers
    A = X
    for layer, signal in zip(network, measured, strict=True):
        A, _ = layer.forward(A)
        assert signal.mean == pytest.approx(A.mean(), rel=1e-12)
        assert signal.variance == pytest.approx(A.var(), rel=1e-12)
        assert (
            np.isnan(signal.saturated)
            == np.isnan(signal.dead)
            == (not isinstance(layer, Dense | Normalisation))
        )
        assert signal.dW_rms > 0 if layer.weights else np.isnan(signal.dW_rms)
    trained = train(network, SquaredError(), X, Y, lr=1e-6, steps=1).run().network
    ratios = update_ratios(network, trained)
    for layer, ratio in zip(network, ratios, strict=True):
        assert 0 < ratio < 1 if layer.weights else np.isnan(ratio)


@each_kind
def test_lsuv_brings_the_pre_activations_of_any_layers_to_variance_one(kind):
    network, X, _ = problem(kind)
    # Without biases, which a scale of the weights does not reach.
    network = tuple(
        layer.with_parameters(
            {
                name: 0 * array
                for name, array in layer.parameters.items()
                if name not in layer.weights and not name.endswith(("alpha", "gamma"))
            }
        )
        for layer in network
    )
    scaled = lsuv(network, X, tolerance=1e-6)

    def variances(layer, A):
        """Of a layer's pre-activations, and of those of the layers in it."""
        A_next, cache = layer.forward(A)
        found = [Z.var() for Z in layer.pre_activations(cache).values()]
        for inner in layer.inner:
            more, A = variances(inner, A)
            found += more
        return found, A_next

    seen, A = [], X
    for layer in scaled:
        more, A = variances(layer, A)
        seen += more
    assert len(seen) == sum(len(layer.weights) for layer in network)
    assert max(abs(np.array(seen) - 1)) <= 1e-6


@each_kind
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_dtype_of_any_layers_stays(kind, dtype):
    network, X, Y = problem(kind, dtype)
    Z, caches = forward(network, X)
    gradients = backward(network, SquaredError().gradient(Z, Y), caches)
    new = descend(network, gradients, 0.01)
    arrays = [Z, *all_arrays(gradients).values()]
    arrays += [w for layer in new for w in layer.parameters.values()]
    # A residual layer's factor is a Python number.
    wide = [array for array in arrays if array.dtype != dtype]
    assert all(array.shape == (1, 1) and array.dtype == np.float64 for array in wide)
    assert {layer.dtype for layer in new} == {np.dtype(dtype)}


@each_kind
@pytest.mark.usefixtures("unchecked")
def test_what_does_not_belong_to_a_layer_is_an_error(kind):
    network, X, Y = problem(kind)
    layer = network[1]
    A_prev, _ = network[0].forward(X)
    A, cache = layer.forward(A_prev)
    _, other = layer.forward(A_prev[:, :5])
    _, gradients = layer.backward(A, cache)
    still = layer.tangents(layer.parameters)
    wide = A_prev.astype(np.longdouble)
    narrow = problem(kind, np.float32)[0][1]
    for call, message in (
        (lambda: layer.forward(A_prev[:3]), "A_prev: axis n_in is 3, but"),
        (lambda: layer.forward(A_prev.tolist()), "A_prev: expected a NumPy array"),
        (lambda: narrow.forward(A_prev), "A_prev: expected the layer's dtype, float32"),
        (lambda: layer.backward(A[:, :5], cache), "dA: axis m is 5, but A has m = 7"),
        (lambda: layer.backward(A, None), "cache: expected the "),
        (
            lambda: layer.backward(wide, cache),
            "dA: expected the layer's dtype, float64",
        ),
        (lambda: layer.jvp(A_prev[:3], still, cache), "Adot_prev: axis n_in is 3"),
        (lambda: layer.jvp(A_prev, gradients, cache), "tangents: expected "),
        (lambda: optimize((layer,), (still,), Adam()), "gradients: expected "),
        (
            lambda: backward((layer, layer), A, (cache, other)),
            "caches: axis m is 5 in layer 2, but layer 1 has m = 7",
        ),
        (
            lambda: backward(network, Y, (cache,) * 3),
            "cache: expected |A_prev: axis |W: ",
        ),
    ):
        with pytest.raises((TypeError, ValueError)) as error:
            call()
        assert re.match(message, str(error.value)), str(error.value)


def test_every_layer_of_the_package_is_tried_here():
    def below(cls):
        return [cls, *itertools.chain(*map(below, cls.__subclasses__()))]

    ours = {
        c
        for c in below(Layer)
        if c.__module__.startswith("nnnotes.") and not inspect.isabstract(c)
    }
    assert ours == {type(layer) for layer in layers_of_each_kind().values()}


@wrong_calls(
    (
        lambda W, b: Dense(W, b.T, tanh),
        "b: axis n_out is 1, but W has n_out = 3; expected (n_out, 1), got (1, 3)",
    ),
    (
        lambda W, b: Dense(W, b[:, 0], tanh),
        "b: the number of axes is 1, but must be 2; expected (n_out, 1), got (3,)",
    ),
    (
        lambda W, b: Dense(W.astype(int), b.astype(int), tanh),
        "W: expected a floating-point dtype, such as float64, but got int64",
    ),
    (
        lambda W, b: Dense(W, b.astype(int), tanh),
        "b: expected a floating-point dtype, such as float64, but got int64",
    ),
    (
        lambda W, b: Dense(W, b.astype(np.float32), tanh),
        "b: expected the dtype of W, float64, but got float32",
    ),
    (
        lambda W, b: Dense(W, b, np.tanh),
        "g: expected an activation such as nnnotes.relu, but got <ufunc 'tanh'>",
    ),
    (
        lambda rng: dense(rng, 3, 2, "tanh"),
        "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    ),
    (
        lambda rng: dense(rng, 3, 2, tanh, "He"),
        "init: expected an initialiser such as nnnotes.He(), but got 'He'",
    ),
    (lambda rng: dense(rng, 0, 2, tanh), "n_out: expected at least 1, but got 0"),
    (
        lambda rng: dense(rng, 2, 2, tanh, Constant(7e4), np.float16),
        "the largest weight of Constant(70000.0): 70000.0 is beyond the largest number of float16",
    ),
    (
        lambda rng: gated(rng, 2, 2, swiglu, Constant(1e39), np.float32),
        "the largest weight of Constant(1e+39): 1e+39 is beyond the largest number of float32",
    ),
    (
        lambda network, X: network[0].forward(X.T),
        "A_prev: axis n_in is 4, but W has n_in = 2; expected (n_in, m), got (4, 2)",
    ),
    (
        lambda network, X: network[0].forward(X.astype(int)),
        "A_prev: expected a floating-point dtype, such as float64, but got int64",
    ),
    (
        lambda network, Y, caches: network[0].backward(Y, caches[0]),
        "dA: axis n_out is 1, but A has n_out = 3; expected (n_out, m), got (1, 4)",
    ),
    (
        lambda network, b, X: network[0].backward(b, X),
        "cache: expected the Cache that forward returned, but got array",
    ),
    (
        lambda network, Y, caches: network[1].backward(Y, caches[0]),
        "A_prev: axis n_in is 2, but W has n_in = 3; expected (n_in, m)",
    ),
    (
        lambda network, Y, caches: network[1].backward(Y > 0, caches[1]),
        "dA: expected a floating-point dtype, such as float64, but got bool",
    ),
    (
        lambda network, caches, t: network[0].jvp(None, t[0], caches[0]),
        "Adot_prev: expected a NumPy array, but got None",
    ),
    (
        lambda network, X, caches, d: network[0].jvp(X, d[0], caches[0]),
        "tangents: expected Tangents, but got Gradients(",
    ),
    (
        lambda network, X, caches, t: network[0].jvp(X, t[1], caches[0]),
        "Wdot: axis n_out is 1, but W has n_out = 3",
    ),
    (
        lambda network, X, t: network[0].jvp(X, t[0], X),
        "cache: expected the Cache that forward returned, but got array",
    ),
    (
        lambda network, X, caches, t: network[0].jvp(X, t[0], caches[1]),
        "A_prev: axis n_in is 3, but W has n_in = 2; expected (n_in, m), got (3, 4)",
    ),
    (
        lambda network, X, caches, t: network[0].jvp(X[:, :3], t[0], caches[0]),
        "Adot_prev: axis m is 3, but A_prev has m = 4; expected (n_in, m)",
    ),
    (
        lambda network, X, caches, t: network[0].jvp(X > 0, t[0], caches[0]),
        "Adot_prev: expected a floating-point dtype, such as float64",
    ),
    (
        lambda network, W, b, X, caches: network[0].jvp(
            X, Tangents(W > 0, b), caches[0]
        ),
        "Wdot: expected a floating-point dtype, such as float64, but",
    ),
    (
        lambda network, W, b, X, caches: network[0].jvp(
            X, Tangents(W, b > 0), caches[0]
        ),
        "bdot: expected a floating-point dtype, such as float64, but",
    ),
    (
        lambda network, W, X: network[0].backward(W @ X, Cache(X > 0, W @ X)),
        "A_prev: expected a floating-point dtype, such as float64, but",
    ),
    (
        lambda network, W, X: network[0].backward(W @ X, Cache(X, W @ X * 1j)),
        "Z: expected a floating-point dtype, such as float64, but got",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
