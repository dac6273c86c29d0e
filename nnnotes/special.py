"""What NumPy lacks: a tail without underflow, a log-sum-exp without overflow, exact products, and bfloat16."""

from typing import Any

import numpy as np

from nnnotes._checks import as_float, check_float, check_number, check_same_shape
from nnnotes.arrays import Array, Float
from nnnotes.shapes import check_shapes

__all__ = ["log_sum_exp", "round_to_bfloat16", "scaled_tail", "two_product"]

# (1 + z) scaled_tail(z) as a polynomial in t = (z - 6) / (z + 6), which runs from -1 to 1:
# its Chebyshev expansion up to degree 24, in powers of t, the highest first. The tests
# compute them anew.
COEFFICIENTS = (
    -9.599992591079198e-11,
    -3.4141929289232747e-10,
    1.459211462075421e-09,
    3.858154154095681e-09,
    -1.4728247327099548e-08,
    -2.0980344395760243e-08,
    1.3083300821995656e-07,
    -1.9386236992692282e-11,
    -9.982603244210007e-07,
    1.7838489644739712e-06,
    4.411707293849312e-06,
    -2.635351872406333e-05,
    3.7795134908269736e-05,
    0.0001194897177980113,
    -0.0008689947156335819,
    0.0029356555021721998,
    -0.007059819414393352,
    0.013246864156245519,
    -0.019766479220487222,
    0.02259246706261421,
    -0.016141517332177096,
    -0.004373386779587463,
    0.03981142456242952,
    -0.08502536230577078,
    0.45345520027112796,
)


def scaled_tail(z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Compute exp(z²/2) times the probability that a standard normal number is above z, for z of at least 0.

    One rational approximation serves the whole half line, where the tail itself would soon be 0. Its error is below 3
    ulp in float64. In terms of the error function, it is exp(z²/2) (1 - erf(z / sqrt(2))) / 2.

    Args:
        z: an array of any shape, finite and at least 0; the approximation means nothing elsewhere.

    Raises:
        TypeError: if z is not a floating-point array.

    Example:
        >>> print(scaled_tail(np.array([0.0, 1.0, 100.0])).round(6))
        [0.5      0.261578 0.003989]

    References:
        Shepherd, M. M. and Laframboise, J. G., "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞",
        Mathematics of Computation 36, 1981, doi:10.1090/S0025-5718-1981-0595058-X, for the method.
    """
    check_float(z=z)
    t = (z - 6) / (z + 6)
    polynomial = np.full_like(t, COEFFICIENTS[0])
    for coefficient in COEFFICIENTS[1:]:
        polynomial *= t
        polynomial += coefficient
    return polynomial / (1 + z)


def two_product(
    x: Float[Array, "*shape"], y: float | Float[Array, "*shape"]
) -> tuple[Float[Array, "*shape"], Float[Array, "*shape"]]:
    """Multiply exactly: the rounded product, and what rounding took away from it.

    The exponential of a large rounded product has lost digits: the error in the exponent becomes the relative error of
    the result. With the lost part e, exp(p + e) = exp(p) + exp(p) e, up to e².

    Args:
        x: numbers in float64, far from overflow.
        y: as x, or one number.

    Raises:
        ValueError: if x and y are arrays of different shapes.
        TypeError: if x is not a floating-point array, or y neither one nor a number.

    Example:
        >>> product, lost = two_product(np.array([0.1]), np.array([0.1]))
        >>> print(product, lost)
        [0.01] [-8.32667268e-19]

    References:
        Dekker, T. J., "A floating-point technique for extending the available precision", Numerische Mathematik 18,
        1971, doi:10.1007/BF01397083.
    """
    check_float(x=x)
    if isinstance(y, np.ndarray):
        check_float(y=y)
        check_same_shape(x=x, y=y)
    else:
        check_number("y", y)
    product = x * y
    (x_high, x_low), (y_high, y_low) = _halves(x), _halves(y)
    lost = ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + (
        x_low * y_low
    )
    return product, lost


def _halves(x: Any) -> tuple[Any, Any]:
    """Split into two numbers of half the digits, whose products are exact."""
    shifted = (2**27 + 1) * x
    high = shifted - (shifted - x)
    return high, x - high


def log_sum_exp(Z: Float[Array, "n m"]) -> Float[Array, "m"]:
    """Compute the logarithm of the sum of the exponentials of each column, without overflow.

    The greatest number of a column is taken out, so that no exponent is positive. What is left of the sum is 1 and the
    other exponentials; the logarithm of 1 plus a small number keeps their digits.

    Args:
        Z: finite numbers, one column per result. Beside a finite one, -inf counts as a number whose exponential is 0; a
            column of nothing but -inf, or with a nan, gives nan, and NumPy warns.

    Raises:
        ShapeError: if Z does not have two axes, or one of them is empty.
        TypeError: if Z is not a floating-point array.

    Example:
        >>> print(log_sum_exp(np.array([[1000.0, 0.0], [1000.0, -50.0]])))
        [1.00069315e+03 1.92874985e-22]

    References:
        Blanchard, P., Higham, D. J. and Higham, N. J., "Accurately computing the log-sum-exp and softmax functions",
        IMA Journal of Numerical Analysis 41(4), 2021, doi:10.1093/imanum/draa038.
    """
    check_shapes("n m", Z=Z)
    check_float(Z=Z)
    # In half precision the sum of a long column would stop growing.
    z = Z.astype(np.promote_types(Z.dtype, np.float32), copy=False)
    top = z.argmax(axis=0), np.arange(z.shape[1])
    greatest = z[top]
    # A difference of -inf has the exponential 0.
    with np.errstate(over="ignore"):
        e = np.exp(z - greatest)
    # The greatest exponent is 0, and its exponential is the 1 that log1p adds.
    e[top] = 0
    return (greatest + np.log1p(e.sum(axis=0))).astype(Z.dtype, copy=False)


def round_to_bfloat16(x: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Round to the nearest bfloat16, which is a float32 whose last 16 bits are 0; a tie goes to the even neighbour.

    NumPy has no such type, so the result is an array of float32. From half-way between the largest bfloat16 and the
    next power of two on, numbers become infinite; nan stays nan.

    Args:
        x: an array of float32, of any shape.

    Raises:
        TypeError: if x is not of float32; rounding twice, from float64, would not always give the nearest.

    Example:
        >>> print(round_to_bfloat16(np.array([1.001, 1.005, 3.3e38, 3.4e38], np.float32)))
        [1.0000000e+00 1.0078125e+00 3.2964854e+38           inf]

    References:
        Kalamkar, D. et al., "A study of BFLOAT16 for deep learning training", 2019, doi:10.48550/arXiv.1905.12322.
    """
    x = as_float(x, "x")
    if x.dtype != np.float32:
        raise TypeError(f"x: expected an array of float32, but got {x.dtype}")
    nan = np.isnan(x)
    bits = np.where(nan, np.float32(0), x).view(np.uint32)
    last_kept = (bits >> np.uint32(16)) & np.uint32(1)
    # Add half a unit, less one bit if the last bit kept is 0: so ties go to the even
    # neighbour. A carry runs into the exponent, at last into that of infinity.
    bits = (bits + np.uint32(0x7FFF) + last_kept) & np.uint32(0xFFFF0000)
    return np.where(nan, x, bits.view(np.float32))
