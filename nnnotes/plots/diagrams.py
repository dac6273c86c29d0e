"""Diagrams of units, layers and networks, with their own numbers."""

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from nnnotes._checks import check_count, check_finite, check_kind, shown
from nnnotes.arrays import Array, Float
from nnnotes.layers import Dense
from nnnotes.networks import Network, backward, check_network, forward
from nnnotes.plots.style import (
    COLOURS,
    GREEN,
    MUTED,
    OLIVE,
    PLUM,
    TEXT,
    WORDS,
    bracketed,
    check_ax,
    written,
)
from nnnotes.shapes import check_shapes

MOST = 6  # units that a column shows; of more, some and an ellipsis
LINE = 56  # characters
SMALL = 9.5  # points: 9 pixels on a phone
A_DENSE = "a dense layer such as nnnotes.dense(rng, 3, 4, nnnotes.tanh)"
FORWARD, BACKWARD = COLOURS["forward"], COLOURS["backward"]


def unit(
    ax: Axes, layer: Dense, x: Float[Array, "n_in 1"] | None = None, i: int = 0
) -> Axes:
    """Draw one unit of a dense layer: inputs, weights, sum and bias, activation and output.

    With an input, all its numbers stand there; without, the symbols. The texts have room where ax is 5 inches wide.

    Args:
        ax: where to draw.
        layer: the layer, with at most 6 inputs.
        x: the layer's input, one example in one column.
        i: which unit, counted from 0.

    Raises:
        ShapeError: if x is not one column with a row for each input.
        ValueError: if there is no such unit, there are more inputs, or a number is not finite.
        TypeError: if ax is not one Axes, layer not a dense layer, x not a floating-point array, or i not an integer.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import relu
        >>> layer = Dense(np.array([[2.0, -1.0]]), np.array([[0.5]]), relu)
        >>> ax = unit(plt.figure().add_subplot(), layer, np.array([[1.0], [3.0]]))
        >>> [text.get_text() for text in ax.texts if "$z$" in text.get_text()]
        ['$z$ = −0.5', '$z$ = 2 · 1 + (−1) · 3 + 0.5 = −0.5']
    """
    check_ax(ax)
    check_kind("layer", layer, Dense, A_DENSE)
    check_count("i", i, least=0)
    if i >= layer.n_out:
        raise ValueError(f"i: expected less than the {layer.n_out} units, but got {i}")
    n = layer.n_in
    if n > MOST:
        raise ValueError(f"layer: expected at most {MOST} inputs, but got {n}")
    w, b = layer.W[i], layer.b[i, 0]
    check_finite("weights and biases", layer=np.append(w, b))
    if x is None:
        inputs = [f"$x_{j}$" for j in range(1, n + 1)]
        values = [f"$w_{j}$" for j in range(1, n + 1)]
        bias, z, a, colour = "$b$", "$z$", "$a$", TEXT
        terms = [f"w_{j} x_{j}" for j in range(1, n + 1)]
        lines = [f"$z = {' + '.join(terms)} + b$", "$a = g(z)$"]
    else:
        A, cache = layer.forward(x)
        check_shapes("n_in 1", x=x)
        check_finite("inputs", x=x)
        inputs = [_brief(value, 6) for value in x[:, 0]]
        values = [f"$w_{j}$ = {written(value)}" for j, value in enumerate(w, start=1)]
        bias, colour = f"$b$ = {written(b)}", FORWARD
        z, a = f"$z$ = {_brief(cache.Z[i, 0], 6)}", _brief(A[i, 0], 6)
        terms = [
            f"{bracketed(w_j)} · {bracketed(x_j)}"
            for w_j, x_j in zip(w, x[:, 0], strict=True)
        ]
        total = written(cache.Z[i, 0])
        products = f"$z$ = {' + '.join([*terms, bracketed(b)])} = {total}"
        if len(products) > LINE:
            products = rf"$z = \sum_j w_j x_j + b$ = {total}"
        lines = [products, f"$a$ = $g$({total}) = {written(A[i, 0])}"]
    column = _spread(n, 1.7)
    centre, box, out = 4.7, 8.3, 11.1
    for j, y in enumerate(column):
        _arrow(ax, (0, y), (centre, 0), 0.82 if colour == FORWARD else 0.5, 0.58)
        _label(ax, 2.3, y * (1 - 2.3 / centre), values[j])
        if x is None:
            _circle(ax, 0, y, inputs[j])
        else:
            _box(ax, 0, y, 0.82, 0.42, inputs[j], FORWARD)
            ax.text(-0.95, y, f"$x_{j + 1}$", ha="right", va="center")
    _arrow(ax, (centre, -1.6), (centre, 0), 0, 0.58)
    ax.text(centre, -1.7, bias, ha="center", va="top")
    _circle(ax, centre, 0, r"$\sum$", radius=0.58)
    _arrow(ax, (centre, 0), (box, 0), 0.58, 0.75)
    between = (centre + 0.58 + box - 0.75) / 2
    ax.text(between, 0.15, z, ha="center", va="bottom", color=colour)
    _curve(ax, layer, box, 0, 0.75)
    ax.text(box, 0.9, layer.g.name, ha="center", va="bottom")
    _arrow(ax, (box, 0), (out, 0), 0.75, 0.5 if x is None else 0.82)
    if x is None:
        _circle(ax, out, 0, a)
    else:
        _box(ax, out, 0, 0.82, 0.42, a, FORWARD)
        ax.text(out, 0.55, "$a$", ha="center", va="bottom")
    low = min(column[-1] - 0.6, -2.3) - 0.35
    left = -0.6 if x is None else -1.6
    for line in lines:
        ax.text((left + out + 0.95) / 2, low, line, ha="center", va="top", color=colour)
        low -= 1.05 if "sum" in line else 0.75
    return _finish(ax, (left, out + 0.95), (low, max(column[0] + 0.6, 1.6)))


