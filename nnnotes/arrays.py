"""Array types: an annotation such as ``Float[Array, "n_out m"]`` says dtype and axes."""

import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Float, Integer, Real
else:
    # jaxtyping takes as long to import as NumPy. Who wants the shapes checked, or shown, imports it first;
    # for everyone else an annotated array is an array.
    class Float:
        def __class_getitem__(cls, item):
            return item[0]

    Integer = Real = Float

Array: TypeAlias = np.ndarray
Number: TypeAlias = float | np.floating[Any] | np.integer[Any]

__all__ = [
    "Array",
    "Float",
    "Integer",
    "Number",
    "Real",
    "as_float",
    "check_array",
    "check_dtype",
    "check_finite",
    "check_float",
    "check_number",
    "check_positive",
    "check_rng",
    "check_same_dtype",
    "check_std",
]


def as_float(values: object, name: str) -> Array:
    """Turn real numbers into a floating-point array that keeps its dtype.

    Args:
        values: a Python number, or an array of any shape. Integers and booleans become float64.
        name: the argument's name, for the message of an error.

    Raises:
        ValueError: if the values are lists whose lengths differ.
        TypeError: if the values are not real numbers: text, ``None``, complex numbers, objects; or masked.

    Example:
        >>> as_float([1, 2], "z").dtype
        dtype('float64')
        >>> as_float(np.float32(1), "z").dtype
        dtype('float32')
        >>> as_float(1j, "z")
        Traceback (most recent call last):
            ...
        TypeError: z: expected real numbers, but got complex128
    """
    if isinstance(values, np.ndarray):
        check_array(name, values)
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{name}: expected rows of the same length, but got {values!r}"
        ) from None
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    got = (
        "objects such as " + repr(values)
        if array.dtype.kind == "O"
        else array.dtype.name
    )
    raise TypeError(f"{name}: expected real numbers, but got {got}")


def check_array(name: str, array: object) -> None:
    """Check that an argument is a NumPy array, and neither a matrix nor masked, to which operators mean something else.

    Args:
        name: the argument's name, for the message of an error.
        array: what was passed.

    Raises:
        TypeError: if it is something else.

    Example:
        >>> check_array("X", [1.0])
        Traceback (most recent call last):
            ...
        TypeError: X: expected a NumPy array, but got [1.0]
    """
    if type(array) is np.ndarray:
        return
    odd = isinstance(array, np.matrix | np.ma.MaskedArray)
    if odd or not isinstance(array, np.ndarray):
        plain = "plain " * odd
        raise TypeError(f"{name}: expected a {plain}NumPy array, but got {array!r}")


def check_float(**arrays: Array) -> None:
    """Check that all arrays are of a floating-point dtype.

    Args:
        arrays: the arrays by name, for the message of an error.

    Raises:
        TypeError: if one is not, or not an array; the message names it.

    Example:
        >>> check_float(X=np.zeros(2), Y=np.array([1, 2]))
        Traceback (most recent call last):
            ...
        TypeError: Y: expected a floating-point dtype, such as float64, but got int64
    """
    for name, array in arrays.items():
        check_array(name, array)
        if array.dtype.kind != "f":
            raise TypeError(
                f"{name}: expected a floating-point dtype, such as float64, but got {array.dtype}"
            )


def check_same_dtype(**arrays: Array) -> None:
    """Check that all arrays have the dtype of the first one.

    Args:
        arrays: the arrays by name, for the message of an error.

    Raises:
        TypeError: if one has another; the message names both.

    Example:
        >>> check_same_dtype(W=np.zeros(2), b=np.zeros(2, np.float32))
        Traceback (most recent call last):
            ...
        TypeError: b: expected the dtype of W, float64, but got float32
    """
    (first, like), *others = arrays.items()
    for name, array in others:
        if array.dtype != like.dtype:
            raise TypeError(
                f"{name}: expected the dtype of {first}, {like.dtype}, but got {array.dtype}"
            )


def check_finite(what: str, **arrays: Array) -> None:
    """Check that all numbers of all arrays are finite.

    Args:
        what: what the numbers are, for the message of an error.
        arrays: the arrays by name, for the message of an error.

    Raises:
        ValueError: if one is not; the message names its array.

    Example:
        >>> check_finite("inputs", X=np.array([1.0, np.nan]))
        Traceback (most recent call last):
            ...
        ValueError: X: expected finite inputs, but there are nan or infinite ones
    """
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(
                f"{name}: expected finite {what}, but there are nan or infinite ones"
            )


def check_dtype(dtype: object) -> None:
    """Check that an argument named dtype is a floating-point type.

    Args:
        dtype: the type, as NumPy takes it.

    Raises:
        TypeError: if it is something else.

    Example:
        >>> check_dtype(int)
        Traceback (most recent call last):
            ...
        TypeError: dtype: expected a floating-point type, such as np.float64, but got <class 'int'>
    """
    try:
        floating = np.dtype(dtype).kind == "f"  # type: ignore[call-overload]  # that is the question
    except TypeError:
        floating = False
    if not floating or dtype is None:
        raise TypeError(
            f"dtype: expected a floating-point type, such as np.float64, but got {dtype!r}"
        )


def check_number(
    name: str,
    value: object,
    expected: str = "a finite number",
    within: Callable[[Any], bool] = lambda number: True,
) -> None:
    """Check that an argument is one real, finite number, and within its range.

    Args:
        name: the argument's name, for the message of an error.
        value: what was passed.
        expected: what is wanted, in words.
        within: whether a number is in the range.

    Raises:
        ValueError: if the number is not finite, or out of its range.
        TypeError: if the value is not a number.

    Example:
        >>> check_number("lr", -1, "a finite number greater than 0", lambda lr: lr > 0)
        Traceback (most recent call last):
            ...
        ValueError: lr: expected a finite number greater than 0, but got -1
    """
    number = isinstance(value, int | float | np.integer | np.floating)
    if isinstance(value, bool) or not number:
        raise TypeError(f"{name}: expected {expected}, but got {value!r}")
    try:
        finite = math.isfinite(value)  # type: ignore[arg-type]  # a number, as seen above
    except OverflowError:  # an integer beyond every float
        finite = False
    if not (finite and within(value)):
        raise ValueError(f"{name}: expected {expected}, but got {value}")


def check_positive(name: str, value: object) -> None:
    """Check that an argument is one finite number greater than 0.

    Args:
        name: the argument's name, for the message of an error.
        value: what was passed.

    Raises:
        ValueError: if it is not finite, or not greater than 0.
        TypeError: if it is not a number.

    Example:
        >>> check_positive("lr", 0.1)
    """
    check_number(
        name, value, "a finite number greater than 0", lambda number: number > 0
    )


def check_std(name: str, std: object) -> None:
    """Check that an argument is a standard deviation: finite, and not negative.

    Args:
        name: the argument's name, for the message of an error.
        std: what was passed.

    Raises:
        ValueError: if it is negative or not finite.
        TypeError: if it is not a number.

    Example:
        >>> check_std("noise", 0.1)
    """
    check_number(
        name, std, "a standard deviation of at least 0", lambda number: number >= 0
    )


def check_rng(rng: object) -> None:
    """Check that an argument named rng is a generator, and not, say, a seed.

    Args:
        rng: the source of randomness.

    Raises:
        TypeError: if it is something else.

    Example:
        >>> check_rng(0)
        Traceback (most recent call last):
            ...
        TypeError: rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got 0
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got {rng!r}"
        )
