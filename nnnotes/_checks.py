"""Arguments: what is checked where a user calls, and how an error shows what it got."""

import math
import reprlib
import sys
from collections.abc import Callable, Sequence
from types import UnionType
from typing import Any

import numpy as np

from nnnotes.arrays import Array

# No message holds a whole argument, however deep and long it is.
_SHORT = reprlib.Repr()
_SHORT.maxlevel = 2
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = 120
LONGEST = 200  # characters

A_GATE = "a gated unit such as nnnotes.gates.swiglu"
AN_ACTIVATION = "an activation such as nnnotes.relu"
AN_INITIALIZER = "an initialiser such as nnnotes.He()"
A_LOSS = "a loss such as nnnotes.LogisticLoss()"
AN_OPTIMIZER = "an optimiser such as nnnotes.SGD(lr=0.1)"


def shown(value: object) -> str:
    """Represent a value in a message, on one line and with at most `LONGEST` characters."""
    text = " ".join(_SHORT.repr(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 4] + " ..."


def as_float(values: object, name: str) -> Array:
    """Turn real numbers into a floating-point array that keeps its dtype; integers and booleans become float64."""
    if isinstance(values, np.ndarray):
        check_array(name, values)
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{name}: the rows differ in length; got {shown(values)}"
        ) from None
    if array.dtype.kind == "f":
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    got = (
        "objects such as " + shown(values)
        if array.dtype.kind == "O"
        else array.dtype.name
    )
    raise TypeError(f"{name}: expected real numbers, but got {got}")


def check_array(name: str, array: object) -> None:
    """Check for a NumPy array, and neither a matrix nor a masked one, to which operators mean something else."""
    if type(array) is np.ndarray:
        return
    odd = isinstance(array, np.matrix | np.ma.MaskedArray)
    if odd or not isinstance(array, np.ndarray):
        plain = "plain " * odd
        raise TypeError(
            f"{name}: expected a {plain}NumPy array, but got {shown(array)}"
        )


def check_float(**arrays: Array) -> None:
    """Check that all arrays are of a floating-point dtype in this machine's order of bytes."""
    for name, array in arrays.items():
        check_array(name, array)
        dtype = array.dtype
        if dtype.kind != "f":
            raise TypeError(
                f"{name}: expected a floating-point dtype, such as float64, but got {dtype}"
            )
        if not dtype.isnative:
            raise TypeError(
                f"{name}: the bytes of {dtype.str} are not in this machine's order; "
                f"those of {name}.astype(np.{dtype.name}) are"
            )


def check_same_shape(**arrays: Array) -> None:
    """Check that all arrays have the shape of the first one."""
    (first, like), *others = arrays.items()
    for name, array in others:
        if array.shape != like.shape:
            raise ValueError(
                f"{name}: expected the shape of {first}, {like.shape}, but got {array.shape}"
            )


def check_same_dtype(**arrays: Array) -> None:
    """Check that all arrays have the dtype of the first one."""
    (first, like), *others = arrays.items()
    for name, array in others:
        if array.dtype != like.dtype:
            raise TypeError(
                f"{name}: expected the dtype of {first}, {like.dtype}, but got {array.dtype}"
            )


def check_not_wider(owner: str, dtype: np.dtype[Any], **arrays: Array) -> None:
    """Check that no array would make its owner's numbers, of the given dtype, wider."""
    for name, array in arrays.items():
        if np.promote_types(array.dtype, dtype) != dtype:
            raise TypeError(
                f"{name}: expected the {owner}'s dtype, {dtype}, or a narrower one, but got {array.dtype}"
            )


def check_fits(dtype: np.dtype[Any], **numbers: Any) -> None:
    """Check that no number, which is to become one of a dtype, becomes infinite there."""
    largest = float(np.finfo(dtype).max)
    for name, number in numbers.items():
        if abs(number) > largest:
            raise ValueError(
                f"{name}: {number} is beyond the largest number of {dtype}, {largest:.5g}"
            )


