"""Exercises of the chapter on products with Jacobians, and on checkpointing."""

import numpy as np

from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _best_segment(depth: int) -> int:
    return min(range(1, depth + 1), key=lambda k: -(-depth // k) + 2 * k - 1)


def _one_array_for_a_layer(depth: int) -> int:
    return min(range(1, depth + 1), key=lambda k: -(-depth // k) + k - 1)


def _rounded_down(depth: int) -> int:
    return min(range(1, depth + 1), key=lambda k: depth // k + 2 * k - 1)


TASKS = (
    Task(
        "layer-jvp",
        solution=lambda W, slope, Adot_prev: slope * (W @ Adot_prev),
        cases=(
            (
                *numbers((3, 3)),
                *map(np.abs, numbers((3, 2))),
                numbers((3, 3), (3, 2))[1],
            ),
            (
                *numbers((4, 3)),
                *map(np.abs, numbers((4, 2))),
                numbers((4, 3), (3, 2))[1],
            ),
        ),
        mistakes=(
            Mistake(
                "slope-left-out",
                "The activation has a slope. Multiply by it, element by element.",
                lambda W, slope, Adot_prev: W @ Adot_prev,
            ),
            Mistake(
                "slope-first",
                "The slope belongs to the outputs: first through the weights, then times the slope.",
                lambda W, slope, Adot_prev: W @ (slope * Adot_prev),
            ),
            Mistake(
                "transposed",
                "The transpose is for the way back.",
                lambda W, slope, Adot_prev: W.T @ (slope * Adot_prev),
            ),
        ),
    ),
    Task(
        "best-segment",
        solution=_best_segment,
        cases=((72,), (1,), (2,), (30,), (7,), (100,)),
        mistakes=(
            Mistake(
                "one-array-for-a-layer",
                "A layer of a segment holds two arrays, its input and Z, so the second term is 2 k, not k.",
                _one_array_for_a_layer,
            ),
            Mistake(
                "root-of-depth",
                "That is the root of L. The second term is 2 k, so the root is that of L / 2.",
                lambda depth: round(depth**0.5),
            ),
            Mistake(
                "rounded-down",
                "A segment that is not full has a checkpoint, too: round the number of checkpoints up.",
                _rounded_down,
            ),
        ),
    ),
)
