"""Curves: activations, losses over the steps of training, and a loss over one weight."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from nnnotes._checks import (
    AN_ACTIVATION,
    as_float,
    check_count,
    check_finite,
    check_kind,
    check_number,
    check_positive,
    shown,
)
from nnnotes.activations import Activation
from nnnotes.arrays import Array
from nnnotes.plots.style import (
    COLOURS,
    MUTED,
    SERIES,
    TEXT,
    WORDS,
    check_ax,
    check_axes,
    written,
)

AXIS: dict[str, Any] = {"color": MUTED, "linewidth": 0.8, "zorder": 0.5}
DIRECT = 3  # curves that are named where they end; more have a legend

# What plt.subplots returns for several axes, or a list of them.
AxesGrid = TypeVar("AxesGrid", Sequence[Axes], Array)


def activation(ax: Axes, g: Activation, edge: float = 5.0) -> Axes:
    """Draw an activation, and its derivative dashed.

    A slope on the left that is too flat to be told from 0 is written there.

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
        >>> [text.get_text() for text in activation(plt.figure().add_subplot(), relu).texts]
        ["$g'(z)$", '$g(z)$']
    """
    check_ax(ax)
    check_kind("g", g, Activation, AN_ACTIVATION)
    check_positive("edge", edge)
    value, slope = _draw_activation(ax, g, edge)
    ax.margins(y=0.1)
    ends = [
        (value, "$g(z)$", COLOURS["value"]),
        (slope, "$g'(z)$", COLOURS["slope"]),
    ]
    _label_ends(ax, [(edge, float(y), text, colour) for y, text, colour in ends])
    ax.set_xlabel(WORDS["pre-activation"])
    return ax


def activation_grid(
    axes: AxesGrid, gs: Sequence[Activation], edge: float = 5.0
) -> AxesGrid:
    """Draw several activations, one on each axes, all on one scale, with their names as titles.

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
    listed = check_axes(axes)
    if not isinstance(gs, Sequence) or isinstance(gs, str):
        raise TypeError(f"gs: expected a list of activations, but got {shown(gs)}")
    for position, g in enumerate(gs):
        check_kind(f"gs[{position}]", g, Activation, AN_ACTIVATION)
    check_positive("edge", edge)
    if len(listed) < len(gs):
        raise ValueError(
            f"axes: expected at least one for each of the {len(gs)} activations, but got {len(listed)}"
        )
    for ax, g in zip(listed, gs, strict=False):
        _draw_activation(ax, g, edge)
        ax.set_title(g.name, fontsize=10 if len(g.name) < 12 else 9)
        ax.set_xlabel("$z$")
    limits = [ax.get_ylim() for ax in listed[: len(gs)]]
    # What goes on without end need not be seen to the end of its panel.
    low = max(min((low for low, _ in limits), default=0), -0.4 * edge)
    high = min(max((high for _, high in limits), default=1), 0.75 * edge)
    for ax in listed[: len(gs)]:
        ax.set_ylim(low, high)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda tick, _: written(tick)))
    for ax in listed[len(gs) :]:
        ax.set_visible(False)
    return axes


