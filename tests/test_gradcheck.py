"""Gradient checking: central differences where the gradient is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    LogisticLoss,
    mlp,
    numerical_gradient,
    numerical_gradients,
    relative_error,
    tanh,
)

EPS = np.finfo(float).eps


@given(
    coefficients=st.lists(st.integers(-9, 9), min_size=3, max_size=3),
    x=arrays(np.float64, (3,), elements=st.floats(-2, 2)),
)
def test_gradient_of_a_quadratic_polynomial_is_exact_but_for_rounding(coefficients, x):
    a, b, c = coefficients

    def f(x):
        return float(a * x[0] ** 2 + b * x[0] * x[1] + c * x[2])

    exact = np.array([2 * a * x[0] + b * x[1], b * x[0], c])
    # f is below 100 and rounds some four times, at either end: 8 eps 100 over 2 h.
    h = np.cbrt(EPS)
    assert np.abs(numerical_gradient(f, x) - exact).max() <= 400 * EPS / h


@pytest.mark.parametrize("h", [0.5, 0.1, 0.01, 1e-3])
def test_error_is_the_square_of_the_step(h):
    # ((x + h)³ - (x - h)³) / 2h is 3x² + h², and rounding adds some eps / h.
    (slope,) = numerical_gradient(lambda x: float(x[0] ** 3), np.array([2.0]), h)
    assert slope - 3 * 2**2 == pytest.approx(h**2, rel=0, abs=100 * EPS / h)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_default_step_is_the_cube_root_of_the_precision(dtype):
    seen = []
    gradient = numerical_gradient(
        lambda x: seen.append(float(x)) or 0.0, np.array(0, dtype)
    )
    h = float(np.cbrt(np.finfo(dtype).eps))
    assert seen == [dtype(h), -dtype(h)]
    assert (gradient.dtype, gradient) == (dtype, 0)


def test_step_is_the_distance_that_is_really_walked():
    # Beside 4096 single precision has steps of 2**-11 only: 0.0007 becomes 0.0005.
    x = np.array([4096.0], np.float32)
    gradient = numerical_gradient(lambda x: 3 * float(x[0]), x, h=7e-4)
    assert gradient[0] == 3


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (2, 0)])
def test_gradient_has_the_shape_of_its_argument(shape):
    x = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    gradient = numerical_gradient(lambda x: float((x**2).sum()), x)
    assert gradient.shape == shape
    np.testing.assert_allclose(
        gradient, 2 * x, rtol=0, atol=1e-8
    )  # some four times eps / h, of numbers up to 55


def test_function_never_sees_the_array_of_the_caller():
    x = np.array([1.0, 3.0])

    def spoil(given):
        assert not np.shares_memory(given, x)
        result = float(given[0] * given[1])
        given[:] = 99
        return result

    np.testing.assert_allclose(numerical_gradient(spoil, x), [3, 1], rtol=1e-9)
    np.testing.assert_array_equal(x, [1, 3])


@pytest.mark.parametrize("h", [0, -1e-3, np.inf, np.nan])
def test_step_is_finite_and_positive(h):
    with pytest.raises(
        ValueError, match=rf"^h: expected a finite step greater than 0, but got {h}$"
    ):
        numerical_gradient(lambda x: 0.0, np.ones(2), h)


def test_a_step_that_is_lost_in_rounding_is_an_error():
    with pytest.raises(
        ValueError, match=r"^h: expected a step that changes x, but .* beside 1e\+17$"
    ):
        numerical_gradient(lambda x: 0.0, np.array([1e17]))


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("x", [[1.0], np.array([1, 2]), 1.0])
def test_gradient_is_taken_at_arrays_of_floats(x):
    with pytest.raises(
        TypeError, match=r"^x: expected a (NumPy array|floating-point dtype)"
    ):
        numerical_gradient(lambda x: 0.0, x)


pairs = arrays(np.float64, (2, 4), elements=st.floats(-1e300, 1e300))


@given(pairs)
def test_relative_error_is_symmetric_from_zero_to_two_and_zero_for_equals(pair):
    a, b = pair
    assert relative_error(a, b) == relative_error(b, a)
    assert 0 <= relative_error(a, b) <= 2 + 8 * EPS  # two norms and a quotient round
    assert relative_error(a, a.copy()) == 0


@pytest.mark.parametrize("scale", [5e-324, 1e-200, 1.0, 1e200])
def test_relative_error_at_any_scale(scale):
    a, zero = np.array([[scale, 0.0]]), np.zeros((1, 2))
    assert relative_error(a, -a) == 2
    assert relative_error(a, zero) == 1
    assert relative_error(zero, zero) == 0
    assert relative_error(zero[:, :0], zero[:, :0]) == 0
    assert relative_error(a, 2 * a) == 0.5
    assert relative_error(a, np.array([[0.0, scale]])) == pytest.approx(
        np.sqrt(2), rel=4 * EPS, abs=0
    )


def test_relative_error_of_nan_is_nan_and_never_zero():
    a, b = np.array([np.nan, 1.0]), np.array([1.0, 1.0])
    assert np.isnan(
        [relative_error(a, b), relative_error(b, a), relative_error(a, a)]
    ).all()


@pytest.mark.usefixtures("unchecked")
def test_relative_error_wants_equal_shapes():
    with pytest.raises(
        ValueError, match=r"^b: expected the shape of a, \(2, 1\), but got \(2,\)$"
    ):
        relative_error(np.ones((2, 1)), np.ones(2))


def test_step_reaches_the_weights_and_the_biases_of_each_layer():
    rng = np.random.default_rng(0)
    network = mlp(rng, [2, 3, 1], tanh)
    X, Y = rng.standard_normal((2, 4)), np.zeros((1, 4))
    args = (network, LogisticLoss(), X, Y)
    # The error of the formula is about h²: seen with a wide step, and not with the default.
    for wide, narrow in zip(
        numerical_gradients(*args, h=0.5), numerical_gradients(*args), strict=True
    ):
        for name in ("dW", "db"):
            difference = getattr(wide, name) - getattr(narrow, name)
            assert 1e-3 < abs(difference).max() < 1, name


@wrong_calls(
    (
        lambda X: numerical_gradient(None, X),
        "f: expected a function, but got None",
    ),
    (
        lambda X: relative_error(X, 1j * X),
        "b: expected real numbers, but got complex128",
    ),
    (
        lambda X: relative_error(X.view(np.matrix), X),
        "a: expected a plain NumPy array, but got matrix",
    ),
    (
        lambda: numerical_gradient(sum, [1.0]),
        "x: expected a NumPy array, but got [1.0]",
    ),
    (
        lambda: numerical_gradient(sum, np.ones(2), h=0),
        "h: expected a finite step greater than 0, but got 0",
    ),
    (
        lambda: numerical_gradient(sum, np.ones(2), h="1"),
        "h: expected a finite step greater than 0, but got '1'",
    ),
    (
        lambda: numerical_gradient(sum, np.ones(2, int)),
        "x: expected a floating-point dtype, such as float64, but got int64",
    ),
    (
        lambda network, X, Y: numerical_gradients(network, X, X, Y),
        "loss: expected a loss such as nnnotes.LogisticLoss(), but got array",
    ),
    (
        lambda X, Y, loss: numerical_gradients([], loss, X, Y),
        "network: expected a tuple of layers, but got []",
    ),
    (
        lambda W, b: relative_error(W, b),
        "b: expected the shape of a, (3, 2), but got (3, 1)",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
