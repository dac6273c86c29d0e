"""Moments of activations: quadrature against integrals at twenty digits, and closed forms."""

import mpmath
import numpy as np
import pytest
import sympy

from helpers.members import with_variants
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import gain, gelu, identity, relu, selu, sigmoid, tanh
from nnnotes.activations import ALL, LeakyReLU, Step
from nnnotes.formula import expression
from nnnotes.moments import Moments, moments, moments_table

MEMBERS = with_variants(ALL, LeakyReLU(-0.5))


@pytest.mark.parametrize("g", MEMBERS, ids=repr)
def test_moments_are_the_integrals_of_the_formulas(g):
    symbols = {
        sympy.Symbol(name, real=True): sympy.Rational(x)
        for name, x in g.parameters.items()
    }
    z, a = sympy.symbols("z a", real=True)
    value, slope = (
        sympy.lambdify(names, expression(text).subs(symbols), "mpmath")
        for names, text in (((z,), g.formula), ((z, a), g.derivative_formula))
    )
    ends = sorted({-14.0, -4.0, 0.0, 4.0, 14.0, *g.kinks})
    with mpmath.workdps(20):
        exact = [
            mpmath.quad(lambda x, f=f: f(x) * mpmath.npdf(x), ends)
            for f in (value, lambda x: value(x) ** 2, lambda x: slope(x, value(x)) ** 2)
        ]
    result = moments(g)
    numbers = (result.mean, result.mean_square, result.slope_mean_square)
    # A hundred nodes leave 1e-12, for softsign's poles at -1 and 1.
    for number, integral in zip(numbers, exact, strict=True):
        assert number == pytest.approx(float(integral), rel=1e-12, abs=1e-12)


def test_closed_forms():
    # Sums of some two hundred terms, whose nodes and weights are rounded, too.
    small = 200 * np.finfo(float).eps
    assert moments(relu).mean == pytest.approx(1 / np.sqrt(2 * np.pi), abs=small)
    assert moments(relu).variance == pytest.approx((1 - 1 / np.pi) / 2, abs=small)
    assert moments(gelu).mean == pytest.approx(1 / (2 * np.sqrt(np.pi)), abs=small)
    assert moments(selu).mean == pytest.approx(0, abs=small)
    assert moments(selu).mean_square == pytest.approx(1, abs=small)
    assert moments(identity).chi == pytest.approx(1, abs=small)
    assert moments(Step()).chi == 0
    assert moments(sigmoid).mean == pytest.approx(1 / 2, abs=small)


@pytest.mark.parametrize("g", MEMBERS, ids=repr)
def test_gain_is_that_of_the_initialisers(g):
    assert moments(g).gain == pytest.approx(gain(g), rel=1e-15, abs=0)
    assert moments(g).chi == pytest.approx(
        gain(g) ** 2 * moments(g).slope_mean_square, rel=1e-14, abs=0
    )


def test_table_has_a_row_for_each_and_no_negative_zero():
    table = moments_table()
    assert [row[0] for row in table.rows] == [g.name for g in ALL]
    assert not any(cell == "-0.000" for row in table.rows for cell in row)
    (row,) = moments_table([tanh]).rows
    m = moments(tanh)
    assert [float(cell) for cell in row[1:]] == pytest.approx(
        [m.mean, m.mean_square, m.gain, m.chi], abs=5.1e-4
    )


@wrong_calls(
    (
        lambda: moments("relu"),
        "g: expected an activation such as nnnotes.relu, but got 'relu'",
    ),
    (
        lambda: Moments(0, 0, 0),
        "mean_square: expected a finite number greater than 0, but got 0",
    ),
    (lambda: Moments("0", 1, 1), "mean: expected a finite number, but got '0'"),
    (
        lambda: Moments(0, 1, -1),
        "slope_mean_square: expected a finite number of at least 0, but got -1",
    ),
    (lambda: moments_table(relu), "gs: expected a list of activations, but got ReLU()"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
