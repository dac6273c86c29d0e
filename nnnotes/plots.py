"""Plots: each takes the axes first, draws on them, and returns them. Labels are symbols; words belong in captions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nnnotes.activations import Activation
from nnnotes.arrays import Array, Float
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

BLUE, ORANGE = "#0072b2", "#d55e00"  # told apart by most colour-blind readers too
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
AXIS: dict[str, Any] = {"color": "0.55", "linewidth": 0.8}


def activation(ax: Axes, g: Activation, edge: float = 5.0) -> Axes:
    """Draw an activation, and its derivative dashed.

    Args:
        ax: where to draw.
        g: the activation.
        edge: the plot reaches from -edge to edge.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import relu
        >>> len(activation(plt.figure().add_subplot(), relu).lines)
        4
    """
    z = np.linspace(-edge, edge, 1001)
    slope = g.derivative(z)
    for kink in g.kinks:  # a gap, since the slope jumps
        slope[np.abs(z - kink) < edge / 1000] = np.nan
    ax.axhline(**AXIS)
    ax.axvline(**AXIS)
    ax.plot(z, g(z), color=BLUE, label="$g(z)$")
    ax.plot(z, slope, color=ORANGE, linestyle="--", label="$g'(z)$")
    ax.set_xlabel("$z$")
    ax.legend()
    return ax


def activation_grid(
    axes: Sequence[Axes], gs: Sequence[Activation], edge: float = 5.0
) -> Sequence[Axes]:
    """Draw several activations, one on each axes, with their names as titles.

    Args:
        axes: where to draw, at least one for each activation; those that are left over are hidden.
        gs: the activations.
        edge: each plot reaches from -edge to edge.

    Raises:
        ValueError: if there are fewer axes than activations.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import relu, sigmoid, tanh
        >>> axes = plt.figure().subplots(2, 2).flat
        >>> [ax.get_visible() for ax in activation_grid(list(axes), [relu, sigmoid, tanh])]
        [True, True, True, False]
    """
    if len(axes) < len(gs):
        raise ValueError(
            f"axes: expected at least one for each of the {len(gs)} activations, but got {len(axes)}"
        )
    for ax, g in zip(axes, gs, strict=False):
        activation(ax, g, edge).set_title(g.name, fontsize="medium")
    for ax in axes[len(gs) :]:
        ax.set_visible(False)
    return axes


def decision_boundary(
    ax: Axes, network: Network, X: Float[Array, "2 m"], Y: Array
) -> Axes:
    """Draw points in the plane, and behind them the class that the network gives each place.

    Args:
        ax: where to draw.
        network: a network with two inputs.
        X: the points, one per column.
        Y: their classes: one row of 0 and 1, or one-hot columns of at most 10 classes.

    Raises:
        ShapeError: if X does not have two rows, or Y does not have as many columns.
        ValueError: if there are more than 10 classes.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import datasets, mlp, tanh
        >>> rng = np.random.default_rng(0)
        >>> ax = decision_boundary(plt.figure().add_subplot(), mlp(rng, [2, 4, 1], tanh), *datasets.moons(rng))
        >>> ax.get_xlabel()
        '$x_1$'
    """
    check_shapes("2 m, n_L m", X=X, Y=Y)
    if len(Y) > len(CLASS_COLOURS):
        raise ValueError(
            f"Y: expected at most {len(CLASS_COLOURS)} classes, but got {len(Y)}"
        )
    low, high = X.min(axis=1), X.max(axis=1)
    margin = 0.1 * (high - low)
    x1, x2 = (
        np.linspace(a, b, 200) for a, b in zip(low - margin, high + margin, strict=True)
    )
    grid = np.vstack([part.ravel() for part in np.meshgrid(x1, x2)])
    k = max(2, len(Y))
    labels = Y[0].astype(np.intp) if len(Y) == 1 else Y.argmax(axis=0)
    levels = np.arange(k + 1) - 0.5
    ax.contourf(
        x1,
        x2,
        predict(network, grid).reshape(200, 200),
        levels=levels,
        colors=CLASS_COLOURS[:k],
        alpha=0.25,
    )
    for label, marker in zip(range(k), "osD^vP*Xhd", strict=False):
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
        TypeError: if the output is not a node.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes.autodiff import variable
        >>> a = variable(np.array(1.0), "a")
        >>> [text.get_text() for text in graph(plt.figure().add_subplot(), a + a).texts if text.get_text()]
        ['$+$', '$1$', '$a$', '$2$']
    """
    visits = order(output)[::-1]
    distance = dict.fromkeys(visits, 0)  # the longest way to the output
    for node in visits:
        for parent in node.parents:
            distance[parent] = max(distance[parent], distance[node] + 1)
    columns: dict[int, list[Node]] = {}
    for node in sorted(visits, key=lambda node: not node.parents):  # variables below
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
            twice = node.parents.count(parent) > 1  # beside each other
            bend = f"arc3,rad={0.3 * (-1) ** position if twice else 0}"
            arrow = {"arrowstyle": "->", "shrinkA": 13, "shrinkB": 13}
            arrow["connectionstyle"] = bend
            ax.annotate("", place[node], place[parent], arrowprops=arrow)
    ax.margins(0.1, 0.3)
    ax.autoscale_view()  # now, since a layout asks where the texts are before it draws
    ax.set_axis_off()
    return ax


