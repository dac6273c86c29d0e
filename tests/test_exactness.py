"""Exactness: the ruler with which the package's last digits are measured."""

import mpmath
import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import exactness
from nnnotes.exactness import absolute_errors, exact, grid, ulps

DTYPES = (np.float16, np.float32, np.float64)


@pytest.mark.parametrize("dtype", DTYPES)
def test_grid_reaches_the_ends_and_both_signs(dtype):
    z, info = grid(dtype), np.finfo(dtype)
    assert z.dtype == dtype
    assert np.isfinite(z).all()
    assert {info.max, info.smallest_subnormal, info.tiny, -info.max} <= set(z)
    np.testing.assert_array_equal(np.sort(z), np.sort(-z))
    # Close by where exp(-z), its root and its bell curve become subnormal, and 0.
    for power in (np.log(info.tiny), np.log(info.smallest_subnormal)):
        for edge in (-power, -power / 2, np.sqrt(-2 * power)):
            assert np.abs(z.astype(np.float64) - edge).min() <= 0.2


@pytest.mark.parametrize("dtype", DTYPES)
def test_ulps_are_steps_between_neighbours(dtype):
    info = np.finfo(dtype)
    x = np.array([1, 1.5, -3, info.tiny, info.smallest_subnormal, 0, info.max], dtype)
    near = np.nextafter(x, dtype(-np.inf))
    numbers = [mpmath.mpf(float(v)) for v in x]
    np.testing.assert_array_equal(ulps(x, numbers), 0)
    # Below a power of two the floats are twice as close.
    expected = [0.5, 1, 1, 1, 1, 1, 1]
    np.testing.assert_array_equal(ulps(near, numbers), expected)


def test_beyond_the_largest_float_only_infinity_is_right():
    results = np.array([np.inf, -np.inf, np.inf, 1e308])
    numbers = [
        mpmath.mpf("1e309"),
        mpmath.mpf("1e309"),
        mpmath.mpf(1),
        mpmath.mpf("2e308"),
    ]
    for measure in (ulps, absolute_errors):
        np.testing.assert_array_equal(
            measure(results, numbers), [0, np.inf, np.inf, np.inf]
        )


def test_a_result_that_is_no_number_is_infinitely_wrong():
    assert not ulps(np.array([np.nan]), [mpmath.mpf(1)])[0] <= 1e300


def test_absolute_errors_are_differences_of_any_size():
    results = np.array([3.0, -1.0, 0.0, 1.0, np.nan], np.float32)
    numbers = [mpmath.mpf(number) for number in (1, 1, -1e-39, 1.25, 1)]
    np.testing.assert_array_equal(
        absolute_errors(results, numbers), [2, 2, 1e-39, 0.25, np.nan]
    )


def test_exact_takes_floats_as_they_are_and_keeps_what_cancels():
    z = np.array([-700.0])
    (value,) = exact("1 - (1 - exp(z))", {}, z)
    with mpmath.workdps(60):
        assert abs(value / mpmath.exp(-700) - 1) < mpmath.mpf(10) ** -50
        (number,) = exact("alpha * z", {"alpha": 0.1}, np.array([1.0]))
        assert number == mpmath.mpf(0.1)
    (slope,) = exact("a * z", {}, np.array([2.0]), a=[mpmath.mpf(3)])
    assert slope == 6


@pytest.mark.usefixtures("unchecked")
def test_dtype_of_a_grid_is_a_floating_point_type():
    with pytest.raises(TypeError, match=r"^dtype: expected a floating-point type"):
        grid(np.int64)


@wrong_calls(
    (
        lambda X: exactness.exact("z", None, X[0]),
        "parameters: expected numbers by their names, but got None",
    ),
    (
        lambda X: exactness.exact("z", {}, X),
        "z: the number of axes is 2, but must be 1; expected (n,), got (2, 4)",
    ),
    (
        lambda X: exactness.ulps(X, list(X)),
        "results: the number of axes is 2, but must be 1; expected (n,), got (2, 4)",
    ),
    (
        lambda: exactness.absolute_errors(np.ones(2), [1.0]),
        "numbers: expected 2 numbers, as many as results has, got 1",
    ),
    (
        lambda X: exactness.ulps(X[0], 1.0),
        "numbers: expected a list of numbers, but got 1.0",
    ),
    (
        lambda: exactness.ulps(np.ones(2), [1.0]),
        "numbers: expected 2 numbers, as many as results has, got 1",
    ),
    (
        lambda: exactness.exact("a * z", {}, np.ones(2), a=[1.0]),
        "a: expected 2 numbers, as many as z has, got 1",
    ),
    (
        lambda: exactness.grid("int"),
        "dtype: expected a floating-point type, such as np.float64, but got 'int'",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
