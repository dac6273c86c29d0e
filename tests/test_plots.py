"""Plots: what is drawn is what the objects hold, and what is written is symbols, numbers and known words."""

import inspect
import itertools
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from nnnotes import (
    Dense,
    LeakyReLU,
    LogisticLoss,
    ShapeError,
    SquaredError,
    datasets,
    forward,
    identity,
    mlp,
    plots,
    relu,
    tanh,
    train,
)
from nnnotes.activations import ALL
from nnnotes.autodiff import activate, mean_loss, order, variable
from nnnotes.plots.curves import LogTicks
from nnnotes.plots.style import CLASSES, bracketed, written
from nnnotes.residual import Residual


@pytest.fixture(autouse=True)
def _figures_are_closed():
    yield
    plt.close("all")


@pytest.fixture
def ax():
    return plt.figure().add_subplot()


@pytest.fixture
def axes():
    return list(plt.figure().subplots(2, 3).flat)


RNG = np.random.default_rng(0)
NETWORK = mlp(RNG, [2, 5, 4, 1], tanh)
X, Y = datasets.moons(RNG, 60)

VARIABLES = {name: variable(np.ones((2, 2)), name) for name in ("W", "b", "x")}
GRAPH = mean_loss(
    SquaredError(),
    activate(tanh, VARIABLES["W"] @ VARIABLES["x"] + VARIABLES["b"]),
    np.ones((2, 2)),
)

SMALL = (
    Dense(np.array([[0.5, -1.5], [2.0, 0.25]]), np.array([[0.5], [-1.0]]), tanh),
    Dense(np.array([[1.5, -2.0]]), np.array([[0.25]]), identity),
)
ONE = np.array([[1.0], [-2.0]])
TRAINED = [SMALL, train(SMALL, LogisticLoss(), X, Y, lr=0.5, steps=9).run().network]

CALLS = {
    "unit": lambda axes: plots.unit(axes[0], SMALL[0], ONE),
    "network": lambda axes: plots.network(axes[0], NETWORK),
    "shapes": lambda axes: plots.shapes(axes[0], NETWORK, 60),
    "flow": lambda axes: plots.flow(axes[0], SMALL, ONE, np.array([[-0.5]])),
    "descent": lambda axes: plots.descent(
        axes[0], np.square, lambda w: 2 * w, 1.0, 0.1
    ),
    "log_axis": lambda axes: plots.log_axis(
        plots.losses(axes[0], {"ReLU": [2.0, 0.5]})
    ),
    "symmetry": lambda axes: plots.symmetry(axes[0], TRAINED),
    "ridges": lambda axes: plots.ridges(axes[0], NETWORK, X),
    "activation": lambda axes: plots.activation(axes[0], ALL[2]),
    "activation_grid": lambda axes: plots.activation_grid(axes, ALL[:5]),
    "decision_boundary": lambda axes: plots.decision_boundary(axes[0], NETWORK, X, Y),
    "graph": lambda axes: plots.graph(axes[0], GRAPH),
    "histograms": lambda axes: plots.histograms(axes[:3], NETWORK, X),
    "losses": lambda axes: plots.losses(
        axes[0], {"Tanh": [3.0, 2.0], "ReLU": [2.0, 0.5]}
    ),
    "weights": lambda axes: plots.weights(axes[0], NETWORK[0].W),
}


def test_all_plots_are_tested():
    functions = {
        name for name in plots.__all__ if inspect.isfunction(getattr(plots, name))
    }
    assert set(CALLS) == functions


@pytest.mark.parametrize("name", CALLS)
def test_plot_takes_the_axes_first_and_returns_them(name, axes):
    first = next(iter(inspect.signature(getattr(plots, name)).parameters))
    assert first in ("ax", "axes")
    result = CALLS[name](axes)
    if first == "ax":
        assert result is axes[0]
    else:
        assert all(a is b for a, b in zip(result, axes, strict=False))
    assert axes[0].has_data()
    axes[0].figure.canvas.draw()  # warnings come as late as this, and are errors


@pytest.mark.parametrize("name", CALLS)
def test_words_are_whole_entries_of_the_one_table_or_names(name, axes):
    CALLS[name](axes)
    axes[0].figure.canvas.draw()
    texts = {
        text.get_text()
        for ax in axes[0].figure.axes
        for text in ax.findobj(matplotlib.text.Text)
    }
    known = [
        re.sub(r"\\{numbers?\\}", "[0-9., ]+", re.escape(words))
        for words in plots.WORDS.values()
    ]
    names = {g.name for g in ALL} | {"Tanh", "ReLU", ""}
    assert texts - names
    for text in texts - names:
        symbols = re.sub(r"\$[^$]+\$", "", text)
        written = "|".join(known)
        assert re.fullmatch(written, text) or not re.search("[A-Za-z]", symbols), text
        for mathematics in re.findall(r"\$([^$]+)\$", text):
            bare = re.sub(r"\\[a-z]+", "", mathematics)
            assert not re.search("(?!dJ|dw|da|dz)[A-Za-z]{2,}", bare), text


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("activation", ("pre-activation $z$", "")),
        ("decision_boundary", ("input $x_1$", "input $x_2$")),
        ("descent", ("weight $w$", "loss $J$")),
        ("losses", ("step $t$", "loss $J$")),
        ("ridges", ("activation $a$", "layer $l$")),
        ("symmetry", ("weight $w_{i1}$", "weight $w_{i2}$")),
        ("weights", ("input $j$", "unit $i$")),
    ],
)
def test_axes_are_called_what_they_show_in_a_word_with_its_symbol(name, labels, axes):
    CALLS[name](axes)
    assert (axes[0].get_xlabel(), axes[0].get_ylabel()) == labels


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def boxes(ax):
    """Where on the page each text of a figure is, that of the ticks, too."""
    ax.figure.canvas.draw()
    found = {}
    for each in filter(Axes.get_visible, ax.figure.axes):
        pieces = [*each.texts, each.title, each._right_title]
        if each.axison:
            for axis in (each.xaxis, each.yaxis):
                low, high = sorted(axis.get_view_interval())
                ticks = [
                    tick
                    for tick in axis.get_major_ticks()
                    if low <= tick.get_loc() <= high
                ]
                pieces += [
                    axis.label,
                    axis.offsetText,
                    *(tick.label1 for tick in ticks),
                ]
        for piece in pieces:
            if piece.get_text() and piece.get_visible():
                box = piece.get_window_extent()
                found[piece.get_text(), *piece.get_position()] = box.padded(-0.5)
    return found


