"""LSUV: variance 1 in each layer, on the data at hand, by scales alone."""

import dataclasses

import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import Dense, Normal, Orthogonal, forward, mlp, relu
from nnnotes.activations import ALL
from nnnotes.lsuv import lsuv


def pre_activations(network, X):
    return [cache.Z for cache in forward(network, X)[1]]


def variances(network, X):
    return [Z.var() for Z in pre_activations(network, X)]


@pytest.mark.parametrize("g", ALL, ids=repr)
@pytest.mark.parametrize("init", [Orthogonal(), Normal(0.001), Normal(10.0)], ids=repr)
def test_each_layer_has_variance_one_and_is_only_scaled(g, init):
    rng = np.random.default_rng(0)
    X = 3 * rng.standard_normal((20, 50)) + 1
    network = mlp(rng, [20, 30, 25, 5], g, init)
    scaled = lsuv(network, X, tolerance=1e-6)
    assert abs(np.array(variances(scaled, X)) - 1).max() <= 1e-6
    for before, after in zip(network, scaled, strict=True):
        scales = after.W / before.W
        # One rounding per round.
        np.testing.assert_allclose(scales, scales[0, 0], rtol=1e-14)
        assert after.b is before.b
        assert after.g == before.g


def test_biases_take_more_than_one_round():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((6, 40))
    (layer, *rest) = mlp(rng, [6, 9, 3], relu)
    biases = 0.5 * rng.standard_normal(layer.b.shape)
    network = (dataclasses.replace(layer, b=biases), *rest)
    assert abs(np.array(variances(lsuv(network, X), X)) - 1).max() <= 0.01


def test_what_no_scale_brings_to_one_is_an_error_that_names_the_layer():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((6, 40))
    (layer, *rest) = mlp(rng, [6, 9, 3], relu)
    far = dataclasses.replace(layer, b=10 * rng.standard_normal(layer.b.shape))
    with pytest.raises(
        ValueError, match=r"^network: expected a variance .* in layer 1"
    ):
        lsuv((far, *rest), X)
    dead = dataclasses.replace(layer, b=np.full_like(layer.b, -1e3))
    with pytest.raises(
        ValueError, match=r"^X: expected .* in layer 2 their variance is 0"
    ):
        lsuv((dead, *rest), X)
    # The square of 1e300 is infinite, and some products of 1e308, of both signs, are.
    for size, variance in ((1e300, "inf"), (1e308, "nan")):
        with pytest.raises(ValueError, match=rf"^X: .* variance is {variance}"):
            lsuv((layer, *rest), X / abs(X).max() * size)
    spoilt = dataclasses.replace(layer, W=layer.W * np.nan)
    for first, inputs in ((layer, 0 * X), (spoilt, X)):
        with pytest.raises(
            ValueError, match=r"^X: expected .* in layer 1 their variance"
        ):
            lsuv((first, *rest), inputs)


def test_dtype_stays():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((4, 30)).astype(np.float32)
    network = lsuv(mlp(rng, [4, 5, 2], relu, dtype=np.float32), X)
    assert {layer.W.dtype for layer in network} == {np.dtype(np.float32)}


def test_variance_may_be_more_than_half_precision_can_hold():
    rng = np.random.default_rng(0)
    X = (1000 * rng.standard_normal((4, 30))).astype(np.float16)
    network = mlp(rng, [4, 5, 2], relu, dtype=np.float16)
    scaled = [Z.astype(np.float64).var() for Z in pre_activations(lsuv(network, X), X)]
    assert abs(np.array(scaled) - 1).max() <= 0.01


def test_scale_that_half_precision_cannot_hold_is_an_error():
    rng = np.random.default_rng(0)
    X = (6e-8 * rng.standard_normal((4, 30))).astype(np.float16)
    network = mlp(rng, [4, 5, 2], relu, dtype=np.float16)
    with pytest.raises(ValueError, match=r"^X: expected pre-activations that vary"):
        lsuv(network, X)


@wrong_calls(
    (
        lambda network, X: lsuv(network, X.T),
        "X: axis n_0 is 4, but layer 1 has n_0 = 2; expected (n_0, m), got (4, 2)",
    ),
    (
        lambda network, X: lsuv(network, X, 0),
        "tolerance: expected a finite number greater than 0, but got 0",
    ),
    (lambda network, X: lsuv(network, X * np.nan), "X: not all inputs are finite"),
    (
        lambda W, b, X: lsuv((Dense(W * np.nan, b, relu),), X),
        "X: expected pre-activations that vary, but in layer 1 their",
    ),
    (
        lambda W, b, X: lsuv((Dense(0 * W, b, relu),), X, 1),
        "X: expected pre-activations that vary, but in layer 1 their variance is 0",
    ),
    (
        lambda network, X: lsuv(network[0], X),
        "network: expected a tuple of layers, but got Dense(",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