def histograms(
    axes: Sequence[Axes], network: Network, X: Float[Array, "n_0 m"]
) -> Sequence[Axes]:
    """Draw the histogram of each layer's activations, one on each axes.

    Args:
        axes: where to draw, one for each layer that is wanted, from the first on.
        network: the layers, at least as many.
        X: the inputs, one example per column.

    Raises:
        ValueError: if there are more axes than layers.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import mlp, tanh
        >>> rng = np.random.default_rng(0)
        >>> axes = list(plt.figure().subplots(1, 2))
        >>> [ax.get_title() for ax in histograms(axes, mlp(rng, [2, 4, 1], tanh), np.ones((2, 9)))]
        ['$A^{[1]}$', '$A^{[2]}$']
    """
    if len(axes) > len(network):
        raise ValueError(
            f"axes: expected at most one for each of the {len(network)} layers, but got {len(axes)}"
        )
    forward(network, X)  # checks both
    A = X
    for number, (ax, layer) in enumerate(zip(axes, network, strict=False), start=1):
        A, _ = layer.forward(A)
        low, high = float(A.min()), float(A.max())
        same = high - low <= 1e-9 * max(abs(low), abs(high), 1e-300)
        margin = (
            max(1e-6 * abs(high), 1e-6) if same else 0.0
        )  # all alike but for rounding: one bar
        ax.hist(
            A.ravel(),
            bins=40,
            range=(low - margin, high + margin),
            density=True,
            color=BLUE,
        )
        ax.set_title(f"$A^{{[{number}]}}$", fontsize="medium")
        ax.set_yticks([])
        ax.locator_params(axis="x", nbins=3)  # so that small numbers fit side by side
        ax.ticklabel_format(axis="x", scilimits=(-2, 3))
    return axes


def losses(ax: Axes, histories: Mapping[str, Sequence[float]]) -> Axes:
    """Draw the loss over the steps of training, on a logarithmic scale.

    Args:
        ax: where to draw.
        histories: the losses of each run, by the name that the legend shows.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> losses(plt.figure().add_subplot(), {"tanh": [0.7, 0.3, 0.1]}).get_yscale()
        'log'
    """
    styles = ("-", "--", "-.", ":")
    for number, (name, history) in enumerate(histories.items()):
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


def weights(ax: Axes, W: Float[Array, "n_out n_in"]) -> Axes:
    """Draw a weight matrix in colours, one unit per row: rows that are alike show units that are alike.

    Args:
        ax: where to draw.
        W: the weights.

    Raises:
        ShapeError: if W does not have two axes.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> weights(plt.figure().add_subplot(), np.eye(3)).get_ylabel()
        '$i$'
    """
    check_shapes("n_out n_in", W=W)
    limit = float(np.abs(W).max()) or 1.0
    image = ax.imshow(W, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    ax.figure.colorbar(image, ax=ax)
    ax.locator_params(integer=True)  # units and inputs are counted in whole numbers
    ax.set_xlabel("$j$")
    ax.set_ylabel("$i$")
    return ax
