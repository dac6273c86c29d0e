"""Residual layers and networks of them: both passes against definitions and central differences."""

import dataclasses

import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    Dense,
    Gradients,
    SoftmaxLoss,
    Zeros,
    backward,
    dense,
    descend,
    forward,
    identity,
    mlp,
    numerical_gradient,
    one_hot,
    relative_error,
    tanh,
)
from nnnotes.formula import equations
from nnnotes.residual import Residual, ResidualCache, ResidualGradients

# Central differences err by about eps**(2/3) = 4e-11 times ratios of derivatives.
TOLERANCE = 1e-8


def with_biases(rng, layers):
    return tuple(
        dataclasses.replace(layer, b=rng.standard_normal(layer.b.shape))
        for layer in layers
    )


def problem():
    """A network of both kinds of layers, whose branches differ in depth and in alpha."""
    rng = np.random.default_rng(0)
    network = (
        *with_biases(rng, [dense(rng, 4, 3, tanh)]),
        Residual(with_biases(rng, mlp(rng, [4, 5, 4], tanh)), alpha=0.7),
        Residual(with_biases(rng, [dense(rng, 4, 4, tanh)]), alpha=-1.5),
        Residual(with_biases(rng, mlp(rng, [4, 2, 6, 4], tanh)), alpha=0.0),
        *with_biases(rng, [dense(rng, 2, 4, identity)]),
    )
    X, Y = rng.standard_normal((3, 7)), one_hot(rng.integers(0, 2, 7), 2)
    return network, X, Y


def parameters(network):
    """Where each array of parameters is, as a function that puts another in its place."""
    for number, layer in enumerate(network):
        dense_layers = (layer,) if isinstance(layer, Dense) else layer.branch
        for inner, part in enumerate(dense_layers):
            for name in ("W", "b"):

                def put(array, number=number, layer=layer, inner=inner, name=name):
                    parts = (layer,) if isinstance(layer, Dense) else layer.branch
                    new = dataclasses.replace(parts[inner], **{name: array})
                    parts = (*parts[:inner], new, *parts[inner + 1 :])
                    changed = (
                        new
                        if isinstance(layer, Dense)
                        else dataclasses.replace(layer, branch=parts)
                    )
                    return (*network[:number], changed, *network[number + 1 :])

                yield (number, inner, name), getattr(part, name), put


def test_output_is_the_input_plus_alpha_times_the_branch():
    assert Residual(mlp(np.random.default_rng(0), [2, 2], tanh)).alpha == 1
    rng = np.random.default_rng(0)
    branch, A_prev = mlp(rng, [3, 5, 3], tanh), rng.standard_normal((3, 4))
    B, _ = forward(branch, A_prev)
    for alpha in (0.0, 1.0, -2.5):
        A, cache = Residual(branch, alpha).forward(A_prev)
        np.testing.assert_array_equal(A, A_prev + alpha * B)
        np.testing.assert_array_equal(cache.B, B)


def test_each_gradient_is_the_derivative_of_the_loss():
    network, X, Y = problem()
    loss = SoftmaxLoss()
    Z, caches = forward(network, X)
    gradients = backward(network, loss.gradient(Z, Y), caches)

    def at(changed):
        return loss(forward(changed, X)[0], Y)

    seen = 0
    for (number, inner, name), array, put in parameters(network):
        d = gradients[number]
        part = d if isinstance(d, Gradients) else d.branch[inner]
        expected = numerical_gradient(lambda x, put=put: at(put(x)), array)
        if getattr(network[number], "alpha", 1.0) == 0:
            assert not getattr(part, f"d{name}").any()  # nothing goes into the branch
            assert np.abs(expected).max() < 1e-9
        else:
            assert relative_error(getattr(part, f"d{name}"), expected) < TOLERANCE
        seen += 1
    assert seen == 16
    for number in (1, 2, 3):

        def with_alpha(x, number=number):
            changed = dataclasses.replace(network[number], alpha=float(x))
            return at((*network[:number], changed, *network[number + 1 :]))

        alpha = np.array(network[number].alpha)
        expected = float(numerical_gradient(with_alpha, alpha))
        assert gradients[number].dalpha == pytest.approx(expected, rel=TOLERANCE, abs=0)