@pytest.mark.parametrize("name", CALLS)
def test_no_text_lies_on_another_nor_beyond_the_figure(name):
    with matplotlib.rc_context(plots.STYLE):
        several = name in ("activation_grid", "histograms")
        # Drawings come out as wide as the axes, which leaves them the room of a book's page.
        figure = plt.figure(figsize=(5, 3.6))
        axes = list(
            figure.subplots(*((2, 3) if several else (1, 1)), squeeze=False).flat
        )
        CALLS[name](axes)
        placed = boxes(axes[0])
    assert placed
    for one, other in itertools.combinations(placed, 2):
        assert not placed[one].overlaps(placed[other]), (one, other)
    for text, box in placed.items():
        assert figure.bbox.x0 <= box.x0, text
        assert box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0, text
        assert box.y1 <= figure.bbox.y1, text


def test_a_colour_has_one_meaning():
    meanings = ("value", "slope", "class 0", "class 1", "wrong", "theory")
    assert len({plots.COLOURS[name] for name in meanings}) == len(meanings)
    assert plots.COLOURS["forward"] == plots.COLOURS["value"]
    assert plots.COLOURS["backward"] == plots.COLOURS["slope"]
    # What is compared is neither a slope nor wrong.
    assert not set(plots.SERIES) & {plots.COLOURS["slope"], plots.COLOURS["wrong"]}


