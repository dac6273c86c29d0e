"""Diagrams of units and networks: the numbers in them are the object's, and stand where they belong."""

import itertools

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from nnnotes import Dense, forward, identity, mlp, plots, relu, sigmoid, tanh
from nnnotes.plots.style import COLOURS, bracketed, written
from nnnotes.residual import Residual


@pytest.fixture(autouse=True)
def _figures_are_closed():
    yield
    plt.close("all")


@pytest.fixture
def ax():
    return plt.figure(figsize=(5, 3.6)).add_subplot()


W = np.array([[0.5, -1.5, 2.25], [2.0, 0.25, -0.75]])
B = np.array([[0.125], [-1.0]])
LAYER = Dense(W, B, sigmoid)
INPUT = np.array([[1.0], [-2.0], [0.3]])

TWO = (
    Dense(np.array([[0.5, -1.5], [2.0, 0.25]]), np.array([[0.5], [-1.0]]), tanh),
    Dense(np.array([[1.5, -2.0]]), np.array([[0.25]]), identity),
)
THREE = (
    Dense(
        np.array([[1.0, -0.5], [0.3, 0.7], [-2.0, 0.1]]), np.full((3, 1), 0.2), sigmoid
    ),
    Dense(np.array([[0.4, -1.1, 0.9], [2.0, 0.6, -0.8]]), np.zeros((2, 1)), tanh),
)
X = np.array([[1.0], [-2.0]])


def written_at(ax):
    """The texts by where they stand."""
    return {text.get_position(): text for text in ax.texts}


def texts(ax):
    return [text.get_text() for text in ax.texts]


def ends(ax):
    """Where the arrows begin and end."""
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    return [[np.array(place) for place in arrow._posA_posB] for arrow in arrows]


def distance(place, start, end):
    """How far a place is from the line between two others."""
    (x, y), (dx, dy) = np.subtract(place, start), np.subtract(end, start)
    return abs(x * dy - y * dx) / np.hypot(dx, dy)


@pytest.mark.parametrize("i", [0, 1])
def test_unit_shows_its_own_numbers(i, ax):
    plots.unit(ax, LAYER, INPUT, i)
    z = W[i] @ INPUT[:, 0] + B[i, 0]
    a = 1 / (1 + np.exp(-z))
    shown = texts(ax)
    for j in range(3):
        assert f"$w_{j + 1}$ = {written(W[i, j])}" in shown
        assert brief(INPUT[j, 0], 6) in shown
    assert f"$b$ = {written(B[i, 0])}" in shown
    assert f"$z$ = {brief(z, 6)}" in shown
    assert brief(a, 6) in shown
    assert "Sigmoid" in shown
    products = [
        f"{bracketed(w)} · {bracketed(x)}"
        for w, x in zip(W[i], INPUT[:, 0], strict=True)
    ]
    total = " + ".join([*products, bracketed(B[i, 0])])
    assert shown[-2:] == [
        f"$z$ = {total} = {written(z)}",
        f"$a$ = $g$({written(z)}) = {written(a)}",
    ]


def test_unit_without_an_input_shows_symbols(ax):
    plots.unit(ax, LAYER)
    shown = texts(ax)
    assert {
        "$x_1$",
        "$x_2$",
        "$x_3$",
        "$w_1$",
        "$w_2$",
        "$w_3$",
        "$b$",
        "$z$",
        "$a$",
    } <= set(shown)
    assert shown[-2:] == ["$z = w_1 x_1 + w_2 x_2 + w_3 x_3 + b$", "$a = g(z)$"]
    assert not any(
        character.isdigit() and "_" not in text for text in shown for character in text
    )


@pytest.mark.parametrize(("n", "short"), [(2, True), (3, True), (4, False), (6, False)])
def test_a_unit_with_more_products_than_a_line_holds_has_a_sign_for_its_sum(
    n, short, ax
):
    layer = Dense(np.full((1, n), -0.25), np.ones((1, 1)), relu)
    plots.unit(ax, layer, np.full((n, 1), 2.0))
    total = written(1 - n / 2)
    products = " + ".join([*["(−0.25) · 2"] * n, "1"])
    left = f"$z$ = {products}" if short else r"$z = \sum_j w_j x_j + b$"
    assert texts(ax)[-2] == f"{left} = {total}"


