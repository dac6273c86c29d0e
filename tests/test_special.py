"""Special functions: approximations against fifty digits, and roundings against another library's and by distances."""

import mpmath
import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import ShapeError, special
from nnnotes.exactness import ulps
from nnnotes.special import (
    COEFFICIENTS,
    log_sum_exp,
    round_to_bfloat16,
    scaled_tail,
    two_product,
)


def tail(z):
    """exp(z²/2) times the probability of more than z, with many digits."""
    return mpmath.exp(z**2 / 2) * mpmath.erfc(z / mpmath.sqrt(2)) / 2


def test_error_of_the_scaled_tail_is_below_three_ulp():
    z = np.concatenate([np.linspace(0, 40, 4001), np.geomspace(1e-300, 1e3, 500), [0]])
    with mpmath.workdps(50):
        numbers = [tail(mpmath.mpf(float(x))) for x in z]
    # The last sum, 1 + z and the quotient err by half an ulp each, and t by two halves,
    # which the polynomial's slope of at most 1/2 makes smaller: below 3.
    assert ulps(scaled_tail(z), numbers).max() < 3


def test_coefficients_are_those_of_the_chebyshev_expansion():
    degree, nodes = len(COEFFICIENTS) - 1, 64
    with mpmath.workdps(40):

        def scaled(t):
            z = 6 * (1 + t) / (1 - t)
            return (1 + z) * tail(z) if z < 100 else (1 + z) * asymptotic(z)

        def asymptotic(z):  # the Mills ratio's series; its terms shrink until z²/2
            terms = [
                (-1) ** k * mpmath.fac2(2 * k - 1) / z ** (2 * k) for k in range(12)
            ]
            return mpmath.fsum(terms) / (z * mpmath.sqrt(2 * mpmath.pi))

        angles = [mpmath.pi * (j + mpmath.mpf(1) / 2) / nodes for j in range(nodes)]
        values = [scaled(mpmath.cos(angle)) for angle in angles]
        expansion = [
            2 * mpmath.fdot(values, [mpmath.cos(k * angle) for angle in angles]) / nodes
            for k in range(nodes)
        ]
        expansion[0] /= 2
        # What is left out is less than a tenth of an ulp of the least value, 0.399.
        assert mpmath.fsum(map(abs, expansion[degree + 1 :])) < 2**-54 / 10
        powers = [mpmath.mpf(0)] * (degree + 1)
        before, now = [mpmath.mpf(1)], [mpmath.mpf(0), mpmath.mpf(1)]
        for k in range(degree + 1):
            for power, number in enumerate(before):
                powers[power] += expansion[k] * number
            after = [mpmath.mpf(0), *(2 * number for number in now)]
            for power, number in enumerate(before):
                after[power] -= number
            before, now = now, after
        assert [float(x) for x in reversed(powers)] == list(COEFFICIENTS)


def test_product_and_what_is_lost_are_the_exact_product():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 1000)) * 10.0 ** rng.integers(-40, 40, (2, 1000))
    product, lost = two_product(x, y)
    np.testing.assert_array_equal(product, x * y)
    assert np.count_nonzero(lost) > 900
    with mpmath.workdps(40):
        for a, b, p, e in zip(
            *(v.tolist() for v in (x, y, product, lost)), strict=True
        ):
            assert mpmath.mpf(a) * mpmath.mpf(b) == mpmath.mpf(p) + mpmath.mpf(e)
    (one,), (rest,) = two_product(np.array([0.1]), 3.0)
    assert mpmath.mpf(0.1) * 3 == mpmath.mpf(one) + mpmath.mpf(rest)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_log_sum_exp_is_that_of_fifty_digits(dtype):
    rng = np.random.default_rng(0)
    n, m = 6, 300
    Z = (rng.standard_normal((n, m)) * 10.0 ** rng.integers(-3, 4, m)).astype(dtype)
    Z[:, 0] = 0
    Z[:, 1] = np.finfo(dtype).max / 2
    Z[:, 2] = -np.finfo(dtype).max / 2
    result = log_sum_exp(Z)
    assert (result.dtype, result.shape) == (dtype, (m,))
    eps, precise = (float(np.finfo(d).eps) for d in (dtype, np.result_type(dtype, "f")))
    with mpmath.workdps(50):
        for column, computed in zip(Z.T.tolist(), result.tolist(), strict=True):
            top = max(column)
            rest = mpmath.fsum(mpmath.exp(mpmath.mpf(z) - top) for z in column)
            exact = top + mpmath.log(rest)
            # Each of n exponentials errs by less than 2 eps, as does the logarithm, which
            # is below 2. The last sum, and the dtype, round the result: half an eps each.
            bound = precise * (2 * n + 4 + abs(exact) / 2) + eps * abs(exact) / 2
            assert abs(computed - exact) <= bound


def test_log_sum_exp_keeps_the_digits_of_a_small_rest():
    Z = np.array([[0.0, 0.0], [-50.0, -700.0]])
    # The exponential errs by an ulp, and so does the logarithm of 1 plus it.
    np.testing.assert_allclose(
        log_sum_exp(Z), np.exp([-50.0, -700.0]), rtol=4 * np.finfo(float).eps
    )