def descent(
    ax: Axes,
    loss: Callable[[float], Any],
    slope: Callable[[float], Any],
    w: float,
    lr: float,
    steps: int = 1,
    edge: float | None = None,
) -> Axes:
    """Draw a loss over one weight, and on it the steps of gradient descent, with the slope where they start.

    The length of a single step is written, too.

    Args:
        ax: where to draw.
        loss: the loss as a function of the weight.
        slope: its derivative.
        w: the weight before the first step.
        lr: the learning rate, greater than 0.
        steps: how many steps are drawn, at least 1.
        edge: the curve reaches so far beyond the places that are visited, on both sides; without it, as far as they are
            apart, or a little less.

    Raises:
        ValueError: if lr, edge or steps is out of its range, or a weight or a loss is not finite.
        TypeError: if ax is not one Axes, loss or slope not a function, or another argument not a number.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> ax = descent(plt.figure().add_subplot(), lambda w: w**2, lambda w: 2 * w, w=1.0, lr=0.25)
        >>> [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "o"]
        [[1.0, 0.5]]
    """
    check_ax(ax)
    for name, function in (("loss", loss), ("slope", slope)):
        if not callable(function):
            raise TypeError(
                f"{name}: expected a function of the weight, but got {shown(function)}"
            )
    check_number("w", w)
    check_positive("lr", lr)
    check_count("steps", steps)
    visited, slopes = [float(w)], []
    for _ in range(steps):
        slopes.append(float(slope(visited[-1])))
        visited.append(visited[-1] - lr * slopes[-1])
    low, high = min(visited), max(visited)
    if not np.isfinite([low, high]).all():
        raise ValueError(f"lr: {lr} leads from {w} to weights that are not finite")
    if edge is None:
        edge = 0.6 * (high - low) or 1.0
    check_positive("edge", edge)
    places = np.union1d(np.linspace(low - edge, high + edge, 201), visited)
    heights = np.array([float(loss(place)) for place in places])
    at = [float(loss(place)) for place in visited]
    check_finite("losses", loss=np.append(heights, at))
    ax.plot(places, heights, color=COLOURS["value"])
    # The first slope, as long as a third of the plot.
    d, span = slopes[0], float(np.ptp(heights)) or 1.0
    near = 0.17 / float(np.hypot(1 / np.ptp(places), d / span))
    tangent = w + near * np.array([-1, 1])
    ax.plot(tangent, at[0] + d * (tangent - w), color=COLOURS["slope"])
    for start, end, height, after in zip(
        visited, visited[1:], at, at[1:], strict=False
    ):
        arrow = {"arrowstyle": "-|>", "color": TEXT, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (end, height), (start, height), arrowprops=arrow)
        ax.plot([end, end], [height, after], ":", color=MUTED, linewidth=1.2)
    ax.plot(visited, at, "o", color=TEXT, markersize=6)
    outward = 1 if d >= 0 else -1
    ax.annotate(
        rf"$dJ/dw$ = {written(d)}",
        (w, at[0]),
        (12 * outward, -4),
        textcoords="offset points",
        color=COLOURS["slope"],
        ha="left" if d >= 0 else "right",
        va="top",
    )
    if steps == 1:
        ax.annotate(
            rf"$-\eta\,dJ/dw$ = {written(visited[1] - w)}",
            (w, at[0]),
            (-5 * outward, 5),
            textcoords="offset points",
            ha="right" if d >= 0 else "left",
            va="bottom",
        )
    ax.set_xlabel(WORDS["weight"])
    ax.set_ylabel(WORDS["loss"])
    return ax


def losses(ax: Axes, histories: Mapping[str, Sequence[float] | Array]) -> Axes:
    """Draw the loss over the steps of training, on a logarithmic scale.

    Up to three runs are named where their curves end, more in a legend.

    Args:
        ax: where to draw.
        histories: the losses of each run, by its name, which should say what a number in it is: "rate 0.1", not "0.1".

    Raises:
        ValueError: if the losses of a run are not one after the other, but in several axes.
        TypeError: if ax is not one Axes, or histories not a dictionary of losses by name.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> losses(plt.figure().add_subplot(), {"tanh": [0.7, 0.3, 0.1]}).get_yscale()
        'log'
    """
    check_ax(ax)
    styles = ("-", "--", "-.", ":")
    ends = []
    for position, (name, history) in enumerate(_list_histories(histories)):
        colour = SERIES[position % len(SERIES)]
        steps = np.arange(1, len(history) + 1)
        style = styles[position % len(styles)]
        ax.plot(steps, history, style, color=colour, label=name)
        (seen,) = np.nonzero(np.isfinite(history) & (history > 0))
        if seen.size:
            last = seen[-1]
            ends.append((float(steps[last]), float(history[last]), name, colour))
    log_axis(ax)
    ax.grid(axis="y")
    ax.margins(x=0.02)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    ax.set_xlabel(WORDS["step"])
    ax.set_ylabel(WORDS["loss"])
    if len(histories) <= DIRECT:
        _label_ends(ax, ends)
    else:
        ax.legend()
    return ax