@pytest.mark.parametrize("x", [None, INPUT], ids=["symbols", "numbers"])
def test_each_weight_stands_on_the_arrow_from_its_input(x, ax):
    plots.unit(ax, LAYER, x)
    arrows = ends(ax)[:3]
    weights = [text for text in ax.texts if text.get_text().startswith("$w_")][:3]
    for arrow, weight in zip(arrows, weights, strict=True):
        assert distance(weight.get_position(), *arrow) < 1e-9
    heights = [start[1] for start, _ in arrows]
    assert heights == sorted(heights, reverse=True)  # the first input is at the top
    # All come to the sum, whose own arrow goes on to the activation.
    middle = next(text for text in ax.texts if "sum" in text.get_text()).get_position()
    for start, end in arrows:
        assert distance(middle, start, end) < 1e-9
        assert np.hypot(*(end - middle)) < 0.6


def test_the_curve_in_a_unit_is_that_of_its_activation(ax):
    plots.unit(ax, Dense(W, B, relu), INPUT)
    curve = next(line for line in ax.lines if line.get_color() == COLOURS["forward"])
    across, up = curve.get_data()
    z = 3 * (across - across.mean()) / np.ptp(across) * 2
    middle = (across.max() + across.min()) / 2
    left = across < middle
    assert np.ptp(up[left]) == 0
    slopes = np.diff(up[~left]) / np.diff(z[~left])
    assert slopes.min() > 0
    np.testing.assert_allclose(slopes, slopes[0])


SIZES = [[2, 4, 1], [3, 1], [64, 7, 6, 10], [1, 2, 3, 4, 5, 6]]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_network_has_a_column_for_each_layer_and_a_line_for_each_weight_between(
    sizes, ax
):
    network = mlp(np.random.default_rng(0), sizes, tanh)
    plots.network(ax, network)
    circles = [patch for patch in ax.patches if isinstance(patch, Circle)]
    columns = {}
    for circle in circles:
        columns.setdefault(circle.center[0], []).append(circle.center[1])
    # Of more than six units five are drawn.
    seen = [size if size <= 6 else 5 for size in sizes]
    assert [len(columns[x]) for x in sorted(columns)] == seen
    assert np.ptp(np.diff(sorted(columns))) == pytest.approx(0)
    lines = {
        tuple(map(tuple, line.get_xydata()))
        for line in ax.lines
        if line.get_marker() == "None"
    }
    expected = {
        ((x, y), (x_next, y_next))
        for x, x_next in itertools.pairwise(sorted(columns))
        for y in columns[x]
        for y_next in columns[x_next]
    }
    assert lines == expected
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    large = [x for x, size in zip(sorted(columns), sizes, strict=True) if size > 6]
    assert sorted(dots) == sorted(3 * large)
    assert len(circles) == sum(seen)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_network_names_its_layers_arrays_and_sizes_in_their_columns(sizes, ax):
    plots.network(ax, mlp(np.random.default_rng(0), sizes, tanh))
    columns = sorted({patch.center[0] for patch in ax.patches})
    at = {text.get_text(): text.get_position() for text in ax.texts}
    for number, (x, size) in enumerate(zip(columns, sizes, strict=True)):
        named = (
            [f"layer {number}", f"$a^{{[{number}]}}$"] if number else ["input", "$x$"]
        )
        for text in [*named, f"$n^{{[{number}]}} = {size}$"]:
            assert at[text][0] == x
    between = {text: x for text, (x, _) in at.items() if "W" in text}
    for number, (before, after) in enumerate(itertools.pairwise(columns), start=1):
        (x,) = (x for text, x in between.items() if f"W^{{[{number}]}}" in text)
        assert x == pytest.approx((before + after) / 2)


def test_network_draws_any_layers(ax):
    block = Residual(mlp(np.random.default_rng(0), [3, 8, 3], tanh))
    plots.network(ax, (block, block))
    assert len(ax.patches) == 9
    assert not any("W" in text for text in texts(ax))


