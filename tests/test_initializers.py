"""Initialisers: their draws against their formulas, and gains against SciPy."""

import dataclasses
import itertools

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
import sympy

import nnnotes
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import dense, forward, tanh
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
    Orthogonal,
    TruncatedNormal,
    Zeros,
    fan_average,
    fan_in,
    fan_out,
    gain,
    normal,
    truncated_normal,
    uniform,
)

N_OUT, N_IN = 300, 200  # different, so that a swap is seen

each_rule = pytest.mark.parametrize("rule", ALL, ids=repr)


def by_formula(rule, text):
    """The mean or the variance by SymPy, from the text."""
    values = {**vars(rule), "n_out": N_OUT, "n_in": N_IN}
    known = {name: x for name, x in values.items() if isinstance(x, int | float)}
    return float(
        expression(text).subs(
            known | {sympy.Symbol(k, real=True): x for k, x in known.items()}
        )
    )


@each_rule
def test_variance_is_the_formula_and_the_draws_have_it(rule):
    mean = by_formula(rule, rule.mean_formula)
    variance = by_formula(rule, rule.variance_formula)
    # Both round a square and a quotient, each by half an ulp.
    assert rule.variance(N_OUT, N_IN) == pytest.approx(
        variance, rel=4 * np.finfo(float).eps, abs=0
    )
    W = rule(np.random.default_rng(0), N_OUT, N_IN) - mean
    assert W.shape == (N_OUT, N_IN)
    # Four standard errors, that of the variance by the sample's own fourth moment. Where
    # all weights have one size, or are 0, it is that of rounding.
    assert abs(W.mean()) <= 4 * np.sqrt(variance / W.size)
    errors = W**2 - variance
    most = 4 * errors.std() / np.sqrt(W.size) + 4 * np.finfo(float).eps * variance
    assert abs(errors.mean()) <= most


def draw(rule):
    fixed = {Normal: normal, TruncatedNormal: truncated_normal}
    return getattr(rule, "draw", fixed.get(type(rule)))


DISTRIBUTIONS = {  # with variance 1
    normal: scipy.stats.norm(),
    uniform: scipy.stats.uniform(-np.sqrt(3), 2 * np.sqrt(3)),
    truncated_normal: scipy.stats.truncnorm(
        *np.array([-2, 2]),
        scale=1 / scipy.stats.truncnorm(-2, 2).std(),
    ),
}


@pytest.mark.parametrize("rule", [r for r in ALL if draw(r) in DISTRIBUTIONS], ids=repr)
def test_draws_have_the_distribution_that_their_name_says(rule):
    W = rule(np.random.default_rng(0), N_OUT, N_IN).ravel()
    W /= np.sqrt(by_formula(rule, rule.variance_formula))
    expected = DISTRIBUTIONS[draw(rule)]
    # Less than 0.001 would happen to one seed in a thousand; this seed is fixed.
    assert scipy.stats.kstest(W, expected.cdf).pvalue > 1e-3
    edge = expected.support()[1]
    assert abs(W).max() <= edge * (1 + 4 * np.finfo(float).eps)


def test_constant_weights_are_the_constant():
    for rule, c in ((Zeros(), 0), (Constant(), 0.01), (Constant(-3), -3)):
        np.testing.assert_array_equal(rule(np.random.default_rng(0), 2, 3), c)


def test_fixed_standard_deviation_is_a_hundredth_by_default():
    assert (Normal(), TruncatedNormal()) == (Normal(0.01), TruncatedNormal(0.01))


@pytest.mark.parametrize(
    ("n_out", "n_in"), [(5, 8), (8, 5), (6, 6), (1, 7), (300, 200)]
)
@pytest.mark.parametrize("factor", [1.0, -1.5])
def test_orthogonal_weights_are_orthogonal(n_out, n_in, factor):
    W = Orthogonal(factor)(np.random.default_rng(0), n_out, n_in)
    assert W.shape == (n_out, n_in)
    product = W @ W.T if n_out <= n_in else W.T @ W
    identity = factor**2 * np.eye(min(n_out, n_in))
    assert abs(product - identity).max() <= 1e-12


@pytest.mark.parametrize(("n_out", "n_in"), [(3, 5), (5, 3), (4, 4)])
def test_orthogonal_weights_are_drawn_evenly(n_out, n_in):
    # A column of length n of an even draw is an even unit vector: the square of an entry
    # follows the beta distribution with 1/2 and (n - 1)/2, and signs are even.
    rng = np.random.default_rng(0)
    draws = np.array([Orthogonal()(rng, n_out, n_in) for _ in range(2000)])
    beta = scipy.stats.beta(1 / 2, (max(n_out, n_in) - 1) / 2)
    for i, j in itertools.product(range(n_out), range(n_in)):
        entry = draws[:, i, j]
        assert scipy.stats.kstest(entry**2, beta.cdf).pvalue > 1e-3
        # Four standard deviations of the number of heads.
        assert abs((entry > 0).sum() - 1000) <= 4 * np.sqrt(2000 / 4)


def test_fans_divide_by_the_size_they_name():
    for rule, scale in ((LeCun(2.0), 4), (Glorot(), 1), (He(), 2)):
        variances = [
            dataclasses.replace(rule, fan=fan).variance(n_out=30, n_in=10)
            for fan in (fan_in, fan_out, fan_average)
        ]
        assert variances == pytest.approx([scale / 10, scale / 30, scale / 20])
    assert (He().fan, LeCun().fan, Glorot().fan) == (fan_in, fan_in, fan_average)


