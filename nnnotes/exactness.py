"""Exactness: how far computed numbers are from the formulas at fifty digits, in units of the last place."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nnnotes._checks import check_dtype, check_float, check_kind, shown
from nnnotes.arrays import Array, Float
from nnnotes.formula import ELEMENTARY, evaluate
from nnnotes.shapes import check_shapes

__all__ = ["absolute_errors", "exact", "grid", "ulps"]


def grid(dtype: DTypeLike) -> Float[Array, "n"]:
    """Choose numbers of each magnitude and sign, close together where an exponential begins to overflow or underflow.

    Args:
        dtype: the floating-point type of the numbers, as NumPy takes it.

    Raises:
        TypeError: if dtype is not a floating-point type.

    Example:
        >>> z = grid(np.float16)
        >>> print(len(z), f"{z.max():.0f}")
        870 65504
    """
    check_dtype(dtype)
    info = np.finfo(np.dtype(dtype))
    lost = -np.log(float(info.eps))  # from here on 1 + exp(-z) is 1
    overflow = np.log(float(info.max))
    normal = -np.log(float(info.tiny))  # from here on exp(-z) has fewer digits
    nothing = normal + lost  # and from here on none
    # Roots of the exponential reach an edge twice as far out, squares half as far, and the
    # bell curve exp(-z²/2) at the root of twice the number.
    edges = [lost, overflow, normal, nothing]
    edges += [edge / 2 for edge in edges] + [float(np.sqrt(2 * edge)) for edge in edges]
    positive = np.concatenate(
        [
            np.geomspace(float(info.tiny), 1, 60),
            np.linspace(0, 5, 120),
            np.linspace(0, 1.2 * nothing, 120),
            *(np.linspace(edge - 1, edge + 1, 11) for edge in edges),
            [float(info.smallest_subnormal), float(info.max) / 2, float(info.max)],
        ]
    ).astype(dtype)
    return np.concatenate([-positive, positive])


def exact(
    text: str, parameters: Mapping[str, float], z: Float[Array, "n"], **others: Any
) -> list[Any]:
    """Evaluate a formula with so many digits that at least fifty are right, whatever cancels.

    Args:
        text: a formula as `nnnotes.formula.expression` reads it.
        parameters: the numbers of the symbols in the formula, taken as exactly what the floats are.
        z: the numbers of the symbol z.
        others: the numbers of other symbols, as lists of results for the same z.

    Raises:
        ShapeError: if z has not one axis, or is empty.
        ValueError: if one of the others has not as many numbers as z, or the formula holds a symbol without a number.
        TypeError: if z is not a floating-point array, or another argument of another type.

    Example:
        >>> (number,) = exact("exp(z)", {}, np.array([-1000.0]))
        >>> print(number)
        5.07595889754946e-435
    """
    import mpmath

    check_kind("parameters", parameters, Mapping, "numbers by their names")
    check_shapes("n", z=z)
    check_float(z=z)
    for name, given in others.items():
        _check_as_many(name, given, "z", len(z))
    functions = {
        **{name: getattr(mpmath, name) for name in (*ELEMENTARY, "erf", "sign")},
        **{"abs": abs, "max": max, "min": min},
    }
    # A difference of two numbers near 1 may be as small as the smallest float.
    lost = -np.log10(float(np.finfo(z.dtype).smallest_subnormal))
    with mpmath.workdps(51 + int(lost)):
        names = {name: mpmath.mpf(float(x)) for name, x in parameters.items()}
        names |= {"pi": +mpmath.pi, "oo": mpmath.inf}
        rows = zip(map(float, z), *others.values(), strict=True)
        return [
            evaluate(
                text,
                functions,
                {
                    **names,
                    **dict(zip(("z", *others), map(mpmath.mpf, row), strict=True)),
                },
                number=mpmath.mpf,
            )
            for row in rows
        ]


def ulps(results: Float[Array, "n"], numbers: Sequence[Any]) -> Float[Array, "n"]:
    """Compute how far results are from exact numbers, in units of the last place.

    The unit is the distance of neighbouring floats at the exact number; it is never below the smallest subnormal. Where
    the exact number is beyond the largest float, an infinity of its sign is right.

    Args:
        results: what was computed.
        numbers: what is exact, as `exact` returns it, as many.

    Raises:
        ShapeError: if results has not one axis, or is empty.
        ValueError: if there are not as many numbers as results.
        TypeError: if results is not a floating-point array, or numbers not a list.

    Example:
        >>> print(ulps(np.array([1.0, 1.0]), [1.0, 1 + 2**-52]))
        [0. 1.]
    """
    return _errors(results, numbers, _ulp)


def absolute_errors(
    results: Float[Array, "n"], numbers: Sequence[Any]
) -> Float[Array, "n"]:
    """Compute how far results are from exact numbers, as plain differences.

    Where the exact number is beyond the largest float, an infinity of its sign is right.

    Args:
        results: what was computed.
        numbers: what is exact, as `exact` returns it, as many.

    Raises:
        ShapeError: if results has not one axis, or is empty.
        ValueError: if there are not as many numbers as results.
        TypeError: if results is not a floating-point array, or numbers not a list.

    Example:
        >>> print(absolute_errors(np.array([1.0, 0.0]), [1.0, 1e-39]))
        [0.e+00 1.e-39]
    """
    return _errors(results, numbers, lambda number, info: 1)


def _errors(
    results: Array, numbers: Sequence[Any], unit: Callable[[Any, Any], Any]
) -> Array:
    import mpmath

    check_shapes("n", results=results)
    check_float(results=results)
    _check_as_many("numbers", numbers, "results", len(results))
    info = np.finfo(results.dtype)
    errors = []
    with mpmath.workdps(50):
        for result, number in zip(results, numbers, strict=True):
            number = mpmath.mpf(number)
            distance = _distance(mpmath.mpf(float(result)), number, info)
            errors.append(float(distance / unit(number, info)))
    return np.array(errors)


def _check_as_many(name: str, numbers: Sequence[Any], of: str, expected: int) -> None:
    if not isinstance(numbers, tuple | list) and np.ndim(numbers) != 1:
        raise TypeError(f"{name}: expected a list of numbers, but got {shown(numbers)}")
    if len(numbers) != expected:
        raise ValueError(
            f"{name}: expected {expected} numbers, as many as {of} has, got {len(numbers)}"
        )


def _distance(result: Any, number: Any, info: Any) -> Any:
    import mpmath

    if abs(number) > float(info.max):
        right = result == mpmath.sign(number) * mpmath.inf
        return mpmath.mpf(0 if right else "inf")
    return abs(result - number)


def _ulp(number: Any, info: Any) -> Any:
    import mpmath

    exponent = mpmath.frexp(number)[1] - 1 if number else info.minexp
    return mpmath.ldexp(1, max(exponent, info.minexp) - info.nmant)
