"""The explorers' JavaScript, held to the package: activations, layers, losses, descent, quadrature."""

import json
import subprocess
from pathlib import Path

import jaxtyping
import numpy as np
import pytest

from helpers.browsing import NODE
from nnbook import explore
from nnbook.explore.formulas import names
from nnnotes import (
    Dense,
    LogisticLoss,
    ShapeError,
    SquaredError,
    activations,
    backward,
    descend,
    forward,
    identity,
    mlp,
)
from nnnotes.exactness import grid
from nnnotes.meanfield import MeanField
from nnnotes.quadrature import gaussian_mean

SCRIPT = Path(__file__).with_name("explorers.mjs").read_text(encoding="utf8")


def files() -> dict[str, str]:
    """What explorers load; messages are asked for with wrong arguments, which go to the package's own checks."""
    jaxtyping.config.update("jaxtyping_disable", True)
    try:
        return explore.files()
    finally:
        jaxtyping.config.update("jaxtyping_disable", False)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("explore")
    for name, text in files().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf8")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "task.js").write_text(SCRIPT)

    def answer(task: str, **given: object) -> object:
        done = subprocess.run(
            [NODE, folder / "task.js"],
            input=json.dumps({"task": task, **given}),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    return answer


def test_every_activation_is_there_and_agrees_on_the_grid_of_exactness(run) -> None:
    z = grid(np.float64)
    z = z[np.abs(z) < 1e6]  # far beyond what an explorer shows
    found = run("activations", z=z.tolist())
    assert [name for name, *_ in found] == list(names())
    assert len(found) == len(activations.ALL)
    for name, values, slopes in found:
        g = names()[name]
        np.testing.assert_allclose(values, g(z), rtol=1e-9, atol=1e-14, err_msg=name)
        # Some formulas of slopes cancel, to an error of some units of 1.
        np.testing.assert_allclose(
            slopes, g.derivative(z), rtol=1e-9, atol=1e-13, err_msg=name
        )


def test_parameters_can_be_changed(run) -> None:
    z = [-2.0, 0.0, 3.0]
    leaky = activations.LeakyReLU(0.3)
    assert run("parameters", z=z) == leaky(np.array(z)).tolist()


def exported(network: tuple[Dense, ...]) -> list[dict[str, object]]:
    name = {id(g): name for name, g in names().items()}
    return [
        {"W": one.W.tolist(), "b": one.b.ravel().tolist(), "g": name[id(one.g)]}
        for one in network
    ]


def drawn(seed: int, *sizes: int) -> tuple[tuple[Dense, ...], np.random.Generator]:
    rng = np.random.default_rng(seed)
    network = mlp(rng, sizes, activations.tanh)
    biased = (
        Dense(layer.W, rng.standard_normal(layer.b.shape), layer.g) for layer in network
    )
    return tuple(biased), rng


def test_forward_and_backward_agree(run) -> None:
    network, rng = drawn(0, 3, 5, 4, 2)
    X, dA = rng.standard_normal((3, 7)), rng.standard_normal((2, 7))
    found = run("passes", layers=exported(network), X=X.tolist(), dA=dA.tolist())
    A, caches = forward(network, X)
    np.testing.assert_allclose(found["A"], A, rtol=1e-9)
    gradients = backward(network, dA, caches)
    for one, expected in zip(found["gradients"], gradients, strict=True):
        np.testing.assert_allclose(one["dW"], expected.dW, rtol=1e-9)
        np.testing.assert_allclose(one["db"], expected.db.ravel(), rtol=1e-9)
    dX = dA
    for layer, cache in zip(reversed(network), reversed(caches), strict=True):
        dX, _ = layer.backward(dX, cache)
    np.testing.assert_allclose(found["dA"], dX, rtol=1e-9)


def test_losses_and_their_gradients_agree(run) -> None:
    Z = np.array([[-800.0, -3.0, -0.5, 0.0, 0.5, 3.0, 800.0]])
    y = np.array([[1.0, 0, 1, 0, 1, 0, 0]])
    found = run("losses", X=Z.tolist(), y=y[0].tolist())
    for (value, gradient), loss in zip(
        found, (SquaredError(), LogisticLoss()), strict=True
    ):
        assert value == pytest.approx(loss(Z, y), rel=1e-9)
        np.testing.assert_allclose(gradient, loss.gradient(Z, y), rtol=1e-9, atol=1e-16)


@pytest.mark.parametrize("name", ["squared", "logistic"])
def test_a_hundred_steps_of_descent_end_at_the_same_weights(run, name: str) -> None:
    network, rng = drawn(1, 2, 4, 4, 1)
    assert network[-1].g == identity
    X = rng.standard_normal((2, 30))
    Y = (X[:1] * X[1:] > 0).astype(float)
    loss = {"squared": SquaredError(), "logistic": LogisticLoss()}[name]
    found = run(
        "train",
        layers=exported(network),
        X=X.tolist(),
        y=Y[0].tolist(),
        loss=name,
        steps=100,
        rate=0.3,
    )
    for _ in range(100):
        Z, caches = forward(network, X)
        network = descend(network, backward(network, loss.gradient(Z, Y), caches), 0.3)
    for one, layer in zip(found, network, strict=True):
        np.testing.assert_allclose(one["W"], layer.W, rtol=1e-6)
        np.testing.assert_allclose(one["b"], layer.b.ravel(), rtol=1e-6)


@pytest.mark.parametrize("spread", [0.1, 1.0, 5.0])
def test_means_over_normal_numbers_agree(run, spread: float) -> None:
    found = run("means", spread=spread)
    for mean, g in zip(found, names().values(), strict=True):
        kinks = [kink / spread for kink in g.kinks]
        expected = gaussian_mean(lambda z, g=g: g.value(spread * z) ** 2, kinks)
        assert mean == pytest.approx(expected, rel=1e-6)


def test_random_numbers_have_the_moments_they_should(run) -> None:
    uniform, normal = map(np.array, run("draws"))
    count = len(uniform)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    # Five standard errors of each mean.
    assert abs(uniform.mean() - 1 / 2) < 5 * np.sqrt(1 / 12 / count)
    assert abs(normal.mean()) < 5 / np.sqrt(count)
    assert abs((normal**2).mean() - 1) < 5 * np.sqrt(2 / count)
    assert abs((normal**4).mean() - 3) < 5 * np.sqrt(96 / count)
    # One number says nothing of the next.
    assert abs((normal[1:] * normal[:-1]).mean()) < 5 / np.sqrt(count)


PLANE = {
    "set": "xor",
    "g": "tanh",
    "layers": 1,
    "units": 4,
    "start": "random",
    "scale": 0,
    "seed": 1,
    "rate": 0,
}


def test_what_pages_say_of_training_in_the_plane(run) -> None:
    settings: list[dict[str, object]] = [{"layers": 0}]
    settings += [{"units": 2, "seed": seed} for seed in (1, 4, 5, 2, 3)]
    settings += [{"g": "relu", "seed": 6}]
    settings += [{"start": "constant", "units": units} for units in (4, 8)]
    settings += [{"start": "zero"}]
    found = run("plane", runs=[{**PLANE, **one} for one in settings])
    linear, *two, relu, four, eight, zero = found
    assert linear["loss"] == pytest.approx(np.log(2), abs=0.01)
    assert [one["right"] == 1 for one in two] == [True, True, True, False, False]
    assert relu["right"] == 0.75
    for twins in (four, eight):
        assert twins["alike"]
        assert twins["right"] == 0.75
    assert zero["right"] == 0.5
    assert zero["loss"] == pytest.approx(np.log(2), abs=1e-3)


DEPTH = {"depth": 30, "width": 64, "seed": 1}


def test_what_pages_say_of_scale_and_depth_and_theory(run) -> None:
    lecun, he = np.log10(1 / 64) / 2, np.log10(2 / 64) / 2
    last = run("depth", **DEPTH, g="relu", scale=lecun)["sizes"][-1]
    assert 2e-5 < last < 4e-5
    kept = run("depth", **DEPTH, g="relu", scale=he)
    assert min(kept["sizes"]) > 0.5
    assert max(kept["sizes"]) < 2
    one = run("depth", **DEPTH, g="tanh", scale=0)
    assert min(one["sizes"]) > 0.9
    assert 1e8 < one["slopes"][0] < 2e8
    # Theory, for infinite width, and a draw of width 64.
    np.testing.assert_allclose(np.sqrt(one["predicted"]), one["sizes"], rtol=0.02)
    np.testing.assert_allclose(np.sqrt(kept["predicted"]), 1, rtol=0.05)


@pytest.mark.parametrize(
    ("name", "w", "b", "near"),
    [
        ("tanh", 1.0, 0.05, 1e-4),
        ("tanh", 2.5, 0.05, 1e-4),
        ("gelu", 1.5, 0.1, 1e-4),
        # Quadrature meets kinks between its nodes.
        ("relu", 1.5, 0.1, 1e-2),
        ("hard_tanh", 2.0, 0.2, 1e-2),
    ],
)
def test_order_and_chaos_are_those_of_mean_field_theory(
    run, name: str, w: float, b: float, near: float
) -> None:
    theory = MeanField(names()[name], w, b)
    found = run("chaos", g=name, w=w, b=b, c=0.6, layers=3)
    assert found["q"] == pytest.approx(theory.fixed_point, rel=1e-6)
    assert found["chi"] == pytest.approx(theory.chi, rel=1e-6)
    c = 0.6
    for later in found["walk"][1:]:
        c = theory.correlation_map(c)
        assert later == pytest.approx(c, rel=near)
    assert found["end"] == pytest.approx(theory.fixed_correlation, rel=near)
    assert found["depth"] == pytest.approx(theory.correlation_depth, rel=30 * near)


def test_signals_without_a_size_to_settle_at_are_told_apart(run) -> None:
    assert run("chaos", g="tanh", w=0.8, b=0.0, c=0.6, layers=3) == {"q": 0}
    grown = run("chaos", g="relu", w=2.5, b=0.1, c=0.6, layers=3)
    assert grown == {"q": "Infinity"}


def layer_of(n_prev: int, n: int, m: int, fault: str) -> tuple[str, object]:
    """What the package says of a layer with a fault, and the shape that NumPy gives."""
    W, A, b = np.ones((n, n_prev)), np.ones((n_prev, m)), np.ones((n, 1))
    W = W.T.copy() if fault == "W" else W
    A = A.T.copy() if fault == "A" else A
    b = b[:, 0] if fault == "b" else b
    try:
        shape = list((W @ A + b).shape)
    except ValueError:
        shape = None
    try:
        Dense(W, b, identity).forward(A)
    except ShapeError as error:
        return str(error), shape
    return "", shape


@pytest.mark.usefixtures("unchecked")
def test_shapes_are_judged_as_numpy_and_the_package_judge_them(run) -> None:
    cases = [
        {"n_prev": n_prev, "n": n, "m": m, "fault": fault}
        for n_prev in (1, 3, 4)
        for n in (1, 3, 4)
        for m in (1, 3, 4)
        for fault in ("none", "W", "A", "b")
    ]
    for case, found in zip(cases, run("shapes", cases=cases), strict=True):
        message, shape = layer_of(**case)
        assert (found["message"], found["Z"]) == (message, shape), case


def test_an_unknown_explorer_is_an_error_of_the_page(small_book) -> None:
    small_book.set_chapter("# A chapter\n\n```{explorer} nothing\nStill.\n```\n")
    done = small_book.build("-W")
    assert done.returncode != 0
    assert "no 'nothing'; there are activation" in done.stdout + done.stderr


def test_what_an_explorer_loads_is_small() -> None:
    import gzip

    whole = "".join(files().values()).encode()
    assert len(gzip.compress(whole)) < 60_000