def test_log_sum_exp_of_many_numbers_in_half_precision():
    k = 4096  # a half-precision sum of ones stops at 2048
    result = log_sum_exp(np.zeros((k, 1), np.float16))
    np.testing.assert_array_equal(result, np.float16(np.log(k)))


def test_log_sum_exp_leaves_its_argument_alone_and_refuses_others():
    Z = np.array([[1.0], [2.0]])
    log_sum_exp(Z)
    np.testing.assert_array_equal(Z, [[1.0], [2.0]])
    with pytest.raises(ShapeError, match=r"^Z: axis n is empty"):
        log_sum_exp(np.zeros((0, 3)))


ENDINGS = (0x0000, 0x0001, 0x7FFF, 0x8000, 0x8001, 0xFFFF)


def patterns():
    """All bfloat16 numbers of either sign, with the endings next to a tie, as float32."""
    starts = np.arange(2**16, dtype=np.uint32)[:, np.newaxis] << np.uint32(16)
    return (starts | np.array(ENDINGS, np.uint32)).view(np.float32)


def test_rounding_is_that_of_another_library_for_all_numbers_and_ties():
    bfloat16 = pytest.importorskip("ml_dtypes").bfloat16
    x = patterns()
    rounded = round_to_bfloat16(x)
    assert (rounded.dtype, rounded.shape) == (np.float32, x.shape)
    with np.errstate(all="ignore"):  # subnormals, and what becomes infinite
        expected = x.astype(bfloat16).astype(np.float32)
    numbers = ~np.isnan(x)
    np.testing.assert_array_equal(
        rounded[numbers].view(np.uint32), expected[numbers].view(np.uint32)
    )
    assert np.isnan(rounded[~numbers]).all()


def test_rounded_number_is_the_nearest_and_a_tie_goes_to_the_even_one():
    # Positive bfloat16 numbers are ordered as their bits are; infinity stands for 2**128.
    grid = (np.arange(0x7F81, dtype=np.uint32) << np.uint32(16)).view(np.float32)
    grid = grid.astype(np.float64)
    grid[-1] = 2.0**128
    x = np.random.default_rng(0).integers(0, 0x7F800000, 10_000, np.uint32)
    x = np.concatenate([x.view(np.float32), patterns()[:0x7F80].ravel()])
    above = np.searchsorted(grid, x)
    below = np.maximum(above - 1, 0)
    up, down = grid[above] - x, x - grid[below]  # exact: few bits, in double precision
    nearest = np.where((up < down) | ((up == down) & (above % 2 == 0)), above, below)
    expected = np.where(nearest == 0x7F80, np.inf, grid[nearest])
    np.testing.assert_array_equal(round_to_bfloat16(x), expected)
    np.testing.assert_array_equal(round_to_bfloat16(-x), -expected)


def test_rounding_keeps_what_is_rounded_and_every_nan():
    x = patterns()
    rounded = round_to_bfloat16(x)
    numbers = ~np.isnan(x)
    again = round_to_bfloat16(rounded)
    np.testing.assert_array_equal(again[numbers], rounded[numbers])
    assert round_to_bfloat16(np.array(1 / 3, np.float32)) == np.float32(0.333984375)
    assert np.isnan(round_to_bfloat16(np.array(-np.nan, np.float32)))


def test_log_sum_exp_of_numbers_further_apart_than_the_largest_float():
    assert log_sum_exp(np.array([[1e308], [-1e308]])) == 1e308
    assert log_sum_exp(np.array([[-np.inf], [-1e308]])) == -1e308


@pytest.mark.parametrize("column", [(-np.inf, -np.inf), (np.nan, 0), (-np.inf, np.nan)])
def test_log_sum_exp_without_a_finite_number_is_nan(column):
    with np.errstate(invalid="ignore"):
        assert np.isnan(log_sum_exp(np.array([column]).T))


@wrong_calls(
    (
        lambda X: special.log_sum_exp(X[0]),
        "Z: the number of axes is 1, but must be 2; expected (n, m), got (4,)",
    ),
    (
        lambda X: special.log_sum_exp(X.tolist()),
        "Z: expected a NumPy array, but got [[1.0",
    ),
    (
        lambda X: special.log_sum_exp(X > 0),
        "Z: expected a floating-point dtype, such as float64, but got bool",
    ),
    (
        lambda X: special.round_to_bfloat16(X),
        "x: expected an array of float32, but got float64",
    ),
    (
        lambda X: special.scaled_tail(X.tolist()),
        "z: expected a NumPy array, but got [[1.0",
    ),
    (
        lambda X: special.two_product(X > 0, 2.0),
        "x: expected a floating-point dtype, such as float64, but got bool",
    ),
    (
        lambda X: special.two_product(X, [1, 2]),
        "y: expected a finite number, but got [1, 2]",
    ),
    (
        lambda X, Y: special.two_product(X, Y),
        "y: expected the shape of x, (2, 4), but got (1, 4)",
    ),
    (
        lambda: special.round_to_bfloat16(None),
        "x: expected real numbers, but got objects such as None",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