def network(ax: Axes, network: Network) -> Axes:
    """Draw a network as circles and lines: its layers, its sizes, and the names of its arrays.

    Of a layer with more than 6 units, some are drawn, and an ellipsis for the others. The texts have room where ax is
    5 inches wide.

    Args:
        ax: where to draw.
        network: the layers, at most 5.

    Raises:
        ShapeError: if a layer does not fit the one before it.
        ValueError: if there are no layers, or more.
        TypeError: if ax is not one Axes, or network not a tuple of layers.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import mlp, tanh
        >>> layers = mlp(np.random.default_rng(0), [2, 4, 1], tanh)
        >>> len(network(plt.figure().add_subplot(), layers).patches)
        7
    """
    check_ax(ax)
    check_network(network)
    if len(network) > 5:
        raise ValueError(f"network: expected at most 5 layers, but got {len(network)}")
    sizes = [network[0].n_in, *(layer.n_out for layer in network)]
    width = 10 / len(network)
    places = [_column(size) for size in sizes]
    for number, (before, after) in enumerate(pairwise(places)):
        for y in before:
            for y_next in after:
                across = [number * width, (number + 1) * width]
                ax.plot(across, [y, y_next], color=MUTED, linewidth=0.6)
    top = max(column[0] for column in places) + 0.75
    for number, (size, column) in enumerate(zip(sizes, places, strict=True)):
        x = number * width
        for y in column:
            _circle(ax, x, y, "", radius=0.36)
        if size > MOST:
            middle = (column[-1] + column[-2]) / 2
            for shift in (-0.24, 0, 0.24):
                ax.plot(x, middle + shift, "o", color=TEXT, markersize=2.4)
        name = WORDS["layer number"].format(number=number)
        array = f"$a^{{[{number}]}}$"
        if number == 0:
            name, array = WORDS["input"], "$x$"
        ax.text(x, top + 0.8, name, ha="center", va="bottom")
        ax.text(x, top, array, ha="center", va="bottom", color=FORWARD)
        ax.text(x, -top, f"$n^{{[{number}]}} = {size}$", ha="center", va="top")
        if number and isinstance(network[number - 1], Dense):
            arrays = [f"$W^{{[{number}]}}$", f"$b^{{[{number}]}}$"]
            text = ", ".join(arrays[: 2 if len(network) < 4 else 1])
            ax.text(x - width / 2, top, text, ha="center", va="bottom", color=MUTED)
    return _finish(ax, (-0.9, 10.9), (-top - 0.7, top + 1.4))


