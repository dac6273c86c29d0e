"""Normalisation layers: their code against their formulas, and their formulas against SymPy and JAX."""

import dataclasses

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import oracles
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    Dense,
    SquaredError,
    backward,
    dense,
    forward,
    identity,
    in_evaluation,
    observe,
    optimize,
    relu,
    tanh,
    train,
)
from nnnotes.formula import evaluate
from nnnotes.normalisation import ALL, BatchNorm, LayerNorm, NormCache, RMSNorm
from nnnotes.optimizers import SGD
from nnnotes.residual import Residual

DTYPES = (np.float16, np.float32, np.float64)
each_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


def along(kind, X):
    """The lists of numbers of which means are taken."""
    return X.T if kind.axis == 0 else X


def in_formulas(sqrt):
    """The functions of the formulas, of a list of numbers of any kind."""

    def mean(x):
        return sum(x) / len(x)

    return {
        "mean": mean,
        "variance": lambda x: mean((x - mean(x)) ** 2),
        "sqrt": sqrt,
    }


@each_kind
def test_derivative_formula_is_the_chain_rule(kind):
    n = 3
    x, d = (np.array(sympy.symbols(f"{name}:{n}", real=True)) for name in "xd")
    epsilon = sympy.Symbol("epsilon", positive=True)
    functions, names = in_formulas(sympy.sqrt), {"x": x, "epsilon": epsilon}
    xhat = evaluate(kind.equation.right, functions, names)
    names |= {"xhat": xhat, "dxhat": d}
    claimed = evaluate(kind.derivative_equation.right, functions, names)
    for j in range(n):
        exact = sum(d[i] * sympy.diff(xhat[i], x[j]) for i in range(n))
        assert sympy.simplify(exact - claimed[j]) == 0


@each_kind
@each_dtype
def test_both_passes_are_the_formulas_to_the_last_digits(kind, dtype):
    rng = np.random.default_rng(0)
    X, dA = rng.standard_normal((2, 5, 6)).astype(dtype)
    X = X + dtype(0.5)
    layer = kind.of(5, epsilon=0.01, dtype=dtype)
    A, cache = layer.forward(X)
    dX, _ = layer.backward(dA, cache)
    assert A.dtype == dX.dtype == dtype
    with mpmath.workdps(40):
        functions = in_formulas(mpmath.sqrt)
        for x, d, a, dx in zip(*(along(kind, M) for M in (X, dA, A, dX)), strict=True):
            x, d = (np.array([mpmath.mpf(float(v)) for v in list_]) for list_ in (x, d))
            names = {"x": x, "epsilon": mpmath.mpf(0.01), "dxhat": d}
            names["xhat"] = evaluate(kind.equation.right, functions, names)
            exact = evaluate(kind.derivative_equation.right, functions, names)
            for got, right in ((a, names["xhat"]), (dx, exact)):
                # Some ten roundings of terms that are at most 6 |x| |d| in size, with 3 above
                # each; and X_hat is kept in dtype.
                errors = [
                    abs(mpmath.mpf(float(g)) - r)
                    for g, r in zip(got, right, strict=False)
                ]
                assert max(errors) <= 100 * np.finfo(dtype).eps


@each_kind
def test_other_library_agrees_on_value_and_derivative(kind):
    rng = np.random.default_rng(1)
    X, dA = 3 * rng.standard_normal((2, 4, 7)) + 1
    layer = kind.of(4, epsilon=1e-3)
    A, cache = layer.forward(X)
    dX, _ = layer.backward(dA, cache)
    with jax.enable_x64(True):
        value, pull = jax.vjp(
            lambda x: oracles.NORMALISATIONS[kind](x, layer.epsilon), jnp.asarray(X)
        )
        np.testing.assert_allclose(A, value, rtol=0, atol=1e-13)
        np.testing.assert_allclose(dX, pull(jnp.asarray(dA))[0], rtol=0, atol=1e-13)


