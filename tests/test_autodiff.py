"""Gradients against JAX, which differentiates programs and knows nothing of this package's formulas.

And the package's own reverse mode, against both.
"""

import ast
import copy
import dataclasses
import inspect
import pickle
from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import oracles
from helpers.members import targets, with_variants
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    Dense,
    LeCun,
    LogisticLoss,
    ShapeError,
    SquaredError,
    Tangents,
    autodiff,
    backward,
    forward,
    gain,
    identity,
    jvp,
    mlp,
    numerical_gradient,
    relative_error,
    residual,
    softmax,
    tanh,
    train,
)
from nnnotes.activations import ALL as ACTIVATIONS
from nnnotes.activations import LeakyReLU
from nnnotes.autodiff import (
    Node,
    activate,
    gradients,
    mean_loss,
    order,
    total,
    variable,
)
from nnnotes.losses import ALL as LOSSES
from nnnotes.optimizers import ALL as OPTIMIZERS


def compared(family, counterparts):
    """The members that JAX has, too."""
    return [member for member in family if type(member) in counterparts]


MEMBERS = with_variants(ACTIVATIONS, LeakyReLU(-0.5))
each_activation = pytest.mark.parametrize(
    "g", compared(ACTIVATIONS, oracles.ACTIVATIONS), ids=repr
)
each_member = pytest.mark.parametrize(
    "g", compared(MEMBERS, oracles.ACTIVATIONS), ids=repr
)


@pytest.fixture(autouse=True)
def float64():
    """Let JAX compute in double precision, here and nowhere else."""
    with jax.enable_x64(True):
        yield


def in_jax(g):
    function = oracles.ACTIVATIONS[type(g)]
    return lambda z: function(z, *g.parameters.values())


def elementwise(g, Z):
    """Apply g by way of a row of one length: JAX compiles what it calls once for each shape."""
    row = jnp.concatenate([jnp.ravel(Z), np.zeros(100 - Z.size)])
    return jnp.reshape(in_jax(g)(row)[: Z.size], Z.shape)


def loss_in_jax(parameters, X, Y, g, error):
    """The mean loss of a network, as a function of its weights and biases."""
    A = X
    for number, (W, b) in enumerate(parameters, start=1):
        Z = jnp.matmul(W, A) + b
        A = elementwise(g, Z) if number < len(parameters) else Z
    return jnp.mean(jax.vmap(error, in_axes=1)(A, Y))


def problem(g, loss, depth, seed):
    """A network with biases, inputs and targets; no two sizes are equal, nor is m any of them."""
    rng = np.random.default_rng(seed)
    # From 2 on: the softmax of one unit is 1, and its gradient nothing but rounding.
    m, *sizes = np.random.default_rng(1).permutation(np.arange(2, 10)).tolist()
    # The last layers have the same shapes in each network: JAX compiles them once.
    sizes = sizes[-depth - 1 :]
    network = tuple(
        dataclasses.replace(layer, b=rng.standard_normal(layer.b.shape))
        for layer in mlp(rng, sizes, g, LeCun(gain(g)))
    )
    X, Y = rng.standard_normal((sizes[0], m)), targets(loss, rng, sizes[-1], m)
    return network, X, Y


def pairs(network):
    return [(layer.W, layer.b) for layer in network]


def assert_close(array, expected):
    """Compare two arrays by the Frobenius norm of their difference, relative to that of the expected one."""
    expected = np.asarray(expected)
    assert array.shape == expected.shape
    assert array.dtype == expected.dtype == np.float64
    assert np.linalg.norm(array - expected) <= 1e-12 * np.linalg.norm(expected)


@pytest.mark.parametrize("depth", range(1, 7))
@pytest.mark.parametrize("loss", compared(LOSSES, oracles.LOSSES), ids=repr)
@each_activation
def test_each_gradient_of_a_network_is_that_of_automatic_differentiation(
    g, loss, depth
):
    network, X, Y = problem(g, loss, depth, seed=depth)
    Z, caches = forward(network, X)
    # At a kink the two may choose differently, and close to it they may round apart.
    for cache in caches[:-1]:
        assert all(np.abs(cache.Z - kink).min() > 1e-9 for kink in g.kinks)
    value, dZ = loss.value_and_gradient(Z, Y)
    gradients = backward(network, dZ, caches)
    expected_value, expected = jax.value_and_grad(loss_in_jax)(
        pairs(network), X, Y, g, oracles.LOSSES[type(loss)]
    )
    assert value == pytest.approx(float(expected_value), rel=1e-12, abs=0)
    for d, (dW, db) in zip(gradients, expected, strict=True):
        assert_close(d.dW, dW)
        assert_close(d.db, db)