@pytest.mark.parametrize(
    ("sizes", "m"), [([2, 3, 1], 5), ([64, 32, 10], 1437), ([3, 3], 1)], ids=str
)
def test_shapes_are_those_of_the_arrays_and_fit(sizes, m, ax):
    rng = np.random.default_rng(0)
    network = mlp(rng, sizes, tanh)
    plots.shapes(ax, network, m)
    _, caches = forward(network, np.zeros((sizes[0], m)))
    rectangles = iter(ax.patches)
    lengths = {}
    at = written_at(ax)
    for number, (layer, cache) in enumerate(zip(network, caches, strict=True), start=1):
        row = list(itertools.islice(rectangles, 4))
        arrays = [layer.W, cache.A_prev, layer.b, cache.Z]
        before = f"A^{{[{number - 1}]}}" if number > 1 else "X"
        names = [f"W^{{[{number}]}}", before, f"b^{{[{number}]}}", f"Z^{{[{number}]}}"]
        for rectangle, array, name in zip(row, arrays, names, strict=True):
            x, y = rectangle.get_xy()
            w, h = rectangle.get_width(), rectangle.get_height()
            middle = pytest.approx((x + w / 2, y + h / 2))
            (label,) = (text for place, text in at.items() if place == middle)
            assert label.get_text() == f"${name}$"
            left = next(
                t for p, t in at.items() if p == pytest.approx((x - 0.12, y + h / 2))
            )
            above = next(
                t for p, t in at.items() if p == pytest.approx((x + w / 2, y + h + 0.1))
            )
            assert (left.get_text(), above.get_text()) == tuple(map(str, array.shape))
            for size, length in zip(array.shape, (h, w), strict=True):
                assert lengths.setdefault(size, length) == pytest.approx(length)
        # In a row, from left to right, with their middles at one height.
        edges = [(each.get_x(), each.get_x() + each.get_width()) for each in row]
        assert all(a[1] < b[0] for a, b in itertools.pairwise(edges))
        assert np.ptp([each.get_y() + each.get_height() / 2 for each in row]) < 1e-9
    assert next(rectangles, None) is None
    ordered = [lengths[size] for size in sorted(lengths)]
    assert ordered == sorted(ordered)
    assert len(set(ordered)) == len(ordered)


def brief(value, room):
    """Three digits where they fit, and else two."""
    return written(value, 3 if len(written(value)) <= room else 2)


def factor(value):
    return f"({brief(value, 5)})" if value < 0 else brief(value, 5)


def flows(network, x, dA):
    """What stands in a flow, by formulas with sums written out."""
    slopes = {
        tanh: lambda a: 1 - a * a,
        sigmoid: lambda a: a * (1 - a),
        identity: np.ones_like,
    }
    values, forth, units = x[:, 0], [], []
    for layer in network:
        z = (layer.W * values).sum(axis=1) + layer.b[:, 0]
        a = {
            tanh: np.tanh,
            sigmoid: lambda z: 1 / (1 + np.exp(-z)),
            identity: np.array,
        }[layer.g](z)
        forth.append((layer.W, values))
        units.append({"z": z, "a": a, "g'": slopes[layer.g](a)})
        values = a
    da = dA[:, 0]
    for layer, unit in zip(reversed(network), reversed(units), strict=True):
        unit |= {"da": da, "dz": da * unit["g'"]}
        da = (layer.W * unit["dz"][:, None]).sum(axis=0)
    return forth, units


