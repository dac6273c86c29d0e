"""Mean field: quadrature against closed forms and SciPy, maps against formulas, fixed points against iteration."""

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermeval
from scipy import integrate, special

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import hard_tanh, identity, leaky_relu, relu, sigmoid, step, tanh
from nnnotes.activations import ALL
from nnnotes.meanfield import (
    MeanField,
    critical_weight_variance,
    depth_scale,
    pair_mean,
)
from nnnotes.moments import moments
from nnnotes.quadrature import gaussian_mean

CONTINUOUS = [g for g in ALL if g.smoothness >= 0]


def settling(g):
    """A theory in which a variance of 1 shrinks: 0.9 does for the identity, less for what grows more quickly."""
    return MeanField(g, min(0.9, 0.5 / moments(g).mean_square), 0.1)


def jump(g):
    """By how much the slope of an activation jumps, and its square, at all kinks together."""
    ends = [g.derivative(np.nextafter(g.kinks, end)) for end in (-np.inf, np.inf)]
    jumps = np.subtract(*ends), np.subtract(*np.square(ends))
    return tuple(float(np.abs(part).sum()) for part in jumps)


THEORIES = [settling(g) for g in CONTINUOUS]
CORRELATIONS = (-1, -0.9999, -0.5, 0, 1e-200, 1e-8, 0.3, 0.99, 1 - 1e-9, 1)
# Sums of some thousand products of size up to 3 in all; they, and the nodes and weights, are rounded.
SMALL = 200 * np.finfo(float).eps

each = pytest.mark.parametrize("theory", THEORIES, ids=lambda theory: theory.g.name)


def kernel(c):
    """The arc-cosine kernel of degree 1 of Cho and Saul (2009): the mean of relu(x) relu(y)."""
    return (math.sqrt((1 - c) * (1 + c)) + c * (math.pi - math.acos(c))) / (2 * math.pi)


@pytest.mark.parametrize("c", CORRELATIONS)
def test_mean_over_pairs_in_closed_form(c):
    assert pair_mean(relu, c, (0.0,)) == pytest.approx(kernel(c), abs=SMALL)
    quarter = 1 / 4 + math.asin(c) / (2 * math.pi)  # the kernel of degree 0
    assert pair_mean(step, c, (0.0,)) == pytest.approx(quarter, abs=SMALL)
    assert pair_mean(np.square, c) == pytest.approx(1 + 2 * c**2, abs=SMALL)
    for a in (0.1, 1.0, 10.0):
        exact = 2 / math.pi * math.asin(2 * a**2 * c / (1 + 2 * a**2))
        splits = (-8 / a, -1 / a, 1 / a, 8 / a)
        mean = pair_mean(lambda x, a=a: special.erf(a * x), c, splits=splits)
        assert mean == pytest.approx(exact, abs=SMALL)


@pytest.mark.parametrize("c", [-0.4, 0.7])
def test_mean_over_pairs_is_that_of_scipy(c):
    s = math.sqrt(1 - c**2)

    def integrand(w, x):
        density = math.exp(-(x**2 + w**2) / 2) / (2 * math.pi)
        return math.tanh(x) * math.tanh(c * x + s * w) * density

    exact, error = integrate.dblquad(integrand, -9, 9, -9, 9, epsabs=1e-10)
    assert error < 1e-8
    # The square leaves out less than 1e-18.
    assert abs(pair_mean(tanh, c) - exact) <= error


@pytest.mark.parametrize("g", CONTINUOUS, ids=repr)
@pytest.mark.parametrize("c", [-0.5, 0.2, 0.5])
def test_mean_over_pairs_is_a_power_series_in_the_correlation(g, c):
    # Mehler: the coefficients are squares of those of g in normed Hermite polynomials.
    total = 0.0
    for k in range(40):
        norm = math.sqrt(math.factorial(k))
        unit = np.eye(40)[k] / norm
        a = gaussian_mean(lambda z, unit=unit: g(z) * hermeval(z, unit), g.kinks)
        total += a**2 * c**k
    # The squares add up to E g(z)², which bounds the rest.
    square = moments(g).mean_square
    rest = square * abs(c) ** 40
    assert abs(pair_mean(g, c, g.kinks) - total) <= rest + 1e-12 * max(1, square)


H = 1 / 8192
MIDPOINTS = np.arange(-12 + H / 2, 12, H)


