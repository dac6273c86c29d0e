"""Published results: theory from SciPy beside the package's, and runs that are as near to it as they should be."""

import inspect
import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import integrate, special, stats

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    Glorot,
    He,
    LeCun,
    Normal,
    Orthogonal,
    forward,
    mlp,
    relu,
    reproduced,
    selu,
    tanh,
)
from nnnotes.initializers import uniform
from nnnotes.meanfield import MeanField
from nnnotes.reproduced import Comparison, compare_mean

SEEDS = range(5)


def normal_mean(f):
    """The mean of f(z) for z ~ N(0, 1), by SciPy's adaptive quadrature on both sides of 0."""
    sides = [(-30, 0), (0, 30)]
    return sum(
        integrate.quad(lambda z: f(z) * stats.norm.pdf(z), *side, epsabs=1e-13)[0]
        for side in sides
    )


def test_comparison_holds_up_to_its_tolerance():
    assert Comparison(1.0, 1.25, 0.25).holds
    assert Comparison(1.0, 0.75, 0.25).holds
    assert not Comparison(1.0, 1.2501, 0.25).holds
    assert not Comparison(1.0, 0.7499, 0.25).holds
    assert not Comparison(-1.0, 1.0, 1.9).holds
    assert str(Comparison(-1e-5, -1.23456e-5, 3e-6)) == (
        "-1.235e-05, expected -1e-05 ± 3e-06"
    )


def test_mean_of_samples_has_four_standard_errors():
    samples = np.random.default_rng(0).standard_normal(7)
    result = compare_mean(0.5, samples)
    assert (result.expected, result.measured) == (0.5, samples.mean())
    assert result.tolerance == pytest.approx(4 * stats.sem(samples), rel=1e-14, abs=0)


def test_two_samples_are_enough():
    result = compare_mean(2, [1, 5])
    # They scatter by 8 around 3, as independent ones with a variance of 8 do.
    assert (result.measured, result.tolerance) == (3, 8)


# The other arguments of each function that has counts.
REQUIRED = {
    "tanh_layers": {"init": LeCun()},
    "variances_and_correlations": {"theory": MeanField(tanh, 2.5, 0.05)},
    "gradient_ratio": {"theory": MeanField(tanh, 2.5, 0.05)},
    "change_after_step": {"mup": True},
    "width_exponents": {"mup": True},
}
COUNTS = {
    name: [
        parameter
        for parameter in inspect.signature(getattr(reproduced, name)).parameters
        if parameter in ("depth", "n", "networks")
    ]
    for name in reproduced.__all__
}
LEAST = {
    # One measurement has no standard error, and one number no variance.
    "born_dead": {},
    "change_after_step": {},
    "gaussian_product": {},
    "glorot_over_he": {},
    "gradient_ratio": {"depth": 2, "networks": 2},
    "lsuv_variance": {},
    "orthogonal_product": {},
    "residual_growth": {"networks": 2},
    "selu_layers": {},
    "tanh_layers": {"networks": 2},
    "variances_and_correlations": {"n": 2, "networks": 2},
    "width_exponents": {"networks": 2},
}


@pytest.mark.parametrize("name", [name for name in COUNTS if COUNTS[name]])
@pytest.mark.usefixtures("unchecked")
def test_each_count_is_checked_and_the_least_one_will_do(name):
    def call(**counts):
        rng = np.random.default_rng(1)  # whose first single unit is active
        return getattr(reproduced, name)(rng, **REQUIRED.get(name, {}), **counts)

    least = dict.fromkeys(COUNTS[name], 1) | LEAST[name]
    assert set(least) == set(COUNTS[name])
    call(**least)
    for count, number in least.items():
        with pytest.raises(TypeError, match=f"^{count}: expected an integer, but got "):
            call(**least | {count: 2.5})
        with pytest.raises(ValueError, match=f"^{count}: .* at least 1, but got 0$"):
            call(**least | {count: 0})
        with pytest.raises(ValueError, match=r"^\w+: expected "):
            call(**least | {count: number - 1})


class Loud(np.random.Generator):
    """Draws inputs, which are single columns, three times as large."""

    def standard_normal(self, size):
        return super().standard_normal(size) * (3 if size[1] == 1 else 1)


