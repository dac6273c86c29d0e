"""Exercises of the chapter on products with Jacobians, and on checkpointing."""

from nnnotes.arrays import Array
from nnnotes.exercises import Mistake, Task
from nnnotes.exercises._inputs import numbers


def _best_segment(depth: int) -> int:
    return min(range(1, depth + 1), key=lambda k: -(-depth // k) + 2 * k - 1)


def _one_array_for_a_layer(depth: int) -> int:
    return min(range(1, depth + 1), key=lambda k: -(-depth // k) + k - 1)


def _rounded_down(depth: int) -> int:
    return min(range(1, depth + 1), key=lambda k: depth // k + 2 * k - 1)


def _bilinear_jvp(W: Array, V: Array, X: Array, Xdot: Array) -> Array:
    return (W @ Xdot) * (V @ X) + (W @ X) * (V @ Xdot)


TASKS = (
    Task(
        "bilinear-jvp",
        solution=_bilinear_jvp,
        cases=(
            numbers((4, 3), (4, 3), (3, 2), (3, 2)),
            numbers((3, 3), (3, 3), (3, 3), (3, 3)),
        ),
        mistakes=(
            Mistake(
                "product-of-velocities",
                "The velocity of a product is not the product of the velocities. Take the product rule.",
                lambda W, V, X, Xdot: (W @ Xdot) * (V @ Xdot),
            ),
            Mistake(
                "first-factor-only",
                "The second factor moves, too.",
                lambda W, V, X, Xdot: (W @ Xdot) * (V @ X),
            ),
            Mistake(
                "second-factor-only",
                "The first factor moves, too.",
                lambda W, V, X, Xdot: (W @ X) * (V @ Xdot),
            ),
            Mistake(
                "sum-of-velocities",
                "That is the velocity of a sum. Each term of the product rule has two factors.",
                lambda W, V, X, Xdot: W @ Xdot + V @ Xdot,
            ),
            Mistake(
                "x-standing",
                "That is the slope times X. The velocity of the input has to come in, in both terms.",
                lambda W, V, X, Xdot: 2 * (W @ X) * (V @ X),
            ),
            Mistake(
                "difference",
                "The two terms of the product rule are added.",
                lambda W, V, X, Xdot: (W @ Xdot) * (V @ X) - (W @ X) * (V @ Xdot),
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