@each_member
def test_a_layer_passes_back_what_automatic_differentiation_does(g):
    rng = np.random.default_rng(0)
    W, b, A_prev, dA = map(rng.standard_normal, [(4, 3), (4, 1), (3, 5), (4, 5)])
    layer = Dense(W, b, g)
    A, cache = layer.forward(A_prev)
    expected_A, pull_back = jax.vjp(
        lambda W, b, A: in_jax(g)(jnp.matmul(W, A) + b), W, b, A_prev
    )
    dA_prev, d = layer.backward(dA, cache)
    assert_close(A, expected_A)
    for array, expected in zip((d.dW, d.db, dA_prev), pull_back(dA), strict=True):
        assert_close(array, expected)


@each_activation
def test_forward_mode_of_a_network_is_that_of_automatic_differentiation(g):
    network, X, _ = problem(g, SquaredError(), depth=3, seed=3)
    rng = np.random.default_rng(4)
    moving = [tuple(map(rng.standard_normal, map(np.shape, p))) for p in pairs(network)]
    Xdot = rng.standard_normal(X.shape)

    def output(parameters, X):
        A = X
        for number, (W, b) in enumerate(parameters, start=1):
            Z = jnp.matmul(W, A) + b
            A = elementwise(g, Z) if number < len(parameters) else Z
        return A

    _, expected = jax.jvp(output, (pairs(network), X), (moving, Xdot))
    _, caches = forward(network, X)
    tangents = tuple(Tangents(*pair) for pair in moving)
    assert_close(jvp(network, Xdot, tangents, caches), expected)


def test_residual_layer_passes_back_what_automatic_differentiation_does():
    rng = np.random.default_rng(0)
    shapes = [(4, 3), (4, 1), (3, 4), (3, 1), (3, 5), (3, 5)]
    W_1, b_1, W_2, b_2, A_prev, dA = map(rng.standard_normal, shapes)
    branch = (Dense(W_1, b_1, tanh), Dense(W_2, b_2, identity))
    layer = residual.Residual(branch, alpha=0.7)
    A, cache = layer.forward(A_prev)
    expected_A, pull_back = jax.vjp(
        lambda alpha, W_1, b_1, W_2, b_2, A: (
            A + alpha * (W_2 @ jnp.tanh(W_1 @ A + b_1) + b_2)
        ),
        np.array(0.7),
        *(W_1, b_1, W_2, b_2, A_prev),
    )
    dA_prev, d = layer.backward(dA, cache)
    assert_close(A, expected_A)
    inner = [array for part in d.branch for array in (part.dW, part.db)]
    results = [np.array(d.dalpha), *inner, dA_prev]
    for array, expected in zip(results, pull_back(dA), strict=True):
        assert_close(array, expected)


@each_member
def test_value_and_derivative_of_each_activation_at_random_points(g):
    rng = np.random.default_rng(0)
    z = np.concatenate([rng.standard_normal(500), rng.uniform(-30, 30, 500)])
    value, pull_back = jax.vjp(in_jax(g), z)
    (slope,) = pull_back(jnp.ones_like(value))  # g is elementwise
    for result, expected in ((g(z), value), (g.derivative(z), slope)):
        expected = np.asarray(expected)
        assert result.dtype == expected.dtype
        distance = np.abs(result - expected)
        assert (distance <= 1e-12 * np.maximum(1, np.abs(expected))).all()


def test_product_with_the_jacobian_of_softmax_forwards_and_backwards():
    rng = np.random.default_rng(0)
    Z, V = 5 * rng.standard_normal((2, 4, 6))
    A, forwards = jax.jvp(lambda z: jax.nn.softmax(z, axis=0), (Z,), (V,))
    _, pull_back = jax.vjp(lambda z: jax.nn.softmax(z, axis=0), Z)
    assert_close(softmax(Z), A)
    assert_close(softmax.jvp(Z, V), forwards)
    assert_close(softmax.jvp(Z, V), pull_back(V)[0])