@pytest.mark.parametrize(
    "run",
    [
        lambda rng: reproduced.residual_growth(rng, 3, n=20, networks=5),
        lambda rng: reproduced.gradient_ratio(rng, MeanField(tanh, 2.5), 3, 20, 5),
    ],
)
def test_how_large_the_drawn_inputs_are_does_not_matter(run):
    a, b = (run(kind(np.random.PCG64(0))) for kind in (np.random.Generator, Loud))
    assert a.measured == pytest.approx(b.measured, rel=1e-12, abs=0)


def test_networks_are_as_deep_and_wide_as_asked_for(monkeypatch):
    networks = []

    def watched(network, X):
        networks.append(network)
        return forward(network, X)

    monkeypatch.setattr(reproduced, "forward", watched)
    rng = np.random.default_rng(0)
    reproduced.gradient_ratio(rng, MeanField(tanh, 2.5), 4, 7, networks=3)
    reproduced.lsuv_variance(rng, 5, 6)
    shapes = [[layer.W.shape for layer in network] for network in networks]
    assert shapes == [[(7, 7)] * 4] * 3 + [[(6, 6)] * 5]
    for layer in networks[-1]:  # orthogonal before they are scaled
        products = layer.W @ layer.W.T
        np.testing.assert_allclose(products / products[0, 0], np.eye(6), atol=1e-13)


@pytest.mark.parametrize("numbers", [[0.9, 1.05, 1.0], [0.95, 1.0, 1.1]])
def test_the_number_furthest_from_one_is_reported(monkeypatch, numbers):
    furthest = max(numbers, key=lambda number: abs(number - 1))
    rng = np.random.default_rng(0)
    caches = [SimpleNamespace(Z=np.sqrt([[v], [v]]) * [[1], [-1]]) for v in numbers]
    monkeypatch.setattr(reproduced, "_product", lambda *_: np.diag(numbers))
    monkeypatch.setattr(reproduced, "forward", lambda *_: (None, caches))
    assert reproduced.orthogonal_product(rng, 1, 3).measured == pytest.approx(furthest)
    assert reproduced.lsuv_variance(rng, 1, 3).measured == pytest.approx(furthest)


@pytest.mark.parametrize("depth", [1, 2, 7, 30])
@pytest.mark.parametrize("seed", SEEDS)
def test_glorot_over_he(depth, seed):
    result = reproduced.glorot_over_he(np.random.default_rng(seed), depth, n=20)
    assert result.holds
    assert result.expected == pytest.approx(math.sqrt(0.5) ** depth, rel=1e-14, abs=0)
    assert result.tolerance < 1e-11 * result.expected


def test_glorot_over_he_wants_an_active_unit():
    # A layer of one unit ends the signal in half of all draws.
    message = r"^n: expected .* one is active in layer 60, but of 1 none is$"
    with pytest.raises(ValueError, match=message):
        reproduced.glorot_over_he(np.random.default_rng(0), 60, n=1)


@pytest.mark.parametrize("init", [LeCun(0.5), Glorot(draw=uniform), Normal(0.2)])
def test_layers_of_tanhs_follow_the_recursion(init):
    n, expected = 100, 1.0
    results = reproduced.tanh_layers(np.random.default_rng(0), init, n=n, depth=3)
    assert len(results) == 3
    for result in results:
        scale = math.sqrt(n * init.variance(n, n)) * expected
        square = normal_mean(lambda z, s=scale: math.tanh(s * z) ** 2)
        expected = math.sqrt(square)
        assert result.expected == pytest.approx(expected, rel=1e-12, abs=0)
        assert result.holds
        assert 0 < result.tolerance < 0.2 * expected


def test_input_of_tanhs_has_an_rms_of_one():
    # One unit whose weight is 1 or -1: nothing is left to chance.
    first, second = reproduced.tanh_layers(
        np.random.default_rng(0), Orthogonal(), 2, n=1, networks=3
    )
    assert first.measured == pytest.approx(math.tanh(1), rel=1e-14, abs=0)
    assert second.measured == pytest.approx(math.tanh(math.tanh(1)), rel=1e-14, abs=0)