def test_what_is_passed_back_is_the_derivative_with_respect_to_the_input():
    rng = np.random.default_rng(1)
    layer = Residual(with_biases(rng, mlp(rng, [3, 5, 3], tanh)), alpha=0.3)
    A_prev, dA = rng.standard_normal((2, 3, 4))
    _, cache = layer.forward(A_prev)
    dA_prev, _ = layer.backward(dA, cache)
    expected = numerical_gradient(
        lambda A: float((layer.forward(A)[0] * dA).sum()), A_prev
    )
    assert relative_error(dA_prev, expected) < TOLERANCE


def test_alpha_zero_is_the_identity_both_ways_and_learns_alpha_alone():
    rng = np.random.default_rng(0)
    layer = Residual(mlp(rng, [3, 5, 3], tanh), alpha=0.0)
    A_prev, dA = rng.standard_normal((2, 3, 4))
    A, cache = layer.forward(A_prev)
    dA_prev, d = layer.backward(dA, cache)
    np.testing.assert_array_equal(A, A_prev)
    np.testing.assert_array_equal(dA_prev, dA)
    assert d.dalpha != 0
    assert not any(part.dW.any() or part.db.any() for part in d.branch)


def test_last_layer_zero_is_the_identity_and_learns_the_last_layer_alone():
    rng = np.random.default_rng(0)
    layer = Residual((dense(rng, 5, 3, tanh), dense(rng, 3, 5, identity, Zeros())))
    A_prev, dA = rng.standard_normal((2, 3, 4))
    A, cache = layer.forward(A_prev)
    dA_prev, d = layer.backward(dA, cache)
    np.testing.assert_array_equal(A, A_prev)
    np.testing.assert_array_equal(dA_prev, dA)
    assert d.dalpha == 0
    assert [part.dW.any() for part in d.branch] == [False, True]


def test_step_goes_down_every_gradient():
    network, X, Y = problem()
    Z, caches = forward(network, X)
    gradients = backward(network, SoftmaxLoss().gradient(Z, Y), caches)
    new = descend(network, gradients, lr=0.5)
    for before, after, d in zip(network, new, gradients, strict=True):
        pairs = [(before, after, d)]
        if isinstance(before, Residual):
            assert after.alpha == before.alpha - 0.5 * d.dalpha
            pairs = zip(before.branch, after.branch, d.branch, strict=True)
        for layer, changed, part in pairs:
            np.testing.assert_array_equal(changed.W, layer.W - 0.5 * part.dW)
            np.testing.assert_array_equal(changed.b, layer.b - 0.5 * part.db)
            assert changed.g == layer.g