@pytest.mark.parametrize("rule", compared(OPTIMIZERS, oracles.OPTIMIZERS), ids=repr)
def test_training_is_that_of_automatic_differentiation_and_the_same_rule(rule):
    loss, steps = LogisticLoss(), 10
    network, X, Y = problem(tanh, loss, depth=3, seed=0)
    # The oracle takes the settings in the order of the fields.
    settings = dataclasses.astuple(rule)
    start, update, parameters = oracles.OPTIMIZERS[type(rule)](*settings)
    state = start(pairs(network))
    gradient = jax.grad(loss_in_jax)
    for number in range(steps):
        d = gradient(parameters(state), X, Y, tanh, oracles.LOSSES[LogisticLoss])
        state = update(number, d, state)
    *_, last = train(network, loss, X, Y, optimizer=rule, steps=steps)
    for before, layer, (W, b) in zip(
        network, last.network, parameters(state), strict=True
    ):
        assert_close(layer.W, W)
        assert_close(layer.b, b)
        assert np.linalg.norm(layer.W - before.W) > 0.1 * np.linalg.norm(before.W)


def as_nodes(network, X, loss, Y):
    """The mean loss of a network as a node, and the nodes of its parameters."""
    A, parameters = variable(X), []
    for layer in network:
        W, b = variable(layer.W), variable(layer.b)
        parameters.append((W, b))
        A = activate(layer.g, W @ A + b)
    return mean_loss(loss, A, Y), parameters


@pytest.mark.parametrize("depth", [1, 4])
@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("g", ACTIVATIONS, ids=repr)
def test_reverse_mode_gives_the_bits_of_the_backward_pass_that_is_written_by_hand(
    g, loss, depth
):
    network, X, Y = problem(g, loss, depth, seed=depth)
    J, parameters = as_nodes(network, X, loss, Y)
    Z, caches = forward(network, X)
    value, dZ = loss.value_and_gradient(Z, Y)
    assert J.value == value
    d = gradients(J)
    for (W, b), truth in zip(parameters, backward(network, dZ, caches), strict=True):
        np.testing.assert_array_equal(d[W], truth.dW)
        np.testing.assert_array_equal(d[b], truth.db)


def test_reverse_mode_keeps_single_precision():
    network = mlp(np.random.default_rng(0), [3, 4, 2], tanh, dtype=np.float32)
    X, Y = np.ones((3, 5), np.float32), np.zeros((2, 5), np.float32)
    J, _ = as_nodes(network, X, SquaredError(), Y)
    assert {node.value.dtype.name for node in order(J)} == {"float32"}
    assert {array.dtype.name for array in gradients(J).values()} == {"float32"}


def tied(W, b, c, X, tanh):
    """Each variable is used twice; b is a column, c a row, and they broadcast."""
    H = tanh(W @ X + b)
    return tanh(W @ (H * H) + b * c) * (H + c)


def test_variables_that_are_used_twice_and_broadcast_are_those_of_jax():
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape) for shape in ((4, 4), (4, 1), (6,), (4, 6))]
    expected = jax.grad(lambda *x: jnp.sum(tied(*x, jnp.tanh)), argnums=(0, 1, 2, 3))(
        *arrays
    )
    nodes = [variable(array) for array in arrays]
    d = gradients(total(tied(*nodes, lambda Z: activate(tanh, Z))))
    for node, array, truth in zip(nodes, arrays, expected, strict=True):
        assert_close(d[node], truth)
        assert d[node].shape == array.shape
    # And without JAX, by differences.
    for number, array in enumerate(arrays):

        def f(x, number=number):
            changed = [*arrays[:number], x, *arrays[number + 1 :]]
            return float(tied(*changed, np.tanh).sum())

        assert relative_error(d[nodes[number]], numerical_gradient(f, array)) < 1e-8