def test_first_layer_of_tanhs_measures_networks_of_their_own():
    a, b = (
        reproduced.tanh_layers(np.random.default_rng(seed), LeCun(), 1, 50, networks=9)
        for seed in (0, 1)
    )
    assert a[0].expected == b[0].expected
    assert a[0].measured != b[0].measured
    # One layer of n units: the rms scatters like that of n independent numbers.
    fourth, square = (normal_mean(lambda z, p=p: math.tanh(z) ** p) for p in (4, 2))
    deviation = math.sqrt((fourth - square**2) / 50) / (2 * math.sqrt(square))
    # A standard deviation of nine is off by a factor that chi² with 8 degrees allows.
    low, high = np.sqrt(stats.chi2.ppf([1e-4, 1 - 1e-4], 8) / 8)
    assert low < a[0].tolerance / (4 * deviation / 3) < high


@pytest.mark.parametrize("n", [1, 2, 30])
@pytest.mark.parametrize("depth", [1, 9])
def test_product_of_orthogonal_matrices_is_orthogonal(n, depth):
    result = reproduced.orthogonal_product(np.random.default_rng(0), depth, n)
    assert result.holds
    assert result.expected == 1
    assert result.tolerance < 1e-12


@pytest.mark.parametrize("n", [1, 2, 3, 4, 51])
@pytest.mark.parametrize("depth", [1, 6])
def test_mean_logarithm_of_singular_values(n, depth):
    half = np.arange(1, n + 1) / 2
    mean = (special.digamma(half) + math.log(2) - math.log(n)).mean() / 2
    variance = special.polygamma(1, half).sum() / (2 * n) ** 2
    results = [
        reproduced.gaussian_product(np.random.default_rng(seed), depth, n)
        for seed in range(100)
    ]
    for result in results:
        assert result.expected == pytest.approx(depth * mean, rel=1e-12, abs=0)
        deviation = math.sqrt(depth * variance)
        assert result.tolerance == pytest.approx(4 * deviation, rel=1e-12, abs=0)
    # For n = 1 the logarithm of chi² is far from normal; the mean of 100 is not.
    errors = [(r.measured - r.expected) / deviation for r in results]
    assert abs(np.mean(errors)) < 4 / math.sqrt(100)
    assert 0.6 < np.std(errors) < 1.5


def test_mean_logarithm_is_that_of_the_singular_values():
    rng = np.random.default_rng(3)
    product = np.eye(8)
    for _ in range(4):
        product = rng.standard_normal((8, 8)) / math.sqrt(8) @ product
    values = np.linalg.svd(product, compute_uv=False)
    result = reproduced.gaussian_product(np.random.default_rng(3), depth=4, n=8)
    assert result.measured == pytest.approx(np.log(values).mean(), rel=1e-10, abs=0)


def test_jacobian_of_selu_is_the_derivative_of_the_map():
    def moments(mean, variance):
        scale = math.sqrt(mean**2 + variance)
        first = normal_mean(lambda z: float(selu(scale * z)))
        return np.array(
            [first, normal_mean(lambda z: float(selu(scale * z)) ** 2) - first**2]
        )

    np.testing.assert_allclose(moments(0, 1), [0, 1], atol=1e-12)
    h = 1e-4
    steps = [
        (moments(h, 1) - moments(-h, 1)) / (2 * h),
        (moments(0, 1 + h) - moments(0, 1 - h)) / (2 * h),
    ]
    # The central difference is off by h² times a third derivative, over 6.
    np.testing.assert_allclose(
        reproduced.selu_jacobian(), np.transpose(steps), atol=1e-8
    )


def test_layers_of_selus_scatter_as_the_jacobian_says():
    results = [
        reproduced.selu_layers(np.random.default_rng(seed), 15, 60, networks=1)
        for seed in range(200)
    ]
    for part, expected in zip(zip(*results, strict=True), (0, 1), strict=True):
        assert {result.expected for result in part} == {float(expected)}
        errors = [4 * (r.measured - r.expected) / r.tolerance for r in part]
        # The theory is to first order in 1/n: the mean moves by a share of a deviation.
        assert abs(np.mean(errors)) < 4 / math.sqrt(200) + 0.25
        assert np.std(errors) == pytest.approx(1, abs=4 / math.sqrt(2 * 200) + 0.1)
    (_, to_mean), (_, to_square) = reproduced.selu_jacobian()
    fourth = normal_mean(lambda z: float(selu(z)) ** 4)
    of_square = 0.0
    for _ in range(200):
        of_mean = 1 / 60 + of_square * to_mean**2
        of_square = (fourth - 1) / 60 + of_square * to_square**2
    for result, variance in zip(results[0], (of_mean, of_square), strict=True):
        expected = 4 * math.sqrt(variance)
        assert result.tolerance == pytest.approx(expected, rel=1e-10, abs=0)
    one, four = (
        reproduced.selu_layers(np.random.default_rng(0), 3, 60, networks)
        for networks in (1, 4)
    )
    for a, b in zip(one, four, strict=True):
        assert a.tolerance == pytest.approx(2 * b.tolerance, rel=1e-14, abs=0)


