"""Signals: each number against its definition, computed element by element."""

import itertools

import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    Dense,
    LeakyReLU,
    LogisticLoss,
    SquaredError,
    backward,
    forward,
    identity,
    mlp,
    relu,
    sigmoid,
    tanh,
)
from nnnotes.activations import ALL
from nnnotes.signals import signals, update_ratios


@pytest.mark.parametrize("g", ALL, ids=repr)
def test_each_number_is_what_its_name_says(g):
    rng = np.random.default_rng(0)
    network, m = mlp(rng, [3, 5, 4, 1], g), 6
    # So large that some units saturate and some are dead.
    X, Y = 4 * rng.standard_normal((3, m)), rng.uniform(size=(1, m))
    result = signals(network, X, LogisticLoss(), Y)
    Z, caches = forward(network, X)
    gradients = backward(network, LogisticLoss().gradient(Z, Y), caches)
    assert len(result.layers) == 3
    for signal, layer, cache, d in zip(
        result.layers, network, caches, gradients, strict=True
    ):
        A = [float(layer.g(z)) for z in cache.Z.ravel()]
        slopes = [[float(layer.g.derivative(z)) for z in row] for row in cache.Z]
        mean = sum(A) / len(A)
        flat = list(itertools.chain(*slopes))
        expected = {
            "mean": mean,
            "variance": sum((a - mean) ** 2 for a in A) / len(A),
            "mean_square": sum(a**2 for a in A) / len(A),
            "saturated": sum(abs(slope) < 0.01 for slope in flat) / len(flat),
            "dead": sum(not any(row) for row in slopes) / len(slopes),
            "dW_rms": (sum(x**2 for x in d.dW.ravel()) / d.dW.size) ** 0.5,
        }
        # Sums of some thirty terms in another order.
        assert vars(signal) == pytest.approx(expected, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize(
    ("size", "dtype"), [(300.0, np.float16), (1e-30, np.float32), (1e-200, np.float64)]
)
def test_squares_that_the_dtype_of_the_network_cannot_hold(size, dtype):
    one, zero = np.ones((1, 1), dtype), np.zeros((1, 1), dtype)
    network = (Dense(dtype(size) * one, zero, identity),)
    (signal,) = signals(network, one, SquaredError(), zero).layers
    Z, caches = forward(network, one)
    (d,) = backward(network, SquaredError().gradient(Z, zero), caches)
    assert signal.dW_rms == pytest.approx(float(d.dW[0, 0]), rel=1e-15, abs=0)
    # The square of 1e-200 is 0 in any dtype.
    assert signal.mean_square == pytest.approx(float(Z[0, 0]) ** 2, rel=1e-15, abs=0)
    assert signal.variance == 0


def layer(g, *biases):
    b = np.array(biases, np.float64)[:, np.newaxis]
    return Dense(np.ones((len(b), 1)), b, g)


@pytest.mark.parametrize(
    ("g", "biases", "saturated", "dead"),
    [
        (relu, (-9, 9, -9, 9), 0.5, 0.5),
        (relu, (0, 9, 9, 9), 0.125, 0),  # off for one example out of two: not dead
        (tanh, (-9, 9, 0, 0), 0.5, 0),
        (tanh, (1000, 0, 0, 0), 0.25, 0.25),  # its slope underflows
        (sigmoid, (3, 30, 0, 0), 0.25, 0),
        (identity, (0, 0, 0, 0), 0, 0),
        (LeakyReLU(-0.5), (-9, -9, 0, 0), 0, 0),  # a slope down is a slope
    ],
    ids=repr,
)
def test_saturated_and_dead_are_shares_of_the_slopes(g, biases, saturated, dead):
    network = (layer(g, *biases), Dense(np.ones((1, 4)), np.zeros((1, 1)), identity))
    X = np.array([[-1.0, 1.0]])
    result = signals(network, X, SquaredError(), np.zeros((1, 2))).layers[0]
    assert (result.saturated, result.dead) == (saturated, dead)


def test_signals_print_as_a_table_of_all_layers():
    network = (layer(relu, -9, 9), Dense(np.ones((1, 2)), np.zeros((1, 1)), identity))
    result = signals(network, np.array([[-1.0, 1.0]]), SquaredError(), np.zeros((1, 2)))
    # A is 0, 0 and 8, 10; the second layer gives 8 and 10, and dZ is their half:
    # dW is (0, 4 * 8 + 5 * 10) = (0, 82) there, and (0, -4 + 5) in the first layer.
    assert str(result) == (
        "l  mean A     Var A     saturated  dead    rms dW\n"
        "1  +4.50e+00  2.08e+01  50.0 %     50.0 %  7.07e-01\n"
        "2  +9.00e+00  1.00e+00  0.0 %      0.0 %   5.80e+01"
    )
    assert result.layers[0].mean_square == (8**2 + 10**2) / 4
    html = result._repr_html_()
    for cell in ("mean A", "Var A", "+4.50e+00", "5.80e+01"):
        assert f">{cell}<" in html


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_update_ratio_is_the_rms_of_the_change_over_that_of_the_weights(dtype):
    rng = np.random.default_rng(0)
    before = mlp(rng, [3, 40, 1], tanh, dtype=dtype)
    factors = (2.0, 0.5)  # exact in each dtype
    after = tuple(
        Dense(layer.W * dtype(f), layer.b + dtype(9), layer.g)
        for layer, f in zip(before, factors, strict=True)
    )
    assert update_ratios(before, after) == (1.0, 0.5)  # whatever the biases do
    assert update_ratios(before, before) == (0.0, 0.0)
    one = before[0].W.copy()
    one[2, 1] += dtype(1)
    (ratio,) = update_ratios(before[:1], (Dense(one, before[0].b, tanh),))
    W = before[0].W.astype(float)
    change = np.abs(one.astype(float) - W).max()
    assert ratio == pytest.approx(change / np.sqrt((W**2).sum()), rel=1e-12, abs=0)


def test_update_ratio_of_zeros_and_of_large_numbers():
    def layer(value, dtype=np.float64):
        return (Dense(np.full((3, 2), value, dtype), np.zeros((3, 1), dtype), relu),)

    assert update_ratios(layer(0.0), layer(1.0)) == (np.inf,)
    assert update_ratios(layer(0.0), layer(0.0)) == (0.0,)
    for size in (1e200, 1e-200):  # whose squares are no floats
        ratios = update_ratios(layer(size), layer(1.5 * size))
        assert ratios == pytest.approx((0.5,), rel=1e-15, abs=0)
    assert update_ratios(layer(1e-200), layer(1.0)) == pytest.approx((1e200,))
    assert update_ratios(layer(1e308), layer(-1e308)) == (2.0,)
    # The squares are beyond the largest number of half precision.
    half = layer(2000.0, np.float16), layer(1000.0, np.float16)
    assert update_ratios(*half) == pytest.approx((0.5,), rel=1e-12, abs=0)


@wrong_calls(
    (
        lambda network, W: update_ratios(network, W),
        "network: expected a tuple of layers, but got array",
    ),
    (
        lambda network, W, b: update_ratios((Dense(W * np.nan, b, relu),), network[:1]),
        "before: not all weights are finite",
    ),
    (
        lambda network, W, b: update_ratios(network[:1], (Dense(W * np.inf, b, relu),)),
        "after: not all weights are finite",
    ),
    (
        lambda network: update_ratios(network, network[:1]),
        "after: expected the 2 layers of before, but got 1",
    ),
    (
        lambda network: update_ratios(network[:1], network[1:]),
        "after: axis n_out is 1, but before has n_out = 3; expected",
    ),
    (
        lambda network, X, Y, loss: signals(network, X, Y, loss),
        "loss: expected a loss such as nnnotes.LogisticLoss(), but got array",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