@pytest.mark.parametrize(
    ("shape", "other"),
    [
        ((), (2, 3)),
        ((1,), (2, 3)),
        ((3,), (2, 3)),
        ((1, 1), (2, 3)),
        ((1, 3), (2, 1)),
        ((2, 1), (4, 1, 3)),
        ((2, 3), (2, 3)),
    ],
)
def test_what_was_repeated_is_added_up(shape, other):
    a, b = variable(np.full(shape, 2.0)), variable(np.full(other, 3.0))
    size = np.broadcast_shapes(shape, other)
    for x in (a, b):
        for output, factor in ((a + b, 1.0), (a * b, 6.0 / x.value.flat[0])):
            assert output.value.shape == size
            d = gradients(total(output))[x]
            times = np.prod(size) / x.value.size
            np.testing.assert_array_equal(d, np.full(x.value.shape, factor * times))


def test_single_numbers_stay_arrays_so_that_losses_can_be_added_and_weighted():
    Z, weight = variable(np.array([[1.0, 2.0]])), variable(np.array(0.5))
    loss = mean_loss(SquaredError(), Z, np.zeros((1, 2)))
    other = activate(tanh, weight * loss)
    J = loss + weight * loss + other
    assert all(isinstance(node.value, np.ndarray) for node in order(J))
    d = gradients(J)
    assert all(isinstance(array, np.ndarray) for array in d.values())
    slope = 1 - np.tanh(0.5 * 1.25) ** 2
    assert float(d[weight]) == pytest.approx(1.25 * (1 + slope), rel=1e-14, abs=0)
    np.testing.assert_allclose(
        d[Z], (1.5 + 0.5 * slope) * Z.value / 2, rtol=1e-14, atol=0
    )


def test_order_lists_each_node_once_and_after_its_parents():
    a = variable(np.ones(2), "a")
    b = a * a
    c = total(b * (a + b) + b)
    nodes = order(c)
    assert Counter(node.name for node in nodes) == Counter(
        {"a": 1, r"\odot": 2, "+": 2, r"\Sigma": 1}
    )
    for number, node in enumerate(nodes):
        assert set(node.parents) <= set(nodes[:number])
    assert nodes[-1] is c
    assert set(gradients(c)) == set(nodes)


def test_deep_graph_needs_no_recursion():
    a = x = variable(np.array([1.0]))
    for _ in range(5000):
        a = a + x
    assert gradients(a)[x] == 5001


def test_node_cannot_come_from_itself_and_its_value_cannot_change():
    a = variable(np.array([1.0, 2.0]))
    b = a * a
    with pytest.raises(dataclasses.FrozenInstanceError):
        a.parents = (b,)
    for array in (a.value, b.value, *gradients(total(b)).values()):
        with pytest.raises(ValueError, match="read-only"):
            array += 1
    array = np.array([1.0])
    x = variable(array)
    array += 1  # the node has a copy
    assert x.value == 1


def test_derivative_that_several_nodes_share_is_not_written_to():
    a, b, c = (variable(np.array([x])) for x in (1.0, 2.0, 3.0))
    d = gradients((a + b) + (a + c))
    assert [float(d[x][0]) for x in (a, b, c)] == [2, 1, 1]
    # An operation may hand on one array twice.
    twice = Node(a.value + a.value, (a, b), lambda d: (d, d))
    d = gradients(twice + a)
    assert [float(d[x][0]) for x in (a, b, twice)] == [2, 1, 1]


def test_node_without_a_name_is_shown_with_its_shape():
    assert repr(variable(np.ones((2, 1)))) == "Node('', shape (2, 1))"
    assert repr(Node(np.ones(2), (), lambda d: ())) == "Node('', shape (2,))"
    assert repr(variable(np.ones(3)) + variable(np.ones(()))) == "Node('+', shape (3,))"


def test_nodes_are_named_after_what_made_them():
    x = variable(np.ones((1, 1)), "x")
    made = (x @ x, x + x, x - x, x * x, x / x, activate(tanh, x), total(x))
    names = ["@", "+", "-", r"\odot", "/", "g", r"\Sigma"]
    assert [node.name for node in made] == names
    assert [node.name for node in (2 * x).parents] == ["x", "2"]
    assert [node.name for node in (0.5 / x).parents] == ["0.5", "x"]
    assert mean_loss(SquaredError(), x, x.value).name == "J"


