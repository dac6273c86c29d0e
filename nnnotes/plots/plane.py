"""Maps: of a plane of inputs, of weights as points of a plane, and of a matrix of weights."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from nnnotes._checks import (
    as_float,
    check_count,
    check_finite,
    check_kind,
    check_positive,
    shown,
)
from nnnotes.arrays import Array, Float, Real
from nnnotes.layers import Dense
from nnnotes.networks import Network, check_network, forward, predict
from nnnotes.plots.style import (
    CLASSES,
    COLOURS,
    MARKERS,
    MUTED,
    SERIES,
    TEXT,
    WORDS,
    check_ax,
    written,
)
from nnnotes.shapes import check_shapes

FEW = 12  # points that are drawn large, with the number of their class
DIRECTIONS = np.array(
    [(1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0)]
)
SMALL = 24  # weights that are written, so that they need no scale of colours


def decision_boundary(
    ax: Axes,
    network: Network,
    X: Float[Array, "2 m"],
    Y: Array,
    wrong: bool = False,
) -> Axes:
    """Draw points in the plane, and behind them the class that the network gives each place.

    Up to 12 points are large and hold the number of their class.

    Args:
        ax: where to draw.
        network: a network with two inputs, and an output for each row of Y.
        X: the points, one per column.
        Y: their classes: one row of 0 and 1, or one-hot columns of at most 10 classes.
        wrong: whether to mark the points that the network gets wrong and, of two classes, the boundary.

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
        'input $x_1$'
    """
    check_ax(ax)
    check_shapes("2 m, n_L m", X=X, Y=Y)
    check_finite("points", X=X)
    labels = _labels(Y)
    Z, _ = forward(network, X)
    check_shapes("n_L m, n_L m", Z=Z, Y=Y)
    check_kind("wrong", wrong, bool, "True or False")
    m = len(labels)
    low, high = X.min(axis=1), X.max(axis=1)
    # Large points stay whole.
    margin = (0.25 if m <= FEW else 0.1) * (high - low)
    x1, x2 = (
        np.linspace(a, b, 200, dtype=X.dtype)
        for a, b in zip(low - margin, high + margin, strict=True)
    )
    grid = np.vstack([part.ravel() for part in np.meshgrid(x1, x2)])
    k = max(2, len(Y))
    # Two classes meet where the output is 0, on a smooth curve; more of them, where the largest output changes.
    if len(Y) == 1:
        height = forward(network, grid)[0].reshape(200, 200)
        check_finite("outputs", network=height)
        beyond = 1 + float(np.abs(height).max())
        # An output of just 0 is class 0.
        levels = [-beyond, float(np.finfo(np.float64).tiny), beyond]
    else:
        height = predict(network, grid).reshape(200, 200)
        levels = (np.arange(k + 1) - 0.5).tolist()
    ax.contourf(x1, x2, height, levels=levels, colors=CLASSES[:k], alpha=0.22)
    if wrong and len(Y) == 1 and height.min() < 0 < height.max():
        red = COLOURS["wrong"]
        ax.contour(x1, x2, height, levels=[0.0], colors=[red], linewidths=1.8)
    size = 15 if m <= FEW else 6 if m <= 100 else 3
    for label, marker in zip(range(k), MARKERS, strict=False):
        there = labels == label
        ax.plot(
            *X[:, there],
            marker,
            color=CLASSES[label],
            markersize=size,
            markeredgecolor="white",
            markeredgewidth=0.8 if size > 3 else 0,
        )
    if m <= FEW:
        for (x_1, x_2), label in zip(X.T, labels, strict=True):
            ax.text(
                x_1,
                x_2,
                str(label),
                color="white",
                weight="bold",
                ha="center",
                va="center_baseline",
            )
    if wrong:
        missed = predict(network, X).ravel() != labels
        ax.plot(
            *X[:, missed],
            "o",
            markersize=size + (8 if m <= FEW else 4),
            markerfacecolor="none",
            markeredgecolor=COLOURS["wrong"],
            markeredgewidth=2 if m <= FEW else 1,
        )
    for spine in ax.spines.values():
        spine.set_visible(False)
    for axis, row in zip((ax.xaxis, ax.yaxis), X, strict=True):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        ticks = np.unique(row)
        if len(ticks) <= 3:
            axis.set_ticks(ticks, [written(tick) for tick in ticks])
    ax.set_xlabel(WORDS["input x_1"])
    ax.set_ylabel(WORDS["input x_2"])
    return ax


def symmetry(
    ax: Axes, networks: Sequence[Network], layer: int = 1, limit: float | None = None
) -> Axes:
    """Draw how the weights of each unit of a layer move in training, in the plane of their two inputs.

    A ring is where a unit starts, a dot with its number where it ends; units that stay alike stay in one place.

    Args:
        ax: where to draw.
        networks: the network at the start, maybe at steps between, and at the end.
        layer: the number of the layer, from 1; it has two inputs.
        limit: the plot reaches from -limit to limit; without it, as far as the weights.

    Raises:
        ShapeError: if the layer does not have two inputs, or its size changes.
        ValueError: if there are fewer than two networks or no such layer, or a weight or limit is out of range.
        TypeError: if ax is not one Axes, networks not a list of networks, or the layer not dense.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import Constant, mlp, tanh
        >>> start = mlp(np.random.default_rng(0), [2, 3, 1], tanh, Constant(0.5))
        >>> end = mlp(np.random.default_rng(0), [2, 3, 1], tanh, Constant(1.0))
        >>> [text.get_text() for text in symmetry(plt.figure().add_subplot(), [start, end]).texts]
        ['units 1, 2, 3']
    """
    check_ax(ax)
    if not isinstance(networks, list | tuple) or isinstance(networks[0], Dense):
        raise TypeError(
            f"networks: expected a list of networks, but got {shown(networks)}"
        )
    if len(networks) < 2:
        raise ValueError(f"networks: expected at least two, but got {len(networks)}")
    check_count("layer", layer)
    for network in networks:
        check_network(network)
        if layer > len(network):
            raise ValueError(
                f"layer: expected at most the {len(network)} of the network, but got {layer}"
            )
    moving = [network[layer - 1] for network in networks]
    for position, each in enumerate(moving):
        name = f"networks[{position}][{layer - 1}]"
        check_kind(name, each, Dense, "a dense layer such as nnnotes.dense makes")
        check_shapes("n_out n_in, n_out n_in", start=moving[0].W, W=each.W)
        check_shapes("n_out 2", W=each.W)
        check_finite("weights", W=each.W)
    paths = np.stack([each.W for each in moving])
    if limit is None:
        limit = 1.15 * float(np.abs(paths).max()) or 1.0
    check_positive("limit", limit)
    for line in (ax.axhline, ax.axvline):
        line(0, color=MUTED, linewidth=0.6, zorder=0.5)
    together: list[list[int]] = []
    for i, end in enumerate(paths[-1]):
        for group in together:
            if np.abs(end - paths[-1, group[0]]).max() <= 1e-9 * limit:
                group.append(i)
                break
        else:
            together.append([i])
    # The names keep clear of the ways and of each other.
    full = paths.reshape(-1, 2)
    # As long as a line of text is high.
    away = 2 * limit * 14 * ax.figure.dpi / 72 / ax.bbox.height
    for position, group in enumerate(together):
        colour = SERIES[position % len(SERIES)]
        for i in group:
            path = paths[:, i]
            ax.plot(*path.T, color=colour, linewidth=1.2)
            ax.plot(*path[0], "o", color=colour, markersize=7, markerfacecolor="white")
            ax.plot(*path[-1], "o", color=colour, markersize=7)
        end = paths[-1, group[0]]
        places = end + away * DIRECTIONS
        clear = np.linalg.norm(places[:, None] - full, axis=2).min(axis=1)
        right, up = DIRECTIONS[clear.argmax()]
        full = np.vstack([full, end + away * DIRECTIONS[clear.argmax()]])
        numbers = ", ".join(str(i + 1) for i in group)
        ax.annotate(
            WORDS["units"].format(numbers=numbers) if len(group) > 1 else numbers,
            end,
            (7 * right, 7 * up),
            textcoords="offset points",
            color=colour,
            ha={-1: "right", 0: "center", 1: "left"}[int(right)],
            va={-1: "top", 0: "center", 1: "bottom"}[int(up)],
            # It hides the axis below it, and no way.
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            zorder=1,
        )
    ax.set_xlim(-limit, limit)
    ax.set_ylim(-limit, limit)
    ax.set_aspect("equal")
    ax.set_xlabel(WORDS["weight w_1"])
    ax.set_ylabel(WORDS["weight w_2"])
    return ax


def weights(ax: Axes, W: Real[Array, "n_out n_in"], limit: float | None = None) -> Axes:
    """Draw a weight matrix in colours, one unit per row: rows that are alike show units that are alike.

    A small matrix shows its numbers, a larger one a scale of the colours.

    Args:
        ax: where to draw.
        W: the weights.
        limit: the colours reach from -limit to limit, for two panels to be compared; without it, as far as the weights.

    Raises:
        ShapeError: if W does not have two axes, or one of them is empty.
        ValueError: if a weight is not finite, or limit is not finite and greater than 0.
        TypeError: if ax is not one Axes, W not an array of real numbers, or limit not a number.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> weights(plt.figure().add_subplot(), np.eye(3)).get_ylabel()
        'unit $i$'
    """
    check_ax(ax)
    check_shapes("n_out n_in", W=W)
    W = as_float(W, "W")
    check_finite("weights", W=W)
    if limit is None:
        limit = float(np.abs(W).max()) or 1.0
    check_positive("limit", limit)
    n_out, n_in = W.shape
    # Units and inputs are counted from 1, as in formulas.
    extent = (0.5, n_in + 0.5, n_out + 0.5, 0.5)
    image = ax.imshow(
        W, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto", extent=extent
    )
    if W.size <= SMALL and n_in <= 4:
        for (i, j), w in np.ndenumerate(W):
            colour = "white" if abs(w) > 0.6 * limit else TEXT
            text = written(w, 2) if limit < 0.1 else f"{w:.2f}".replace("-", "−")
            ax.text(j + 1, i + 1, text, ha="center", va="center", color=colour)
    else:
        ax.figure.colorbar(image, ax=ax).outline.set_visible(False)
    ax.locator_params(integer=True)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(length=0)
    ax.set_xlabel(WORDS["input j"])
    ax.set_ylabel(WORDS["unit i"])
    return ax


def _labels(Y: Array) -> Array:
    """Return the number of each target's class, if the targets are such as `decision_boundary` takes."""
    if len(Y) > len(CLASSES):
        raise ValueError(
            f"Y: expected at most {len(CLASSES)} classes, but got {len(Y)}"
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
