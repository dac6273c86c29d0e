"""Checkpointing: the gradients of the ordinary backward pass, to the last bit, with less memory."""

import dataclasses
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import Dense, backward, checkpointing, forward, mlp, tanh
from nnnotes.activations import ALL


def random_network(rng, sizes, g):
    return tuple(
        dataclasses.replace(layer, b=rng.standard_normal(layer.b.shape))
        for layer in mlp(rng, sizes, g)
    )


@given(
    depth=st.integers(1, 7),
    every=st.integers(1, 9),
    g=st.sampled_from(ALL),
    seed=st.integers(0, 2**32 - 1),
)
def test_output_and_gradients_are_the_same_to_the_last_bit(depth, every, g, seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, rng.integers(1, 9, depth + 1).tolist(), g)
    X = rng.standard_normal((network[0].W.shape[1], 6))
    A, caches = forward(network, X)
    dA = rng.standard_normal(A.shape)
    output, checkpoints = checkpointing.forward(network, X, every)
    np.testing.assert_array_equal(output, A)
    expected = backward(network, dA, caches)
    gradients = checkpointing.backward(network, dA, checkpoints)
    assert len(gradients) == len(expected) == depth
    for d, truth in zip(gradients, expected, strict=True):
        np.testing.assert_array_equal(d.dW, truth.dW)
        np.testing.assert_array_equal(d.db, truth.db)


@pytest.mark.parametrize(("every", "kept"), [(1, 6), (2, 3), (4, 2), (6, 1), (9, 1)])
def test_the_input_of_each_segment_is_kept_and_nothing_else(every, kept):
    rng = np.random.default_rng(0)
    network = random_network(rng, [3, 4, 5, 6, 7, 8, 9], tanh)
    _, caches = forward(network, rng.standard_normal((3, 5)))
    _, checkpoints = checkpointing.forward(network, caches[0].A_prev, every)
    assert checkpoints.every == every
    assert len(checkpoints.inputs) == kept
    for A, cache in zip(checkpoints.inputs, caches[::every], strict=True):
        np.testing.assert_array_equal(A, cache.A_prev)


def test_each_layer_runs_forward_twice_and_backward_once(monkeypatch):
    calls = []
    for name in ("_forward", "_backward"):
        method = getattr(Dense, name)

        def counted(self, *args, method=method, name=name, **kwargs):
            calls.append((name, len(self.W)))
            return method(self, *args, **kwargs)

        monkeypatch.setattr(Dense, name, counted)
    network = mlp(np.random.default_rng(0), [3, 4, 5, 6, 7, 8], tanh)
    A, checkpoints = checkpointing.forward(network, np.ones((3, 2)), 2)
    checkpointing.backward(network, A, checkpoints)
    # After the first pass: the last segment of one layer, then the two of two.
    assert [n for name, n in calls if name == "_forward"] == [
        *(4, 5, 6, 7, 8),
        *(8, 6, 7, 4, 5),
    ]
    assert [n for name, n in calls if name == "_backward"] == [8, 7, 6, 5, 4]


def test_memory_in_use_at_the_peak_is_that_of_the_checkpoints_and_one_segment():
    rng = np.random.default_rng(0)
    n, m, depth = 8, 2000, 64
    network = random_network(rng, [n] * (depth + 1), tanh)
    X = rng.standard_normal((n, m))

    def peak(run):
        tracemalloc.start()
        run()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most / X.nbytes

    def ordinary():
        A, caches = forward(network, X)
        backward(network, A, caches)

    def checkpointed():
        A, checkpoints = checkpointing.forward(network, X, every)
        checkpointing.backward(network, A, checkpoints)

    # Arrays of n times m: Z and A of each layer, against one for each checkpoint and Z and
    # A of each layer of a segment. Some more are on the way, up to eight, and X was there.
    assert 2 * depth - 1 <= peak(ordinary) <= 2 * depth + 8
    for every in (2, 8, 32):
        expected = depth / every + 2 * every
        assert expected - 2 <= peak(checkpointed) <= expected + 8


@wrong_calls(
    (
        lambda network, X: checkpointing.forward(network[0], X, 1),
        "network: expected a tuple of layers, but got Dense(",
    ),
    (
        lambda network, X: checkpointing.forward(network, X.T, 1),
        "X: axis n_0 is 4, but layer 1 has n_0 = 2; expected (n_0, m), got (4, 2)",
    ),
    (
        lambda network, X: checkpointing.forward(network, X, 0),
        "every: expected at least 1, but got 0",
    ),
    (
        lambda network, X: checkpointing.forward(network, X, 1.0),
        "every: expected an integer, but got 1.0",
    ),
    (lambda: checkpointing.Checkpoints(0, ()), "every: expected at least 1, but got 0"),
    (
        lambda Y, caches: checkpointing.backward((), Y, caches),
        "network: expected at least one layer, but got none",
    ),
    (
        lambda network, Y: checkpointing.backward(
            network, Y, checkpointing.Checkpoints(1, None)
        ),
        "checkpoints: expected one for each of",
    ),
    (
        lambda network, Y, caches: checkpointing.backward(network, Y, caches),
        "checkpoints: expected the Checkpoints that forward returned, but",
    ),
    (
        lambda network, X, Y: checkpointing.backward(
            network, Y, checkpointing.Checkpoints(1, (X,))
        ),
        "checkpoints: expected one for each of",
    ),
    (
        lambda network, X: checkpointing.backward(
            network, X, checkpointing.Checkpoints(2, (X,))
        ),
        "dA: axis n_L is 2, but A has n_L",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
