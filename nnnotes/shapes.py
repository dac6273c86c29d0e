"""Shapes: the check at the border, its error, and the table of a network's shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nnnotes._checks import check_array, check_count, check_sizes
from nnnotes.arrays import Array
from nnnotes.tables import Table

__all__ = ["ShapeError", "ShapeTable", "check_shapes", "shape_table"]


class ShapeError(ValueError):
    """An array's shape does not fit; the message names the array, the axis and both sizes.

    Example:
        >>> issubclass(ShapeError, ValueError)
        True
    """


def check_shapes(patterns: str, /, **arrays: Array) -> dict[str, int]:
    """Compare the shapes of arrays with patterns, and return the size of each axis.

    Args:
        patterns: one pattern an array, separated by commas, such as ``"n_out n_in, n_in m"``. A name that occurs
            twice must have the same size twice; a number is the size itself.
        arrays: the arrays by name, in the order of the patterns.

    Raises:
        ShapeError: if an array has another number of axes, or an axis another size, or no elements at all.
        TypeError: if an argument is not a NumPy array, or the patterns and the arrays are not as many.

    Example:
        >>> W, A = np.zeros((4, 3)), np.zeros((2, 5))
        >>> check_shapes("n_out n_in", W=W)
        {'n_out': 4, 'n_in': 3}
        >>> check_shapes("n_out n_in, n_in m", W=W, A_prev=A)
        Traceback (most recent call last):
            ...
        nnnotes.shapes.ShapeError: A_prev: axis n_in is 2, but W has n_in = 3; expected (n_in, m), got (2, 5)
    """
    for name, array in arrays.items():
        check_array(name, array)
    return compare_shapes(
        patterns, {name: array.shape for name, array in arrays.items()}
    )


def compare_shapes(
    patterns: str, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, int]:
    """Do what `check_shapes` does, with shapes in place of arrays."""
    return dict(_sizes(patterns, tuple(shapes), tuple(shapes.values())))


@lru_cache(maxsize=1024)  # a network's shapes are the same at each step
def _sizes(
    patterns: str, names: tuple[str, ...], shapes: tuple[tuple[int, ...], ...]
) -> dict[str, int]:
    expected = [pattern.split() for pattern in patterns.split(",")]
    if len(expected) != len(names):
        raise TypeError(
            f"patterns: expected one for each array, but got {len(expected)} for {len(names)} arrays"
        )
    sizes: dict[str, int] = {}
    owner: dict[str, str] = {}
    for axes, name, shape in zip(expected, names, shapes, strict=True):
        both = f"expected ({', '.join(axes)}{',' * (len(axes) == 1)}), got {shape}"
        if len(shape) != len(axes):
            raise ShapeError(
                f"{name}: the number of axes is {len(shape)}, but must be {len(axes)}; {both}"
            )
        for axis, size in zip(axes, shape, strict=True):
            if axis.isdigit():
                if size != int(axis):
                    raise ShapeError(
                        f"{name}: an axis is {size}, but must be {axis}; {both}"
                    )
            elif size == 0:
                raise ShapeError(f"{name}: axis {axis} is empty; {both}")
            elif sizes.setdefault(axis, size) != size:
                other = f"{owner[axis]} has {axis} = {sizes[axis]}"
                raise ShapeError(f"{name}: axis {axis} is {size}, but {other}; {both}")
            owner.setdefault(axis, name)
    return sizes


@dataclass(frozen=True)
class ShapeTable:
    """The shapes of all arrays of a network: one row per layer.

    Args:
        sizes: the numbers of units, from the inputs to the outputs.
        m: the number of examples.

    Example:
        >>> shape_table([2, 4, 1], m=5).shapes["W", 1]
        (4, 2)
    """

    sizes: tuple[int, ...]
    m: int

    @property
    def shapes(self) -> dict[tuple[str, int], tuple[int, int]]:
        """The shape of each array, by its name and its layer."""
        table = {}
        for layer, (n_in, n_out) in enumerate(
            zip(self.sizes, self.sizes[1:], strict=False), start=1
        ):
            for prefix in ("", "d"):
                table[f"{prefix}W", layer] = (n_out, n_in)
                table[f"{prefix}b", layer] = (n_out, 1)
                table[f"{prefix}Z", layer] = (n_out, self.m)
                table[f"{prefix}A", layer] = (n_out, self.m)
        return table

    def _table(self) -> Table:
        names = tuple(dict.fromkeys(name for name, _ in self.shapes))
        layers = range(1, len(self.sizes))
        rows = (
            ((str(layer), *(str(self.shapes[name, layer]) for name in names)))
            for layer in layers
        )
        return Table(("l", *names), tuple(rows))

    def __str__(self) -> str:
        return str(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def shape_table(sizes: Sequence[int], m: int) -> ShapeTable:
    """List the shapes of W, b, Z, A and of their gradients, for each layer of a network.

    Args:
        sizes: the numbers of units, from the inputs to the outputs; at least two, each at least 1.
        m: the number of examples, at least 1.

    Raises:
        ValueError: if there are fewer than two sizes, or one is less than 1.
        TypeError: if a size is not an integer.

    Example:
        >>> print(shape_table([2, 4, 1], m=5))
        l  W       b       Z       A       dW      db      dZ      dA
        1  (4, 2)  (4, 1)  (4, 5)  (4, 5)  (4, 2)  (4, 1)  (4, 5)  (4, 5)
        2  (1, 4)  (1, 1)  (1, 5)  (1, 5)  (1, 4)  (1, 1)  (1, 5)  (1, 5)
    """
    check_count("m", m)
    return ShapeTable(check_sizes(sizes), int(m))
