"""One layer: its two passes against loops and central differences."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    Cache,
    Dense,
    Glorot,
    He,
    Tangents,
    dense,
    identity,
    numerical_gradient,
    relu,
    sigmoid,
    tanh,
)
from nnnotes.activations import ALL

# A central difference errs by about eps**(2/3) = 4e-11 times the ratios of f and of its
# third derivative to the gradient. Sums of some ten terms of size 3**3 stay below 1e3.
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
    # With dA as weights, the sum of A has dA as its derivative by A.
    numerical = [
        numerical_gradient(
            lambda x: float((dA * Dense(x, b, g).forward(A_prev)[0]).sum()), W
        ),
        numerical_gradient(
            lambda x: float((dA * Dense(W, x, g).forward(A_prev)[0]).sum()), b
        ),
        numerical_gradient(lambda x: float((dA * layer.forward(x)[0]).sum()), A_prev),
    ]
    for exact, approximate in zip(
        (gradients.dW, gradients.db, dA_prev), numerical, strict=True
    ):
        distance = np.linalg.norm(exact - approximate)
        assert distance <= TOLERANCE * max(1, np.linalg.norm(exact))


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
        lambda network, X: network[0].forward(X.T),
        "A_prev: axis n_in is 4, but W has n_in = 2; expected (n_in, m), got (4, 2)",
    ),
    (
        lambda network, X: network[0].forward(X.astype(int)),
        "A_prev: expected a floating-point dtype, such as float64, but got int64",
    ),
    (
        lambda network, Y, caches: network[0].backward(Y, caches[0]),
        "dA: axis n_out is 1, but W has n_out = 3; expected (n_out, m), got (1, 4)",
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
