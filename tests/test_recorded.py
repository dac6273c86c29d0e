"""Runs that are kept: a part of them made anew, and what is read from them."""

import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import identity, relu, tanh
from nnnotes.recorded import (
    ACTIVATIONS,
    RATES,
    SEEDS,
    TASKS,
    WIDTH_RATES,
    WIDTH_SEEDS,
    WIDTHS,
    Recorded,
    digits_run,
    record,
    recorded,
    width_losses,
    width_run,
)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("g", ACTIVATIONS, ids=repr)
@pytest.mark.no_cover  # of many short calls, which would take twice as long
def test_a_run_made_anew_gives_what_is_kept(task, g):
    kept, number = recorded(task), ACTIVATIONS.index(g)
    for rate, seed in ((2, 7), (3, 41)):
        loss, accuracy = record(task, g, RATES[rate], seed)
        # Another machine adds up in another order, and steps carry that on.
        assert loss == pytest.approx(kept.losses[number, rate, seed], rel=1e-3)
        assert accuracy == pytest.approx(
            kept.accuracies[number, rate, seed], abs=1.01 / 360
        )


@pytest.mark.parametrize("task", TASKS)
def test_the_best_rate_is_not_at_the_end_of_the_grid(task):
    kept = recorded(task)
    assert kept.losses.shape == (len(ACTIVATIONS), len(RATES), SEEDS)
    for g, k, losses in zip(ACTIVATIONS, kept.chosen, kept.losses, strict=True):
        means = losses.mean(axis=1)
        # A straight line through the flower has one best place, and each lower rate finds it.
        flat = np.ptp(means[:4]) < 1e-6 and (task, g) == ("flower", identity)
        assert 0 < k < len(RATES) - 1 or flat, (task, g)


def test_the_rate_is_chosen_by_the_validation_loss():
    losses = np.array([[[3.0, 1.0], [1.5, 1.5], [0.1, np.inf]]])
    accuracies = np.array([[[0.9, 0.9], [0.5, 0.6], [1.0, 1.0]]])
    made = Recorded(losses, accuracies)
    assert made.chosen == (1,)
    np.testing.assert_array_equal(made.scores, [[0.5, 0.6]])


def test_a_rate_that_is_too_large_is_a_result():
    assert record("digits", identity, 3.0, 0) == (np.inf, 0.0)
    assert np.isinf(recorded("digits").losses[0, -1]).all()


@pytest.mark.parametrize("mup", [False, True])
def test_a_run_of_some_width_made_anew_gives_what_is_kept(mup):
    assert width_losses().shape == (2, len(WIDTHS), len(WIDTH_RATES), WIDTH_SEEDS)
    for width, rate, seed in ((0, 5, 1), (1, 4, 2)):
        rng = np.random.default_rng(seed)
        loss = width_run(rng, WIDTHS[width], WIDTH_RATES[rate], mup)
        kept = width_losses()[int(mup), width, rate, seed]
        assert loss == pytest.approx(kept, rel=1e-3)


def test_no_best_rate_of_any_width_is_at_the_end_of_the_grid():
    best = width_losses().mean(axis=-1).argmin(axis=-1)
    assert best.min() > 0
    assert best.max() < len(WIDTH_RATES) - 1


@wrong_calls(
    (lambda: record("digit", relu, 0.1, 0), "task: expected 'digits' or 'flower'"),
    (lambda: recorded(["digits"]), "task: expected 'digits' or 'flower', but got ["),
    (lambda: digits_run(0, relu, 0.1), "rng: expected a numpy.random.Generator"),
    (lambda rng: digits_run(rng, "relu", 0.1), "g: expected an activation such as"),
    (lambda rng: width_run(rng, 0, 0.1, True), "n: expected at least 1, but got 0"),
    (lambda rng: digits_run(rng, tanh, 0), "lr: expected a finite number greater than"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