def by_midpoints(values):
    """The mean over a standard normal x by the midpoint rule."""
    return float(
        np.sum(values * np.exp(-(MIDPOINTS**2) / 2)) * H / math.sqrt(2 * math.pi)
    )


@pytest.mark.parametrize("q", [0.25, 1, 4])  # so that kinks lie between midpoints
@each
def test_variance_map_and_chi_are_their_formulas(theory, q):
    names = {
        **vars(theory),
        "mean": by_midpoints,
        "sqrt": math.sqrt,
        "x": MIDPOINTS,
        "q": q,
    }
    names |= {"g": theory.g, "slope": theory.g.derivative}
    # The midpoint rule errs by H² / 24 = 6e-10 times the jump in the integrand's slope,
    # or the integral of its second derivative's size, which is below 20, or in proportion.
    assert theory.variance_equation.left == "V(q)"
    exact = eval(theory.variance_equation.right, names)
    assert theory.variance_map(q) == pytest.approx(exact, rel=2e-8, abs=2e-8)
    names["q"] = theory.fixed_point
    exact = eval(theory.chi_equation.right, names)
    # There kinks do not lie between midpoints: H times the jumps, and a density below 1/2.
    _, jumps = jump(theory.g)
    assert theory.chi == pytest.approx(exact, rel=2e-8, abs=2e-8 + H * jumps / 2)


@pytest.mark.parametrize("c", [-0.9, 0.0, 0.5, 1.0])
def test_correlation_map_is_its_formula(c):
    theory = MeanField(tanh, 2.5, 0.05)
    x, weights = np.polynomial.hermite_e.hermegauss(150)
    weights = weights / weights.sum()
    names = {
        **vars(theory),
        "c": c,
        "q": 0.7,
        "x": x[:, np.newaxis],
        "u": x,
        "sqrt": np.sqrt,
        "V": theory.variance_map,
        "mean": lambda values: weights @ values @ weights,
    }
    names["y"] = eval(theory.pair_equation.right, names)
    exact = eval(theory.correlation_equation.right, names)
    # What Gauss-Hermite leaves with these many nodes: tanh has poles.
    assert theory.correlation_map(c, 0.7) == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("alpha", [0.01, -0.5, 3.0])
@pytest.mark.parametrize("q", [1e-30, 1, 1e6])
def test_maps_of_homogeneous_activations_in_closed_form(alpha, q):
    g = type(leaky_relu)(alpha)
    theory = MeanField(g, 1.5, 0.25)
    half = (1 + alpha**2) / 2
    variance = 1.5 * half * q + 0.25
    assert theory.variance_map(q) == pytest.approx(variance, rel=SMALL, abs=0)
    for c in CORRELATIONS:
        # g(z) = alpha z + (1 - alpha) relu(z), and the mean of x relu(y) is c / 2.
        product = alpha**2 * c + alpha * (1 - alpha) * c + (1 - alpha) ** 2 * kernel(c)
        exact = (1.5 * q * product + 0.25) / variance
        assert theory.correlation_map(c, q) == pytest.approx(exact, abs=3 * SMALL)


@each
def test_fixed_points_are_where_iteration_leads(theory):
    q = 1.0
    # The slope of the map is at most 0.9.
    for _ in range(250):
        q = theory.variance_map(q)
    assert theory.fixed_point == pytest.approx(q, rel=1e-10, abs=0)
    assert theory.correlation_map(1) == pytest.approx(1, abs=SMALL)
    c = theory.fixed_correlation
    assert theory.correlation_map(c) == pytest.approx(c, abs=1e-11)


@each
def test_chi_is_the_slope_of_the_correlation_map_at_one(theory):
    h = 1e-6
    slope = (1 - theory.correlation_map(1 - h)) / h
    # A kink adds up to (1 - c)^(3/2), times the square of the jump in the slope.
    jumps, _ = jump(theory.g)
    assert abs(slope - theory.chi) <= 2 * max(1, jumps**2) * math.sqrt(h)
    assert (theory.fixed_correlation == 1) == (theory.chi <= 1)
    if theory.chi <= 1:
        depth = depth_scale(theory.chi)
        assert theory.correlation_depth == pytest.approx(depth, rel=1e-10, abs=0)