# Each operator and its reflection, with numbers of every kind on either side.
EXPRESSIONS = {
    "node - node": lambda a, b: a - b,
    "node / node": lambda a, b: a / b,
    "-node": lambda a, b: -a * b,
    "number + node": lambda a, b: 2 + a * b,
    "node + number": lambda a, b: a * b + 0.25,
    "number - node": lambda a, b: 1 - a * b,
    "node - number": lambda a, b: a * b - np.float64(3),
    "number * node": lambda a, b: np.float32(2) * a * b,
    "node * number": lambda a, b: a * np.int64(-3) * b,
    "number / node": lambda a, b: 2 / (a * b),
    "node / number": lambda a, b: a * b / 4,
    "all of them": lambda a, b: -(1 - a / b) * 2 / (3 - a) + b / 2 - a * b,
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_operators_are_those_of_jax_and_of_central_differences(name):
    f, rng = EXPRESSIONS[name], np.random.default_rng(0)
    # Away from 0 and from 3, where the expressions have poles; and they broadcast.
    arrays = [rng.uniform(0.5, 2, (3, 4)), rng.uniform(0.5, 2, (3, 1))]
    nodes = [variable(array) for array in arrays]
    output = f(*nodes)
    assert_close(output.value, f(*arrays))
    # Behind a tanh each element has another derivative.
    d = gradients(total(activate(tanh, output)))
    expected = jax.grad(lambda a, b: jnp.sum(jnp.tanh(f(a, b))), argnums=(0, 1))(
        *map(jnp.asarray, arrays)
    )
    for number, (node, truth) in enumerate(zip(nodes, expected, strict=True)):
        assert_close(d[node], truth)

        def by_array(x, number=number):
            changed = [*arrays[:number], x, *arrays[number + 1 :]]
            return float(np.tanh(f(*changed)).sum())

        difference = numerical_gradient(by_array, arrays[number])
        assert relative_error(d[node], difference) < 1e-8


def test_rule_of_division_does_not_overflow_where_the_result_does_not():
    a, b = variable(np.array([1e200])), variable(np.array([1e200]))
    d = gradients(total(a / b))
    assert d[a] == 1e-200
    assert d[b] == -1e-200


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_numbers_do_not_make_a_node_wider(dtype):
    a = variable(np.ones((2, 2), dtype))
    J = total(1 - np.float64(2) * a / 3 + 0.5)
    assert all(node.value.dtype == dtype for node in order(J)[:-1])
    assert gradients(J)[a].dtype == dtype


@pytest.mark.usefixtures("unchecked")
def test_what_is_no_operand_is_an_error_that_says_what_to_do():
    a, array = variable(np.ones((2, 2), np.float16)), np.ones((2, 2))
    for wrong in (lambda: array + a, lambda: a / array, lambda: array @ a):
        with pytest.raises(
            TypeError,
            match=r"^other: expected a node, but got array.*; nnnotes\.autodiff\.variable makes a node of an array$",
        ):
            wrong()
    for wrong in (lambda: a - "1", lambda: None / a, lambda: a * True, lambda: 1j - a):
        with pytest.raises(TypeError, match=r"^other: expected a node or a finite num"):
            wrong()
    for wrong in (lambda: a * np.inf, lambda: a + np.nan):
        with pytest.raises(ValueError, match=r"^other: expected a node or a finite nu"):
            wrong()
    with pytest.raises(ValueError, match=r"^other: 70000 is beyond the numbers of flo"):
        a * 70000
    with pytest.raises(ShapeError, match=r"^other: expected a shape that can be broad"):
        a - variable(np.ones(3))
    with pytest.raises(
        ValueError, match=r"^operation: a node has none of the name '%'"
    ):
        autodiff.rule("%", array, array, array)


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_copied_or_pickled_graph_has_the_same_gradients_and_cannot_be_written_to(
    copied,
):
    network, X, Y = problem(tanh, LogisticLoss(), depth=2, seed=0)
    J, parameters = as_nodes(network, X, LogisticLoss(), Y)
    J = -J / 2 + total(3 - J @ J if J.value.ndim else J * J)
    other, others = copied((J, parameters))
    d, truth = gradients(other), gradients(J)
    assert len(d) == len(truth)
    for pair, its in zip(parameters, others, strict=True):
        for node, twin in zip(pair, its, strict=True):
            np.testing.assert_array_equal(d[twin], truth[node])
    for node in order(other):
        with pytest.raises(ValueError, match="read-only"):
            node.value += 1


def test_the_module_is_as_short_as_the_chapter_says():
    tree = ast.parse(inspect.getsource(autodiff))
    for node in ast.walk(tree):
        documented = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module)
        if documented and ast.get_docstring(node):
            del node.body[0]
    assert len(ast.unparse(tree).splitlines()) <= 170