@pytest.mark.parametrize(("n", "depth"), [(1, 1), (1, 3), (2, 5), (3, 10), (6, 4)])
def test_signals_end_and_networks_are_born_dead(n, depth):
    one, constant = reproduced.born_dead(
        np.random.default_rng(0), n, depth, networks=4000
    )
    assert one.holds
    # Layer by layer: the probability that it has not ended before, times 2^-n.
    assert one.expected == pytest.approx(
        sum((1 - 2**-n) ** before * 2**-n for before in range(depth)), rel=1e-12, abs=0
    )
    p = one.expected
    assert one.tolerance == pytest.approx(4 * math.sqrt(p * (1 - p) / 4000))
    # The first layer passes on one of the signs at least.
    bound = 1 - (1 - 2**-n) ** (depth - 1)
    assert constant <= bound + 4 * math.sqrt(bound * (1 - bound) / 4000)


@pytest.mark.usefixtures("unchecked")  # thousands of calls
def test_born_dead_is_what_a_network_does():
    X = np.linspace(-2, 2, 9)[np.newaxis]
    rng, dead = np.random.default_rng(1), []
    for _ in range(1000):
        network = mlp(rng, [1, 2, 2, 2, 1], relu)[:-1]
        A, _ = forward(network, X)
        dead.append(not A.any())
    _, share = reproduced.born_dead(np.random.default_rng(0), 2, 3, networks=4000)
    deviation = math.sqrt(share * (1 - share) * (1 / 1000 + 1 / 4000))
    assert abs(np.mean(dead) - share) < 4 * deviation


def test_runs_depend_on_the_generator_alone():
    for run in (reproduced.selu_layers, reproduced.gaussian_product):
        a, b, c = (
            run(np.random.default_rng(seed), depth=2, n=20) for seed in (0, 0, 1)
        )
        assert a == b != c


@pytest.mark.parametrize("depth", [1, 8])
def test_lsuv_brings_each_variance_near_one(depth):
    result = reproduced.lsuv_variance(np.random.default_rng(0), depth, n=20)
    assert result.holds
    assert (result.expected, result.tolerance) == (1, 0.01)
    assert result.measured != 1


@pytest.mark.parametrize("alpha", [0.0, 0.3, -1.0])
@pytest.mark.parametrize("depth", [1, 6])
def test_growth_of_residual_networks(alpha, depth):
    result = reproduced.residual_growth(
        np.random.default_rng(0), depth, alpha, n=20, networks=60
    )
    assert result.holds
    assert result.expected == pytest.approx((1 + alpha**2) ** depth)
    assert result.tolerance < result.expected


@pytest.mark.parametrize("mup", [False, True])
def test_change_after_a_step_is_that_of_the_equations(mup):
    n, lr = 30, 0.02
    results = reproduced.change_after_step(np.random.default_rng(5), n, mup, lr)
    rng = np.random.default_rng(5)
    W_1 = rng.standard_normal((n, 1))
    W_2 = rng.standard_normal((n, n)) * math.sqrt(2 / n)
    W_3 = rng.standard_normal((1, n)) * math.sqrt(2 / n) / (math.sqrt(n) if mup else 1)

    def run(W_1, W_2, W_3):
        z_1 = W_1[:, 0]
        z_2 = W_2 @ np.maximum(z_1, 0)
        return z_1, z_2, W_3 @ np.maximum(z_2, 0)

    z_1, z_2, z_3 = run(W_1, W_2, W_3)
    dz_2 = W_3[0] * (z_2 > 0)
    dz_1 = (W_2.T @ dz_2) * (z_1 > 0)
    factors = (n, 1, 1 / n) if mup else (1, 1, 1)
    moved = run(
        W_1 - lr * factors[0] * dz_1[:, np.newaxis],
        W_2 - lr * factors[1] * np.outer(dz_2, np.maximum(z_1, 0)),
        W_3 - lr * factors[2] * np.maximum(z_2, 0),
    )
    for result, old, new in zip(results, (z_1, z_2, z_3), moved, strict=True):
        expected = math.sqrt(np.square(new - old).mean())
        assert result == pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.parametrize("mup", [False, True])
