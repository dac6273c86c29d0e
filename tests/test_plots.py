"""Plots: what is drawn is what the functions give, and labels are symbols."""

import inspect
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nnnotes import (
    Dense,
    ShapeError,
    SquaredError,
    datasets,
    forward,
    identity,
    mlp,
    plots,
    relu,
    tanh,
)
from nnnotes.activations import ALL
from nnnotes.autodiff import activate, mean_loss, order, variable


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

CALLS = {
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
    assert set(CALLS) == set(plots.__all__)


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
def test_labels_hold_no_words_but_names_of_activations(name, axes):
    CALLS[name](axes)
    texts = []
    for ax in axes[0].figure.axes:
        texts += [ax.get_xlabel(), ax.get_ylabel(), ax.get_title()]
        texts += [text.get_text() for text in ax.texts]
        if ax.get_legend():
            texts += [text.get_text() for text in ax.get_legend().get_texts()]
    texts = [
        text
        for text in texts
        if text and text not in {g.name for g in ALL} | {"Tanh", "ReLU"}
    ]
    assert texts
    for text in texts:
        assert re.fullmatch(r"\$[^$]+\$", text), text
        assert not re.search("[A-Za-z]{2,}", text), text


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("activation", ("$z$", "")),
        ("decision_boundary", ("$x_1$", "$x_2$")),
        ("losses", ("$t$", "$J$")),
        ("weights", ("$j$", "$i$")),
    ],
)
def test_axes_are_called_what_they_show(name, labels, axes):
    CALLS[name](axes)
    assert (axes[0].get_xlabel(), axes[0].get_ylabel()) == labels


def test_colours_are_the_same_on_all_plots(axes):
    for ax, name in zip(axes[:3], ("activation", "losses", "weights"), strict=True):
        CALLS[name]([ax])
    lines = {line.get_label(): line.get_color() for line in axes[0].lines}
    assert (lines["$g(z)$"], lines["$g'(z)$"]) == (plots.BLUE, plots.ORANGE)
    colours = [line.get_color() for line in axes[1].lines]
    assert colours == list(plots.CLASS_COLOURS[:2])
    (image,) = axes[2].images
    assert image.get_cmap().name == "PuOr"
    assert image.colorbar is not None
    CALLS["histograms"](axes[3:])
    assert to_rgb(axes[3].patches[0].get_facecolor()) == to_rgb(plots.BLUE)


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
        assert len(set(to_rgb(line.get_color()))) == 1  # grey
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
    # The shades are of the points' own colours, a quarter of them on white.
    for label, colour in zip(classes, shown, strict=True):
        full = [int(plots.CLASS_COLOURS[label][i : i + 2], 16) for i in (1, 3, 5)]
        # Each of the two layers of paint is rounded to a whole number.
        assert (
            np.abs(np.subtract(colour[:3], [255 - (255 - x) / 4 for x in full])).max()
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
        assert line.get_color() == plots.CLASS_COLOURS[label]
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
    for number, (ax, cache) in enumerate(zip(axes[:2], caches, strict=False), start=1):
        A = np.tanh(cache.Z)
        density, edges = np.histogram(A, bins=40, density=True)
        np.testing.assert_allclose([bar.get_height() for bar in ax.patches], density)
        np.testing.assert_allclose(
            [bar.get_x() for bar in ax.patches], edges[:-1], atol=1e-12
        )
        assert ax.get_title() == f"$A^{{[{number}]}}$"
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


def test_losses_are_drawn_over_the_steps_from_one(ax):
    histories = {f"run {number}": [1.0 + number, 0.5, 0.1] for number in range(5)}
    plots.losses(ax, histories)
    assert ax.get_yscale() == "log"
    assert {line.get_label(): list(line.get_ydata()) for line in ax.lines} == histories
    assert all(list(line.get_xdata()) == [1, 2, 3] for line in ax.lines)
    # Told apart without colours, too, as far as there are styles.
    assert len({line.get_linestyle() for line in ax.lines[:4]}) == 4
    assert len({line.get_color() for line in ax.lines}) == 5
    plots.losses(ax, dict.fromkeys("abcdefghijk", np.array([2.0, 1.0])))
    assert ax.lines[-1].get_color() == ax.lines[-11].get_color()  # after ten, again


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
    assert len(ax.figure.axes) == 2  # the second one is the scale


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