@given(
    kind=st.sampled_from(ALL),
    n=st.integers(2, 6),
    m=st.integers(2, 6),
    shift=st.floats(-10, 10),
    seed=st.integers(0, 2**32 - 1),
)
def test_numbers_get_mean_zero_and_mean_square_one_and_then_scale_shift_and_activation(
    kind, n, m, shift, seed
):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, m)) + shift
    layer = kind.of(n, epsilon=0)
    A, cache = layer.forward(X)
    for numbers in along(kind, A):
        # The mean is known to eps times the numbers, and the deviation divides it.
        error = 1e3 * np.finfo(float).eps / min(1, np.sqrt(cache.variance.min()))
        assert abs(np.square(numbers).mean() - 1) < error * (1 + abs(shift))
        if kind.centred:
            assert abs(numbers.mean()) < error * (1 + abs(shift))
    drawn = {name: rng.standard_normal((n, 1)) for name in layer.names}
    full = dataclasses.replace(layer, g=tanh, **drawn)
    expected = tanh(drawn["gamma"] * A + drawn.get("beta", 0))
    np.testing.assert_array_equal(full.forward(X)[0], expected)


@each_kind
def test_scale_of_the_weights_before_it_changes_nothing_but_the_gradient(kind):
    rng = np.random.default_rng(2)
    W, X = rng.standard_normal((4, 3)), rng.standard_normal((3, 8))
    dA = rng.standard_normal((4, 8))

    def run(W):
        network = (Dense(W, np.zeros((4, 1)), identity), kind.of(4, relu, epsilon=0))
        A, caches = forward(network, X)
        return A, backward(network, dA, caches)[0].dW

    A, dW = run(W)
    eps = np.finfo(float).eps
    # A matrix, or in batch normalisation each of its rows, may be scaled. A power of 2 rounds nothing.
    scale = 2.0 ** np.arange(4).reshape(4, 1) if kind is BatchNorm else 4.0
    scaled_A, scaled_dW = run(scale * W)
    np.testing.assert_allclose(scaled_A, A, rtol=0, atol=20 * eps * np.abs(A).max())
    np.testing.assert_allclose(
        scaled_dW, dW / scale, rtol=0, atol=50 * eps * np.abs(dW).max()
    )
    # So the gradient has no part along what may be scaled.
    products = (W * dW).sum(axis=1) if kind is BatchNorm else np.array([(W * dW).sum()])
    size = np.linalg.norm(W) * np.linalg.norm(dW)
    assert np.abs(products).max() < 50 * eps * size
    assert (
        np.abs((W[:1] * dW[1:2]).sum()) > 1e-3 * size
    )  # while other products are not 0
    # And a step makes what may be scaled longer, by Pythagoras.
    after = W - 0.1 * dW
    square = np.square(W).sum() + 0.01 * np.square(dW).sum()
    assert np.square(after).sum() == pytest.approx(square, rel=1e-12)


@each_kind
def test_shift_is_taken_out_where_the_mean_is(kind):
    X = np.random.default_rng(3).standard_normal((4, 5))
    layer = kind.of(4, epsilon=0)
    same = np.allclose(layer.forward(X + 8)[0], layer.forward(X)[0], rtol=0, atol=1e-13)
    assert same == kind.centred


@each_kind
def test_jacobian_is_symmetric_and_takes_out_what_the_output_cannot_see(kind):
    rng = np.random.default_rng(4)
    X, U, V = rng.standard_normal((3, 4, 5))
    layer = kind.of(4, epsilon=0)
    _, cache = layer.forward(X)
    still = layer.tangents({name: np.zeros((4, 1)) for name in layer.names})
    JU, JV = (layer.jvp(M, still, cache) for M in (U, V))
    assert (U * JV).sum() == pytest.approx((V * JU).sum(), rel=1e-12)
    np.testing.assert_allclose(layer.backward(U, cache)[0], JU, rtol=0, atol=1e-15)
    for invisible in [cache.X_hat] + [np.ones_like(X)] * kind.centred:
        assert np.abs(layer.jvp(invisible, still, cache)).max() < 1e-14