def shapes(ax: Axes, network: Network, m: int) -> Axes:
    """Draw the arrays of each layer as rectangles in their places, W A_prev + b = Z, with their sizes.

    Sides of one size are of one length, so it is seen that they fit. The texts have room where ax is 5 inches wide.

    Args:
        ax: where to draw.
        network: dense layers, at most 4.
        m: the number of examples, at least 1.

    Raises:
        ShapeError: if a layer does not fit the one before it.
        ValueError: if there are no layers or more than 4, or m is less than 1.
        TypeError: if ax is not one Axes, network not a tuple of dense layers, or m not an integer.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import mlp, tanh
        >>> ax = shapes(plt.figure().add_subplot(), mlp(np.random.default_rng(0), [2, 3, 1], tanh), m=5)
        >>> len(ax.patches)
        8
    """
    check_ax(ax)
    check_network(network)
    layers = _check_dense(network)
    check_count("m", m)
    if len(layers) > 4:
        raise ValueError(f"network: expected at most 4 layers, but got {len(layers)}")
    sizes = [m, layers[0].n_in, *(layer.n_out for layer in layers)]
    length = _lengths(sizes)
    top, widest = 0.0, 0.0
    for number, layer in enumerate(layers, start=1):
        n_out, n_in = layer.W.shape
        before = f"A^{{[{number - 1}]}}" if number > 1 else "X"
        # Each array with the sign before it. What has to be of one size has one colour.
        arrays = [
            ("", f"W^{{[{number}]}}", (n_out, GREEN), (n_in, PLUM)),
            (r"$\cdot$", before, (n_in, PLUM), (m, OLIVE)),
            ("$+$", f"b^{{[{number}]}}", (n_out, GREEN), (1, MUTED)),
            ("$=$", f"Z^{{[{number}]}}", (n_out, GREEN), (m, OLIVE)),
        ]
        height = max(length[n_out], length[n_in])
        middle, x = top - height / 2, 0.0
        for sign, name, (rows, row_colour), (columns, column_colour) in arrays:
            if sign:
                ax.text(x + 0.42, middle, sign, ha="center", va="center", fontsize=13)
                x += 0.7
            x += 0.3 + 0.25 * len(str(rows))
            w, h = length[columns], length[rows]
            colour = FORWARD if name[0] in "XAZ" else MUTED
            ax.add_patch(
                Rectangle(
                    (x, middle - h / 2),
                    w,
                    h,
                    facecolor=to_rgba(colour, 0.15),
                    edgecolor=colour,
                )
            )
            ax.text(x + w / 2, middle, f"${name}$", ha="center", va="center")
            above = middle + h / 2 + 0.1
            ax.text(
                x - 0.12, middle, str(rows), ha="right", va="center", color=row_colour
            )
            ax.text(
                x + w / 2,
                above,
                str(columns),
                ha="center",
                va="bottom",
                color=column_colour,
            )
            x += w
        widest = max(widest, x)
        top -= height + 1.1
    return _finish(ax, (-0.1, widest + 0.1), (top + 1.0, 0.75))


