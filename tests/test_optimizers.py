"""Optimisers: their code against their formulas, and against what theory says of a parabola."""

import dataclasses
import re

import mpmath
import numpy as np
import pytest
import sympy

import nnnotes
from helpers.members import with_variants
from helpers.refusals import check_refusal, wrong_calls
from nnnotes._checks import check_positive
from nnnotes.formula import expression, latex
from nnnotes.optimizers import ALL, SGD, Adam, Momentum, Nesterov

# Each with numbers that are not its defaults, so that a parameter without effect is seen.
MEMBERS = (
    *with_variants(ALL),
    Momentum(lr=0.03, momentum=0.5),
    Nesterov(lr=0.03, momentum=0.5),
    Adam(lr=0.03, beta_1=0.5, beta_2=0.8, epsilon=0.1),
)

each_rule = pytest.mark.parametrize("rule", MEMBERS, ids=repr)


def by_formulas(rule, w, gradients):
    """The parameter after each step, at fifty digits, from the text."""
    values = {name: mpmath.mpf(0) for name in rule.formulas} | {"w": w}
    values |= {name: mpmath.mpf(number) for name, number in vars(rule).items()}
    history = []
    for t, d in enumerate(gradients, start=1):
        values |= {"t": t, "d": d}
        for name, text in rule.formulas.items():
            formula = expression(text)
            symbols = sorted(formula.free_symbols, key=str)
            function = sympy.lambdify(symbols, formula, "mpmath")
            values[name] = function(*(values[str(symbol)] for symbol in symbols))
        history.append(values["w"])
    return history


@each_rule
def test_steps_are_those_of_the_formulas(rule):
    gradients = np.random.default_rng(0).standard_normal(12).tolist()
    w, memory, history = np.array([[0.7]]), rule.start(np.array([[0.7]])), []
    for t, d in enumerate(gradients, start=1):
        w, memory = rule.update(w, np.array([[d]]), memory, t)
        history.append(w[0, 0])
    with mpmath.workdps(50):
        expected = by_formulas(rule, mpmath.mpf(0.7), map(mpmath.mpf, gradients))
    # Each of twelve steps, with some ten roundings of numbers of this size.
    most = max(10, *map(abs, history))
    np.testing.assert_allclose(
        history, [float(x) for x in expected], rtol=0, atol=1e-14 * most
    )


@each_rule
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_and_shape_stay_and_nothing_is_changed_in_place(rule, dtype):
    w, d = np.ones((3, 2), dtype), np.full((3, 2), 0.5, dtype)
    memory = rule.start(w)
    assert len(memory) == len(rule.formulas) - 1
    for array in (w, d, *memory):
        array.flags.writeable = False
    result, after = rule.update(w, d, memory, t=1)
    assert result.dtype == dtype
    assert [array.dtype for array in after] == [array.dtype for array in memory]
    for array in memory:  # which may be wider, and is no wider than need be
        assert array.dtype in (dtype, np.promote_types(dtype, np.float32))
    for array in (result, *after):
        assert array.shape == (3, 2)
        assert not any(np.shares_memory(array, old) for old in (w, d))
    assert (w == 1).all()
    assert (d == 0.5).all()
    assert not any(array.any() for array in memory)


# On the parabola c w²/2 the gradient is c w. Two steps of w hang together linearly, so w
# shrinks as the largest root of a quadratic equation: theory from the references.
@pytest.mark.parametrize(
    ("rule", "polynomial"),
    [
        (SGD(0.1), lambda c: [1, -(1 - 0.1 * c)]),
        (Momentum(0.1, 0.8), lambda c: [1, -(1 + 0.8 - 0.1 * c), 0.8]),
        (
            Nesterov(0.1, 0.8),
            lambda c: [1, -(1 + 0.8) * (1 - 0.1 * c), 0.8 * (1 - 0.1 * c)],
        ),
    ],
    ids=["SGD", "Momentum", "Nesterov"],
)
@pytest.mark.parametrize("c", [0.01, 0.05])
def test_parabola_is_descended_as_fast_as_theory_says(rule, polynomial, c):
    w, memory = np.array([1.0]), rule.start(np.array([1.0]))
    history = [1.0]
    for t in range(1, 401):
        w, memory = rule.update(w, c * w, memory, t)
        history.append(w[0])
    rate = max(abs(np.roots(polynomial(c))))
    # The other root has died out.
    assert history[-1] / history[-2] == pytest.approx(rate, rel=1e-6, abs=0)


def test_first_step_of_adam_is_the_learning_rate_whatever_the_gradient():
    d = np.array([1e-3, -1.0, 1e6])
    adam = Adam(lr=0.1)
    w, _ = adam.update(np.zeros(3), d, adam.start(d), t=1)
    # epsilon is 1e-8 beside at least 1e-3.
    np.testing.assert_allclose(w, [-0.1, 0.1, -0.1], rtol=1.1e-5)