def check_usable(dtype: np.dtype[Any], **numbers: Any) -> None:
    """Check that numbers with which one of a dtype is computed, half precision as single, do not become infinite."""
    check_fits(np.promote_types(dtype, np.float32), **numbers)


def check_finite(what: str, **arrays: Array) -> None:
    """Check that all numbers of all arrays, which the message calls what, are finite."""
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name}: not all {what} are finite")


def check_dtype(dtype: object) -> None:
    """Check that an argument named dtype is a floating-point type, as NumPy takes it."""
    try:
        floating = np.dtype(dtype).kind == "f"  # type: ignore[call-overload]  # that is the question
    except TypeError:
        floating = False
    if not floating or dtype is None:
        raise TypeError(
            f"dtype: expected a floating-point type, such as np.float64, but got {shown(dtype)}"
        )


def check_number(
    name: str,
    value: object,
    expected: str = "a finite number",
    within: Callable[[Any], bool] = lambda number: True,
) -> None:
    """Check that an argument is one real, finite number, and within the range that the words of expected describe."""
    number = isinstance(value, int | float | np.integer | np.floating)
    if isinstance(value, bool) or not number:
        raise TypeError(f"{name}: expected {expected}, but got {shown(value)}")
    try:
        finite = math.isfinite(value)  # type: ignore[arg-type]  # a number, as seen above
    except OverflowError:  # an integer beyond every float
        finite = False
    if not (finite and within(value)):
        got = shown(value) if isinstance(value, int) else str(value)
        raise ValueError(f"{name}: expected {expected}, but got {got}")


def check_positive(name: str, value: object) -> None:
    """Check that an argument is one finite number greater than 0."""
    check_number(
        name, value, "a finite number greater than 0", lambda number: number > 0
    )


def check_not_negative(name: str, value: object, what: str = "a number") -> None:
    """Check that an argument is one finite number of at least 0; what says which."""
    check_number(name, value, f"{what} of at least 0", lambda number: number >= 0)


def check_share(name: str, value: object) -> None:
    """Check that an argument is one number from 0 to less than 1."""
    check_number(
        name, value, "a number from 0 to less than 1", lambda share: 0 <= share < 1
    )


def check_count(
    name: str, value: object, least: int = 1, most: float = sys.maxsize
) -> None:
    """Check that an argument is an integer that is large enough, and no larger than an array can be."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected an integer, but got {shown(value)}")
    if value < least:
        raise ValueError(f"{name}: expected at least {least}, but got {shown(value)}")
    if value > most:
        raise ValueError(f"{name}: no array is as large as {shown(value)}")


def check_sizes(sizes: object) -> tuple[int, ...]:
    """Return a network's numbers of units as a tuple, if they are at least two, each at least 1."""
    text = isinstance(sizes, str | bytes | bytearray)
    if (
        text
        or not isinstance(sizes, Sequence | np.ndarray)
        or getattr(sizes, "ndim", 1) == 0
    ):
        raise TypeError(f"sizes: expected a list of integers, but got {shown(sizes)}")
    if len(sizes) < 2:
        raise ValueError(
            f"sizes: expected at least an input and an output size, but got {shown(tuple(sizes))}"
        )
    for position, size in enumerate(sizes):
        check_count(f"sizes[{position}]", size)
    return tuple(map(int, sizes))


def check_rng(rng: object) -> None:
    """Check that an argument named rng is a generator, and not, say, a seed."""
    check_kind(
        "rng",
        rng,
        np.random.Generator,
        "a numpy.random.Generator, as np.random.default_rng(0)",
    )


def check_kind(name: str, value: object, kind: type | UnionType, expected: str) -> None:
    """Check that an argument is an instance of a class, or of one of several, and not, say, its name or the class."""
    if not isinstance(value, kind):
        raise TypeError(f"{name}: expected {expected}, but got {shown(value)}")


def check_callable(name: str, function: object) -> None:
    """Check that an argument can be called."""
    if not callable(function):
        raise TypeError(f"{name}: expected a function, but got {shown(function)}")
