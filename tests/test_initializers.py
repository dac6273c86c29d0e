"""Initialisers: their draws against their formulas, and gains against SciPy."""

import itertools

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
import sympy

import nnnotes
from nnnotes.activations import ALL as ACTIVATIONS
from nnnotes.activations import Activation, LeakyReLU, relu
from nnnotes.formula import expression
from nnnotes.initializers import (
    ALL,
    Constant,
    Glorot,
    He,
    LeCun,
    Normal,
    gain,
    gaussian_mean,
    normal,
    uniform,
)

N_OUT, N_IN = 300, 200  # different, so that a swap is seen

each_rule = pytest.mark.parametrize("rule", ALL, ids=repr)


def formula_variance(rule):
    """The variance by SymPy, from the text."""
    values = {**vars(rule), "n_out": N_OUT, "n_in": N_IN}
    known = {name: x for name, x in values.items() if not callable(x)}
    return float(
        expression(rule.variance_formula).subs(
            known | {sympy.Symbol(k, real=True): x for k, x in known.items()}
        )
    )


@each_rule
def test_variance_is_the_formula_and_the_draws_have_it(rule):
    variance = formula_variance(rule)
    # Both round a square and a quotient, each by half an ulp.
    assert rule.variance(N_OUT, N_IN) == pytest.approx(
        variance, rel=4 * np.finfo(float).eps, abs=0
    )
    W = rule(np.random.default_rng(0), N_OUT, N_IN) - getattr(rule, "c", 0)
    assert W.shape == (N_OUT, N_IN)
    # Four standard errors. That of a variance is Var w * sqrt((kurtosis - 1) / n);
    # the kurtosis of a normal distribution is 3, of a uniform one 9/5.
    kurtosis = 9 / 5 if getattr(rule, "draw", normal) is uniform else 3
    assert abs(W.mean()) <= 4 * np.sqrt(variance / W.size)
    assert abs(W.var() - variance) <= 4 * variance * np.sqrt((kurtosis - 1) / W.size)


@each_rule
def test_draws_have_the_distribution_that_their_name_says(rule):
    W = rule(np.random.default_rng(0), N_OUT, N_IN).ravel()
    variance = formula_variance(rule)
    if variance == 0:
        assert set(W) == {getattr(rule, "c", 0)}
    elif rule in (Normal(), LeCun(), Glorot(), He()):
        # Less than 0.001 would happen to one seed in a thousand; this seed is fixed.
        assert scipy.stats.kstest(W / np.sqrt(variance), "norm").pvalue > 1e-3
    else:
        r = np.sqrt(3 * variance)
        assert scipy.stats.kstest((W / r + 1) / 2, "uniform").pvalue > 1e-3
        # All n draws miss the outermost part 20/n once in exp(20) times.
        assert r * (1 - 20 / W.size) < np.abs(W).max() <= r


@each_rule
def test_same_state_gives_same_weights_and_another_state_others(rule):
    rng = np.random.default_rng(3)
    first, second = rule(rng, 4, 5), rule(rng, 4, 5)
    np.testing.assert_array_equal(first, rule(np.random.default_rng(3), 4, 5))
    assert np.array_equal(first, second) == (formula_variance(rule) == 0)


def test_draw_may_be_a_function_of_ones_own():
    seen = []

    def draw(rng, shape, variance):
        seen.append((shape, variance))
        return np.full(shape, rng.integers(7, 8), np.float64)

    W = He(draw=draw)(np.random.default_rng(0), 3, 4)
    assert seen == [((3, 4), 0.5)]
    np.testing.assert_array_equal(W, np.full((3, 4), 7.0))


@each_rule
@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (0, ValueError, "expected at least 1, but got 0"),
        (-2, ValueError, "expected at least 1, but got -2"),
        (2.0, TypeError, "expected an integer, but got 2.0"),
        (True, TypeError, "expected an integer, but got True"),
        ("3", TypeError, "expected an integer, but got '3'"),
        (None, TypeError, "expected an integer, but got None"),
    ],
)
@pytest.mark.usefixtures("unchecked")
def test_sizes_are_integers_of_at_least_one(rule, size, error, message):
    rng = np.random.default_rng(0)
    for name, sizes in (("n_out", (size, 3)), ("n_in", (3, size))):
        for call in (lambda s=sizes: rule.variance(*s), lambda s=sizes: rule(rng, *s)):
            with pytest.raises(error) as raised:
                call()
            assert str(raised.value) == f"{name}: {message}"


