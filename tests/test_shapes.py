"""Shapes: the check against random shapes, and the table against real networks."""

from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    ShapeError,
    SquaredError,
    Table,
    check_shapes,
    forward,
    mlp,
    shape_table,
    tanh,
)
from nnnotes._checks import check_float


def test_check_returns_the_size_of_each_named_axis():
    sizes = check_shapes(
        "a b, b 3, b", W=np.zeros((4, 2)), X=np.zeros((2, 3)), y=np.zeros(2)
    )
    assert sizes == {"a": 4, "b": 2}
    assert check_shapes("", x=np.zeros(())) == {}


W = np.zeros((4, 3))


@pytest.mark.parametrize(
    ("patterns", "arrays", "message"),
    [
        (
            "n_out n_in, n_in m",
            {"W": W, "A_prev": np.zeros((2, 5))},
            "A_prev: axis n_in is 2, but W has n_in = 3; expected (n_in, m), got (2, 5)",
        ),
        (
            "n",
            {"W": W},
            "W: the number of axes is 2, but must be 1; expected (n,), got (4, 3)",
        ),
        (
            "2 m",
            {"X": W},
            "X: an axis is 4, but must be 2; expected (2, m), got (4, 3)",
        ),
        (
            "n n",
            {"S": W},
            "S: axis n is 3, but S has n = 4; expected (n, n), got (4, 3)",
        ),
        (
            "n m",
            {"X": np.zeros((4, 0))},
            "X: axis m is empty; expected (n, m), got (4, 0)",
        ),
    ],
)
def test_a_shape_that_does_not_fit_is_an_error_with_array_axis_and_sizes(
    patterns, arrays, message
):
    with pytest.raises(ShapeError) as error:
        check_shapes(patterns, **arrays)
    assert str(error.value) == message


@pytest.mark.usefixtures("unchecked")
def test_what_is_no_array_and_too_few_patterns_are_errors():
    with pytest.raises(TypeError, match=r"^W: expected a NumPy array, but got \[1\]$"):
        check_shapes("n", W=[1])
    with pytest.raises(
        TypeError, match=r"^patterns: expected one for each array, but got 1 for 2"
    ):
        check_shapes("n", W=W, X=W)


@st.composite
def fitting(draw):
    """Patterns, arrays that fit them, and the sizes of the axes."""
    sizes = draw(
        st.fixed_dictionaries({name: st.integers(1, 6) for name in ("n", "m", "k_1")})
    )
    axis = st.sampled_from([*sizes, "2", "5"])
    patterns = draw(
        st.lists(st.lists(axis, min_size=1, max_size=3), min_size=1, max_size=4)
    )
    shapes = [
        tuple(sizes.get(name) or int(name) for name in pattern) for pattern in patterns
    ]
    return patterns, shapes, sizes


def checked(patterns, shapes):
    arrays = {f"X_{number}": np.empty(shape) for number, shape in enumerate(shapes)}
    return check_shapes(", ".join(map(" ".join, patterns)), **arrays)


@given(fitting())
def test_arrays_of_the_right_sizes_pass(case):
    patterns, shapes, sizes = case
    used = {name for pattern in patterns for name in pattern}
    assert checked(patterns, shapes) == {
        name: sizes[name] for name in sizes if name in used
    }


@given(fitting(), st.data())
def test_one_axis_longer_by_one_is_an_error_that_names_it(case, data):
    patterns, shapes, _ = case
    array = data.draw(st.integers(0, len(patterns) - 1))
    position = data.draw(st.integers(0, len(patterns[array]) - 1))
    wrong = list(shapes[array])
    wrong[position] += 1
    # The array that fits comes first, so that it is the other one that is wrong.
    with pytest.raises(ShapeError) as error:
        checked([*patterns, patterns[array]], [*shapes, tuple(wrong)])
    axis, size = patterns[array][position], wrong[position]
    start = f"X_{len(patterns)}: "
    start += (
        f"an axis is {size}, but must be"
        if axis.isdigit()
        else f"axis {axis} is {size}, but X_"
    )
    assert str(error.value).startswith(start)
    assert str(error.value).endswith(f"got {tuple(wrong)}")


