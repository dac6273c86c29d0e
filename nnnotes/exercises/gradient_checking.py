"""Exercises of the chapter on gradient checking."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.gradcheck import numerical_gradient, relative_error


def _all_at_once(f: Callable[[Any], Any], x: Array, h: float) -> Array:
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


def _forward(f: Callable[[Any], Any], x: Array, h: float) -> Array:
    moved = (x + h * (np.arange(x.size) == i).reshape(x.shape) for i in range(x.size))
    return np.array([(f(other) - f(x)) / h for other in moved]).reshape(x.shape)


def _worst(a: Array, b: Array) -> float:
    larger = np.maximum(np.abs(a), np.abs(b))
    return float((np.abs(a - b) / np.where(larger > 0, larger, 1)).max())


def _zeros_divided(a: Array, b: Array) -> float:
    return float((np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))).max())


def _zeros_divided_and_left_out(a: Array, b: Array) -> float:
    larger = np.maximum(np.abs(a), np.abs(b))
    return float(np.where(larger > 0, np.abs(a - b) / larger, 0).max())


def _signed(a: Array, b: Array) -> float:
    larger = np.maximum(np.abs(a), np.abs(b))
    return float(((b - a) / np.where(larger > 0, larger, 1)).max())


TASKS = (
    Task(
        "complex-step",
        solution=lambda f, x, h: np.imag(f(x + 1j * h)) / h,
        cases=(
            (np.tanh, 0.7, 1e-20),
            (np.exp, np.array([0.0, 2.0, -1.0]), 1e-20),
            (np.exp, 0.5, 0.25),
        ),
        mistakes=(
            Mistake(
                "not-divided",
                "Divide by the step.",
                lambda f, x, h: np.imag(f(x + 1j * h)),
            ),
            Mistake(
                "real-part",
                "The derivative is in the imaginary part.",
                lambda f, x, h: np.real(f(x + 1j * h)) / h,
            ),
            Mistake(
                "real-step",
                "The step is imaginary: x + 1j * h.",
                lambda f, x, h: (f(x + h) - f(x)) / h,
            ),
        ),
    ),
    Task(
        "differences-by-hand",
        solution=(3.31, 3.01),
        places=3,
        mistakes=(
            Mistake("not-divided", "Divide by the step.", (0.331, 0.602)),
            Mistake(
                "one-step",
                "The two points of the central difference are 2 h apart.",
                (3.31, 6.02),
            ),
            Mistake(
                "derivative",
                "That is the derivative. The differences only come close.",
                (3.0, 3.0),
            ),
        ),
    ),
    Task(
        "gradient-of-array",
        solution=lambda f, x, h: numerical_gradient(f, x, h=h),
        cases=(
            (np.prod, np.array([[1.0, 2.0, -0.5], [3.0, 0.25, 2.0]]), 0.1),
            (np.linalg.norm, np.array([3.0, 0.0, -4.0]), 0.5),
        ),
        mistakes=(
            Mistake(
                "all-at-once",
                "All numbers were moved at once. Move one at a time: each has a derivative of its own.",
                _all_at_once,
            ),
            Mistake(
                "forward",
                "That is the forward difference. Take one step to each side.",
                _forward,
            ),
            Mistake(
                "one-step",
                "The two points are 2 h apart.",
                lambda f, x, h: 2 * numerical_gradient(f, x, h=h),
            ),
            Mistake(
                "flat",
                "A derivative by an array has the shape of the array.",
                lambda f, x, h: numerical_gradient(f, x, h=h).ravel(),
            ),
        ),
    ),
    Task(
        "worst-entry",
        solution=_worst,
        cases=(
            (np.array([1000.0, 1e-3]), np.array([1000.0, 2e-3])),
            (np.array([[0.0, 2.0], [4.0, 1.0]]), np.array([[0.0, -2.0], [5.0, 1.0]])),
            (np.array([3.0, -4.0]), np.array([2.0, -4.0])),
            (np.zeros(3), np.zeros(3)),
        ),
        mistakes=(
            Mistake(
                "of-the-whole",
                "That compares the arrays as wholes. Beside 1000, an error of 0.001 does not show.",
                lambda a, b: relative_error(a, b),
            ),
            Mistake(
                "absolute",
                "That is an absolute error. Divide each by the larger of the two entries.",
                lambda a, b: np.abs(a - b).max(),
            ),
            Mistake(
                "zeros-divided",
                "Two zeros are equal: their error is 0, and not 0 / 0.",
                _zeros_divided,
            ),
            Mistake(
                "zeros-left-out-too-late",
                "This divides 0 by 0 before np.where leaves it out. Put another divisor there first.",
                _zeros_divided_and_left_out,
            ),
            Mistake(
                "signed",
                "Errors of both signs must not cancel, nor count as negative: take absolute values.",
                _signed,
            ),
        ),
    ),
)
