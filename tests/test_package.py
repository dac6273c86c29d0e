"""The package as a whole: what ships, what is checked, and what wrong calls say."""

import runpy
import sys
import tomllib
import zipfile
from importlib.metadata import metadata
from importlib.resources import files
from pathlib import Path

import jaxtyping
import numpy as np
import pytest

import nnnotes
from nnnotes import Cache, Gradients

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_each_module_was_imported_by_the_hook_that_checks_its_calls():
    modules = {
        name: module
        for name, module in sys.modules.items()
        if name.split(".")[0] == "nnnotes"
    }
    assert len(modules) >= 13
    for module in modules.values():
        if module.__file__:  # the folder of the data is no module
            assert type(module.__loader__).__module__ == "jaxtyping._import_hook"


def test_hook_sees_a_shape_and_a_dtype_that_the_package_does_not_look_at():
    with pytest.raises(jaxtyping.TypeCheckError):
        Cache(np.zeros((2, 3)), np.zeros((4, 5)))  # not as many examples
    with pytest.raises(jaxtyping.TypeCheckError):
        Gradients(np.zeros((2, 3), int), np.zeros((2, 1)))


@pytest.mark.usefixtures("unchecked")
def test_hook_can_be_turned_off():
    assert Cache(np.zeros((2, 3)), np.zeros((4, 5))).Z.shape == (4, 5)


def test_annotated_array_is_an_array_where_jaxtyping_is_not_wanted(monkeypatch):
    monkeypatch.delitem(sys.modules, "jaxtyping")
    names = runpy.run_path(nnnotes.arrays.__file__)
    for name in ("Float", "Integer", "Real"):
        assert names[name][np.ndarray, "n m"] is np.ndarray
    assert "jaxtyping" not in sys.modules


def test_version_is_the_one_of_the_project():
    assert (
        nnnotes.__version__
        == PROJECT["project"]["version"]
        == metadata("nnnotes")["Version"]
    )


def test_public_names_are_sorted_and_there():
    assert nnnotes.__all__ == sorted(nnnotes.__all__)
    namespace = {}
    exec("from nnnotes import *", namespace)
    assert set(nnnotes.__all__) <= set(namespace)


def test_type_checkers_are_told_that_there_are_types():
    assert (files("nnnotes") / "py.typed").is_file()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """What is in the wheel, built as pip builds it: contents by name."""
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(
        directory=str(folder), versions=["standard"]
    )
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_holds_the_package_its_data_and_the_licences(wheel):
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "nnnotes").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {
        "nnnotes/__init__.py",
        "nnnotes/py.typed",
        "nnnotes/data/digits.npz",
    } <= set(sources)
    info = f"nnnotes-{nnnotes.__version__}.dist-info"
    licences = {
        f"{info}/licenses/{name}": (ROOT / name).read_bytes()
        for name in PROJECT["project"]["license-files"]
    }
    assert len(licences) == 2
    extra = {f"{info}/{name}" for name in ("METADATA", "RECORD", "WHEEL")}
    assert (
        set(wheel) == set(sources) | set(licences) | extra
    )  # and no book and no tests
    for name, content in (sources | licences).items():
        assert wheel[name] == content
    assert f"Version: {nnnotes.__version__}\n".encode() in wheel[f"{info}/METADATA"]


RNG = np.random.default_rng(0)
NETWORK = nnnotes.mlp(RNG, [2, 3, 1], nnnotes.tanh)
X, Y = np.ones((2, 4)), np.zeros((1, 4))
Z, CACHES = nnnotes.forward(NETWORK, X)
NAMES = {
    **vars(nnnotes),
    **vars(nnnotes.networks),
    **vars(nnnotes.initializers),
    **vars(nnnotes.formula),
    "np": np,
    "rng": RNG,
    "network": NETWORK,
    "caches": CACHES,
    "d": nnnotes.backward(NETWORK, Z, CACHES),
    "loss": nnnotes.LogisticLoss(),
    "W": np.ones((3, 2)),
    "b": np.zeros((3, 1)),
    "X": X,
    "Y": Y,
}

