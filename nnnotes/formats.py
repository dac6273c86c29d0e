"""Formats of few bits: which numbers they hold, and rounding to these, also with a common scale for each block."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nnnotes._checks import as_float, check_count, check_kind, check_rng
from nnnotes._values import Value, names
from nnnotes.arrays import Array, Float
from nnnotes.shapes import ShapeError

A_FORMAT = "a format such as nnnotes.formats.e4m3"


@dataclass(frozen=True)
class Format(Value):
    """A floating-point format: a sign, an exponent from an interval, and a fixed number of stored binary digits.

    Args:
        name: how it is written.
        bits: the number of bits of a number.
        digits: the number of binary digits that are stored behind the leading one.
        least: the exponent of the smallest numbers with all digits; numbers below are subnormal.
        largest: the largest number.
        infinite: whether there is an infinity for what is beyond; if not, that becomes the largest number (the
            saturating conversion; the other one gives nan).

    Example:
        >>> print(e4m3.smallest, e4m3.largest, e4m3.epsilon)
        0.001953125 448.0 0.125

    References:
        Micikevicius, P. et al., "FP8 formats for deep learning", 2022, doi:10.48550/arXiv.2209.05433.
        Rouhani, B. D. et al., "Microscaling data formats for deep learning", 2023, doi:10.48550/arXiv.2310.10537.
    """

    name: str
    bits: int
    digits: int
    least: int
    largest: float
    infinite: bool

    @property
    def epsilon(self) -> float:
        """The gap from 1 to the next number."""
        return 2.0**-self.digits

    @property
    def smallest(self) -> float:
        """The smallest number above 0."""
        return 2.0 ** (self.least - self.digits)

    def round(
        self, x: Float[Array, "*shape"], rng: np.random.Generator | None = None
    ) -> Float[Array, "*shape"]:
        """Round to the nearest number of the format, or by chance to one of the two neighbours.

        Args:
            x: an array of float32 or float64, of any shape.
            rng: if given, a number is rounded up with the probability that the result is right on average. If not, a
                tie goes to the even neighbour.

        Raises:
            TypeError: if x is not of float32 or float64, or rng not a generator.

        Example:
            >>> print(e2m1.round(np.array([0.3, 2.4, 2.6, 9.0])))
            [0.5 2.  3.  6. ]
        """
        x = as_float(x, "x")
        if x.dtype not in (np.float32, np.float64):
            raise TypeError(
                f"x: expected an array of float32 or float64, but got {x.dtype}"
            )
        if rng is not None:
            check_rng(rng)
        finite = np.where(np.isfinite(x), x, 0).astype(np.float64)
        # A power of 2 changes no digit: what is rounded is a whole number of last places.
        _, exponent = np.frexp(finite)
        place = np.maximum(exponent - 1, self.least) - self.digits
        whole = np.ldexp(finite, -place)
        up = 0 if rng is None else rng.random(x.shape)
        whole = np.rint(whole) if rng is None else np.floor(whole + up)
        rounded = np.ldexp(whole, place)
        over = math.inf if self.infinite else self.largest
        rounded = np.where(
            abs(rounded) > self.largest, np.copysign(over, rounded), rounded
        )
        beyond = np.where(np.isinf(x) & (not self.infinite), np.copysign(over, x), x)
        return np.where(np.isfinite(x), rounded, beyond).astype(x.dtype)


tf32 = Format("TF32", 19, 10, -126, (2 - 2.0**-10) * 2.0**127, True)
"""TensorFloat-32 has the range of single precision and the digits of half; some graphics cards multiply in it."""

bfloat16 = Format("bfloat16", 16, 7, -126, (2 - 2.0**-7) * 2.0**127, True)
"""Brain floating point has the first half of the bits of single precision, so its range, and 8 binary digits."""

float16 = Format("float16", 16, 10, -14, 65504.0, True)
"""Half precision has more digits than bfloat16, and a range that ends at 65504."""

e5m2 = Format("FP8 E5M2", 8, 2, -14, 57344.0, True)
"""Eight bits with the exponents of half precision, for gradients."""

e4m3 = Format("FP8 E4M3", 8, 3, -6, 448.0, False)
"""Eight bits with one digit more and a range that ends at 448, for weights and activations; it has no infinity."""

e2m1 = Format("FP4 E2M1", 4, 1, 0, 6.0, False)
"""Four bits hold 0, 0.5, 1, 1.5, 2, 3, 4 and 6, with both signs."""

ALL: tuple[Format, ...] = (tf32, bfloat16, float16, e5m2, e4m3, e2m1)
"""The formats, from the one with the most bits on."""


def round_blocks(
    x: Float[Array, "*shape"],
    element: Format,
    block: int,
    scale: Format | None = None,
) -> Float[Array, "*shape"]:
    """Round blocks of numbers along the last axis, each after a division by a scale of its own.

    With blocks of 32 numbers of E2M1 and powers of 2 as scales this is MXFP4; with blocks of 16 and scales of E4M3 it
    is NVFP4, whose scales are themselves relative to one number for the whole array.

    Args:
        x: an array of float32 or float64 with at least one axis, whose last one is a multiple of block.
        element: the format of the numbers.
        block: how many numbers have a common scale, at least 1.
        scale: the format of the scales; if not given, powers of 2.

    Raises:
        ShapeError: if the last axis is not a multiple of block.
        ValueError: if block is less than 1, or a number not finite.
        TypeError: if an argument is of another type.

    Example:
        >>> x = np.array([96.0, 40.0, 3.0, 3.0, 1.0, 0.6])
        >>> print(round_blocks(x, e2m1, block=3))  # scales 16 and 1/2
        [96.  32.   0.   3.   1.   0.5]

    References:
        Rouhani, B. D. et al., "Microscaling data formats for deep learning", 2023, doi:10.48550/arXiv.2310.10537.
    """
    x = as_float(x, "x")
    check_kind("element", element, Format, A_FORMAT)
    check_count("block", block)
    if x.ndim == 0 or x.shape[-1] % block:
        raise ShapeError(
            f"x: expected a last axis that is a multiple of {block}, but got {x.shape}"
        )
    if not np.isfinite(x).all():
        raise ValueError("x: not all numbers are finite")
    blocks = x.reshape(*x.shape[:-1], x.shape[-1] // block, block)
    largest = abs(blocks).max(axis=-1, keepdims=True).astype(np.float64)
    if scale is None:
        _, exponent = np.frexp(largest)
        top = math.frexp(element.largest)[1]
        scales = np.ldexp(1.0, exponent - top)
    else:
        check_kind("scale", scale, Format, A_FORMAT)
        # One number for the whole array brings the largest scale to the end of its format.
        whole = largest.max(initial=0.0) / (element.largest * scale.largest) or 1.0
        scales = whole * scale.round(largest / element.largest / whole)
    scales = np.where(scales == 0, 1.0, scales)
    rounded = scales * element.round(blocks / scales)
    return rounded.reshape(x.shape).astype(x.dtype)


if not TYPE_CHECKING:
    __all__ = [*names(ALL, vars()), "round_blocks"]
