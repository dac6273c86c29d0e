"""Reverse mode in one page: nodes that remember where they come from, and one walk back over them.

Each operation gives a node its value, its parents, and how a derivative goes back to them: the product of the
derivative with the Jacobian of the operation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from nnnotes._checks import (
    A_LOSS,
    AN_ACTIVATION,
    check_float,
    check_kind,
    check_number,
    shown,
)
from nnnotes.activations import Activation
from nnnotes.arrays import Array, Float, Number
from nnnotes.losses import Loss
from nnnotes.shapes import ShapeError, check_shapes

__all__ = [
    "Node",
    "activate",
    "gradients",
    "mean_loss",
    "order",
    "rule",
    "total",
    "variable",
]


@dataclass(frozen=True, eq=False, repr=False)
class Node:
    """A value, and where it comes from.

    ``+ - * /`` work element by element and broadcast, also with a number, which becomes a node of the other one's
    dtype; ``@`` is the matrix product. A value cannot be written to: the walk back needs it as it was. A node can be
    copied and pickled, with all that it comes from.

    Args:
        value: the value; from now on it is read-only.
        parents: the nodes that it was computed from, none for a variable.
        pull_back: takes the derivative with respect to the value, and returns those with respect to the parents'.
        name: the variable or the operation as a figure shows it, in LaTeX.

    Raises:
        TypeError: if the value is not a floating-point array.

    Example:
        >>> W, x = variable(np.array([[2.0, 1.0]])), variable(np.array([[3.0], [4.0]]))
        >>> print((W @ x).value)
        [[10.]]
    """

    value: Float[Array, "*shape"]
    parents: tuple["Node", ...]
    pull_back: Callable[[Array], tuple[Array, ...]]
    name: str = ""

    def __post_init__(self) -> None:
        check_float(value=self.value)
        self.value.setflags(write=False)

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Copies and pickles of arrays can be written to.
        vars(self).update(state)
        self.value.setflags(write=False)

    def __matmul__(self, other: "Node") -> "Node":
        a, b = self.value, _node("other", other).value
        check_shapes("n k, k m", self=a, other=b)
        return Node(a @ b, (self, other), partial(rule, "@", a, b), "@")

    def __add__(self, other: "Node | Number") -> "Node":
        return _elementwise(np.add, "+", self, _lift(other, self))

    def __sub__(self, other: "Node | Number") -> "Node":
        return _elementwise(np.subtract, "-", self, _lift(other, self))

    def __mul__(self, other: "Node | Number") -> "Node":
        return _elementwise(np.multiply, r"\odot", self, _lift(other, self))

    def __truediv__(self, other: "Node | Number") -> "Node":
        return _elementwise(np.divide, "/", self, _lift(other, self))

    def __rsub__(self, other: Number) -> "Node":
        return _lift(other, self) - self

    def __rtruediv__(self, other: Number) -> "Node":
        return _lift(other, self) / self

    def __neg__(self) -> "Node":
        return -1 * self

    # So that NumPy leaves array + node to the node, whose error says what to do.
    __array_ufunc__ = None
    __radd__, __rmul__, __rmatmul__ = __add__, __mul__, __matmul__

    def __repr__(self) -> str:
        return f"Node({self.name!r}, shape {self.value.shape})"


def rule(
    operation: str,
    a: Float[Array, "*a"],
    b: Float[Array, "*b"],
    d: Float[Array, "*c"],
) -> tuple[Any, Any]:
    r"""Apply the rule of an operation: how the derivative with respect to its result goes back to a and b.

    What broadcasting has repeated is not added up yet.

    Args:
        operation: the operation's name, as a node has it: one of ``@ + - / \odot``.
        a: the value on its left.
        b: the value on its right.
        d: the derivative with respect to its result.

    Raises:
        ValueError: if no operation has this name.

    Example:
        >>> a, b, d = np.array([3.0]), np.array([2.0]), np.array([1.0])
        >>> print(rule("/", a, b, d))
        (array([0.5]), array([-0.75]))
    """
    match operation:
        case "@":
            return d @ b.T, a.T @ d
        case "+":
            return d, d
        case "-":
            return d, -d
        case r"\odot":
            return d * b, d * a
        case "/":
            # Not over b * b, which may overflow.
            return d / b, -d / b * (a / b)
    raise ValueError(f"operation: a node has none of the name {shown(operation)}")


def variable(value: Float[Array, "*shape"], name: str = "") -> Node:
    """Make a node that comes from nowhere: an input or a parameter.

    Args:
        value: the value; it is copied, so that a later change of the array does not change the node.
        name: its symbol in a figure, in LaTeX.

    Raises:
        TypeError: if the value is not a floating-point array.

    Example:
        >>> variable(np.zeros((3, 2)), "W")
        Node('W', shape (3, 2))
    """
    copied = value.copy() if isinstance(value, np.ndarray) else value
    return Node(copied, (), _nothing, name)


def activate(g: Activation, Z: Node) -> Node:
    """Apply an activation to each element.

    Args:
        g: the activation.
        Z: the pre-activation.

    Raises:
        TypeError: if g is not an activation, or Z not a node.

    Example:
        >>> from nnnotes import relu
        >>> print(activate(relu, variable(np.array([-1.0, 2.0]))).value)
        [0. 2.]
    """
    check_kind("g", g, Activation, AN_ACTIVATION)
    z = _node("Z", Z).value
    return Node(np.asarray(g(z)), (Z,), partial(_times_slope, g, z), "g")


def mean_loss(loss: Loss, Z: Node, Y: Array) -> Node:
    """Compute the mean loss over the examples.

    Args:
        loss: a loss on the pre-activations of the last layer.
        Z: these pre-activations, one example per column.
        Y: the targets, of the same shape.

    Raises:
        ShapeError: if the shapes differ.
        ValueError: if the targets are not what the loss expects.
        TypeError: if loss is not a loss, or Z not a node.

    Example:
        >>> from nnnotes import SquaredError
        >>> print(mean_loss(SquaredError(), variable(np.array([[3.0]])), np.array([[1.0]])).value)
        2.0
    """
    check_kind("loss", loss, Loss, A_LOSS)
    value, dZ = loss.value_and_gradient(_node("Z", Z).value, Y)
    # The mean may be beyond half precision.
    dtype = np.promote_types(dZ.dtype, np.float32)
    return Node(np.array(value, dtype), (Z,), partial(_times, dZ), "J")


def total(x: Node) -> Node:
    """Add up all elements.

    Args:
        x: a node of any shape.

    Raises:
        TypeError: if x is not a node.

    Example:
        >>> print(total(variable(np.array([1.0, 2.0]))).value)
        3.0
    """
    value = _node("x", x).value
    # The sum may be beyond half precision, as the mean loss may.
    dtype = np.promote_types(value.dtype, np.float32)
    result = np.asarray(value.sum(dtype=dtype))
    return Node(result, (x,), partial(_times, np.ones_like(value)), r"\Sigma")


def order(output: Node) -> list[Node]:
    """List the output and all nodes that it comes from, each one once and after its parents.

    This is a topological order. There always is one: a node can only be made from nodes that are there.

    Args:
        output: the node to start from.

    Raises:
        TypeError: if the output is not a node.

    Example:
        >>> a = variable(np.ones(3), "a")
        >>> [node.name for node in order(total(a + a * a))]
        ['a', '\\\\odot', '+', '\\\\Sigma']
    """
    found: set[Node] = set()
    listed: list[Node] = []
    stack = [(_node("output", output), False)]
    while stack:
        node, parents_are_listed = stack.pop()
        if parents_are_listed:
            listed.append(node)
        elif node not in found:
            found.add(node)
            stack.append((node, True))
            stack += [(parent, False) for parent in node.parents]
    return listed


def gradients(output: Node) -> dict[Node, Array]:
    """Differentiate one number by all nodes that it comes from.

    Each derivative has the shape and the dtype of its node's value. The arrays are read-only, as some share memory.

    Args:
        output: a node with a single element, such as a mean loss.

    Raises:
        ShapeError: if the output has more than one element.
        TypeError: if the output is not a node.

    Example:
        >>> a = variable(np.array([1.0, 2.0]))
        >>> print(gradients(total(a * a))[a])
        [2. 4.]

    References:
        Linnainmaa, S., "Taylor expansion of the accumulated rounding error", BIT 16(2), 1976, doi:10.1007/BF01931367.
    """
    if _node("output", output).value.size != 1:
        raise ShapeError(
            f"output: expected one number, but got the shape {output.value.shape}"
        )
    d = {output: np.ones_like(output.value)}
    for node in reversed(order(output)):
        for parent, part in zip(node.parents, node.pull_back(d[node]), strict=True):
            # Not +=, which would write into an array that another node may share.
            both = d[parent] + part if parent in d else part
            d[parent] = np.asarray(both, parent.value.dtype)
    for array in d.values():
        array.setflags(write=False)
    return d


def _node(name: str, thing: object) -> Node:
    if isinstance(thing, Node):
        return thing
    made = "; nnnotes.autodiff.variable makes a node of an array"
    hint = made if isinstance(thing, np.ndarray) else ""
    raise TypeError(f"{name}: expected a node, but got {shown(thing)}{hint}")


def _lift(other: "Node | Number", like: Node) -> Node:
    """Make a node of a number, in the dtype of the node that it meets."""
    if isinstance(other, Node | np.ndarray):
        return _node("other", other)
    check_number("other", other, "a node or a finite number")
    # Python's numbers, as NumPy's would be compared in their own precision.
    number = other if isinstance(other, int) else float(other)
    dtype = like.value.dtype
    if abs(number) > float(np.finfo(dtype).max):
        raise ValueError(f"other: {shown(number)} is beyond the numbers of {dtype}")
    return variable(np.array(number, dtype), f"{number:g}")


def _elementwise(operation: Any, name: str, left: Node, right: Node) -> Node:
    a, b = left.value, right.value
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise ShapeError(
            f"other: expected a shape that can be broadcast with {a.shape}, but got {b.shape}"
        ) from None
    both = left, right
    return Node(np.asarray(operation(a, b)), both, partial(_folded, name, a, b), name)


# What pulls back are functions with names, as pickles hold no others. Where there are
# no axes, NumPy returns numbers in place of arrays; gradients makes arrays of them.
def _nothing(d: Array) -> tuple[Array, ...]:
    return ()


def _times(factor: Array, d: Array) -> tuple[Any, ...]:
    return (d * factor,)


def _times_slope(g: Activation, z: Array, d: Array) -> tuple[Any, ...]:
    return (d * g.derivative(z),)


def _folded(name: str, a: Array, b: Array, d: Array) -> tuple[Any, ...]:
    by_a, by_b = rule(name, a, b, d)
    return _fold(by_a, a), _fold(by_b, b)


def _fold(d: Any, array: Array) -> Any:
    """Add up what broadcasting has repeated, so that d has the shape of the array."""
    if d.shape == array.shape:
        return d
    # The sum may be beyond half precision, as the mean loss may.
    dtype = np.promote_types(d.dtype, np.float32)
    d = d.sum(axis=tuple(range(d.ndim - array.ndim)), dtype=dtype)
    repeated = [i for i, n in enumerate(array.shape) if n == 1 != d.shape[i]]
    return d.sum(axis=tuple(repeated), keepdims=True)