@pytest.mark.parametrize(
    ("network", "dA"),
    [
        (TWO, np.array([[-0.5]])),
        (THREE, np.array([[0.3], [-1.2]])),
        (THREE[:1], np.ones((3, 1))),
    ],
    ids=["2-2-1", "2-3-2", "2-3"],
)
def test_flow_shows_each_product_and_what_comes_of_them(network, dA, ax):
    plots.flow(ax, network, X, dA)
    forth, units = flows(network, X, dA)
    expected = [f"$x_{j}$ = {brief(x, 5)}" for j, x in enumerate(X[:, 0], start=1)]
    for number, ((W, values), unit) in enumerate(zip(forth, units, strict=True)):
        for i, j in np.ndindex(W.shape):
            weight = brief(W[i, j], 5)
            expected.append(f"{weight} · {factor(values[j])}")
            if number:
                expected.append(f"{weight} · {factor(unit['dz'][i])}")
        for i in range(len(W)):
            expected += [
                f"${name}$ = {brief(array[i], 6)}" for name, array in unit.items()
            ]
    assert sorted(texts(ax)) == sorted([*expected, "forward →", "← back"])
    blue = {
        text.get_text() for text in ax.texts if text.get_color() == COLOURS["forward"]
    }
    orange = {
        text.get_text() for text in ax.texts if text.get_color() == COLOURS["backward"]
    }
    assert blue | orange == set(texts(ax))
    assert all(
        "$z" in text or "$a$" in text or "x" in text or "·" in text
        for text in blue - {"forward →"}
    )
    assert not any("$z$" in text or "$a$" in text for text in orange)


@pytest.mark.parametrize(
    "network", [TWO, THREE, THREE[:1]], ids=["2-2-1", "2-3-2", "2-3"]
)
def test_each_product_forward_stands_on_its_arrow(network, ax):
    plots.flow(ax, network, X)
    forth, _ = flows(network, X, np.zeros((network[-1].n_out, 1)))
    arrows = iter(ends(ax))
    products = [text for text in ax.texts if "·" in text.get_text()]
    assert len(products) == sum(layer.W.size for layer in network)
    for (W, values), _ in zip(forth, network, strict=True):
        for i, j in np.ndindex(W.shape):
            start, end = next(arrows)
            product = products.pop(0)
            assert product.get_text() == f"{brief(W[i, j], 5)} · {factor(values[j])}"
            assert distance(product.get_position(), start, end) < 0.02
            # From the input's or unit's height to that of the next one.
            assert (start[1] > 0) == (j < (W.shape[1] - 1) / 2) or abs(start[1]) < 0.2
            assert (end[1] > 0) == (i < (W.shape[0] - 1) / 2) or abs(end[1]) < 0.2
    assert "← back" not in texts(ax)
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    assert len(boxes) == 2 + sum(layer.n_out for layer in network)


def test_numbers_in_a_flow_stand_in_the_boxes_of_their_units(ax):
    plots.flow(ax, TWO, X, np.array([[-0.5]]))
    _, units = flows(TWO, X, np.array([[-0.5]]))
    boxes = [
        patch.get_bbox() for patch in ax.patches if isinstance(patch, FancyBboxPatch)
    ]
    inside = [
        [text.get_text() for text in ax.texts if box.contains(*text.get_position())]
        for box in boxes
    ]
    assert inside[:2] == [["$x_1$ = 1"], ["$x_2$ = −2"]]
    names = ("z", "a", "da", "g'", "dz")
    hold = [
        [f"${name}$ = {brief(unit[name][i], 6)}" for name in names]
        for unit in units
        for i in range(len(unit["z"]))
    ]
    assert inside[2:] == hold


def test_numbers_fit_their_boxes_where_a_diagram_is_five_inches_wide():
    with matplotlib.rc_context(plots.STYLE):
        for draw in (
            lambda ax: plots.unit(ax, LAYER, -INPUT / 7),
            lambda ax: plots.flow(ax, TWO, -X / 7, np.array([[-0.123]])),
        ):
            ax = draw(plt.figure(figsize=(5, 4)).add_subplot())
            ax.figure.canvas.draw()
            boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
            held = 0
            for box, text in itertools.product(boxes, ax.texts):
                if box.get_bbox().contains(*text.get_position()):
                    inner, outer = text.get_window_extent(), box.get_window_extent()
                    assert outer.x0 < inner.x0 < inner.x1 < outer.x1, text.get_text()
                    assert outer.y0 < inner.y0 < inner.y1 < outer.y1, text.get_text()
                    held += 1
            assert held >= 4