def log_axis(ax: Axes, which: str = "y") -> Axes:
    """Make an axis logarithmic, with at least two numbers on it however short it is.

    Args:
        ax: the axes, already drawn on or not.
        which: "x" or "y".

    Raises:
        ValueError: if which is another text.
        TypeError: if ax is not one Axes.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> ax = log_axis(plt.figure().add_subplot())
        >>> ax.set_ylim(0.23, 0.31)
        (0.23, 0.31)
        >>> [round(float(tick), 2) for tick in ax.get_yticks()]
        [0.24, 0.26, 0.28, 0.3]
    """
    check_ax(ax)
    if which not in ("x", "y"):
        raise ValueError(f"which: expected 'x' or 'y', but got {shown(which)}")
    getattr(ax, f"set_{which}scale")("log")
    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(LogTicks())
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda tick, _: written(tick, 9)))
    return ax


class LogTicks(LogLocator):
    """Ticks of a logarithmic axis: powers of ten where there are two, and else what numbers there are between."""

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """Return the ticks between two numbers greater than 0."""
        low, high = sorted((vmin, vmax))
        first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
        step = max(1, -(-(last - first) // 4))
        first_shown = -(-first // step) * step  # so that 1 is among them
        decades = [10.0**power for power in range(first_shown, last + 1, step)]
        if len(decades) >= 3:
            return decades
        choices = (
            [
                times * 10.0**power
                for power in range(first - 1, last + 1)
                for times in (1, 2, 5)
            ],
            MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high),
        )
        for choice in choices:
            ticks = [float(tick) for tick in choice if low <= tick <= high]
            if len(ticks) >= 2:
                break
        return ticks


def _draw_activation(ax: Axes, g: Activation, edge: float) -> tuple[float, float]:
    """Draw both curves, and return where they end on the right."""
    kinks = [kink for kink in g.kinks if abs(kink) < edge]
    z = np.union1d(np.linspace(-edge, edge, 1001), kinks)
    values, derivatives = g(z), g.derivative(z)
    # Where the slope jumps there is a gap.
    slopes = np.where(np.isin(z, kinks), np.nan, derivatives)
    ax.axhline(**AXIS)
    ax.axvline(**AXIS)
    ax.plot(z, values, color=COLOURS["value"], label="$g(z)$")
    ax.plot(z, slopes, color=COLOURS["slope"], linestyle="--", label="$g'(z)$")
    ax.set_xlim(-edge, edge)
    flat = float(derivatives[0])
    if 0 < abs(flat) < 0.05 and flat == derivatives[len(z) // 4]:
        ax.annotate(
            WORDS["slope"].format(number=written(flat)),
            (-edge, float(values[0])),
            (4, 5),
            textcoords="offset points",
            color=COLOURS["slope"],
        )
    return float(values[-1]), float(slopes[-1])


def _label_ends(ax: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Write names to the right of where curves end, each as near to its end as the others leave room."""
    least = 1.35 * 10 * ax.figure.dpi / 72  # pixels from a line of text to the next
    ends = sorted(ends, key=lambda end: end[1])
    heights = [float(ax.transData.transform(end[:2])[1]) for end in ends]
    # Names that would touch stand together around their mean.
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1:
            below, above = groups[-2], groups[-1]
            apart = np.mean(above) - np.mean(below)
            if apart >= least * (len(below) + len(above)) / 2:
                break
            groups[-2:] = [below + above]
    placed = [
        float(np.mean(group)) + least * (position - (len(group) - 1) / 2)
        for group in groups
        for position in range(len(group))
    ]
    for (x, _, text, colour), height in zip(ends, placed, strict=True):
        y = ax.transData.inverted().transform((0, height))[1]
        ax.annotate(
            text,
            (x, float(y)),
            (6, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            annotation_clip=False,
        )


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