@each
def test_depth_of_the_variance_is_from_the_slope_of_its_map(theory):
    q, h = theory.fixed_point, 1e-5
    slope = theory.variance_map(q * (1 + h)) - theory.variance_map(q * (1 - h))
    factor = slope / (2 * h * q)
    # The difference errs by about h² and by rounding over h.
    assert math.exp(-1 / theory.variance_depth) == pytest.approx(abs(factor), abs=1e-9)


@pytest.mark.parametrize("g", [tanh, hard_tanh], ids=repr)
def test_correlation_in_the_chaotic_phase(g):
    theory = MeanField(g, 4.0, 0.05)
    assert theory.chi > 1
    c = 0.9
    for _ in range(200):
        c = theory.correlation_map(c)
    # Each round leaves less than exp(-1 / 8) of the distance: 1e-11 of it is left.
    assert 0 < theory.correlation_depth < 8
    assert theory.fixed_correlation == pytest.approx(c, abs=1e-10)
    assert 0.05 < c < 0.5
    h = 1e-5
    slope = theory.correlation_map(c + h) - theory.correlation_map(c - h)
    factor = slope / (2 * h)
    # The difference errs by about h² and by rounding over h.
    assert math.exp(-1 / theory.correlation_depth) == pytest.approx(factor, abs=1e-9)


def test_published_values_of_tanh():
    # Recomputed with SciPy, to the digits shown.
    for weight_variance, q, chi in ((1.0, 0.19359, 0.75903), (4.0, 2.19549, 1.34240)):
        theory = MeanField(tanh, weight_variance, 0.05)
        assert theory.fixed_point == pytest.approx(q, abs=5.1e-6)
        assert theory.chi == pytest.approx(chi, abs=5.1e-6)
    edge = {0: 1.0, 0.01: 1.4242, 0.05: 1.7610, 0.1: 1.9861, 0.3: 2.5051}
    for bias_variance, weight_variance in edge.items():
        result = critical_weight_variance(tanh, bias_variance)
        assert result == pytest.approx(weight_variance, abs=5.1e-5)


def test_relu_settles_vanishes_or_grows():
    for weight_variance in (0.5, 1.999):
        for bias_variance in (1e-200, 3.0):
            theory = MeanField(relu, weight_variance, bias_variance)
            exact = bias_variance / (1 - weight_variance / 2)
            assert theory.fixed_point == pytest.approx(exact, rel=1e-10, abs=0)
            assert theory.chi == pytest.approx(weight_variance / 2, rel=SMALL, abs=0)
        dying = MeanField(relu, weight_variance)
        assert dying.fixed_point == 0
        assert dying.chi == pytest.approx(weight_variance / 2, rel=SMALL, abs=0)
        depth = -1 / math.log(weight_variance / 2)
        assert dying.variance_depth == pytest.approx(depth, rel=1e-9, abs=0)
    for parameters in ((2, 1e-6), (2.001, 0), (5, 1)):
        assert MeanField(relu, *parameters).fixed_point == math.inf
    kept = MeanField(relu, 2)
    assert kept.fixed_point == 1
    assert kept.chi == pytest.approx(1, abs=SMALL)
    assert kept.fixed_correlation == 1
    assert kept.variance_depth == kept.correlation_depth == math.inf


def test_tanh_dies_out_up_to_weight_variance_one():
    for weight_variance in (0.5, 1):
        theory = MeanField(tanh, weight_variance)
        assert theory.fixed_point == 0
        assert theory.chi == pytest.approx(weight_variance, rel=SMALL, abs=0)
    assert MeanField(tanh, 1).variance_depth == math.inf
    # q = V(q) = w (q - 2 q² + ...)
    assert MeanField(tanh, 1 + 1e-6).fixed_point == pytest.approx(5e-7, rel=1e-5, abs=0)