def test_sums_in_half_precision_do_not_stop_growing():
    long = variable(np.full((5000, 1), 16, np.float16))
    one = variable(np.ones((), np.float16))
    column = variable(np.ones((1, 1), np.float16))
    assert total(long).value == 80_000  # more than half precision can hold
    for node in (one, column):
        J = total(long + node)
        assert J.value == 17 * 5000
        d = gradients(J)
        assert d[node] == 5000  # and not 2048
        assert d[node].shape == node.value.shape
        assert {d[n].dtype.name for n in (long, node)} == {"float16"}
    row = variable(np.ones(2, np.float16))
    # NumPy adds up the rows of an array one after the other.
    assert gradients(total(long + row))[row].tolist() == [5000, 5000]
    Z = variable(np.full((1, 5), 1000, np.float16))
    J = mean_loss(SquaredError(), Z, np.zeros((1, 5)))
    assert J.value == 500_000
    assert gradients(J)[Z].tolist() == [[200] * 5]


def test_each_derivative_has_the_dtype_of_its_node():
    half, double = variable(np.ones((2, 2), np.float16)), variable(np.ones((2, 1)))
    single = variable(np.ones((2, 2), np.float32))
    d = gradients(total(activate(tanh, half @ single + double * half)))
    assert len(d) == 8
    for node, derivative in d.items():
        assert derivative.dtype == node.value.dtype
        assert not derivative.flags.writeable


@wrong_calls(
    (lambda: autodiff.variable([1.0]), "value: expected a NumPy array, but got [1.0]"),
    (
        lambda: autodiff.variable(np.arange(3)),
        "value: expected a floating-point dtype, such as float64, but got int64",
    ),
    (lambda X, node: node @ X.T, "other: expected a node, but got array"),
    (lambda W, node: W.T @ node, "other: expected a node, but got array"),
    (lambda W, node: W + node, "other: expected a node, but got array"),
    (
        lambda node: node * None,
        "other: expected a node or a finite number, but got None",
    ),
    (
        lambda node: node @ node,
        "other: axis k is 3, but self has k = 2; expected (k, m), got (3, 2)",
    ),
    (
        lambda node: node @ autodiff.total(node),
        "other: the number of axes is 0, but must be 2; expected (k, m), got ()",
    ),
    (
        lambda X, node: node + autodiff.variable(X),
        "other: expected a shape that can be broadcast with (3, 2), but got (2, 4)",
    ),
    (
        lambda X, node: node * autodiff.variable(X),
        "other: expected a shape that can be broadcast with (3, 2), but got (2, 4)",
    ),
    (
        lambda node: autodiff.activate("tanh", node),
        "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    ),
    (lambda W: autodiff.activate(tanh, W), "Z: expected a node, but got array"),
    (
        lambda W, node: autodiff.mean_loss("loss", node, W),
        "loss: expected a loss such as nnnotes.LogisticLoss(), but got 'loss'",
    ),
    (
        lambda W, loss: autodiff.mean_loss(loss, W, W),
        "Z: expected a node, but got array",
    ),
    (
        lambda X, loss, node: autodiff.mean_loss(loss, node, X),
        "Y: axis n_out is 2, but Z has n_out = 3; expected (n_out, m), got (2, 4)",
    ),
    (
        lambda W, loss, node: autodiff.mean_loss(loss, node, 2 * W),
        "Y: expected targets from 0 to 1, but got 2.0 to 2.0",
    ),
    (lambda W: autodiff.total(W), "x: expected a node, but got array"),
    (lambda W: autodiff.order(W), "output: expected a node, but got array"),
    (lambda W: autodiff.gradients(W), "output: expected a node, but got array"),
    (
        lambda node: autodiff.gradients(node),
        "output: expected one number, but got the shape (3, 2)",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