@each_kind
@pytest.mark.parametrize("size", [1e-4, 1.0, 3e4])
def test_half_precision_neither_overflows_nor_loses_the_variance(kind, size):
    rng = np.random.default_rng(5)
    X = (size * rng.uniform(-1, 1, (200, 300))).astype(np.float16)
    layer = kind.of(200, epsilon=1e-12, dtype=np.float16)
    A, cache = layer.forward(X)
    exact, _ = kind.of(200, epsilon=1e-12).forward(X.astype(np.float64))
    # A is rounded once, and single precision before that errs far less.
    np.testing.assert_allclose(A, exact, rtol=0, atol=np.finfo(np.float16).eps)
    assert (A.dtype, cache.X_hat.dtype) == (np.float16, np.float16)
    # Half of the sum is more than half precision counts to.
    signs = np.repeat(np.array([[4], [-4]], np.float16), 30_000).reshape(1, -1)
    ones = np.ones((1, 60_000), np.float16)
    statistics = (1, 60_000) if kind.axis == 0 else (1, 1)
    cache = NormCache(
        ones, np.zeros((1, 1), np.float32), np.ones(statistics, np.float32)
    )
    _, d = kind.of(1, dtype=np.float16).backward(signs, cache)
    assert d.dgamma[0, 0] == 0


@each_kind
def test_epsilon_stands_below_the_root(kind):
    layer = kind.of(2, epsilon=3.0)
    X = np.array([[1.0, -1.0], [-1.0, 1.0]])  # mean 0 and mean square 1, either way
    np.testing.assert_array_equal(layer.forward(X)[0], X / 2)
    np.testing.assert_array_equal(kind.of(2).forward(0 * X)[0], 0 * X)


def test_examples_go_their_own_ways_but_for_batches():
    X = np.random.default_rng(6).standard_normal((4, 5))
    for kind in ALL:
        layer = kind.of(4)
        alone = layer.forward(X[:, :2])[0]
        same = np.array_equal(layer.forward(X)[0][:, :2], alone)
        assert same == (kind is not BatchNorm)
    still = in_evaluation((BatchNorm.of(4),))
    np.testing.assert_array_equal(
        forward(still, X)[0][:, :1], forward(still, X[:, :1])[0]
    )


def test_running_statistics_are_the_weighted_mean_of_those_of_the_batches():
    rng = np.random.default_rng(7)
    batches = [3 * rng.standard_normal((2, m)) + 1 for m in (4, 9, 6)]
    first = layer = dataclasses.replace(BatchNorm.of(2), momentum=0.25)
    mean, variance = np.zeros((2, 1)), np.ones((2, 1))
    for X in batches:
        _, cache = layer.forward(X)
        before, layer = layer, layer.observe(cache)
        mean = 0.75 * mean + 0.25 * X.mean(axis=1, keepdims=True)
        variance = 0.75 * variance + 0.25 * X.var(axis=1, ddof=1, keepdims=True)
        np.testing.assert_allclose(layer.mean, mean, rtol=1e-14)
        np.testing.assert_allclose(layer.variance, variance, rtol=1e-14)
        assert before.mean is not layer.mean
    assert (first.mean == 0).all()
    assert (first.variance == 1).all()
    still = layer.in_evaluation()
    X = batches[0]
    expected = (X - mean) / np.sqrt(variance + 1e-5)
    A, cache = still.forward(X)
    np.testing.assert_allclose(A, expected, rtol=1e-13)
    assert still.observe(cache) is still
    dX, _ = still.backward(np.ones_like(X), cache)
    np.testing.assert_allclose(
        dX, np.ones_like(X) / np.sqrt(variance + 1e-5), rtol=1e-13
    )