@pytest.mark.parametrize("rule", ALL, ids=repr)
@pytest.mark.parametrize("lr", [0, -0.1, np.nan, np.inf])
def test_learning_rate_is_finite_and_greater_than_zero(rule, lr):
    with pytest.raises(
        ValueError, match=r"^lr: expected a finite number greater than 0, but got"
    ):
        dataclasses.replace(rule, lr=lr)


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (Momentum, "momentum"),
        (Nesterov, "momentum"),
        (Adam, "beta_1"),
        (Adam, "beta_2"),
    ],
)
def test_share_that_stays_is_from_zero_to_less_than_one(rule, name):
    assert getattr(rule(lr=0.1, **{name: 0.0}), name) == 0
    for share in (-0.1, 1.0, np.nan):
        with pytest.raises(
            ValueError,
            match=rf"^{name}: expected a number from 0 to less than 1, but got {share}$",
        ):
            rule(lr=0.1, **{name: share})


@pytest.mark.parametrize("epsilon", [0.0, -1e-8, np.inf])
def test_epsilon_of_adam_is_finite_and_greater_than_zero(epsilon):
    with pytest.raises(
        ValueError,
        match=rf"^epsilon: expected a finite number greater than 0, but got {epsilon}$",
    ):
        Adam(epsilon=epsilon)


def test_defaults_are_those_of_the_references():
    assert Adam() == Adam(lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8)
    assert (Momentum(0.1).momentum, Nesterov(0.1).momentum) == (0.9, 0.9)


@each_rule
def test_repr_is_the_call_that_makes_an_equal_one(rule):
    assert eval(repr(rule), vars(nnnotes)) == rule
    assert rule._repr_latex_() == f"${rule.latex}$"
    begin, *lines, end = re.split(
        r"\\begin\{aligned\} | \\\\ | \\end\{aligned\}", rule.latex
    )
    assert (begin, end) == ("", "")
    assert lines == [
        rf"{name} &\leftarrow {latex(text)}" for name, text in rule.formulas.items()
    ]


def test_adam_takes_small_gradients_and_zeros_in_half_precision():
    d = np.array([0, 1e-3, -1e-6], np.float16)  # whose squares are 0 there
    adam = Adam(lr=0.1)
    w, _ = adam.update(np.zeros(3, np.float16), d, adam.start(d), t=1)
    # epsilon is a hundredth of the smallest.
    np.testing.assert_allclose(w, [0, -0.1, 0.1], rtol=0.02)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble, np.int64])
def test_numbers_of_any_precision_are_accepted(kind):
    check_positive("lr", kind(1))
    check_positive("lr", np.finfo(np.float64).max)


@pytest.mark.parametrize("rule", [SGD(1e-8), Momentum(1e-8), Nesterov(1e-8, 0.5)])
def test_rate_below_the_range_of_half_precision_counts(rule):
    w, d = np.zeros(1, np.float16), np.full(1, 10_000, np.float16)
    w, _ = rule.update(w, d, rule.start(w), t=1)
    share = 1 + getattr(rule, "momentum", 0) * isinstance(rule, Nesterov)
    assert w == np.float16(-1e-4 * share)


def test_adam_in_single_precision_has_the_range_that_its_text_says():
    zero, one = np.zeros(1, np.float32), np.ones(1, np.float32)
    adam = Adam(lr=0.1)
    w, _ = adam.update(zero, np.float32(1e19) * one, adam.start(zero), t=1)
    assert w == pytest.approx(-0.1)
    with np.errstate(over="ignore"):
        w, _ = adam.update(zero, np.float32(2e19) * one, adam.start(zero), t=1)
    assert w == 0
    least = Adam(lr=0.1, epsilon=2e-45)
    assert least.update(zero, zero, least.start(zero), t=1)[0] == 0


@wrong_calls(
    (
        lambda: SGD(np.float32(np.inf)),
        "lr: expected a finite number greater than 0, but got inf",
    ),
    (lambda: SGD(-1), "lr: expected a finite number greater than 0, but got -1"),
    (
        lambda: SGD("fast"),
        "lr: expected a finite number greater than 0, but got 'fast'",
    ),
    (
        lambda: Momentum(0.1, 1),
        "momentum: expected a number from 0 to less than 1, but got 1",
    ),
    (
        lambda: Nesterov(0.1, None),
        "momentum: expected a number from 0 to less than 1, but got None",
    ),
    (
        lambda: Adam(beta_1=1.0),
        "beta_1: expected a number from 0 to less than 1, but got 1.0",
    ),
    (
        lambda: Adam(beta_2=-0.1),
        "beta_2: expected a number from 0 to less than 1, but got -0.1",
    ),
    (
        lambda: Adam(epsilon=0),
        "epsilon: expected a finite number greater than 0, but got 0",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