def test_single_precision_stays():
    rng = np.random.default_rng(0)
    branch = mlp(rng, [3, 4, 3], tanh, dtype=np.float32)
    layer = Residual(branch, alpha=np.float64(0.5))
    A, cache = layer.forward(np.ones((3, 5), np.float32))
    dA_prev, d = layer.backward(A, cache)
    (new,) = descend((layer,), (d,), lr=0.1)
    arrays = [A, dA_prev, *(part.W for part in new.branch)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_derivative_by_alpha_is_a_long_sum_in_half_precision():
    zero = np.zeros((1, 1), np.float16)
    layer = Residual((Dense(zero, zero, identity),), alpha=0.0)
    ones = np.ones((1, 70_000), np.float16)  # more than half precision can hold
    _, cache = layer.forward(ones)
    _, d = layer.backward(ones, ResidualCache(300 * ones, cache.caches))
    assert d.dalpha == 300 * 70_000
    _, d = layer.backward(300 * ones, ResidualCache(300 * ones, cache.caches))
    assert d.dalpha == 300 * 300 * 70_000


def test_gradients_of_a_branch_must_fit_it():
    layer = Residual(mlp(np.random.default_rng(0), [3, 4, 3], tanh))
    with pytest.raises(ValueError, match=r"^gradients: expected one for each of the 2"):
        descend((layer,), (ResidualGradients(1.0, ()),), lr=0.1)


def test_equation_is_typeset_from_the_code():
    assert equations(Residual.forward) == (
        r"A^{[l]} = A^{[l-1]} + \alpha^{[l]} \, B^{[l]}",
    )


def test_factor_that_half_precision_cannot_hold_is_an_error():
    branch = mlp(np.random.default_rng(0), [3, 4, 3], tanh, dtype=np.float16)
    message = ": 70000.0 is beyond the largest number of float16, 65504$"
    with pytest.raises(ValueError, match="^alpha" + message):
        Residual(branch, 7e4)
    layer = Residual(branch, 6e4)
    X = np.ones((3, 5), np.float16)
    _, cache = layer.forward(X)
    moving = dataclasses.replace(layer.tangents(layer.parameters), alphadot=7e4)
    with pytest.raises(ValueError, match="^alphadot" + message):
        layer.jvp(X, moving, cache)


@wrong_calls(
    (
        lambda network: Residual(network),
        "branch: the last layer has n_out = 1, but the first has n_in = 2",
    ),
    (
        lambda network: Residual(network[0]),
        "network: expected a tuple of layers, but got Dense(",
    ),
    (
        lambda block: Residual(block.branch, None),
        "alpha: expected a finite number, but got None",
    ),
    (
        lambda block: Residual(block.branch, 10**400),
        "alpha: expected a finite number, but got 1000",
    ),
    (
        lambda block: descend((block,), (ResidualGradients(None, ()),), 0.1),
        "dalpha: expected a finite number",
    ),
    (
        lambda X, block: block.backward(X, ResidualCache(X, None)),
        "caches: expected a tuple with one for each layer, but got None",
    ),
    (
        lambda X, block: block.backward(
            X, ResidualCache(X > 0, block.forward(X)[1].caches)
        ),
        "B: expected a floating-point dtype, such as float64",
    ),
    (
        lambda block: Residual(block.branch, np.inf),
        "alpha: expected a finite number, but got inf",
    ),
    (
        lambda X, block: block.forward(X.T),
        "A_prev: axis n_in is 4, but the layer has n_in = 2; expected (n_in, m), got (4, 2)",
    ),
    (
        lambda X, caches, block: block.backward(X, caches[0]),
        "cache: expected the ResidualCache that forward returned, but got Cache(",
    ),
    (
        lambda X, Y, block: block.backward(Y, block.forward(X)[1]),
        "dA: axis n_out is 1, but A has n_out = 2; expected (n_out, m), got (1, 4)",
    ),
    (
        lambda X, block: block.backward(X > 0, block.forward(X)[1]),
        "dA: expected a floating-point dtype, such as float64, but got bool",
    ),
    (
        lambda X, block: forward([block], X),
        "network: expected a tuple of layers, but got [Residual(",
    ),
    (
        lambda X: forward((), X),
        "network: expected at least one layer, but got none",
    ),
    (
        lambda X, block: forward((block, X), X),
        "network: expected a tuple of layers, but got (Residual(",
    ),
    (
        lambda X, block: backward((block,), X, ()),
        "caches: expected one for each of the 1 layers, but got 0",
    ),
    (
        lambda X, caches, block: backward((block,), X, caches[:1]),
        "cache: expected the ResidualCache that forward returned",
    ),
    (
        lambda d, block: descend((block,), d, 0.1),
        "gradients: expected one for each of the 1 layers, but got 2",
    ),
    (
        lambda d, block: descend((block,), d[:1], 0.1),
        "gradients: expected ResidualGradients, but got Gradients(",
    ),
    (
        lambda d, block: descend((block,), d[:1], 0),
        "lr: expected a finite number greater than 0, but got 0",
    ),
    (
        lambda network, X, d: descend(network, (d[0], X), 0.1),
        "gradients: expected Gradients, but got array",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