def test_table_lists_the_shapes_that_a_network_really_has():
    sizes, m = [2, 5, 3, 4], 7
    network = mlp(np.random.default_rng(0), sizes, tanh)
    Z, caches = forward(network, np.ones((2, m)))
    dA = SquaredError().gradient(Z, np.zeros((4, m)))
    real = {}
    for number in (3, 2, 1):
        layer, cache = network[number - 1], caches[number - 1]
        dA_prev, gradients = layer.backward(dA, cache)
        arrays = {
            **{
                "W": layer.W,
                "b": layer.b,
                "Z": cache.Z,
                "A": layer.forward(cache.A_prev)[0],
            },
            **{"dW": gradients.dW, "db": gradients.db, "dA": dA},
            "dZ": dA * layer.g.derivative(cache.Z),
        }
        real |= {(name, number): array.shape for name, array in arrays.items()}
        dA = dA_prev
    assert shape_table(sizes, m).shapes == real


@pytest.mark.usefixtures("unchecked")
def test_sizes_by_numpy_become_integers_by_python():
    table = shape_table(np.array([2, 4]), m=np.int64(5))
    assert repr(table) == "ShapeTable(sizes=(2, 4), m=5)"


class Cells(HTMLParser):
    """The text of each cell, row by row, with its tag; tags must be closed in turn."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.open, self.scopes = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append([tag, ""])
        if tag == "th":
            self.scopes.append(dict(attributes)["scope"])

    def handle_data(self, data):
        assert self.open[-1] in ("th", "td")
        self.rows[-1][-1][1] += data

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_has_a_header_cell_for_each_array_and_each_layer():
    table = shape_table([2, 4, 1], m=5)
    head, *body = Cells(table._repr_html_()).rows
    assert head == [
        ["th", name] for name in ["l", "W", "b", "Z", "A", "dW", "db", "dZ", "dA"]
    ]
    for number, row in enumerate(body, start=1):
        assert row[0] == ["th", str(number)]
        assert [cell for _, cell in row[1:]] == [
            str(table.shapes[name, number]) for _, name in head[1:]
        ]
    assert Cells(table._repr_html_()).scopes == ["col"] * 9 + ["row"] * 2
    # The terminal shows the same cells.
    assert (
        str(table).split()
        == " ".join(cell for row in (head, *body) for _, cell in row).split()
    )


def test_table_escapes_what_html_would_read():
    table = Table(("g", "<i>"), (("a & b", '"x" < y'),))
    assert Cells(table._repr_html_()).rows == [
        [["th", "g"], ["th", "<i>"]],
        [["th", "a & b"], ["td", '"x" < y']],
    ]
    assert str(table) == 'g      <i>\na & b  "x" < y'


def test_table_wants_rows_as_long_as_its_head():
    with pytest.raises(ValueError, match=r"^rows\[1\]: expected 2 cells, but got 1$"):
        Table(("a", "b"), (("1", "2"), ("3",)))


def test_array_that_is_read_from_a_file_is_an_array(tmp_path):
    W = np.memmap(tmp_path / "W", np.float64, "w+", shape=(3, 2))
    assert check_shapes("n_out n_in", W=W) == {"n_out": 3, "n_in": 2}


@wrong_calls(
    (
        lambda: shape_table(np.array(3), 5),
        "sizes: expected a list of integers, but got array(3)",
    ),
    (
        lambda network: shape_table(network[:1], 5),
        "sizes: expected at least an input and an output size, but got (Dense(",
    ),
    (lambda: shape_table([2, 10**400], 5), "sizes[1]: no array is as large as 1000"),
    (
        lambda W: check_float(Z=W.view(np.matrix)),
        "Z: expected a plain NumPy array, but got matrix(",
    ),
    (lambda: check_shapes("n m", X=None), "X: expected a NumPy array, but got None"),
    (
        lambda X: check_shapes("n m, n", X=X),
        "patterns: expected one for each array, but got 2 for 1 arrays",
    ),
    (
        lambda X: check_shapes("3 m", X=X),
        "X: an axis is 2, but must be 3; expected (3, m), got (2, 4)",
    ),
    (
        lambda: shape_table([2], 4),
        "sizes: expected at least an input and an output size, but got (2,)",
    ),
    (lambda: shape_table([2, 0], 4), "sizes[1]: expected at least 1, but got 0"),
    (lambda: shape_table([2, 1], 4.0), "m: expected an integer, but got 4.0"),
    (lambda: shape_table(5, 4), "sizes: expected a list of integers, but got 5"),
    (lambda: Table(("a",), (("1", "2"),)), "rows[0]: expected 1 cells, but got 2"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