# With weights of variance 2 / fan behind ReLU, one layer multiplies the mean square by a
# mean over its units, of squares that are 0 half of the time: mean 1, and variance 5 per
# unit (E z⁴ / 2 · 4 - 1 with z normal). The logarithm after L layers wanders by
# sqrt(5 L / n), and drifts by half the square of that.
@pytest.mark.parametrize(("fan", "backwards"), [(fan_in, False), (fan_out, True)])
def test_second_moment_stays_in_its_band_through_thirty_layers(fan, backwards):
    depth, n, m = 30, 500, 8
    rng = np.random.default_rng(0)
    rule = He(fan=fan)
    spread = np.sqrt(5 * depth / n)
    signal = rng.standard_normal((n, m))
    start = (signal**2).mean()
    network = tuple(dense(rng, n, n, relu, rule) for _ in range(depth))
    _, caches = forward(network, signal)
    if backwards:
        dA = rng.standard_normal((n, m))
        start = (dA**2).mean()
        for layer, cache in zip(reversed(network), reversed(caches), strict=True):
            dA, _ = layer.backward(dA, cache)
        growth = np.log((dA**2).mean() / start)
    else:
        growth = np.log((caches[-1].Z ** 2).mean() / 2 / start)
    assert abs(growth) <= 4 * spread + spread**2 / 2
    # And it is the factor 2 that does it: without, it would be 2**-30.
    assert 4 * spread + spread**2 / 2 < 30 * np.log(2) / 4


@each_rule
def test_same_state_gives_same_weights_and_another_state_others(rule):
    rng = np.random.default_rng(3)
    first, second = rule(rng, 4, 5), rule(rng, 4, 5)
    np.testing.assert_array_equal(first, rule(np.random.default_rng(3), 4, 5))
    variance = by_formula(rule, rule.variance_formula)
    assert np.array_equal(first, second) == (variance == 0)


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
    same = eval(repr(rule), vars(nnnotes.initializers))
    assert same == rule
    assert hash(same) == hash(rule)
    assert [other for other in ALL if other == rule] == [rule]
    assert rule._repr_latex_() == rf"$\operatorname{{Var}} w = {rule.latex}$"


@pytest.mark.parametrize("g", [*ACTIVATIONS, LeakyReLU(-2.0)], ids=repr)
def test_gain_is_the_integral_by_scipy(g):
    z = sympy.Symbol("z", real=True)
    fields = {sympy.Symbol(name, real=True): x for name, x in g.parameters.items()}
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


def test_jax_draws_its_kernels_alike_with_the_axes_exchanged():
    jax = pytest.importorskip("jax")
    from oracles import INITIALIZERS

    n_in, n_out = 200, 300
    for init, draw in INITIALIZERS.items():
        kernel = draw(jax.random.key(0), (n_in, n_out))
        ours = init(np.random.default_rng(0), n_out, n_in)
        theirs = np.asarray(kernel, np.float64).T
        for W in (ours, theirs):
            # Four standard errors: for all of them the variance of w² is below 2 Var(w)².
            error = np.square(W).mean() / init.variance(n_out, n_in) - 1
            assert abs(error) < 4 * np.sqrt(2 / W.size)
        # Of 60 000 draws the largest is within a hundredth of the end of the interval.
        assert np.abs(theirs).max() == pytest.approx(
            np.abs(ours).max(), rel=0.01, abs=0
        )


@wrong_calls(
    (lambda: He().variance(0, 2), "n_out: expected at least 1, but got 0"),
    (lambda rng: He()(rng, 3, 2.0), "n_in: expected an integer, but got 2.0"),
    (
        lambda: He()(0, 3, 2),
        "rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got 0",
    ),
    (
        lambda: Normal(-1),
        "std: expected a standard deviation of at least 0, but got -1",
    ),
    (
        lambda: Normal("0.1"),
        "std: expected a standard deviation of at least 0, but got '0.1'",
    ),
    (
        lambda: TruncatedNormal(-1),
        "std: expected a standard deviation of at least 0, but got -1",
    ),
    (lambda: Constant(np.nan), "c: expected a finite number, but got nan"),
    (lambda: Constant(None), "c: expected a finite number, but got None"),
    (lambda: LeCun(np.inf), "gain: expected a finite number, but got inf"),
    (lambda: LeCun(tanh), "gain: expected a finite number, but got Tanh()"),
    (lambda: LeCun(True), "gain: expected a finite number, but got True"),
    (lambda: Orthogonal(0), "gain: expected a finite factor other than 0, but got 0"),
    (
        lambda: Glorot("normal"),
        "draw: expected a function such as nnnotes.initializers.normal, but got 'normal'",
    ),
    (
        lambda: He(fan="fan_in"),
        "fan: expected a fan such as nnnotes.initializers.fan_in, but got 'fan_in'",
    ),
    (lambda: Orthogonal()(np.random, 3, 2), "rng: expected a numpy.random.Generator"),
    (
        lambda: gain("relu"),
        "g: expected an activation such as nnnotes.relu, but got 'relu'",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