@pytest.mark.parametrize(
    "colour", sorted({*plots.COLOURS.values(), *plots.SERIES, *CLASSES})
)
def test_colours_stand_out_from_a_white_page(colour):
    """The contrast that WCAG 2 asks of graphics, 3 to 1, by its formula."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    assert 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05) >= 3


# What two kinds of colour-blind eyes make of linear red, green and blue, and what others do.
# Machado, Oliveira and Fernandes, 2009, doi:10.1109/TVCG.2009.113.
EYES = {
    "most": np.eye(3),
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
}


@pytest.mark.parametrize("eyes", EYES)
def test_meanings_can_be_told_apart_by_colour_blind_readers(eyes):
    """By the distance in CIELAB: at least four times 2.3, which is just noticed."""
    to_xyz = np.array(
        [
            [0.4124, 0.3576, 0.1805],
            [0.2126, 0.7152, 0.0722],
            [0.0193, 0.1192, 0.9505],
        ]
    )

    def lab(colour):
        rgb = np.array(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        seen = np.clip(np.array(EYES[eyes]) @ linear, 0, 1)
        x, y, z = np.cbrt(to_xyz @ seen / to_xyz.sum(axis=1))
        return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])

    meanings = ("value", "slope", "class 0", "class 1", "wrong", "theory")
    for one, other in itertools.combinations(meanings, 2):
        distance = np.linalg.norm(lab(plots.COLOURS[one]) - lab(plots.COLOURS[other]))
        assert distance > 4 * 2.3, (one, other, distance)


def test_style_is_one_that_matplotlib_takes_and_has_no_box():
    with matplotlib.rc_context(plots.STYLE):
        ax = plt.figure().add_subplot()
        assert not ax.spines["top"].get_visible()
        assert not ax.spines["right"].get_visible()
        (line,) = ax.plot([1e6, 1e6 + 1], [0, 1])
        assert line.get_color() == plots.SERIES[0]
        ax.figure.canvas.draw()
        assert ax.xaxis.get_major_formatter().get_offset() == ""
        # On a phone, 360 pixels wide, no text of a figure of 5.4 inches is below 9 pixels.
        for label in [*ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label]:
            assert label.get_size() * 96 / 72 * 360 / (5.4 * 96) >= 9


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (-2.0, "−2"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (0.00012345, "0.000123"),
        (1234.5, "1230"),
        (99999.0, "$10^{5}$"),
        (-1e-9, "$-10^{-9}$"),
        (2.5e300, "$2.5\\times10^{300}$"),
        (3e-320, "$3\\times10^{-320}$"),
        (-1.5e-7, "$-1.5\\times10^{-7}$"),
    ],
)
def test_numbers_have_three_digits_a_true_minus_and_powers_of_ten(value, text):
    assert written(value) == text
    assert bracketed(value) == (f"({text})" if value < 0 else text)


def legend_lines(ax):
    return {
        line.get_label(): line for line in ax.lines if line.get_label().startswith("$")
    }


@pytest.mark.parametrize("g", ALL, ids=repr)
def test_activation_is_drawn_with_its_derivative_and_a_gap_at_each_kink(g, ax):
    plots.activation(ax, g, edge=4)
    lines = legend_lines(ax)
    assert list(lines) == ["$g(z)$", "$g'(z)$"]
    z, values = lines["$g(z)$"].get_data()
    kinks = [kink for kink in g.kinks if abs(kink) < 4]
    assert (z.min(), z.max(), {0.0, *kinks} <= set(z)) == (-4, 4, True)
    # The curve has its corners, and no step is longer than a pixel of a wide figure.
    assert np.diff(z).max() <= 8 / 999
    np.testing.assert_array_equal(values, g(z))
    same, slopes = lines["$g'(z)$"].get_data()
    np.testing.assert_array_equal(same, z)
    expected = np.where(np.isin(z, kinks), np.nan, g.derivative(z))
    np.testing.assert_array_equal(slopes, expected)
    assert lines["$g(z)$"].get_linestyle() != lines["$g'(z)$"].get_linestyle()


def test_activation_has_its_gap_where_its_kink_is_and_thin_lines_through_the_origin(ax):
    class Ramp(type(relu)):
        # The first is between two points of the grid, the last out of sight.
        kinks = (1 / 3, 2.0, 5.0)

    plots.activation(ax, Ramp())
    z, slopes = legend_lines(ax)["$g'(z)$"].get_data()
    assert (z[0], z[-1]) == (-5, 5)
    np.testing.assert_array_equal(z[np.isnan(slopes)], [1 / 3, 2.0])
    horizontal, vertical = ax.lines[:2]
    assert list(horizontal.get_ydata()) == list(vertical.get_xdata()) == [0, 0]
    curve = legend_lines(ax)["$g(z)$"]
    for line in (horizontal, vertical):
        assert line.get_linewidth() < curve.get_linewidth()
        assert np.ptp(to_rgb(line.get_color())) < 0.1  # grey
    assert to_rgb(curve.get_color()) != to_rgb(legend_lines(ax)["$g'(z)$"].get_color())


def test_grid_shows_each_activation_under_its_name_and_hides_the_rest(axes):
    plots.activation_grid(axes, ALL[:5], edge=2)
    assert [ax.get_title() for ax in axes] == [g.name for g in ALL[:5]] + [""]
    assert [ax.get_visible() for ax in axes] == [True] * 5 + [False]
    for ax, g in zip(axes, ALL[:5], strict=False):
        z, values = legend_lines(ax)["$g(z)$"].get_data()
        assert z.max() == 2
        np.testing.assert_array_equal(values, g(z))


def test_several_axes_may_be_the_array_that_matplotlib_makes():
    grid = plt.figure().subplots(2, 2)
    assert plots.activation_grid(grid, ALL[:3]) is grid
    assert [ax.get_title() for ax in grid.flat] == [g.name for g in ALL[:3]] + [""]
    row = plt.figure().subplots(1, 2)
    assert plots.histograms(row, NETWORK, X) is row
    assert all(ax.has_data() for ax in row)


def test_grid_wants_axes_for_each_activation(axes):
    plots.activation_grid(axes, ALL[: len(axes)])
    assert axes[-1].get_title() == ALL[len(axes) - 1].name
    with pytest.raises(
        ValueError,
        match=r"^axes: expected at least one for each of the 5 activations, but got 4$",
    ):
        plots.activation_grid(axes[:4], ALL[:5])


def colours(ax, points):
    """The colours on the page at points of the plane."""
    ax.figure.canvas.draw()
    page = np.asarray(ax.figure.canvas.buffer_rgba())
    columns, rows = np.rint(ax.transData.transform(points)).astype(int).T
    return [
        tuple(page[len(page) - 1 - row, column])
        for row, column in zip(rows, columns, strict=True)
    ]


@pytest.mark.parametrize("k", [1, 3])
def test_each_place_has_the_colour_of_the_class_that_the_network_gives_it(k, ax):
    # One row: class 1 right of the axis. Three rows: sectors of the plane.
    t = 2 * np.pi * np.arange(k) / k
    W = np.array([np.cos(t), np.sin(t)]).T
    network = (Dense(W, np.zeros((k, 1)), identity),)
    corners = np.array([[-2.0, 2.0, 2.0, -2.0], [-1.0, -1.0, 1.0, 1.0]])
    targets = np.array([[0.0, 1.0, 1.0, 0.0]]) if k == 1 else np.eye(3)[:, [2, 0, 0, 1]]
    plots.decision_boundary(ax, network, corners, targets)
    points = [[1, 0.2], [0.5, -0.2], [-1, 0.5], [-0.5, 0.7], [-1, -0.5], [-0.5, -0.7]]
    shown = colours(ax, points)
    classes = [1, 1, 0, 0, 0, 0] if k == 1 else [0, 0, 1, 1, 2, 2]
    assert len(set(shown)) == len(set(classes))
    assert all(
        (a == b) == (shown[i] == shown[j])
        for i, a in enumerate(classes)
        for j, b in enumerate(classes)
    )
    # The shades are of the points' own colours, with 0.22 of them on white.
    for label, colour in zip(classes, shown, strict=True):
        full = [int(CLASSES[label][i : i + 2], 16) for i in (1, 3, 5)]
        # Each of the two layers of paint is rounded to a whole number.
        assert (
            np.abs(
                np.subtract(colour[:3], [255 - 0.22 * (255 - x) for x in full])
            ).max()
            <= 2
        )


@pytest.mark.parametrize("k", [1, 3, 10])
def test_points_are_drawn_in_the_colour_of_their_class(k, ax):
    rng = np.random.default_rng(1)
    X, Y = datasets.moons(rng, 30) if k == 1 else datasets.spirals(rng, 30, k)
    plots.decision_boundary(ax, mlp(rng, [2, 4, k], tanh), X, Y)
    labels = Y[0] if k == 1 else Y.argmax(axis=0)
    assert len(ax.lines) == max(2, k)
    for label, line in enumerate(ax.lines):
        np.testing.assert_array_equal(line.get_data(), X[:, labels == label])
        assert line.get_color() == CLASSES[label]
    assert len({line.get_marker() for line in ax.lines}) == len(ax.lines)
    # The page reaches a tenth beyond the points.
    low, high = X.min(axis=1), X.max(axis=1)
    limits = np.array([ax.get_xlim(), ax.get_ylim()]).T
    np.testing.assert_allclose(
        limits, [low - 0.1 * (high - low), high + 0.1 * (high - low)], rtol=1e-6
    )


def test_boundary_has_colours_for_ten_classes(ax):
    Y = np.eye(11)
    with pytest.raises(
        ValueError, match=r"^Y: expected at most 10 classes, but got 11$"
    ):
        plots.decision_boundary(ax, NETWORK, np.ones((2, 11)), Y)
    assert not ax.has_data()


def test_boundary_wants_points_in_the_plane(ax):
    with pytest.raises(ShapeError, match=r"^Y: axis m is 3, but X has m = 4"):
        plots.decision_boundary(ax, NETWORK, np.ones((2, 4)), np.ones((1, 3)))


def drawn(ax):
    """The nodes by their names, as place and shape; the numbers above them; and the ends of the arrows."""
    places = {line.get_xydata()[0].tobytes(): line for line in ax.lines}
    texts = [text for text in ax.texts if text.get_text() and text.get_text() != "$?$"]
    nodes = {
        text.get_text(): (
            text.get_position(),
            places[np.array(text.get_position(), float).tobytes()].get_marker(),
        )
        for text in texts
        if not text.get_text().strip("$").isdigit()
    }
    numbers = {
        text.get_text(): (text.get_position()[0], round(text.get_position()[1] - 0.3))
        for text in texts
        if text.get_text().strip("$").isdigit()
    }
    arrows = [(text.xyann, text.xy) for text in ax.texts if hasattr(text, "xyann")]
    return nodes, numbers, arrows


def test_graph_has_an_arrow_from_each_parent_and_the_numbers_of_the_visit(ax):
    plots.graph(ax, GRAPH)
    nodes, numbers, arrows = drawn(ax)
    assert nodes == {
        "$J$": ((0, 0), "o"),
        "$g$": ((-1, 0), "o"),
        "$+$": ((-2, 0), "o"),
        "$@$": ((-3, 0), "o"),
        "$b$": ((-3, -1), "s"),
        "$W$": ((-4, 0), "s"),
        "$x$": ((-4, -1), "s"),
    }
    for number, node in enumerate(reversed(order(GRAPH)), start=1):
        assert numbers[f"${number}$"] == nodes[f"${node.name}$"][0]
    expected = [
        (nodes[f"${parent.name}$"][0], nodes[f"${node.name}$"][0])
        for node in order(GRAPH)
        for parent in node.parents
    ]
    assert sorted(arrows) == sorted(expected)


def test_graph_fits_a_small_figure_that_lays_itself_out(ax):
    figure = plt.figure(figsize=(4, 2.4), layout="constrained")
    ax = plots.graph(figure.add_subplot(), GRAPH)
    figure.canvas.draw()  # which warns if there is no room for the axes
    for line in ax.lines:
        x, y = ax.transData.transform(line.get_xydata()[0])
        assert 12 < x < figure.bbox.width - 12
        assert 12 < y < figure.bbox.height - 12


def test_graph_shows_both_uses_of_a_node_and_a_node_without_a_name(ax):
    a = variable(np.ones(1))
    plots.graph(ax, a * a + a)
    assert "$?$" in [text.get_text() for text in ax.texts]
    bends = [
        text.arrow_patch.get_connectionstyle().rad
        for text in ax.texts
        if hasattr(text, "xyann")
    ]
    assert sorted(bends) == [-0.3, 0, 0, 0.3]
    # The longest way counts: a stands left of the product, not of the sum.
    assert sorted({tuple(line.get_xydata()[0]) for line in ax.lines}) == [
        (-2, 0),
        (-1, 0),
        (0, 0),
    ]


def test_histograms_are_of_the_activations_of_each_layer(axes):
    plots.histograms(axes[:2], NETWORK, X)
    _, caches = forward(NETWORK, X)
    every = np.tanh([*caches[0].Z.ravel(), *caches[1].Z.ravel()])
    limits = every.min(), every.max()
    for number, (ax, cache) in enumerate(zip(axes[:2], caches, strict=False), start=1):
        A = np.tanh(cache.Z)
        density, edges = np.histogram(A, bins=40, range=limits, density=True)
        np.testing.assert_allclose([bar.get_height() for bar in ax.patches], density)
        np.testing.assert_allclose(
            [bar.get_x() for bar in ax.patches], edges[:-1], atol=1e-12
        )
        assert ax.get_title() == f"$A^{{[{number}]}}$"
        assert ax.get_xlim() == limits
    assert not axes[2].has_data()


@pytest.mark.parametrize("bias", [0.0, 0.5, -1e6])
def test_activations_that_are_all_alike_make_one_bar(bias, ax):
    network = (Dense(np.zeros((3, 2)), np.full((3, 1), bias), identity),)
    plots.histograms([ax], network, X)
    assert sum(bar.get_height() > 0 for bar in ax.patches) == 1


@pytest.mark.parametrize(
    ("low", "spread", "margin"),
    [
        (0.0, 0.0, 1e-6),
        (2.0, 1e-9, 2e-6),
        (2.0, 3e-9, 0.0),
        (-1e6, 0.5e-3, 1.0),
        (-1e6, 2e-3, 0.0),
        (0.0, 1e-12, 0.0),  # small, but not alike
    ],
)
def test_a_bar_is_as_wide_as_what_is_alike_but_for_rounding(low, spread, margin, ax):
    A = np.array([[low, low + spread]])
    plots.histograms([ax], (Dense(np.ones((1, 1)), np.zeros((1, 1)), identity),), A)
    edges = [ax.patches[0].get_x(), ax.patches[-1].get_x() + ax.patches[-1].get_width()]
    ends = [A.min() - margin, A.max() + margin]
    rounding = 4 * np.spacing(abs(low) + spread)
    np.testing.assert_allclose(edges, ends, rtol=0, atol=1e-4 * margin + rounding)


def test_histograms_want_a_layer_for_each_axes(axes):
    with pytest.raises(
        ValueError,
        match=r"^axes: expected at most one for each of the 3 layers, but got 4$",
    ):
        plots.histograms(axes[:4], NETWORK, X)


def test_ridges_are_the_histograms_of_the_layers_below_each_other(ax):
    plots.ridges(ax, NETWORK, X, limits=(-1.5, 0.5))
    A = X
    squares = []
    edges = np.linspace(-1.5, 0.5, 61)
    for number, (layer, ridge) in enumerate(
        zip(NETWORK, ax.patches, strict=True), start=1
    ):
        A = layer.g(layer.W @ A + layer.b)
        squares.append(written(np.mean(A**2), 2))
        # What is beyond the limits is counted at the edge.
        counts, _ = np.histogram(np.clip(A, -1.5, 0.5), edges)
        assert counts.sum() == A.size
        data = ridge.get_data()
        np.testing.assert_array_equal(data.edges, edges)
        np.testing.assert_allclose((number - data.values) * counts.max() / 0.88, counts)
        assert data.baseline == number
    assert texts(ax) == squares
    assert ax.get_xlim() == (-1.5, 0.5)
    low, high = ax.get_ylim()
    assert low > len(NETWORK) > high  # the first layer is at the top


def test_ridges_of_ten_layers_have_a_number_each(ax):
    deep = mlp(RNG, [2, *[6] * 10], tanh)
    plots.ridges(ax, deep, X)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == [str(number) for number in range(1, 11)]
    assert len(ax.patches) == len(texts(ax)) == 10


def test_histograms_and_ridges_take_the_same_limits(axes):
    plots.histograms(axes[:2], NETWORK, X, limits=(-2, 2))
    assert [ax.get_xlim() for ax in axes[:2]] == [(-2, 2)] * 2
    heights = [bar.get_height() for bar in axes[0].patches]
    width = axes[0].patches[0].get_width()
    assert np.sum(heights) * width == pytest.approx(1)


@pytest.mark.parametrize(
    "ends", [[0.1, 0.1, 0.1], [0.1, 0.101, 0.9], [1e-9, 0.5, 0.51]]
)
def test_up_to_three_runs_are_named_where_they_end(ends, ax):
    histories = {f"run {number}": [1.0, end] for number, end in enumerate(ends)}
    plots.losses(ax, histories)
    assert ax.get_legend() is None
    lines = {line.get_label(): line for line in ax.lines}
    names = {text.get_text(): text for text in ax.texts}
    assert set(names) == set(histories)
    placed = {name: text.get_window_extent() for name, text in names.items()}
    for one, other in itertools.combinations(placed.values(), 2):
        assert not one.overlaps(other)
    for name, text in names.items():
        assert text.get_color() == lines[name].get_color()
        assert text.xy[0] == 2
        # Beside its end, but for so many lines of text as it takes to be apart.
        end = ax.transData.transform((2, lines[name].get_ydata()[-1]))
        assert abs(ax.transData.transform(text.xy)[1] - end[1]) < 40
    by_height = sorted(names, key=lambda name: names[name].xy[1])
    assert [lines[name].get_ydata()[-1] for name in by_height] == sorted(ends)


def test_more_runs_have_a_legend_and_one_that_diverges_its_name_at_the_last_number(ax):
    plots.losses(ax, {"a": [1.0, 3.0, np.inf, np.nan], "b": [1.0, 0.5, 0.4, 0.0]})
    assert {text.get_text(): text.xy[0] for text in ax.texts} == {"a": 2, "b": 3}
    other = plots.losses(
        plt.figure().add_subplot(), {name: [2.0, 1.0] for name in "abcd"}
    )
    names = [text.get_text() for text in other.get_legend().get_texts()]
    assert (names, texts(other)) == (list("abcd"), [])
    assert not texts(plots.losses(plt.figure().add_subplot(), {"nothing": [np.nan]}))


@given(
    st.floats(-200, 200).map(lambda power: 10.0**power),
    st.one_of(st.floats(1.01, 2), st.floats(2, 1e3), st.floats(1e3, 1e90)),
)
def test_a_logarithmic_axis_has_two_to_nine_numbers(low, times):
    high = low * times
    ticks = LogTicks().tick_values(low, high)
    assert 2 <= len(ticks) <= 9
    assert all(low <= tick <= high for tick in ticks)
    assert len({written(tick, 9) for tick in ticks}) == len(ticks)
    assert [float(tick) for tick in LogTicks().tick_values(high, low)] == ticks


@pytest.mark.parametrize("which", ["x", "y"])
def test_a_logarithmic_axis_writes_its_numbers(which, ax):
    ax.plot([0.2, 30.0], [0.2, 30.0])
    plots.log_axis(ax, which)
    assert getattr(ax, f"get_{which}scale")() == "log"
    ax.figure.canvas.draw()
    labels = getattr(ax, f"get_{which}ticklabels")()
    at = {label.get_text(): label.get_position()["xy".index(which)] for label in labels}
    assert {"1", "10"} <= set(at)
    for text, place in at.items():
        assert float(text) == pytest.approx(place)


@pytest.mark.parametrize(("w", "lr", "steps"), [(1.5, 0.3, 1), (-1.0, 0.9, 3)])
def test_descent_visits_where_gradient_descent_goes(w, lr, steps, ax):
    def loss(w):
        return (w - 0.5) ** 2 + 1

    def slope(w):
        return 2 * (w - 0.5)

    plots.descent(ax, loss, slope, w, lr, steps, edge=2.0)
    visited = [w]
    for _ in range(steps):
        visited.append(visited[-1] - lr * slope(visited[-1]))
    (points,) = (line for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_allclose(points.get_xdata(), visited)
    np.testing.assert_allclose(points.get_ydata(), loss(np.array(visited)))
    curve = ax.lines[0]
    np.testing.assert_allclose(curve.get_ydata(), loss(curve.get_xdata()))
    assert curve.get_color() == plots.COLOURS["value"]
    ends = [min(visited) - 2, max(visited) + 2]
    np.testing.assert_allclose([curve.get_xdata().min(), curve.get_xdata().max()], ends)
    (tangent,) = (
        line for line in ax.lines if line.get_color() == plots.COLOURS["slope"]
    )
    rise, run = np.diff(tangent.get_ydata()), np.diff(tangent.get_xdata())
    assert rise / run == pytest.approx(slope(w))
    assert np.mean(tangent.get_xdata()) == pytest.approx(w)
    # Each step is an arrow at the height where it begins.
    arrows = [(text.xyann, text.xy) for text in ax.texts if not text.get_text()]
    expected = [((a, loss(a)), (b, loss(a))) for a, b in itertools.pairwise(visited)]
    np.testing.assert_allclose(arrows, expected)
    said = [f"$dJ/dw$ = {written(slope(w))}"]
    if steps == 1:
        said.append(rf"$-\eta\,dJ/dw$ = {written(visited[1] - w)}")
    assert texts(ax) == said


def test_symmetry_follows_each_unit_and_names_those_that_stay_alike_together(ax):
    twins = (Dense(np.ones((3, 2)), np.zeros((3, 1)), tanh), *mlp(RNG, [3, 1], tanh))
    twins = (twins[0], Dense(np.array([[1.0, 1.0, -2.0]]), np.zeros((1, 1)), identity))
    path = [
        twins,
        *(step.network for step in train(twins, LogisticLoss(), X, Y, lr=0.3, steps=5)),
    ]
    plots.symmetry(ax, path, limit=2.5)
    lines = [line for line in ax.lines if len(line.get_xdata()) == len(path)]
    moved = [np.array([network[0].W[i] for network in path]) for i in (0, 1, 2)]
    drawn = [line.get_xydata() for line in lines]
    assert len(drawn) == 3
    for i, way in enumerate(moved):
        np.testing.assert_array_equal(drawn[i], way)
    assert texts(ax) == ["units 1, 2", "3"]
    assert [list(text.xy) for text in ax.texts] == [
        moved[0][-1].tolist(),
        moved[2][-1].tolist(),
    ]
    assert ax.get_xlim() == ax.get_ylim() == (-2.5, 2.5)
    rings = [line for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert all(line.get_xydata().tolist() == [[1, 1]] for line in rings)
    assert len(rings) == 3


def test_symmetry_without_a_limit_shows_all_of_any_layer(ax):
    networks = [mlp(np.random.default_rng(seed), [3, 2, 4], tanh) for seed in (0, 1)]
    plots.symmetry(ax, networks, layer=2)
    most = max(np.abs(network[1].W).max() for network in networks)
    assert ax.get_xlim()[1] > most > 0.8 * ax.get_xlim()[1]
    assert texts(ax) == ["1", "2", "3", "4"]


XOR = (
    np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]),
    np.array([[0.0, 1.0, 1.0, 0.0]]),
)
LINE = (Dense(np.array([[1.0, -0.5]]), np.array([[-0.25]]), identity),)


def test_what_a_line_gets_wrong_has_a_ring_and_the_line_is_seen(ax):
    plots.decision_boundary(ax, LINE, *XOR, wrong=True)
    # Where x_1 - x_2 / 2 > 1/4: class 1. So (0, 1), which is of class 1, and (1, 1), which is of class 0, are missed.
    red = [
        line
        for line in ax.lines
        if line.get_markeredgecolor() == plots.COLOURS["wrong"]
    ]
    assert [line.get_xydata().tolist() for line in red] == [[[0, 1], [1, 1]]]
    (contour,) = [
        each
        for each in ax.collections
        if len(each.get_edgecolor())
        and to_hex(each.get_edgecolor()[0]) == plots.COLOURS["wrong"]
    ]
    (path,) = contour.get_paths()
    x1, x2 = path.vertices.T
    np.testing.assert_allclose(x1 - x2 / 2, 0.25, atol=1e-12)
    assert np.ptp(x2) == pytest.approx(1.5)  # from edge to edge


@pytest.mark.parametrize(("bias", "label"), [(0.0, 0), (1e-9, 1), (-1e9, 0)])
def test_a_network_that_gives_all_places_one_class_has_one_shade_and_no_boundary(
    bias, label, ax
):
    network = (Dense(np.zeros((1, 2)), np.full((1, 1), bias), identity),)
    plots.decision_boundary(ax, network, *XOR, wrong=True)
    shade = 255 - 0.22 * (255 - 255 * np.array(to_rgb(CLASSES[label])))
    for colour in colours(ax, [[0.5, 0.5], [-0.1, 0.7]]):
        np.testing.assert_allclose(colour[:3], shade, atol=2)
    red = [
        line
        for line in ax.lines
        if line.get_markeredgecolor() == plots.COLOURS["wrong"]
    ]
    missed = XOR[0].T[XOR[1][0] != label]
    assert [line.get_xydata().tolist() for line in red] == [missed.tolist()]
    assert len(ax.collections) == len(
        plots.decision_boundary(plt.figure().add_subplot(), network, *XOR).collections
    )


def test_few_points_are_large_and_hold_their_class_and_their_coordinates_are_ticks(ax):
    plots.decision_boundary(ax, LINE, *XOR)
    at = {text.get_position(): text.get_text() for text in ax.texts}
    assert at == {(0, 0): "0", (0, 1): "1", (1, 0): "1", (1, 1): "0"}
    assert list(ax.get_xticks()) == list(ax.get_yticks()) == [0, 1]
    assert len(ax.lines) == 2  # and no rings
    many = plots.decision_boundary(plt.figure().add_subplot(), NETWORK, X, Y)
    assert not texts(many)
    assert many.lines[0].get_markersize() < ax.lines[0].get_markersize() / 2


def test_a_slope_too_flat_to_be_seen_is_written(ax):
    plots.activation(ax, LeakyReLU(0.01))
    assert "slope 0.01" in texts(ax)
    for g in (relu, LeakyReLU(0.2), tanh):
        other = plots.activation(plt.figure().add_subplot(), g)
        assert sorted(texts(other)) == ["$g'(z)$", "$g(z)$"]


def test_activations_that_are_compared_have_one_scale(axes):
    plots.activation_grid(axes, ALL[:5], edge=5)
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in axes[:5]}) == 1
    low, high = axes[0].get_ylim()
    assert -2 <= low < high <= 3.75  # the ends of what is bounded are seen
    for ax in axes[:5]:
        assert not ax.texts or "slope" in ax.texts[0].get_text()


def test_losses_are_drawn_over_the_steps_from_one(ax):
    histories = {f"run {number}": [1.0 + number, 0.5, 0.1] for number in range(5)}
    plots.losses(ax, histories)
    assert ax.get_yscale() == "log"
    assert {line.get_label(): list(line.get_ydata()) for line in ax.lines} == histories
    assert all(list(line.get_xdata()) == [1, 2, 3] for line in ax.lines)
    # Told apart without colours, too, as far as there are styles.
    assert len({line.get_linestyle() for line in ax.lines[:4]}) == 4
    assert len({line.get_color() for line in ax.lines}) == 5
    plots.losses(ax, dict.fromkeys("abcdefghi", np.array([2.0, 1.0])))
    assert ax.lines[-1].get_color() == ax.lines[-9].get_color()  # after eight, again


@pytest.mark.parametrize(
    "W", [np.array([[1.0, -3.0], [0.5, 2.0], [0.0, 0.0]]), np.zeros((2, 3))], ids=repr
)
def test_weights_are_shown_with_zero_in_the_middle_of_the_colours(W, ax):
    plots.weights(ax, W)
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), W)
    low, high = image.get_clim()
    assert low == -high
    assert high == (np.abs(W).max() or 1)
    # A matrix as small as this shows its numbers, and needs no scale.
    numbers = {text.get_position(): text.get_text() for text in ax.texts}
    assert numbers == {
        (j + 1, i + 1): f"{w:.2f}".replace("-", "−") for (i, j), w in np.ndenumerate(W)
    }
    assert len(ax.figure.axes) == 1
    # Each number stands in its cell: units downwards, inputs to the right, both from 1.
    left, right, bottom, top = image.get_extent()
    assert (left, right, bottom, top) == (0.5, W.shape[1] + 0.5, W.shape[0] + 0.5, 0.5)


def test_weights_of_a_large_matrix_have_a_scale_and_two_panels_may_share_it(axes):
    for ax, factor in zip(axes, (1, 2), strict=False):
        plots.weights(ax, factor * np.eye(6), limit=3)
        assert not ax.texts
        assert ax.images[0].colorbar is not None
        assert ax.images[0].get_clim() == (-3, 3)
    page = [ax.images[0].to_rgba(np.array([[1.0]])) for ax in axes[:2]]
    np.testing.assert_array_equal(*page)


@pytest.mark.usefixtures("unchecked")
def test_weights_are_a_matrix(ax):
    with pytest.raises(ShapeError, match=r"^W: the number of axes is 1, but must be 2"):
        plots.weights(ax, np.ones(3))


FIGURE = plt.figure()
AX, GRID = FIGURE.add_subplot(), FIGURE.subplots(2, 2)
SIGNS = 2 * Y - 1
WIDE = mlp(RNG, [2, 4, 3], tanh)
ENDLESS = (Dense(np.ones((1, 2)), np.zeros((1, 1)), identity),)
ONE_AXES = (
    "expected one Axes of Matplotlib, such as plt.figure().add_subplot(), but got "
)

# A wrong call, and how its message begins.
WRONG = {
    "arguments swapped": (
        lambda: plots.activation(tanh, AX),
        TypeError,
        f"ax: {ONE_AXES}Tanh()",
    ),
    "a grid for one": (
        lambda: plots.activation(GRID, tanh),
        TypeError,
        f"ax: {ONE_AXES}array([[<Axes: >",
    ),
    "a figure": (
        lambda: plots.losses(FIGURE, {"a": [1.0]}),
        TypeError,
        f"ax: {ONE_AXES}<Figure size",
    ),
    "a name for an activation": (
        lambda: plots.activation(AX, "tanh"),
        TypeError,
        "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    ),
    "no width": (
        lambda: plots.activation(AX, tanh, edge=0),
        ValueError,
        "edge: expected a finite number greater than 0, but got 0",
    ),
    "no number for a width": (
        lambda: plots.activation_grid([AX], [tanh], edge="5"),
        TypeError,
        "edge: expected a finite number greater than 0, but got '5'",
    ),
    "one Axes for several": (
        lambda: plots.activation_grid(AX, [tanh]),
        TypeError,
        "axes: expected a list of Axes, but got <Axes: >",
    ),
    "rows of Axes": (
        lambda: plots.activation_grid(list(GRID), [tanh]),
        TypeError,
        f"axes[0]: {ONE_AXES}array(",
    ),
    "one activation for several": (
        lambda: plots.activation_grid([AX], tanh),
        TypeError,
        "gs: expected a list of activations, but got Tanh()",
    ),
    "a list of names": (
        lambda: plots.activation_grid([AX], [tanh, "relu"]),
        TypeError,
        "gs[1]: expected an activation such as nnnotes.relu, but got 'relu'",
    ),
    "boundary without axes": (
        lambda: plots.decision_boundary(NETWORK, X, Y, AX),
        TypeError,
        f"ax: {ONE_AXES}(Dense(",
    ),
    "boundary of a list": (
        lambda: plots.decision_boundary(AX, list(NETWORK), X, Y),
        TypeError,
        "network: expected a tuple of",
    ),
    "points as lists": (
        lambda: plots.decision_boundary(AX, NETWORK, X.tolist(), Y),
        TypeError,
        "X: expected a NumPy array, but got [[",
    ),
    "points as rows": (
        lambda: plots.decision_boundary(AX, NETWORK, X.T, Y.T),
        ShapeError,
        "X: ",
    ),
    "a point at infinity": (
        lambda: plots.decision_boundary(AX, NETWORK, np.full_like(X, np.inf), Y),
        ValueError,
        "X: not all points are finite",
    ),
    "targets -1 and 1": (
        lambda: plots.decision_boundary(AX, NETWORK, X, SIGNS),
        ValueError,
        "Y: classes are told by 0 and 1, but there is -1.0",
    ),
    "labels in a row": (
        lambda: plots.decision_boundary(AX, NETWORK, X, 2.0 * Y),
        ValueError,
        "Y: classes are told by 0 and 1, but there is 2.0",
    ),
    "targets that are no numbers": (
        lambda: plots.decision_boundary(AX, NETWORK, X, Y * np.nan),
        ValueError,
        "Y: classes are told by 0 and 1, but there is nan",
    ),
    "columns that are not one-hot": (
        lambda: plots.decision_boundary(AX, WIDE, X, np.ones((3, 60))),
        ValueError,
        "Y: column 0 does not hold one 1 among zeros, as a one-hot column does",
    ),
    "more outputs than classes": (
        lambda: plots.decision_boundary(AX, WIDE, X, Y),
        ShapeError,
        "Y: axis n_L is 1, but Z has n_L = 3",
    ),
    "graph without axes": (
        lambda: plots.graph(GRAPH, AX),
        TypeError,
        f"ax: {ONE_AXES}Node(",
    ),
    "graph of an array": (
        lambda: plots.graph(AX, X),
        TypeError,
        "output: expected a node, but got array(",
    ),
    "one Axes for the layers": (
        lambda: plots.histograms(AX, NETWORK, X),
        TypeError,
        "axes: expected a list of Axes, but got <Axes: >",
    ),
    "histograms of a layer": (
        lambda: plots.histograms([AX], NETWORK[0], X),
        TypeError,
        "network: expected a tuple of",
    ),
    "histograms of other inputs": (
        lambda: plots.histograms([AX], NETWORK, X[:1]),
        ShapeError,
        "",
    ),
    "activations without end": (
        lambda: plots.histograms([AX], ENDLESS, np.full((2, 1), np.inf)),
        ValueError,
        "network: not all activations of layer 1 are finite",
    ),
    "losses without a name": (
        lambda: plots.losses(AX, [1.0, 0.5]),
        TypeError,
        "histories: expected losses by name, such as {'tanh': losses}, but got [1.0, 0.5]",
    ),
    "losses by number": (
        lambda: plots.losses(AX, {3: [1.0, 0.5]}),
        TypeError,
        "histories: the name 3: expected a text, but got 3",
    ),
    "one loss": (
        lambda: plots.losses(AX, {"tanh": 0.5}),
        ValueError,
        "histories['tanh']: expected losses one after the other, but got the shape ()",
    ),
    "losses as texts": (
        lambda: plots.losses(AX, {"tanh": ["0.5"]}),
        TypeError,
        "histories['tanh']: expected real numbers, but got str96",
    ),
    "a name for a layer": (
        lambda: plots.unit(AX, "tanh"),
        TypeError,
        "layer: expected a dense layer such as nnnotes.dense(rng, 3, 4, nnnotes.tanh), but got 'tanh'",
    ),
    "no such unit": (
        lambda: plots.unit(AX, SMALL[0], i=2),
        ValueError,
        "i: expected less than the 2 units, but got 2",
    ),
    "a unit with seven inputs": (
        lambda: plots.unit(AX, Dense(np.ones((1, 7)), np.ones((1, 1)), tanh)),
        ValueError,
        "layer: expected at most 6 inputs, but got 7",
    ),
    "two examples for a unit": (
        lambda: plots.unit(AX, SMALL[0], np.ones((2, 2))),
        ShapeError,
        "x: an axis is 2, but must be 1; expected (n_in, 1), got (2, 2)",
    ),
    "a unit with weights that are not finite": (
        lambda: plots.unit(AX, Dense(np.array([[np.inf]]), np.ones((1, 1)), tanh)),
        ValueError,
        "layer: not all weights and biases are finite",
    ),
    "an input that is not finite": (
        lambda: plots.unit(AX, SMALL[0], np.array([[np.nan], [1.0]])),
        ValueError,
        "x: not all inputs are finite",
    ),
    "a network of six layers": (
        lambda: plots.network(AX, mlp(RNG, [1] * 7, tanh)),
        ValueError,
        "network: expected at most 5 layers, but got 6",
    ),
    "a layer for a network": (
        lambda: plots.network(AX, SMALL[0]),
        TypeError,
        "network: expected a tuple of layers, but got Dense(",
    ),
    "shapes of five layers": (
        lambda: plots.shapes(AX, mlp(RNG, [1] * 6, tanh), 3),
        ValueError,
        "network: expected at most 4 layers, but got 5",
    ),
    "shapes of a block": (
        lambda: plots.shapes(AX, (Residual(mlp(RNG, [2, 3, 2], tanh)),), 3),
        TypeError,
        "network[0]: expected a dense layer such as nnnotes.dense(rng, 3, 4, nnnotes.tanh), but got Residual(",
    ),
    "shapes of no examples": (
        lambda: plots.shapes(AX, NETWORK, 0),
        ValueError,
        "m: expected at least 1, but got 0",
    ),
    "a flow through a large network": (
        lambda: plots.flow(AX, NETWORK, ONE),
        ValueError,
        "network: expected one or two layers with at most 3 units each, but got the sizes [2, 5, 4, 1]",
    ),
    "a flow of two examples": (
        lambda: plots.flow(AX, SMALL, np.ones((2, 2))),
        ShapeError,
        "X: an axis is 2, but must be 1; expected (n_0, 1), got (2, 2)",
    ),
    "a flow back from elsewhere": (
        lambda: plots.flow(AX, SMALL, ONE, np.ones((2, 1))),
        ShapeError,
        "dA: axis n_L is 2, but A has n_L = 1",
    ),
    "a flow without end": (
        lambda: plots.flow(AX, SMALL, np.array([[np.inf], [1.0]])),
        ValueError,
        "X: not all numbers are finite",
    ),
    "a loss for a function": (
        lambda: plots.descent(AX, 0.5, np.cos, 1.0, 0.1),
        TypeError,
        "loss: expected a function of the weight, but got 0.5",
    ),
    "no learning rate": (
        lambda: plots.descent(AX, np.sin, np.cos, 1.0, 0),
        ValueError,
        "lr: expected a finite number greater than 0, but got 0",
    ),
    "no step": (
        lambda: plots.descent(AX, np.sin, np.cos, 1.0, 0.1, steps=0),
        ValueError,
        "steps: expected at least 1, but got 0",
    ),
    "a slope without end": (
        lambda: plots.descent(AX, np.sin, lambda w: np.inf, 1.0, 0.1),
        ValueError,
        "lr: 0.1 leads from 1.0 to weights that are not finite",
    ),
    "a loss without end": (
        lambda: plots.descent(AX, lambda w: np.inf, np.cos, 1.0, 0.1),
        ValueError,
        "loss: not all losses are finite",
    ),
    "a third axis": (
        lambda: plots.log_axis(AX, "z"),
        ValueError,
        "which: expected 'x' or 'y', but got 'z'",
    ),
    "limits in the wrong order": (
        lambda: plots.ridges(AX, NETWORK, X, limits=(1, -1)),
        ValueError,
        "limits: expected the smaller number first, but got (1, -1)",
    ),
    "one limit": (
        lambda: plots.histograms([AX], NETWORK, X, limits=2),
        TypeError,
        "limits: expected two numbers, but got 2",
    ),
    "one network in the place of several": (
        lambda: plots.symmetry(AX, SMALL),
        TypeError,
        "networks: expected a list of networks, but got (Dense(",
    ),
    "only the start": (
        lambda: plots.symmetry(AX, [SMALL]),
        ValueError,
        "networks: expected at least two, but got 1",
    ),
    "no third layer": (
        lambda: plots.symmetry(AX, [SMALL, SMALL], layer=3),
        ValueError,
        "layer: expected at most the 2 of the network, but got 3",
    ),
    "units with five inputs": (
        lambda: plots.symmetry(AX, [NETWORK, NETWORK], layer=2),
        ShapeError,
        "W: an axis is 5, but must be 2",
    ),
    "no room": (
        lambda: plots.symmetry(AX, [SMALL, SMALL], limit=0),
        ValueError,
        "limit: expected a finite number greater than 0, but got 0",
    ),
    "no colours": (
        lambda: plots.weights(AX, np.eye(2), limit=-1),
        ValueError,
        "limit: expected a finite number greater than 0, but got -1",
    ),
    "wrong by a word": (
        lambda: plots.decision_boundary(AX, NETWORK, X, Y, wrong="yes"),
        TypeError,
        "wrong: expected True or False, but got 'yes'",
    ),
    "weights as lists": (
        lambda: plots.weights(AX, [[1.0]]),
        TypeError,
        "W: expected a NumPy array, but got [[1.0]]",
    ),
    "weights that are not finite": (
        lambda: plots.weights(AX, np.array([[1.0, np.nan]])),
        ValueError,
        "W: not all weights are finite",
    ),
    "weights first": (
        lambda: plots.weights(np.eye(2), AX),
        TypeError,
        f"ax: {ONE_AXES}array([[1., 0.]",
    ),
}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("name", WRONG)
def test_wrong_argument_is_named_before_anything_is_drawn(name):
    call, kind, message = WRONG[name]
    with pytest.raises(kind, match="^" + re.escape(message)) as error:
        call()
    assert type(error.value) is kind
    assert len(str(error.value)) < 500
    assert not AX.has_data()
    assert not AX.get_title()