def test_correlation_map_can_be_iterated():
    for theory in (MeanField(tanh, 1.5, 0.3), MeanField(relu, 1.5, 0.3)):
        c = 0.5
        for _ in range(150):
            c = theory.correlation_map(c)
        assert c == pytest.approx(theory.fixed_correlation, abs=SMALL)


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.usefixtures("unchecked")
def test_numbers_of_a_narrow_dtype_are_computed_with_in_double_precision(kind):
    w, b, c, q = map(kind, (2.5, 0.05, 0.3, 0.7))
    theories = MeanField(tanh, w, b), MeanField(tanh, float(w), float(b))
    assert repr(theories[0]) == repr(theories[1])
    for narrow, wide in (
        [theory.fixed_correlation for theory in theories],
        [
            theories[0].correlation_map(c, q),
            theories[1].correlation_map(*map(float, (c, q))),
        ],
        [theories[0].variance_map(q), theories[1].variance_map(float(q))],
        [pair_mean(tanh, c), pair_mean(tanh, float(c))],
        [critical_weight_variance(tanh, b), critical_weight_variance(tanh, float(b))],
        [depth_scale(c), depth_scale(float(c))],
    ):
        assert type(narrow) is float
        assert narrow == wide


def test_equations_are_named_as_in_the_chapters():
    theory = MeanField(tanh, 2.5, 0.05)
    lefts = [
        getattr(theory, f"{name}_equation").left
        for name in ("variance", "pair", "correlation", "chi", "depth")
    ]
    assert lefts == ["V(q)", "y", "C(c)", "chi", "xi"]


def test_depth_scale():
    for f in (0.3, -0.9, 1.5):
        exact = eval(MeanField.depth_equation.right, {"log": math.log, "f": f})
        assert depth_scale(f) == pytest.approx(exact, rel=1e-13, abs=0)
    assert depth_scale(math.exp(-0.1)) == pytest.approx(10, rel=1e-13, abs=0)
    assert depth_scale(-math.exp(-0.1)) == depth_scale(math.exp(-0.1))
    assert depth_scale(math.exp(0.5)) == pytest.approx(-2, rel=1e-13, abs=0)
    assert depth_scale(0) == 0
    assert depth_scale(1) == depth_scale(-1) == depth_scale(1 + 1e-13) == math.inf
    assert depth_scale(1 + 1e-11) < -1e10


def passes_one(g, bias_variance):
    """Whether chi passes 1 without a jump, as far as a coarse grid of weight variances shows."""

    def excess(weight_variance):
        theory = MeanField(g, weight_variance, bias_variance)
        return theory.chi - 1 if theory.fixed_point < math.inf else math.nan

    grid = [0.2, 0.8, 1.4, 2.2, 5]
    values = list(map(excess, grid))
    for ends, (a, b) in zip(pairwise(grid), pairwise(values), strict=True):
        low, high = ends
        for _ in range(20 if a < 0 < b else 0):
            middle = (low + high) / 2
            low, high = (middle, high) if excess(middle) < 0 else (low, middle)
        # A variance that jumps to another fixed point takes chi with it.
        if a < 0 < b and abs(excess(low)) < 1e-3:
            return True
    return False


@pytest.mark.parametrize("bias_variance", [0, 0.1, 2])
@pytest.mark.parametrize("g", CONTINUOUS, ids=repr)
@pytest.mark.no_cover  # of many short calls, which would take twice as long
def test_critical_weight_variance_makes_chi_one_if_any_does(g, bias_variance):
    try:
        weight_variance = critical_weight_variance(g, bias_variance)
    except ValueError:
        assert not passes_one(g, bias_variance)
        return
    theory = MeanField(g, weight_variance, bias_variance)
    assert theory.chi == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("g", [relu, leaky_relu, identity], ids=repr)
def test_homogeneous_activations_are_critical_without_biases_alone(g):
    critical_weight_variance(g, 0)
    with pytest.raises(ValueError, match=r"^bias_variance: .* no critical weight"):
        critical_weight_variance(g, 0.1)


class Flat(type(identity)):
    """The cube, which is flat at 0 and grows beyond every float."""

    formula = "z**3"

    def value(self, z):
        return z**3

    def slope(self, z):
        return 3 * z**2


def test_what_is_flat_at_zero_and_grows_quickly_settles_at_zero_or_not_at_all():
    g = Flat()
    # E z^6 = 15, so a variance of 1 dies out below 1/15, and stays at 1/15.
    assert MeanField(g, 1 / 16).fixed_point == 0
    assert MeanField(g, 1 / 16).chi == 0
    assert MeanField(g, 1 / 14).fixed_point == math.inf
    assert MeanField(g, 1.0).variance_map(1e110) == math.inf
    # At the fixed point 1, chi is E 9 z^4 / 15 = 9/5; nowhere it is 1.
    assert MeanField(g, 1 / 15).chi == pytest.approx(9 / 5, rel=SMALL, abs=0)
    with pytest.raises(ValueError, match=r"^bias_variance: .* no critical weight"):
        critical_weight_variance(g, 0)


