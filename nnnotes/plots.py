"""Plots: each takes the axes first, draws on them, and returns them. Labels are symbols; words belong in captions."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from matplotlib.axes import Axes

from nnnotes._checks import (
    AN_ACTIVATION,
    as_float,
    check_finite,
    check_kind,
    check_positive,
    shown,
)
from nnnotes.activations import Activation
from nnnotes.arrays import Array, Float, Real
from nnnotes.autodiff import Node, order
from nnnotes.networks import Network, forward, predict
from nnnotes.shapes import check_shapes

__all__ = [
    "activation",
    "activation_grid",
    "decision_boundary",
    "graph",
    "histograms",
    "losses",
    "weights",
]

# Most colour-blind readers, too, can tell these apart.
BLUE, ORANGE = "#0072b2", "#d55e00"
CLASS_COLOURS = (
    BLUE,
    ORANGE,
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#f0e442",
    "#000000",
    "#999999",
    "#7f3c8d",
)
MARKERS = "osD^vP*Xhd"
AXIS: dict[str, Any] = {"color": "0.55", "linewidth": 0.8}

# What plt.subplots returns for several axes, or a list of them.
AxesGrid = TypeVar("AxesGrid", Sequence[Axes], Array)


def activation(ax: Axes, g: Activation, edge: float = 5.0) -> Axes:
    """Draw an activation, and its derivative dashed.

    Args:
        ax: where to draw.
        g: the activation.
        edge: the plot reaches from -edge to edge; finite and greater than 0.

    Raises:
        ValueError: if edge is out of its range.
        TypeError: if ax is not one Axes, g not an activation, or edge not a number.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import relu
        >>> len(activation(plt.figure().add_subplot(), relu).lines)
        4
    """
    _check_ax(ax)
    check_kind("g", g, Activation, AN_ACTIVATION)
    check_positive("edge", edge)
    kinks = [kink for kink in g.kinks if abs(kink) < edge]
    z = np.union1d(np.linspace(-edge, edge, 1001), kinks)
    # Where the slope jumps there is a gap.
    slope = np.where(np.isin(z, kinks), np.nan, g.derivative(z))
    ax.axhline(**AXIS)
    ax.axvline(**AXIS)
    ax.plot(z, g(z), color=BLUE, label="$g(z)$")
    ax.plot(z, slope, color=ORANGE, linestyle="--", label="$g'(z)$")
    ax.set_xlabel("$z$")
    ax.legend()
    return ax


def activation_grid(
    axes: AxesGrid, gs: Sequence[Activation], edge: float = 5.0
) -> AxesGrid:
    """Draw several activations, one on each axes, with their names as titles.

    Args:
        axes: where to draw, a list or what ``plt.subplots`` returns, at least one for each activation; those that are
            left over are hidden.
        gs: the activations.
        edge: each plot reaches from -edge to edge; finite and greater than 0.

    Raises:
        ValueError: if there are fewer axes than activations, or edge is out of its range.
        TypeError: if axes or gs is not a list of such, or edge not a number.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import relu, sigmoid, tanh
        >>> axes = plt.figure().subplots(2, 2)
        >>> [ax.get_visible() for ax in activation_grid(axes, [relu, sigmoid, tanh]).flat]
        [True, True, True, False]
    """
    listed = _list_axes(axes)
    if not isinstance(gs, Sequence) or isinstance(gs, str):
        raise TypeError(f"gs: expected a list of activations, but got {shown(gs)}")
    for number, g in enumerate(gs):
        check_kind(f"gs[{number}]", g, Activation, AN_ACTIVATION)
    if len(listed) < len(gs):
        raise ValueError(
            f"axes: expected at least one for each of the {len(gs)} activations, but got {len(listed)}"
        )
    for ax, g in zip(listed, gs, strict=False):
        activation(ax, g, edge).set_title(g.name, fontsize="medium")
    for ax in listed[len(gs) :]:
        ax.set_visible(False)
    return axes


def decision_boundary(
    ax: Axes, network: Network, X: Float[Array, "2 m"], Y: Array
) -> Axes:
    """Draw points in the plane, and behind them the class that the network gives each place.

    Args:
        ax: where to draw.
        network: a network with two inputs, and an output for each row of Y.
        X: the points, one per column.
        Y: their classes: one row of 0 and 1, or one-hot columns of at most 10 classes.

    Raises:
        ShapeError: if X does not have two rows, or the network, X and Y do not fit.
        ValueError: if there are more than 10 classes, Y holds other targets, or X a number that is not finite.
        TypeError: if ax is not one Axes, or another argument not what it should be.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import datasets, mlp, tanh
        >>> rng = np.random.default_rng(0)
        >>> ax = decision_boundary(plt.figure().add_subplot(), mlp(rng, [2, 4, 1], tanh), *datasets.moons(rng))
        >>> ax.get_xlabel()
        '$x_1$'
    """
    _check_ax(ax)
    check_shapes("2 m, n_L m", X=X, Y=Y)
    check_finite("points", X=X)
    labels = _labels(Y)
    Z, _ = forward(network, X)
    check_shapes("n_L m, n_L m", Z=Z, Y=Y)
    low, high = X.min(axis=1), X.max(axis=1)
    margin = 0.1 * (high - low)
    x1, x2 = (
        np.linspace(a, b, 200, dtype=X.dtype)
        for a, b in zip(low - margin, high + margin, strict=True)
    )
    grid = np.vstack([part.ravel() for part in np.meshgrid(x1, x2)])
    k = max(2, len(Y))
    levels = np.arange(k + 1) - 0.5
    ax.contourf(
        x1,
        x2,
        predict(network, grid).reshape(200, 200),
        levels=levels,
        colors=CLASS_COLOURS[:k],
        alpha=0.25,
    )
    for label, marker in zip(range(k), MARKERS, strict=False):
        ax.plot(
            *X[:, labels == label], marker, color=CLASS_COLOURS[label], markersize=3
        )
    ax.set_xlabel("$x_1$")
    ax.set_ylabel("$x_2$")
    return ax


def graph(ax: Axes, output: Node) -> Axes:
    """Draw the nodes that a result comes from, variables square, and above each one when the walk back visits it.

    Args:
        ax: where to draw.
        output: the result, on the right.

    Raises:
        TypeError: if ax is not one Axes, or the output not a node.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes.autodiff import variable
        >>> a = variable(np.array(1.0), "a")
        >>> [text.get_text() for text in graph(plt.figure().add_subplot(), a + a).texts if text.get_text()]
        ['$+$', '$1$', '$a$', '$2$']
    """
    _check_ax(ax)
    visits = order(output)[::-1]
    # The longest way to the output.
    distance = dict.fromkeys(visits, 0)
    for node in visits:
        for parent in node.parents:
            distance[parent] = max(distance[parent], distance[node] + 1)
    columns: dict[int, list[Node]] = {}
    # In a column, variables stand below.
    for node in sorted(visits, key=lambda node: not node.parents):
        columns.setdefault(distance[node], []).append(node)
    place = {
        node: (-column, -row)
        for column, nodes in columns.items()
        for row, node in enumerate(nodes)
    }
    for number, node in enumerate(visits, start=1):
        x, y = place[node]
        shape, colour = ("o", BLUE) if node.parents else ("s", ORANGE)
        ax.plot(x, y, shape, color="white", markeredgecolor=colour, markersize=24)
        name = f"${node.name or '?'}$"
        ax.text(x, y, name, horizontalalignment="center", verticalalignment="center")
        ax.text(x, y + 0.3, f"${number}$", horizontalalignment="center", color="0.4")
        for position, parent in enumerate(node.parents):
            # Two arrows between the same nodes bend, to stand beside each other.
            twice = node.parents.count(parent) > 1
            bend = f"arc3,rad={0.3 * (-1) ** position if twice else 0}"
            arrow = {"arrowstyle": "->", "shrinkA": 13, "shrinkB": 13}
            arrow["connectionstyle"] = bend
            ax.annotate("", place[node], place[parent], arrowprops=arrow)
    ax.margins(0.1, 0.3)
    # Now, since a layout asks where the texts are before it draws.
    ax.autoscale_view()
    ax.set_axis_off()
    return ax


def histograms(axes: AxesGrid, network: Network, X: Float[Array, "n_0 m"]) -> AxesGrid:
    """Draw the histogram of each layer's activations, one on each axes.

    Args:
        axes: where to draw, a list or what ``plt.subplots`` returns, one for each layer that is wanted, from the first
            on.
        network: the layers, at least as many.
        X: the inputs, one example per column.

    Raises:
        ShapeError: if X does not fit the network.
        ValueError: if there are more axes than layers, or an activation is not finite.
        TypeError: if axes is not a list of Axes, network not a tuple of layers, or X not a floating-point array.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import mlp, tanh
        >>> rng = np.random.default_rng(0)
        >>> axes = list(plt.figure().subplots(1, 2))
        >>> [ax.get_title() for ax in histograms(axes, mlp(rng, [2, 4, 1], tanh), np.ones((2, 9)))]
        ['$A^{[1]}$', '$A^{[2]}$']
    """
    listed = _list_axes(axes)
    forward(network, X)
    if len(listed) > len(network):
        raise ValueError(
            f"axes: expected at most one for each of the {len(network)} layers, but got {len(listed)}"
        )
    A = X
    for number, (ax, layer) in enumerate(zip(listed, network, strict=False), start=1):
        A, _ = layer.forward(A)
        check_finite(f"activations of layer {number}", network=A)
        low, high = float(A.min()), float(A.max())
        # All alike but for rounding make one bar.
        same = high - low <= 1e-9 * max(abs(low), abs(high), 1e-300)
        margin = max(1e-6 * abs(high), 1e-6) if same else 0.0
        limits = (low - margin, high + margin)
        ax.hist(A.ravel(), bins=40, range=limits, density=True, color=BLUE)
        ax.set_title(f"$A^{{[{number}]}}$", fontsize="medium")
        ax.set_yticks([])
        # So that small numbers fit side by side.
        ax.locator_params(axis="x", nbins=3)
        ax.ticklabel_format(axis="x", scilimits=(-2, 3))
    return axes


def losses(ax: Axes, histories: Mapping[str, Sequence[float] | Array]) -> Axes:
    """Draw the loss over the steps of training, on a logarithmic scale.

    Args:
        ax: where to draw.
        histories: the losses of each run, by the name that the legend shows.

    Raises:
        ValueError: if the losses of a run are not one after the other, but in several axes.
        TypeError: if ax is not one Axes, or histories not a dictionary of losses by name.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> losses(plt.figure().add_subplot(), {"tanh": [0.7, 0.3, 0.1]}).get_yscale()
        'log'
    """
    _check_ax(ax)
    styles = ("-", "--", "-.", ":")
    for number, (name, history) in enumerate(_list_histories(histories)):
        ax.plot(
            range(1, len(history) + 1),
            history,
            styles[number % 4],
            color=CLASS_COLOURS[number % 10],
            label=name,
        )
    ax.set_yscale("log")
    ax.set_xlabel("$t$")
    ax.set_ylabel("$J$")
    ax.legend()
    return ax


def weights(ax: Axes, W: Real[Array, "n_out n_in"]) -> Axes:
    """Draw a weight matrix in colours, one unit per row: rows that are alike show units that are alike.

    Args:
        ax: where to draw.
        W: the weights.

    Raises:
        ShapeError: if W does not have two axes, or one of them is empty.
        ValueError: if a weight is not finite.
        TypeError: if ax is not one Axes, or W not an array of real numbers.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> weights(plt.figure().add_subplot(), np.eye(3)).get_ylabel()
        '$i$'
    """
    _check_ax(ax)
    check_shapes("n_out n_in", W=W)
    W = as_float(W, "W")
    check_finite("weights", W=W)
    limit = float(np.abs(W).max()) or 1.0
    image = ax.imshow(W, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    ax.figure.colorbar(image, ax=ax)
    # Units and inputs are counted in whole numbers.
    ax.locator_params(integer=True)
    ax.set_xlabel("$j$")
    ax.set_ylabel("$i$")
    return ax


AN_AXES = "one Axes of Matplotlib, such as plt.figure().add_subplot()"


def _check_ax(ax: object) -> None:
    check_kind("ax", ax, Axes, AN_AXES)


def _list_axes(axes: object) -> list[Axes]:
    if isinstance(axes, np.ndarray):
        axes = axes.ravel().tolist()
    if not isinstance(axes, list | tuple):
        raise TypeError(f"axes: expected a list of Axes, but got {shown(axes)}")
    for number, ax in enumerate(axes):
        check_kind(f"axes[{number}]", ax, Axes, AN_AXES)
    return list(axes)


def _list_histories(histories: object) -> list[tuple[str, Array]]:
    if not isinstance(histories, Mapping):
        raise TypeError(
            f"histories: expected losses by name, such as {{'tanh': losses}}, but got {shown(histories)}"
        )
    listed = []
    for name, history in histories.items():
        check_kind(f"histories: the name {shown(name)}", name, str, "a text")
        array = as_float(history, f"histories[{shown(name)}]")
        if array.ndim != 1:
            raise ValueError(
                f"histories[{shown(name)}]: expected losses one after the other, but got the shape {array.shape}"
            )
        listed.append((name, array))
    return listed


def _labels(Y: Array) -> Array:
    """Return the number of each target's class, if the targets are such as `decision_boundary` takes."""
    if len(Y) > len(CLASS_COLOURS):
        raise ValueError(
            f"Y: expected at most {len(CLASS_COLOURS)} classes, but got {len(Y)}"
        )
    others = Y[(Y != 0) & (Y != 1)]
    if others.size:
        raise ValueError(
            f"Y: classes are told by 0 and 1, but there is {others.flat[0]}"
        )
    if len(Y) == 1:
        return Y[0].astype(np.intp)
    (wrong,) = np.nonzero(Y.sum(axis=0) != 1)
    if wrong.size:
        raise ValueError(
            f"Y: column {wrong[0]} does not hold one 1 among zeros, as a one-hot column does"
        )
    return Y.argmax(axis=0)