def flow(
    ax: Axes,
    network: Network,
    X: Float[Array, "n_0 1"],
    dA: Float[Array, "n_L 1"] | None = None,
) -> Axes:
    """Draw the numbers that flow forward through a small network and, given where they begin, those that flow back.

    At each arrow stands a product: forward, weight times value; back, weight times dz. In each unit stand z and a, and
    da, the slope g', and dz. Numbers have two or three digits, and room where ax is 5 inches wide.

    Args:
        ax: where to draw.
        network: one or two dense layers, with at most 3 units each.
        X: the network's input, one example in one column.
        dA: the derivative of the loss with respect to the network's output.

    Raises:
        ShapeError: if X or dA does not fit the network, or is not one column.
        ValueError: if the network is larger, or a number is not finite.
        TypeError: if ax is not one Axes, network not a tuple of dense layers, or X or dA not a floating-point array.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes import identity
        >>> one = Dense(np.array([[2.0]]), np.array([[0.5]]), identity)
        >>> ax = flow(plt.figure().add_subplot(), (one,), np.array([[3.0]]))
        >>> [text.get_text() for text in ax.texts]
        ['2 · 3', '$x_1$ = 3', '$z$ = 6.5', '$a$ = 6.5', 'forward →']
    """
    check_ax(ax)
    output, caches = forward(network, X)
    check_shapes("n_0 1", X=X)
    layers = _check_dense(network)
    sizes = [layers[0].n_in, *(layer.n_out for layer in layers)]
    if len(layers) > 2 or max(sizes) > 3:
        raise ValueError(
            f"network: expected one or two layers with at most 3 units each, but got the sizes {sizes}"
        )
    check_finite("numbers", X=X, network=output)
    if dA is not None:
        backward(network, dA, caches)
        check_finite("derivatives", dA=dA)
    # What the units of each layer hold, by name.
    A, forth = X, []
    for layer in layers:
        A, cache = layer.forward(A)
        forth.append({"z": cache.Z[:, 0], "a": A[:, 0]})
    back: list[dict[str, Array]] = [{} for _ in layers]
    for number in reversed(range(len(layers))):
        if dA is not None:
            slope = layers[number].slopes(caches[number])
            named = {"da": dA, "g'": slope, "dz": dA * slope}
            back[number] = {name: array[:, 0] for name, array in named.items()}
            dA, _ = layers[number].backward(dA, caches[number])
    lines = 5 if back[0] else 2
    first, half, pitch = 1.15, 1.3, 0.58
    high = pitch * lines / 2 + 0.12
    spacing = max(2 * high + 0.7, 3.2)
    # Two numbers of either sign fit between the columns, and more of them between the last ones.
    across = [0.0, 6.2] if len(network) == 1 else [0.0, 5.2, 11.3]
    columns = [_spread(size, spacing) for size in sizes]
    if sizes[1] == 1:
        columns[0] = _spread(sizes[0], 2.4)
    for number, layer in enumerate(layers):
        values = forth[number - 1]["a"] if number else X[:, 0]
        part = _part(columns[number], columns[number + 1])
        for i, j in np.ndindex(layer.W.shape):
            start = (across[number] + (half if number else first), columns[number][j])
            end = (across[number + 1] - half, columns[number + 1][i])
            there = part if start[1] != end[1] else 0.5
            x, y = (a + there * (b - a) for a, b in zip(start, end, strict=True))
            weight = _brief(layer.W[i, j], 5)
            both = bool(back[0]) and number > 0
            _arrow(ax, start, end, 0.05, 0.05)
            product = f"{weight} · {_brief(values[j], 5, in_product=True)}"
            _label(ax, x, y + 0.27 * both, product, FORWARD, SMALL)
            if both:
                dz = back[number]["dz"][i]
                product = f"{weight} · {_brief(dz, 5, in_product=True)}"
                _label(ax, x, y - 0.27, product, BACKWARD, SMALL)
    for j, y in enumerate(columns[0]):
        text = f"$x_{j + 1}$ = {_brief(X[j, 0], 5)}"
        _box(ax, 0, y, first, 0.42)
        _label(ax, 0, y, text, FORWARD, SMALL)
    for number, column in enumerate(columns[1:]):
        rows = [(name, FORWARD) for name in forth[number]]
        rows += [(name, BACKWARD) for name in back[number]]
        arrays = forth[number] | back[number]
        for i, y in enumerate(column):
            x = across[number + 1]
            _box(ax, x, y, half, high)
            for row, (name, colour) in enumerate(rows):
                place = y + pitch * ((lines - 1) / 2 - row)
                text = f"${name}$ = {_brief(arrays[name][i], 6)}"
                _label(ax, x, place, text, colour, SMALL)
    edge = max(column[0] for column in columns) + high + 0.15
    place = -edge - 0.1
    ax.text(-first, place, WORDS["forward"], va="top", color=FORWARD)
    if back[0]:
        ax.text(
            across[-1] + half,
            place,
            WORDS["back"],
            ha="right",
            va="top",
            color=BACKWARD,
        )
    return _finish(ax, (-first - 0.05, across[-1] + half + 0.05), (place - 0.6, edge))


def _check_dense(network: Network) -> list[Dense]:
    """Return the layers, if all are dense."""
    layers = []
    for position, layer in enumerate(network):
        if not isinstance(layer, Dense):
            raise TypeError(
                f"network[{position}]: expected {A_DENSE}, but got {shown(layer)}"
            )
        layers.append(layer)
    return layers