@pytest.mark.parametrize("g", [tanh, sigmoid, hard_tanh], ids=repr)
def test_edge_parts_order_from_chaos(g):
    edge = critical_weight_variance(g, 0.1)
    assert MeanField(g, 0.9 * edge, 0.1).chi < 1 < MeanField(g, 1.1 * edge, 0.1).chi


def test_homogeneous_activations_are_critical_with_their_gain():
    assert critical_weight_variance(identity, 0) == pytest.approx(1, rel=SMALL, abs=0)
    assert critical_weight_variance(relu, 0) == pytest.approx(2, rel=SMALL, abs=0)
    leaky = 2 / (1 + leaky_relu.alpha**2)
    assert critical_weight_variance(leaky_relu, 0) == pytest.approx(
        leaky, rel=SMALL, abs=0
    )


def test_network_has_the_variances_and_the_shapes():
    sizes = [300, 200, 400]
    network = MeanField(tanh, 2.5, 0.3).network(np.random.default_rng(0), sizes)
    assert [layer.W.shape for layer in network] == [(200, 300), (400, 200)]
    assert [layer.g for layer in network] == [tanh, identity]
    for layer in network:
        n_in = layer.W.shape[1]
        # Four standard errors of a variance, sqrt(2 / size) of it.
        for w, variance in ((layer.W, 2.5 / n_in), (layer.b, 0.3)):
            bound = 4 * variance * math.sqrt(2 / w.size)
            assert abs(np.square(w).mean() - variance) <= bound
    again = MeanField(tanh, 2.5, 0.3).network(np.random.default_rng(0), sizes)
    np.testing.assert_array_equal(network[1].b, again[1].b)
    (layer,) = MeanField(tanh, 2.5).network(np.random.default_rng(0), [2, 3])
    assert not layer.b.any()


def test_a_variance_that_dies_out_has_no_correlation():
    message = r"^weight_variance: .*, but with 0\.5 it dies out$"
    with pytest.raises(ValueError, match=message):
        MeanField(tanh, 0.5).correlation_map(0.5)


def below(h, c):
    """The probability that x < h and y < h for standard normal numbers of correlation c, by Owen's T."""
    s = math.sqrt((1 - c) * (1 + c))
    return special.ndtr(h) - 2 * special.owens_t(h, (1 - c) / s)


@pytest.mark.parametrize("c", [-0.9999, -0.5, 1e-8, 0.3, 0.99, 1 - 1e-9])
@pytest.mark.parametrize("h", [0.3, 1.0, -2.5])
def test_mean_over_pairs_with_a_kink_off_zero(h, c):
    mean = pair_mean(lambda x: 1.0 * (x < h), c, (h,))
    assert mean == pytest.approx(below(h, c), abs=SMALL)


@pytest.mark.parametrize("kinks", [(0.7,), (-0.7,)])
def test_mean_over_opposite_numbers_has_kinks_on_both_sides(kinks):
    h = kinks[0]
    mean = pair_mean(lambda x: 1.0 * (x < h), -1, kinks)
    exact = special.ndtr(h) - special.ndtr(-h) if h > 0 else 0
    assert mean == pytest.approx(exact, abs=SMALL)


@pytest.mark.parametrize("q", [1e3, 1e6, 1e9])
@pytest.mark.parametrize("g", [tanh, sigmoid], ids=repr)
def test_large_variances_make_a_step_of_a_sigmoid(g, q):
    # E tanh(sqrt(q) x)² = 1 - p(0) times the integral of 1 - tanh², which is 2, over sqrt(q); sigmoid(z) is
    # (1 + tanh(z / 2)) / 2. The next term is p''(0) / 2 times the integral of z² (1 - tanh²), which is pi²/6.
    tall = q / 4 if g is sigmoid else q
    missing = math.sqrt(2 / math.pi / tall)
    square = 1 - missing
    exact = (1 + square) / 4 if g is sigmoid else square
    rest = math.pi**2 / 12 / math.sqrt(2 * math.pi) / tall**1.5
    assert MeanField(g, 1.0).variance_map(q) == pytest.approx(exact, abs=rest + SMALL)