def test_exponents_of_the_width(mup):
    results = reproduced.width_exponents(np.random.default_rng(0), mup, networks=9)
    assert [r.expected for r in results] == ([0, 0, 0] if mup else [-0.5, 0.5, 1])
    assert all(result.holds for result in results)
    assert max(result.tolerance for result in results) < 0.25


@pytest.mark.parametrize("weight_variance", [1.0, 4.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_two_inputs_go_through_wide_layers_as_theory_says(weight_variance, seed):
    theory = MeanField(tanh, weight_variance, 0.05)
    rng = np.random.default_rng(seed)
    results = reproduced.variances_and_correlations(rng, theory, 2.0, 0.5, 8, n=100)
    assert len(results) == 8
    q = 2 * weight_variance + 0.05
    assert results[0][0].expected == pytest.approx(q, rel=1e-14, abs=0)
    c = (weight_variance * 2 * 0.5 + 0.05) / q
    assert results[0][1].expected == pytest.approx(c, rel=1e-14, abs=0)
    q = weight_variance * normal_mean(lambda z: math.tanh(math.sqrt(q) * z) ** 2) + 0.05
    assert results[1][0].expected == pytest.approx(q, abs=1e-10)
    for variance, correlation in results:
        assert variance.holds
        assert correlation.holds
        assert 0 < variance.tolerance < 0.3 * variance.expected
        assert 0 < correlation.tolerance < 0.25


def test_two_inputs_that_are_one_stay_one():
    theory, rng = MeanField(relu, 2), np.random.default_rng(0)
    for _, c in reproduced.variances_and_correlations(rng, theory, c=1, depth=3, n=20):
        assert c.expected == pytest.approx(1, abs=1e-14)
        assert c.measured == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize("weight_variance", [1.0, 2.5])
@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_changes_by_chi_in_each_layer(weight_variance, seed):
    theory = MeanField(tanh, weight_variance, 0.05)
    result = reproduced.gradient_ratio(np.random.default_rng(seed), theory, 20, n=100)
    assert result.holds
    assert result.expected == theory.chi
    assert 0 < result.tolerance < 0.1


def test_constants_of_selu_are_the_ones_in_closed_form_and_the_activations_own():
    alpha, factor = reproduced.selu_constants()
    # Klambauer et al. 2017, equation 14.
    root_e, e = math.sqrt(math.e), math.e
    erfc = special.erfc
    alpha_exact = -math.sqrt(2 / math.pi) / (erfc(1 / math.sqrt(2)) * root_e - 1)
    assert alpha == pytest.approx(alpha_exact, rel=1e-12, abs=0)
    square = 0.5 + alpha**2 * (
        0.5 * e**2 * erfc(math.sqrt(2)) - root_e * erfc(1 / math.sqrt(2)) + 0.5
    )
    assert factor == pytest.approx(1 / math.sqrt(square), rel=1e-12, abs=0)
    assert (alpha, factor) == pytest.approx((selu.alpha, selu.lambda_), rel=1e-12)


def test_gradient_of_vgg_is_the_product_over_its_layers_and_one_with_hes_rule():
    expected = 1.0
    for filters in (64, 128, 128, 256, 256, 512, 512, 512, 512):
        expected *= math.sqrt(filters * 9 / 2) * 0.01
    assert reproduced.vgg_gradient() == pytest.approx(expected, rel=1e-12, abs=0)
    assert reproduced.vgg_gradient(0.02) == pytest.approx(2**9 * expected, rel=1e-12)


def test_complex_step_is_the_derivative_to_the_last_digits():
    for f, derivative in (
        (np.exp, math.exp),
        (np.sin, math.cos),
        (lambda x: x**3, lambda x: 3 * x**2),
    ):
        exact = derivative(0.7)
        assert abs(reproduced.complex_step(f, 0.7) / exact - 1) < 4e-16


@wrong_calls(
    (
        lambda: reproduced.compare_mean(0.0, None),
        "samples: expected real numbers, but got objects such as None",
    ),
    (
        lambda X: reproduced.compare_mean(0.0, X),
        "samples: the number of axes is 2, but must be 1; expected (n,), got (2, 4)",
    ),
    (
        lambda: reproduced.compare_mean(0.0, [1.0, np.inf]),
        "samples: not all measurements are finite",
    ),
    (
        lambda: reproduced.compare_mean(0.0, [1.0]),
        "samples: expected at least two, but got 1",
    ),
    (
        lambda: reproduced.Comparison(1, np.nan, 1),
        "measured: expected a finite number, but got nan",
    ),
    (
        lambda: reproduced.Comparison(None, 1, 1),
        "expected: expected a finite number, but got None",
    ),
    (
        lambda: reproduced.Comparison(1, 1, -1),
        "tolerance: expected a number of at least 0, but got -1",
    ),
    (
        lambda: reproduced.compare_mean(1, [1]),
        "samples: expected at least two, but got 1",
    ),
    (lambda: reproduced.glorot_over_he(0), "rng: expected a numpy.random.Generator"),
    (
        lambda rng: reproduced.glorot_over_he(rng, depth=0),
        "depth: expected at least 1, but got 0",
    ),
    (
        lambda rng: reproduced.tanh_layers(rng, He(), n=2.0),
        "n: expected an integer, but got 2.0",
    ),
    (
        lambda rng: reproduced.tanh_layers(rng, "He"),
        "init: expected an initialiser such as nnnotes.He(), but got 'He'",
    ),
    (lambda: reproduced.tanh_layers(0, He()), "rng: expected a numpy.random.Generator"),
    (
        lambda rng: reproduced.tanh_layers(rng, He(), 1, 2, networks=1),
        "samples: expected at least two, but got 1",
    ),
    (
        lambda rng: reproduced.orthogonal_product(rng, n=0),
        "n: expected at least 1, but got 0",
    ),
    (
        lambda rng: reproduced.orthogonal_product(rng, depth=0),
        "depth: expected at least 1, but got 0",
    ),
    (
        lambda rng: reproduced.gaussian_product(rng, depth=0.5),
        "depth: expected an integer, but got 0.5",
    ),
    (
        lambda rng: reproduced.selu_layers(rng, depth=-1),
        "depth: expected at least 1, but got -1",
    ),
    (
        lambda rng: reproduced.selu_layers(rng, networks=0),
        "networks: expected at least 1, but got 0",
    ),
    (lambda rng: reproduced.born_dead(rng, n=0), "n: expected at least 1, but got 0"),
    (
        lambda rng: reproduced.born_dead(rng, networks=None),
        "networks: expected an integer, but got None",
    ),
    (
        lambda rng: reproduced.residual_growth(rng, alpha=None),
        "alpha: expected a finite number, but got None",
    ),
    (
        lambda rng: reproduced.residual_growth(rng, depth=1, n=2, networks=1),
        "samples: expected at least two, but got 1",
    ),
    (
        lambda rng: reproduced.lsuv_variance(rng, depth=0),
        "depth: expected at least 1, but got 0",
    ),
    (
        lambda rng: reproduced.change_after_step(rng, 0, True),
        "n: expected at least 1, but got 0",
    ),
    (
        lambda rng: reproduced.change_after_step(rng, 9, True, lr=0),
        "lr: expected a finite number greater than 0, but got 0",
    ),
    (
        lambda: reproduced.width_exponents(0, True),
        "rng: expected a numpy.random.Generator",
    ),
    (
        lambda rng: reproduced.gradient_ratio(rng, tanh),
        "theory: expected a MeanField, but got Tanh()",
    ),
    (
        lambda rng: reproduced.gradient_ratio(rng, MeanField(tanh, 2), depth=1),
        "depth: expected at least 2, but got 1",
    ),
    (
        lambda rng: reproduced.gradient_ratio(rng, MeanField(relu, 3)),
        "weight_variance: expected one with which the variance set",
    ),
    (
        lambda rng: reproduced.variances_and_correlations(rng, relu),
        "theory: expected a MeanField, but got ReLU()",
    ),
    (
        lambda rng: reproduced.variances_and_correlations(rng, MeanField(relu, 2), n=1),
        "n: expected at least 2, but got 1",
    ),
    (
        lambda rng: reproduced.variances_and_correlations(rng, MeanField(relu, 2), q=0),
        "q: expected a finite number greater",
    ),
    (
        lambda rng: reproduced.variances_and_correlations(rng, MeanField(relu, 2), c=2),
        "c: expected a correlation from -1 to",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