# A call with one wrong argument, and how the message begins: with the name of what is
# wrong (in a network, as its layer calls it), and what was expected.
WRONG = {
    "relu(None)": "z: expected real numbers, but got objects such as None",
    "tanh.derivative(1j)": "z: expected real numbers, but got complex128",
    "LeakyReLU(0)": "alpha: expected a finite slope other than 0, but got 0",
    "LeakyReLU('steep')": "alpha: expected real numbers, but got str160",
    "expression('1 +')": "text: expected an expression, but got '1 +'",
    "latex('for z')": "text: expected an expression, but got 'for z'",
    "He().variance(0, 2)": "n_out: expected at least 1, but got 0",
    "He()(rng, 3, 2.0)": "n_in: expected an integer, but got 2.0",
    "He()(0, 3, 2)": "rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got 0",
    "Normal(-1)": "std: expected a standard deviation of at least 0, but got -1",
    "Constant(np.nan)": "c: expected a finite number, but got nan",
    "LeCun(np.inf)": "gain: expected a finite number, but got inf",
    "gain('relu')": "g: expected an activation such as nnnotes.relu, but got 'relu'",
    "check('n m', X=None)": "X: expected a NumPy array, but got None",
    "check('n m, n', X=X)": "patterns: expected one for each array, but got 2 for 1 arrays",
    "check('3 m', X=X)": "X: an axis is 2, but must be 3; expected (3, m), got (2, 4)",
    "shape_table([2], 4)": "sizes: expected at least an input and an output size, but got (2,)",
    "shape_table([2, 0], 4)": "sizes[1]: expected at least 1, but got 0",
    "shape_table([2, 1], 4.0)": "m: expected an integer, but got 4.0",
    "Dense(W, b.T, tanh)": "b: axis n_out is 1, but W has n_out = 3; expected (n_out, 1), got (1, 3)",
    "Dense(W, b[:, 0], tanh)": "b: the number of axes is 1, but must be 2; expected (n_out, 1), got (3,)",
    "Dense(W, b.astype(int), tanh)": "b: expected a floating-point dtype, such as float64, but got int64",
    "Dense(W, b.astype(np.float32), tanh)": "b: expected the dtype of W, float64, but got float32",
    "Dense(W, b, np.tanh)": "g: expected an activation such as nnnotes.relu, but got <ufunc 'tanh'>",
    "dense(rng, 3, 2, 'tanh')": "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    "dense(rng, 3, 2, tanh, 'He')": "init: expected an initialiser such as nnnotes.He(), but got 'He'",
    "dense(rng, 0, 2, tanh)": "n_out: expected at least 1, but got 0",
    "network[0].forward(X.T)": "A_prev: axis n_in is 4, but W has n_in = 2; expected (n_in, m), got (4, 2)",
    "network[0].forward(X.astype(int))": "A_prev: expected a floating-point dtype, such as float64, but got int64",
    "network[0].backward(Y, caches[0])": "dA: axis n_out is 1, but W has n_out = 3; expected (n_out, m), got (1, 4)",
    "network[0].backward(b, X)": "cache: expected the Cache that forward returned, but got array",
    "network[1].backward(Y, caches[0])": "A_prev: axis n_in is 2, but W has n_in = 3; expected (n_in, m)",
    "network[1].backward(Y > 0, caches[1])": "dA: expected a floating-point dtype, such as float64, but got bool",
    "mlp(rng, [2], tanh)": "sizes: expected at least an input and an output size, but got (2,)",
    "mlp(3, [2, 1], tanh)": "rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got 3",
    "forward(list(network), X)": "network: expected a tuple of layers, but got [Dense(",
    "forward((), X)": "network: expected at least one layer, but got none",
    "forward((W, b), X)": "network: expected a tuple of layers, but got (array",
    "forward(network, X[0])": "A_prev: the number of axes is 1, but must be 2; expected (n_in, m), got (4,)",
    "backward(network, Y, caches[:1])": "caches: expected one for each of the 2 layers, but got 1",
    "descend(network, d, -0.1)": "lr: expected a finite number greater than 0, but got -0.1",
    "descend(network, d[:1], 0.1)": "gradients: expected one for each of the 2 layers, but got 1",
    "descend(network, d[::-1], 0.1)": "dW: axis n_out is 1, but W has n_out = 3; expected (n_out, n_in), got (1, 3)",
    "accelerate(d, d, 1)": "momentum: expected a number from 0 to less than 1, but got 1",
    "accelerate(d, d[:1], 0)": "gradients: expected 2, one for each velocity, but got 1",
    "accelerate(d, d[::-1], 0)": "dW: axis n_out is 1, but v_dW has n_out = 3; expected (n_out, n_in), got (1, 3)",
    "loss(Y[0], Y)": "Z: the number of axes is 1, but must be 2; expected (n_out, m), got (4,)",
    "loss(Y, Y[:, 1:])": "Y: axis m is 3, but Z has m = 4; expected (n_out, m), got (1, 3)",
    "loss(Y.astype(int), Y)": "Z: expected a floating-point dtype, such as float64, but got int64",
    "loss.gradient(Y, Y - 1)": "Y: expected targets from 0 to 1, but got -1.0 to -1.0",
    "loss.gradient(Y, Y * 1j)": "Y: expected real numbers, but got complex128",
    "one_hot(np.array([0, 3]), 3)": "labels: expected classes from 0 to 2, but got 0 to 3",
    "one_hot(np.array([-1]), 3)": "labels: expected classes from 0 to 2, but got -1 to -1",
    "one_hot(np.array([0.0]), 3)": "labels: expected integers, but got float64",
    "one_hot(np.array([0]), 0)": "k: expected at least 1, but got 0",
    "one_hot([0], 1)": "labels: expected a NumPy array, but got [0]",
    "train(network, 'loss', X, Y, lr=1, steps=1)": "loss: expected a loss such as nnnotes.LogisticLoss(), but got",
    "train(network[0], loss, X, Y, lr=1, steps=1)": "network: expected a tuple of layers, but got Dense(",
    "train(network, loss, X[:1], Y, lr=1, steps=1)": "X: axis n_0 is 1, but W_1 has n_0 = 2; expected (n_0, m)",
    "train(network, loss, X, X, lr=1, steps=1)": "Y: axis n_L is 2, but W_L has n_L = 1; expected (n_L, m)",
    "train(network, loss, X, Y + 2, lr=1, steps=1)": "Y: expected targets from 0 to 1, but got 2.0 to 2.0",
    "train(network, loss, X * np.nan, Y, lr=1, steps=1)": "X: expected finite inputs, but there are nan",
    "train(network, loss, X * np.inf, Y, lr=1, steps=1)": "X: expected finite inputs, but there are nan",
    "train(network, loss, X > 0, Y, lr=1, steps=1)": "X: expected a floating-point dtype, such as float64, but got",
    "train(network, loss, X, Y, lr=np.nan, steps=1)": "lr: expected a finite number greater than 0, but got nan",
    "train(network, loss, X, Y, lr=1, steps=0)": "steps: expected at least 1, but got 0",
    "train(network, loss, X, Y, lr=1, steps=True)": "steps: expected an integer, but got True",
    "train(network, loss, X, Y, lr=1, steps=1, momentum=-1)": "momentum: expected a number from 0 to less than 1",
    "train(network, loss, X, Y, lr=1, steps=1, momentum=np.nan)": "momentum: expected a number from 0 to less than 1",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=2)": "rng: expected a generator together with batch_size",
    "train(network, loss, X, Y, lr=1, steps=1, rng=rng)": "rng: expected a generator together with batch_size",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=2, rng=0)": "rng: expected a numpy.random.Generator",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=5, rng=rng)": "batch_size: expected at most the 4 examples",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=0, rng=rng)": "batch_size: expected at least 1, but got 0",
    "predict(network, X.tolist())": "A_prev: expected a NumPy array, but got [[1.0",
    "accuracy(network, X, X)": "Y: axis n_L is 2, but Z has n_L = 1; expected (n_L, m), got (2, 4)",
    "numerical_gradient(sum, [1.0])": "x: expected a NumPy array, but got [1.0]",
    "numerical_gradient(sum, np.ones(2), h=0)": "h: expected a finite step greater than 0, but got 0",
    "numerical_gradients(network, X, X, Y)": "loss: expected a loss such as nnnotes.LogisticLoss(), but got array",
    "numerical_gradients([], loss, X, Y)": "network: expected a tuple of layers, but got []",
    "relative_error(W, b)": "b: expected the shape of a, (3, 2), but got (3, 1)",
    "signals(network, X, Y, loss)": "loss: expected a loss such as nnnotes.LogisticLoss(), but got array",
    "datasets.moons(rng, -1)": "m: expected at least 1, but got -1",
    "datasets.xor(rng, noise=-1)": "noise: expected a standard deviation of at least 0, but got -1",
    "datasets.spirals(rng, k=None)": "k: expected an integer, but got None",
    "datasets.digits(rng, 2000)": "m_test: expected fewer than the 1797 images, but got 2000",
    "Table(('a',), (('1', '2'),))": "rows[0]: expected 1 cells, but got 2",
}


@pytest.mark.parametrize(("call", "message"), WRONG.items(), ids=WRONG)
@pytest.mark.usefixtures("unchecked")
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    # A ShapeError is a ValueError.
    with pytest.raises((ValueError, TypeError)) as error:
        eval(call, dict(NAMES))
    assert str(error.value).startswith(message)
    shape = "axis " in message or "axes " in message
    assert isinstance(error.value, nnnotes.ShapeError) == shape