def test_hard_tanh_dies_out_up_to_weight_variance_one():
    for weight_variance in (0.5, 1 - 1e-9):
        theory = MeanField(hard_tanh, weight_variance)
        assert theory.fixed_point == 0
        assert theory.chi == pytest.approx(weight_variance, rel=SMALL, abs=0)


def test_without_biases_tanh_is_critical_with_weight_variance_one():
    assert critical_weight_variance(tanh, 0) == pytest.approx(1, rel=SMALL, abs=0)


def test_the_error_names_the_variance_of_the_biases():
    with pytest.raises(
        ValueError,
        match=r"^bias_variance: ReLU\(\) has no critical weight variance with 0\.1$",
    ):
        critical_weight_variance(relu, 0.1)


@wrong_calls(
    (
        lambda: MeanField("tanh", 1),
        "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    ),
    (
        lambda: MeanField(step, 1),
        "g: expected an activation that does not jump, but got Step()",
    ),
    (
        lambda: MeanField(tanh, 0),
        "weight_variance: expected a finite number greater than 0, but got 0",
    ),
    (
        lambda: MeanField(tanh, 1, -1),
        "bias_variance: expected a variance of at least 0, but got -1",
    ),
    (
        lambda: MeanField(tanh, 1, None),
        "bias_variance: expected a variance of at least 0, but got None",
    ),
    (
        lambda: MeanField(tanh, 1).variance_map(-1),
        "q: expected a variance of at least 0, but got -1",
    ),
    (
        lambda: MeanField(tanh, 1).correlation_map(2, 1),
        "c: expected a correlation from -1 to 1, but got 2",
    ),
    (
        lambda: MeanField(tanh, 1).correlation_map(0, 0),
        "q: expected a finite number greater than 0, but got 0",
    ),
    (
        lambda: MeanField(tanh, 1).correlation_map(0),
        "weight_variance: expected one with which the variance settles, but wi",
    ),
    (
        lambda: MeanField(tanh, 1).fixed_correlation,
        "weight_variance: expected one with which the variance settles, but wi",
    ),
    (
        lambda: MeanField(relu, 3).chi,
        "weight_variance: expected one with which the variance settles, but with 3.0 it grows",
    ),
    (
        lambda: MeanField(relu, 3).variance_depth,
        "weight_variance: expected one with which the variance settles, but with 3",
    ),
    (
        lambda: MeanField(tanh, 1).network(0, [2, 1]),
        "rng: expected a numpy.random.Generator",
    ),
    (
        lambda rng: MeanField(tanh, 1).network(rng, [2]),
        "sizes: expected at least an input and an output size, but got (2,)",
    ),
    (
        lambda: critical_weight_variance("tanh", 0),
        "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    ),
    (
        lambda: critical_weight_variance(tanh, -1),
        "bias_variance: expected a variance of at least 0, but got -1",
    ),
    (
        lambda: critical_weight_variance(relu, 0.1),
        "bias_variance: ReLU() has no critical weight variance with 0.1",
    ),
    (lambda: depth_scale(np.inf), "factor: expected a finite number, but got inf"),
    (
        lambda: MeanField(tanh, 1).correlation_map(-1.5, 1),
        "c: expected a correlation from -1 to 1, but got -1.5",
    ),
    (
        lambda: pair_mean(np.tanh, -1.5),
        "c: expected a correlation from -1 to 1, but got -1.5",
    ),
    (
        lambda: pair_mean(np.tanh, 1.5),
        "c: expected a correlation from -1 to 1, but got 1.5",
    ),
    (
        lambda: pair_mean(np.tanh, 0.5, 3),
        "kinks: expected a tuple of numbers, but got 3",
    ),
    (
        lambda: pair_mean(np.tanh, 0.5, (0.0, None)),
        "kinks[1]: expected a finite number, but got None",
    ),
    (
        lambda: pair_mean(np.tanh, 0.5, (), (np.nan,)),
        "splits[0]: expected a finite number, but got nan",
    ),
    (
        lambda: MeanField(tanh, 1e-300).correlation_map(0.5, 1e-300),
        "q: expected a variance whose next one is a float above 0",
    ),
    (
        lambda: MeanField(relu, 1e300).correlation_map(0.5, 1e300),
        "q: expected a variance whose next one is a float above 0",
    ),
    (lambda: pair_mean("tanh", 0.5), "f: expected a function, but got 'tanh'"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
