"""Exercises of the chapter on the family of activations."""

from typing import Any

import numpy as np

from nnnotes.activations import hard_sigmoid
from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers
from nnnotes.gates import Gate, geglu, swiglu


def _backward(gate: Gate, W: Array, V: Array, X: Array, dA: Array) -> Any:
    by_u, by_v = gate.derivative(W @ X, V @ X)
    return (dA * by_u) @ X.T, (dA * by_v) @ X.T


def _without_dA(gate: Gate, W: Array, V: Array, X: Array, dA: Array) -> Any:
    return _backward(gate, W, V, X, np.ones_like(dA))


def _gate_taken_for_1(gate: Gate, W: Array, V: Array, X: Array, dA: Array) -> Any:
    return dA @ X.T, _backward(gate, W, V, X, dA)[1]


TASKS = (
    Task(
        "hard-swish-slope",
        solution=lambda z: hard_sigmoid(z) + z * hard_sigmoid.derivative(z),
        cases=(
            (np.array([-5.0, -2.0, -0.3, 0.0, 1.0, 2.9, 4.0]),),
            (np.array([[-1.5, 2.0], [0.5, -0.7]]),),
        ),
        mistakes=(
            Mistake(
                "first-term-only",
                "Both factors depend on z. The product rule gives two terms.",
                lambda z: hard_sigmoid(z),
            ),
            Mistake(
                "second-term-only",
                "That is one of the product rule's two terms.",
                lambda z: z * hard_sigmoid.derivative(z),
            ),
            Mistake(
                "slope-of-hard-sigmoid",
                "That is the slope of the hard sigmoid alone. Here it is multiplied by z.",
                lambda z: hard_sigmoid.derivative(z),
            ),
        ),
    ),
    Task(
        "gate-backward",
        solution=_backward,
        cases=tuple(
            (gate, *numbers((4, 3), (4, 3), (3, 7), (4, 7))) for gate in (geglu, swiglu)
        ),
        mistakes=(
            Mistake(
                "swapped",
                "The derivative by u belongs to W, the one by v to V.",
                lambda gate, W, V, X, dA: _backward(gate, W, V, X, dA)[::-1],
            ),
            Mistake("dA-lost", "Both shares are multiplied by dA.", _without_dA),
            Mistake(
                "gate-lost",
                "The gate's own value is missing: the derivative by u is g(v), and not 1.",
                _gate_taken_for_1,
            ),
        ),
    ),
)