def _brief(value: float | Array, room: int, *, in_product: bool = False) -> str:
    """Write a number with three digits or, where that takes more characters than there is room for, with two."""
    digits = 3 if len(written(value)) <= room else 2
    return (bracketed if in_product else written)(value, digits)


def _spread(size: int, pitch: float) -> list[float]:
    """The heights of so many things below each other, around 0."""
    return [pitch * ((size - 1) / 2 - i) for i in range(size)]


def _part(before: list[float], after: list[float]) -> float:
    """Say at which part of their way arrows from column to column have their numbers, for these to be far apart."""
    if 1 in (len(before), len(after)):
        return 0.5
    parts = np.linspace(0.3, 0.5, 41)
    starts = np.repeat(before, len(after))[:, None]
    ends = np.tile(after, len(before))[:, None]
    places = np.sort((1 - parts) * starts + parts * ends, axis=0)
    return float(parts[np.diff(places, axis=0).min(axis=0).argmax()])


def _lengths(sizes: list[int]) -> dict[int, float]:
    """The length of a side for each size: the larger the longer, and none too short for a name or too long."""
    top = max(np.log2(max(sizes)), 2.5)
    return {size: 0.85 + 1.6 * float(np.log2(size)) / top for size in [1, *sizes]}


def _column(size: int) -> list[float]:
    """The heights at which a column's units stand; of many units, the first four and the last."""
    if size <= MOST:
        return _spread(size, 1.0)
    return [2.5, 1.5, 0.5, -0.5, -2.5]


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    before: float,
    after: float,
) -> None:
    """Draw an arrow between two places, but not nearer to them than so much."""
    length = np.hypot(end[0] - start[0], end[1] - start[1])
    way = np.subtract(end, start) / length
    ax.add_patch(
        FancyArrowPatch(
            tuple(start + before * way),
            tuple(end - after * way),
            arrowstyle="-|>",
            mutation_scale=9,
            shrinkA=0,
            shrinkB=0,
            linewidth=1.0,
            color=MUTED,
            zorder=1,
        )
    )


NODE: dict[str, Any] = {"facecolor": "white", "edgecolor": MUTED, "linewidth": 1.2}


def _circle(ax: Axes, x: float, y: float, text: str, radius: float = 0.5) -> None:
    ax.add_patch(Circle((x, y), radius, zorder=2, **NODE))
    if text:
        ax.text(x, y, text, ha="center", va="center", zorder=3)


def _box(
    ax: Axes,
    x: float,
    y: float,
    half: float,
    high: float,
    text: str = "",
    colour: str = TEXT,
) -> None:
    style = "round,pad=0,rounding_size=0.2"
    corner = (x - half, y - high)
    ax.add_patch(
        FancyBboxPatch(corner, 2 * half, 2 * high, boxstyle=style, zorder=2, **NODE)
    )
    if text:
        ax.text(x, y, text, ha="center", va="center", color=colour, zorder=3)


def _label(
    ax: Axes, x: float, y: float, text: str, colour: str = TEXT, size: float = 10
) -> None:
    """Write on an arrow, which is hidden where the text is."""
    # So much that of two labels on one arrow no piece of it shows between them.
    box = {"facecolor": "white", "edgecolor": "none", "pad": 2.5}
    style: dict[str, Any] = {"bbox": box, "zorder": 3, "fontsize": size}
    ax.text(x, y, text, ha="center", va="center", color=colour, **style)


def _curve(ax: Axes, layer: Dense, x: float, y: float, half: float) -> None:
    """Draw a small picture of a layer's activation in a box."""
    _box(ax, x, y, half, half)
    z = np.linspace(-3, 3, 121)
    values = layer.g(z)
    inside = 0.72 * half
    ends = np.array([-inside, inside])
    for line in ((x + ends, [y, y]), ([x, x], y + ends)):
        ax.plot(*line, color=MUTED, linewidth=0.7, zorder=3)
    tall = inside / max(float(np.abs(values).max()), 1e-9)
    ax.plot(x + inside / 3 * z, y + tall * values, color=FORWARD, zorder=4)


def _finish(ax: Axes, across: tuple[float, float], up: tuple[float, float]) -> Axes:
    ax.set_xlim(across)
    ax.set_ylim(up)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax
