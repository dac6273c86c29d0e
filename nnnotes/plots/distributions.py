"""Histograms of the activations of a network's layers."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from nnnotes._checks import check_finite, check_number, shown
from nnnotes.arrays import Array, Float
from nnnotes.networks import Network, forward
from nnnotes.plots.curves import AxesGrid
from nnnotes.plots.style import COLOURS, MUTED, WORDS, check_ax, check_axes, written


def histograms(
    axes: AxesGrid,
    network: Network,
    X: Float[Array, "n_0 m"],
    limits: tuple[float, float] | None = None,
) -> AxesGrid:
    """Draw the histogram of each layer's activations, one on each axes, all over the same numbers.

    Args:
        axes: where to draw, a list or what ``plt.subplots`` returns, one for each layer that is wanted, from the first
            on.
        network: the layers, at least as many.
        X: the inputs, one example per column.
        limits: the least and the greatest number that are shown, what is beyond them counted at the edge; without them,
            those of all activations.

    Raises:
        ShapeError: if X does not fit the network.
        ValueError: if there are more axes than layers, an activation is not finite, or the limits are not in order.
        TypeError: if axes is not a list of Axes, or another argument of another type.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import mlp, tanh
        >>> rng = np.random.default_rng(0)
        >>> axes = list(plt.figure().subplots(1, 2))
        >>> [ax.get_title() for ax in histograms(axes, mlp(rng, [2, 4, 1], tanh), np.ones((2, 9)))]
        ['$A^{[1]}$', '$A^{[2]}$']
    """
    listed = check_axes(axes)
    forward(network, X)
    if len(listed) > len(network):
        raise ValueError(
            f"axes: expected at most one for each of the {len(network)} layers, but got {len(listed)}"
        )
    layers = _activations(network[: len(listed)], X)
    low, high = _limits(limits, layers)
    for number, (ax, A) in enumerate(zip(listed, layers, strict=True), start=1):
        shown_there = np.clip(A.ravel(), low, high)
        ax.hist(
            shown_there,
            bins=40,
            range=(low, high),
            density=True,
            color=COLOURS["value"],
        )
        ax.set_title(f"$A^{{[{number}]}}$")
        ax.set_xlim(low, high)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        _few_ticks(ax, 2)
    return axes


def ridges(
    ax: Axes,
    network: Network,
    X: Float[Array, "n_0 m"],
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Draw the histograms of all layers' activations below each other over one axis, with each layer's mean square.

    Each histogram is as high as its row, so that its shape is seen; how wide it is can be compared.

    Args:
        ax: where to draw.
        network: the layers.
        X: the inputs, one example per column.
        limits: the least and the greatest number that are shown, what is beyond them counted at the edge; without them,
            those of all activations.

    Raises:
        ShapeError: if X does not fit the network.
        ValueError: if an activation is not finite, or the limits are not in order.
        TypeError: if ax is not one Axes, or another argument of another type.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import mlp, tanh
        >>> network = mlp(np.random.default_rng(0), [2, 4, 1], tanh)
        >>> ax = ridges(plt.figure().add_subplot(), network, np.ones((2, 9)))
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['1', '2']
    """
    check_ax(ax)
    forward(network, X)
    layers = _activations(network, X)
    low, high = _limits(limits, layers)
    edges = np.linspace(low, high, 61)
    for number, A in enumerate(layers, start=1):
        counts, _ = np.histogram(np.clip(A, low, high), edges)
        ax.stairs(
            number - 0.88 * counts / counts.max(),
            edges,
            baseline=number,
            fill=True,
            color=COLOURS["value"],
            zorder=2,
        )
        ax.plot([low, high], [number, number], color=MUTED, linewidth=0.6, zorder=1)
        q = float(np.mean(np.square(A, dtype=np.float64)))
        ax.annotate(
            written(q, 2),
            (1, number - 0.3),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    ax.set_title(WORDS["mean of a^2"], loc="right")
    ax.set_xlim(low, high)
    ax.set_ylim(len(layers) + 0.15, 0)
    rows = range(1, len(layers) + 1)
    ax.set_yticks([row - 0.3 for row in rows], [str(row) for row in rows])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    _few_ticks(ax, 4)
    ax.set_xlabel(WORDS["activation"])
    ax.set_ylabel(WORDS["layer"])
    return ax


def _few_ticks(ax: Axes, most: int) -> None:
    ax.xaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: written(tick)))


def _activations(network: Network, X: Array) -> list[Array]:
    layers, A = [], X
    for number, layer in enumerate(network, start=1):
        A, _ = layer.forward(A)
        check_finite(f"activations of layer {number}", network=A)
        layers.append(A)
    return layers


def _limits(limits: object, layers: Sequence[Array]) -> tuple[float, float]:
    """Return checked limits, or those of all numbers, which all alike but for rounding make one bar."""
    if limits is not None:
        if not isinstance(limits, Sequence) or len(limits) != 2:
            raise TypeError(f"limits: expected two numbers, but got {shown(limits)}")
        for position, limit in enumerate(limits):
            check_number(f"limits[{position}]", limit)
        low, high = map(float, limits)
        if low >= high:
            raise ValueError(
                f"limits: expected the smaller number first, but got {shown(limits)}"
            )
        return low, high
    low = min(float(A.min()) for A in layers)
    high = max(float(A.max()) for A in layers)
    same = high - low <= 1e-9 * max(abs(low), abs(high), 1e-300)
    margin = max(1e-6 * abs(high), 1e-6) if same else 0.0
    return low - margin, high + margin