def test_training_moves_the_running_statistics_also_within_a_branch():
    rng = np.random.default_rng(8)
    block = Residual((BatchNorm.of(3), dense(rng, 3, 3, tanh)), alpha=0.5)
    network = (
        dense(rng, 3, 2, tanh),
        BatchNorm.of(3),
        block,
        dense(rng, 1, 3, identity),
    )
    X, Y = rng.standard_normal((2, 12)), rng.standard_normal((1, 12))
    loss, memory, by_hand = SquaredError(), None, network
    for _ in range(3):
        Z, caches = forward(by_hand, X)
        gradients = backward(by_hand, loss.gradient(Z, Y), caches)
        by_hand, memory = optimize(by_hand, gradients, SGD(0.1), memory)
        by_hand = observe(by_hand, caches)
    trained = train(network, loss, X, Y, lr=0.1, steps=3).run().network
    for after in (trained, in_evaluation(trained)):
        pairs = ((after[1], by_hand[1]), (after[2].branch[0], by_hand[2].branch[0]))
        for got, expected in pairs:
            np.testing.assert_array_equal(got.mean, expected.mean)
            np.testing.assert_array_equal(got.variance, expected.variance)
            assert (got.mean != 0).all()
            assert (got.variance != 1).all()
    assert (network[1].mean == 0).all()
    assert (block.branch[0].mean == 0).all()
    assert trained[2].branch[0].training
    assert not in_evaluation(trained)[2].branch[0].training
    assert in_evaluation(trained)[2].alpha == trained[2].alpha != 0.5


@wrong_calls(
    (lambda: LayerNorm.of(0), "n: expected at least 1, but got 0"),
    (lambda: RMSNorm.of(2.0), "n: expected an integer, but got 2.0"),
    (lambda: LayerNorm.of(2, "relu"), "g: expected an activation such as"),
    (lambda: LayerNorm.of(2, epsilon=-1), "epsilon: expected a number of at least 0"),
    (lambda: BatchNorm.of(2, dtype=int), "dtype: expected a floating-point type"),
    (
        lambda b: LayerNorm(b, b[:2]),
        "beta: axis n is 2, but gamma has n = 3; expected (n, 1), got (2, 1)",
    ),
    (lambda b: LayerNorm(b, np.float32(b)), "beta: expected the dtype of gamma"),
    (
        lambda b: BatchNorm(b, b, b[:2], b),
        "mean: axis n is 2, but gamma has n = 3; expected (n, 1), got (2, 1)",
    ),
    (
        lambda b: BatchNorm(b, b, b, b, momentum=2),
        "momentum: expected a number from 0 to 1, but got 2",
    ),
    (
        lambda b: BatchNorm(b, b, b, b, training=1),
        "training: expected True or False, but got 1",
    ),
    (
        lambda X: BatchNorm.of(2).forward(X[:, :1]),
        "A_prev: expected at least 2 examples to take a mean and a variance of, but got 1",
    ),
    (
        lambda X: LayerNorm.of(2, epsilon=0).forward(X),
        "A_prev: expected numbers that vary, since epsilon is 0",
    ),
    (
        lambda X: LayerNorm.of(3).forward(X),
        "A_prev: axis n_in is 2, but the layer has n_in = 3",
    ),
    (
        lambda X: LayerNorm.of(2).backward(X, BatchNorm.of(2).forward(X)[1]),
        "variance: axis n is 2, but the statistics has n = 1",
    ),
    (
        lambda X, caches: LayerNorm.of(2).backward(X, caches[0]),
        "cache: expected the NormCache that forward returned, but got Cache(",
    ),
    (
        lambda network, caches: observe(network, caches[:1]),
        "caches: expected one for each of the 2 layers, but got 1",
    ),
    (
        lambda network: in_evaluation(network[0]),
        "network: expected a tuple of layers, but got Dense(",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