@each_rule
@pytest.mark.parametrize(
    "rng", [0, None, np.random.default_rng, np.random.RandomState(0)]
)
@pytest.mark.usefixtures("unchecked")
def test_rng_is_a_generator_and_not_a_seed(rule, rng):
    with pytest.raises(TypeError, match=r"^rng: expected a numpy.random.Generator"):
        rule(rng, 2, 3)


@pytest.mark.parametrize(
    ("rule", "parameter", "number"),
    [
        (Constant, "c", np.nan),
        (Constant, "c", np.inf),
        (Normal, "std", np.inf),
        (Normal, "std", -0.1),
        (LeCun, "gain", np.nan),
    ],
)
def test_parameters_are_finite(rule, parameter, number):
    with pytest.raises(
        ValueError, match=rf"^{parameter}: expected .* but got {number}$"
    ):
        rule(number)


@each_rule
def test_repr_is_the_call_that_makes_an_equal_one(rule):
    same = eval(repr(rule), {**vars(nnnotes), "normal": normal, "uniform": uniform})
    assert same == rule
    assert hash(same) == hash(rule)
    assert [other for other in ALL if other == rule] == [rule]
    assert rule._repr_latex_() == rf"$\operatorname{{Var}} w = {rule.latex}$"


@pytest.mark.parametrize("g", [*ACTIVATIONS, LeakyReLU(-2.0)], ids=repr)
def test_gain_is_the_integral_by_scipy(g):
    z = sympy.Symbol("z", real=True)
    fields = {sympy.Symbol(name, real=True): x for name, x in vars(g).items()}
    value = sympy.lambdify(z, expression(g.formula).subs(fields), "math")

    def integrand(x):
        return value(x) ** 2 * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

    # Beyond 38 the density is less than the smallest float.
    ends = [-38, -5, *g.kinks, 5, 38]
    parts = [
        scipy.integrate.quad(integrand, a, b, epsabs=1e-13, epsrel=1e-13)[0]
        for a, b in itertools.pairwise(ends)
    ]
    assert gain(g) == pytest.approx(1 / np.sqrt(sum(parts)), rel=0, abs=1e-10)


@pytest.mark.parametrize("alpha", [-2.0, 0.01, 0.5, 1.0])
def test_gain_of_relu_is_the_two_of_he(alpha):
    # Half of the mean square comes from each side: E g(z)² = (1 + alpha²) / 2.
    assert gain(relu) ** 2 == pytest.approx(2, rel=0, abs=1e-12)
    assert gain(LeakyReLU(alpha)) ** 2 == pytest.approx(
        2 / (1 + alpha**2), rel=1e-12, abs=0
    )


def test_gaussian_mean_splits_at_the_kinks_in_any_order():
    # E |z| = sqrt(2 / pi), and E |z - 1| = sqrt(2 / (pi e)) + erf(1 / sqrt(2)).
    expected = np.sqrt(2 / np.pi) * (1 + np.exp(-0.5)) + scipy.special.erf(np.sqrt(0.5))
    result = gaussian_mean(lambda z: np.abs(z) + np.abs(z - 1), kinks=(1.0, 0.0))
    assert result == pytest.approx(expected, rel=1e-13, abs=0)


class Shifted(Activation):
    """ReLU, moved to the right by one."""

    kinks = (1.0,)

    def value(self, z):
        return np.maximum(z - 1, 0)

    def slope(self, z):
        return np.heaviside(z - 1, 0.0)


def test_gain_splits_at_the_kinks_of_the_activation():
    # The integral of (z - 1)² over z > 1, by parts: 2 P(z > 1) - density(1).
    expected = 2 * scipy.stats.norm.sf(1) - scipy.stats.norm.pdf(1)
    assert gain(Shifted()) ** -2 == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.usefixtures("unchecked")
def test_gain_of_a_name_is_an_error():
    with pytest.raises(
        TypeError,
        match=r"^g: expected an activation such as nnnotes.relu, but got 'relu'$",
    ):
        gain("relu")
