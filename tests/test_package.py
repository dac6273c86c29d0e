"""The package as a whole: what ships, what is checked, and what wrong calls say."""

import importlib
import re
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
        == metadata(PROJECT["project"]["name"])["Version"]
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
    info = f"first_hour_nn-{nnnotes.__version__}.dist-info"
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


@pytest.mark.parametrize(
    ("repository", "urls", "readme"),
    [
        ("", [], "a, [b](https://b.org), [c](#c)"),
        (
            "https://d.org/e",
            ["Repository", "Issues", "Changelog"],
            "[a](https://d.org/e/blob/v1/a.md), [b](https://b.org), [c](#c)",
        ),
    ],
)
def test_release_shows_addresses_where_they_are_known(
    repository, urls, readme, tmp_path, monkeypatch
):
    monkeypatch.setenv("NNNOTES_REPOSITORY", repository)
    monkeypatch.delenv("NNNOTES_BASE_URL", raising=False)
    text = "[a](a.md), [b](https://b.org), [c](#c)"
    (tmp_path / "README.md").write_text(text, encoding="utf8")
    metadata = {"version": "1"}
    runpy.run_path(str(ROOT / "hatch_build.py"))["Addresses"](str(tmp_path), {}).update(
        metadata
    )
    assert list(metadata["urls"]) == urls
    assert all(url.startswith(repository) for url in metadata["urls"].values())
    assert metadata["readme"]["text"] == readme


RNG = np.random.default_rng(0)
NETWORK = nnnotes.mlp(RNG, [2, 3, 1], nnnotes.tanh)
SINGLE = nnnotes.mlp(RNG, [2, 3, 1], nnnotes.tanh, dtype=np.float32)
X, Y = np.ones((2, 4)), np.zeros((1, 4))
Z, CACHES = nnnotes.forward(NETWORK, X)
NAMES = {
    **vars(nnnotes),
    **vars(nnnotes.networks),
    **vars(nnnotes.initializers),
    **vars(nnnotes.formula),
    **vars(importlib.import_module("nnnotes.gates")),
    **vars(importlib.import_module("nnnotes.meanfield")),
    **{
        name: getattr(importlib.import_module("nnnotes.moments"), name)
        for name in ("Moments", "moments", "moments_table")
    },
    "residual": importlib.import_module("nnnotes.residual"),
    "block": importlib.import_module("nnnotes.residual").Residual(
        nnnotes.mlp(RNG, [2, 3, 2], nnnotes.tanh)
    ),
    "update_ratios": importlib.import_module("nnnotes.signals").update_ratios,
    "exercises": importlib.import_module("nnnotes.exercises"),
    "tasks": importlib.import_module("nnnotes.tasks"),
    "reproduced": importlib.import_module("nnnotes.reproduced"),
    "sweep": importlib.import_module("nnnotes.sweeps").sweep,
    "special": importlib.import_module("nnnotes.special"),
    "exactness": importlib.import_module("nnnotes.exactness"),
    "checkpointing": importlib.import_module("nnnotes.checkpointing"),
    "autodiff": importlib.import_module("nnnotes.autodiff"),
    "node": importlib.import_module("nnnotes.autodiff").variable(np.ones((3, 2))),
    "np": np,
    "rng": RNG,
    "network": NETWORK,
    "caches": CACHES,
    "d": nnnotes.backward(NETWORK, Z, CACHES),
    "single": SINGLE,
    "single_d": nnnotes.backward(SINGLE, *nnnotes.forward(SINGLE, np.float32(X))),
    "t": tuple(nnnotes.Tangents(layer.W, layer.b) for layer in NETWORK),
    "loss": nnnotes.LogisticLoss(),
    "W": np.ones((3, 2)),
    "b": np.zeros((3, 1)),
    "X": X,
    "Y": Y,
}

ARRAYS = [
    *(NAMES[name] for name in ("W", "b", "X", "Y")),
    *(array for layer in NETWORK for array in (layer.W, layer.b)),
    *(array for cache in CACHES for array in (cache.A_prev, cache.Z)),
    *(array for d in NAMES["d"] for array in (d.dW, d.db)),
]

# A call with one wrong argument, and how the message begins: with the name of what is
# wrong (in a network, as its layer calls it), and what was expected.
WRONG = {
    "relu(None)": "z: expected real numbers, but got objects such as None",
    "relu(np.ma.array(W, mask=W > 0))": "z: expected a plain NumPy array, but got masked_array(",
    "softmax(np.ma.array(W, mask=W > 0))": "Z: expected a plain NumPy array, but got masked_array(",
    "check_float(Z=W.view(np.matrix))": "Z: expected a plain NumPy array, but got matrix(",
    "tanh.derivative(1j)": "z: expected real numbers, but got complex128",
    "LeakyReLU(0)": "alpha: expected a finite slope other than 0, but got 0",
    "LeakyReLU('steep')": "alpha: expected a finite slope other than 0, but got 'steep'",
    "LeakyReLU(None)": "alpha: expected a finite slope other than 0, but got None",
    "LeakyReLU(W)": "alpha: expected a finite slope other than 0, but got array",
    "ELU(-1)": "alpha: expected a finite number greater than 0, but got -1",
    "ELU(1j)": "alpha: expected a finite number greater than 0, but got 1j",
    "gelu('1')": "z: expected real numbers, but got str32",
    "softmax(X[0])": "Z: the number of axes is 1, but must be 2; expected (n_out, m), got (4,)",
    "softmax(X.tolist())": "Z: expected a NumPy array, but got [[1.0",
    "softmax(X.astype(int))": "Z: expected a floating-point dtype, such as float64, but got int64",
    "softmax.jvp(X, Y)": "V: axis n_out is 1, but Z has n_out = 2; expected (n_out, m), got (1, 4)",
    "softmax(X[:, :0])": "Z: axis m is empty; expected (n_out, m), got (2, 0)",
    "expression('1 +')": "text: expected an expression, but got '1 +'",
    "latex('for z')": "text: expected an expression, but got 'for z'",
    "He().variance(0, 2)": "n_out: expected at least 1, but got 0",
    "He()(rng, 3, 2.0)": "n_in: expected an integer, but got 2.0",
    "He()(0, 3, 2)": "rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got 0",
    "Normal(-1)": "std: expected a standard deviation of at least 0, but got -1",
    "Normal('0.1')": "std: expected a standard deviation of at least 0, but got '0.1'",
    "TruncatedNormal(-1)": "std: expected a standard deviation of at least 0, but got -1",
    "Constant(np.nan)": "c: expected a finite number, but got nan",
    "Constant(None)": "c: expected a finite number, but got None",
    "LeCun(np.inf)": "gain: expected a finite number, but got inf",
    "LeCun(tanh)": "gain: expected a finite number, but got Tanh()",
    "LeCun(True)": "gain: expected a finite number, but got True",
    "Orthogonal(0)": "gain: expected a finite factor other than 0, but got 0",
    "Glorot('normal')": "draw: expected a function such as nnnotes.initializers.normal, but got 'normal'",
    "He(fan='fan_in')": "fan: expected a fan such as nnnotes.initializers.fan_in, but got 'fan_in'",
    "Orthogonal()(np.random, 3, 2)": "rng: expected a numpy.random.Generator",
    "lsuv(network, X.T)": "X: axis n_0 is 4, but W_1 has n_0 = 2; expected (n_0, m), got (4, 2)",
    "lsuv(network, X, 0)": "tolerance: expected a finite number greater than 0, but got 0",
    "lsuv(network, X * np.nan)": "X: expected finite inputs, but there are nan or infinite ones",
    "lsuv((Dense(W * np.nan, b, relu),), X)": "X: expected pre-activations that vary, but in layer 1 their",
    "lsuv((Dense(0 * W, b, relu),), X, 1)": "X: expected pre-activations that vary, but in layer 1 their variance is 0",
    "lsuv(network[0], X)": "network: expected a tuple of layers, but got Dense(",
    "residual.Residual(network)": "branch: the last layer has n_out = 1, but the first has n_in = 2",
    "residual.Residual(network[0])": "network: expected a tuple of layers, but got Dense(",
    "residual.Residual(block.branch, None)": "alpha: expected a finite number, but got None",
    "SGD(np.float32(np.inf))": "lr: expected a finite number greater than 0, but got inf",
    "residual.Residual(block.branch, 10**400)": "alpha: expected a finite number, but got 1000",
    "residual.descend((block,), (residual.ResidualGradients(None, ()),), 0.1)": "dalpha: expected a finite number",
    "block.backward(X, residual.ResidualCache(X, None))": "caches: expected one for each of the 2 layers, but got None",
    "block.backward(X, residual.ResidualCache(X > 0, caches))": "B: expected a floating-point dtype, such as float64",
    "residual.Residual(block.branch, np.inf)": "alpha: expected a finite number, but got inf",
    "block.forward(X.T)": "X: axis n_0 is 4, but W_1 has n_0 = 2; expected (n_0, m), got (4, 2)",
    "block.backward(X, caches[0])": "cache: expected the ResidualCache that forward returned, but got Cache(",
    "block.backward(Y, block.forward(X)[1])": "dA: axis n is 1, but B has n = 2; expected (n, m), got (1, 4)",
    "block.backward(X > 0, block.forward(X)[1])": "dA: expected a floating-point dtype, such as float64, but got bool",
    "residual.forward([block], X)": "network: expected a tuple of layers, but got [Residual(",
    "residual.forward((), X)": "network: expected at least one layer, but got none",
    "residual.forward((block, X), X)": "network: expected a tuple of layers, but got (Residual(",
    "residual.backward((block,), X, ())": "caches: expected one for each of the 1 layers, but got ()",
    "residual.backward((block,), X, caches[:1])": "cache: expected the ResidualCache that forward returned",
    "residual.descend((block,), d, 0.1)": "gradients: expected one for each of the 1 layers, but got (Gradients(",
    "residual.descend((block,), d[:1], 0.1)": "gradients: expected ResidualGradients for a residual layer, but got",
    "residual.descend((block,), d[:1], 0)": "lr: expected a finite number greater than 0, but got 0",
    "residual.descend(network, (d[0], X), 0.1)": "gradients: expected a tuple of Gradients, but got (array",
    "reproduced.Comparison(1, np.nan, 1)": "measured: expected a finite number, but got nan",
    "reproduced.Comparison(None, 1, 1)": "expected: expected a finite number, but got None",
    "reproduced.Comparison(1, 1, -1)": "tolerance: expected a number of at least 0, but got -1",
    "reproduced.compare_mean(1, [1])": "samples: expected at least two, but got 1",
    "reproduced.glorot_over_he(0)": "rng: expected a numpy.random.Generator",
    "reproduced.glorot_over_he(rng, depth=0)": "depth: expected at least 1, but got 0",
    "reproduced.tanh_layers(rng, He(), n=2.0)": "n: expected an integer, but got 2.0",
    "reproduced.tanh_layers(rng, 'He')": "init: expected an initialiser such as nnnotes.He(), but got 'He'",
    "reproduced.tanh_layers(0, He())": "rng: expected a numpy.random.Generator",
    "reproduced.tanh_layers(rng, He(), 1, 2, networks=1)": "samples: expected at least two, but got 1",
    "reproduced.orthogonal_product(rng, n=0)": "n: expected at least 1, but got 0",
    "reproduced.orthogonal_product(rng, depth=0)": "depth: expected at least 1, but got 0",
    "reproduced.gaussian_product(rng, depth=0.5)": "depth: expected an integer, but got 0.5",
    "reproduced.selu_layers(rng, depth=-1)": "depth: expected at least 1, but got -1",
    "reproduced.selu_layers(rng, networks=0)": "networks: expected at least 1, but got 0",
    "reproduced.born_dead(rng, n=0)": "n: expected at least 1, but got 0",
    "reproduced.born_dead(rng, networks=None)": "networks: expected an integer, but got None",
    "special.log_sum_exp(X[0])": "Z: the number of axes is 1, but must be 2; expected (n, m), got (4,)",
    "special.log_sum_exp(X.tolist())": "Z: expected a NumPy array, but got [[1.0",
    "special.log_sum_exp(X > 0)": "Z: expected a floating-point dtype, such as float64, but got bool",
    "special.round_to_bfloat16(X)": "x: expected an array of float32, but got float64",
    "special.round_to_bfloat16(None)": "x: expected real numbers, but got objects such as None",
    "reproduced.residual_growth(rng, alpha=None)": "alpha: expected a finite number, but got None",
    "reproduced.residual_growth(rng, depth=1, n=2, networks=1)": "samples: expected at least two, but got 1",
    "reproduced.lsuv_variance(rng, depth=0)": "depth: expected at least 1, but got 0",
    "reproduced.change_after_step(rng, 0, True)": "n: expected at least 1, but got 0",
    "reproduced.change_after_step(rng, 9, True, lr=0)": "lr: expected a finite number greater than 0, but got 0",
    "reproduced.width_exponents(0, True)": "rng: expected a numpy.random.Generator",
    "exactness.ulps(np.ones(2), [1.0])": "numbers: expected 2 numbers, as many as results has, got 1",
    "exactness.exact('a * z', {}, np.ones(2), a=[1.0])": "a: expected 2 numbers, as many as z has, got 1",
    "exactness.grid('int')": "dtype: expected a floating-point type, such as np.float64, but got 'int'",
    "MeanField('tanh', 1)": "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    "MeanField(step, 1)": "g: expected an activation that does not jump, but got Step()",
    "MeanField(tanh, 0)": "weight_variance: expected a finite number greater than 0, but got 0",
    "MeanField(tanh, 1, -1)": "bias_variance: expected a variance of at least 0, but got -1",
    "MeanField(tanh, 1, None)": "bias_variance: expected a variance of at least 0, but got None",
    "MeanField(tanh, 1).variance_map(-1)": "q: expected a variance of at least 0, but got -1",
    "MeanField(tanh, 1).correlation_map(2, 1)": "c: expected a correlation from -1 to 1, but got 2",
    "MeanField(tanh, 1).correlation_map(0, 0)": "q: expected a finite number greater than 0, but got 0",
    "MeanField(tanh, 1).correlation_map(0)": "weight_variance: expected one with which the variance settles, but wi",
    "MeanField(tanh, 1).fixed_correlation": "weight_variance: expected one with which the variance settles, but wi",
    "MeanField(relu, 3).chi": "weight_variance: expected one with which the variance settles, but with 3.0 it grows",
    "MeanField(relu, 3).variance_depth": "weight_variance: expected one with which the variance settles, but with 3",
    "MeanField(tanh, 1).network(0, [2, 1])": "rng: expected a numpy.random.Generator",
    "MeanField(tanh, 1).network(rng, [2])": "sizes: expected at least an input and an output size, but got (2,)",
    "critical_weight_variance('tanh', 0)": "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    "critical_weight_variance(tanh, -1)": "bias_variance: expected a variance of at least 0, but got -1",
    "critical_weight_variance(relu, 0.1)": "bias_variance: expected one with which ReLU() has a critical weight var",
    "reproduced.gradient_ratio(rng, tanh)": "theory: expected a MeanField, but got Tanh()",
    "reproduced.gradient_ratio(rng, MeanField(tanh, 2), depth=1)": "depth: expected at least 2, but got 1",
    "reproduced.gradient_ratio(rng, MeanField(relu, 3))": "weight_variance: expected one with which the variance set",
    "reproduced.variances_and_correlations(rng, relu)": "theory: expected a MeanField, but got ReLU()",
    "reproduced.variances_and_correlations(rng, MeanField(relu, 2), n=1)": "n: expected at least 2, but got 1",
    "reproduced.variances_and_correlations(rng, MeanField(relu, 2), q=0)": "q: expected a finite number greater",
    "reproduced.variances_and_correlations(rng, MeanField(relu, 2), c=2)": "c: expected a correlation from -1 to",
    "depth_scale(np.inf)": "factor: expected a finite number, but got inf",
    "MeanField(tanh, 1).correlation_map(-1.5, 1)": "c: expected a correlation from -1 to 1, but got -1.5",
    "pair_mean(np.tanh, -1.5)": "c: expected a correlation from -1 to 1, but got -1.5",
    "pair_mean(np.tanh, 1.5)": "c: expected a correlation from -1 to 1, but got 1.5",
    "moments('relu')": "g: expected an activation such as nnnotes.relu, but got 'relu'",
    "Gate('relu')": "g: expected an activation such as nnnotes.relu, but got 'relu'",
    "relu([[1.0], [1.0, 2.0]])": "z: expected rows of the same length, but got [[1.0], [1.0, 2.0]]",
    "pair_mean(np.tanh, 0.5, 3)": "kinks: expected a tuple of numbers, but got 3",
    "pair_mean(np.tanh, 0.5, (0.0, None))": "kinks[1]: expected a finite number, but got None",
    "pair_mean(np.tanh, 0.5, (), (np.nan,))": "splits[0]: expected a finite number, but got nan",
    "MeanField(tanh, 1e-300).correlation_map(0.5, 1e-300)": "q: expected a variance whose next one is a float above 0",
    "MeanField(relu, 1e300).correlation_map(0.5, 1e300)": "q: expected a variance whose next one is a float above 0",
    "Moments(0, 0, 0)": "mean_square: expected a finite number greater than 0, but got 0",
    "Moments('0', 1, 1)": "mean: expected a finite number, but got '0'",
    "Moments(0, 1, -1)": "slope_mean_square: expected a finite number of at least 0, but got -1",
    "moments_table(relu)": "gs: expected a list of activations, but got ReLU()",
    "pair_mean('tanh', 0.5)": "f: expected a function, but got 'tanh'",
    "glu(None, 1.0)": "u: expected real numbers, but got objects such as None",
    "glu.derivative(X, '1')": "v: expected real numbers, but got str32",
    "glu(X, Y)": "v: expected the shape of u, (2, 4), but got (1, 4)",
    "gain('relu')": "g: expected an activation such as nnnotes.relu, but got 'relu'",
    "exercises.check(['dW'], sum)": "name: expected that of an exercise, such as dW, but got ['dW']",
    "exercises.check('dw', sum)": "name: expected that of an exercise, such as dW, but got 'dw'",
    "exercises.check('dW', 3)": "answer: expected a function, but got 3",
    "exercises.check('score-by-hand', sum)": "answer: expected numbers, but got <built-in function sum>",
    "tasks.Task('a-task', sum, (), ())": "cases: expected some for a function, and only then, but a-task has 0",
    "check('n m', X=None)": "X: expected a NumPy array, but got None",
    "check('n m, n', X=X)": "patterns: expected one for each array, but got 2 for 1 arrays",
    "check('3 m', X=X)": "X: an axis is 2, but must be 3; expected (3, m), got (2, 4)",
    "shape_table([2], 4)": "sizes: expected at least an input and an output size, but got (2,)",
    "shape_table([2, 0], 4)": "sizes[1]: expected at least 1, but got 0",
    "shape_table([2, 1], 4.0)": "m: expected an integer, but got 4.0",
    "Dense(W, b.T, tanh)": "b: axis n_out is 1, but W has n_out = 3; expected (n_out, 1), got (1, 3)",
    "Dense(W, b[:, 0], tanh)": "b: the number of axes is 1, but must be 2; expected (n_out, 1), got (3,)",
    "Dense(W.astype(int), b.astype(int), tanh)": "W: expected a floating-point dtype, such as float64, but got int64",
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
    "network[0].jvp(None, t[0], caches[0])": "Adot_prev: expected a NumPy array, but got None",
    "network[0].jvp(X, d[0], caches[0])": "tangents: expected Tangents, but got Gradients(",
    "network[0].jvp(X, t[1], caches[0])": "Wdot: axis n_out is 1, but W has n_out = 3",
    "network[0].jvp(X, t[0], X)": "cache: expected the Cache that forward returned, but got array",
    "network[0].jvp(X, t[0], caches[1])": "A_prev: axis n_in is 3, but W has n_in = 2; expected (n_in, m), got (3, 4)",
    "network[0].jvp(X[:, :3], t[0], caches[0])": "Adot_prev: axis m is 3, but A_prev has m = 4; expected (n_in, m)",
    "network[0].jvp(X > 0, t[0], caches[0])": "Adot_prev: expected a floating-point dtype, such as float64",
    "network[0].jvp(X, Tangents(W > 0, b), caches[0])": "Wdot: expected a floating-point dtype, such as float64, but",
    "network[0].jvp(X, Tangents(W, b > 0), caches[0])": "bdot: expected a floating-point dtype, such as float64, but",
    "jvp(list(network), X, t, caches)": "network: expected a tuple of layers, but got [Dense(",
    "jvp(network, X, t[:1], caches)": "tangents: expected one for each of the 2 layers, but got 1",
    "jvp(network, X, d, caches)": "tangents: expected a tuple of Tangents, but got (Gradients(",
    "jvp(network, X, t, caches[:1])": "caches: expected one for each of the 2 layers, but got 1",
    "checkpointing.forward(network[0], X, 1)": "network: expected a tuple of layers, but got Dense(",
    "checkpointing.forward(network, X.T, 1)": "X: axis n_0 is 4, but W_1 has n_0 = 2; expected (n_0, m), got (4, 2)",
    "checkpointing.forward(network, X, 0)": "every: expected at least 1, but got 0",
    "checkpointing.forward(network, X, 1.0)": "every: expected an integer, but got 1.0",
    "checkpointing.Checkpoints(0, ())": "every: expected at least 1, but got 0",
    "checkpointing.backward((), Y, caches)": "network: expected at least one layer, but got none",
    "checkpointing.backward(network, Y, checkpointing.Checkpoints(1, None))": "checkpoints: expected one for each of",
    "checkpointing.backward(network, Y, caches)": "checkpoints: expected the Checkpoints that forward returned, but",
    "checkpointing.backward(network, Y, checkpointing.Checkpoints(1, (X,)))": "checkpoints: expected one for each of",
    "checkpointing.backward(network, X, checkpointing.Checkpoints(2, (X,)))": "dA: axis n_out is 2, but W has n_out",
    "autodiff.variable([1.0])": "value: expected a NumPy array, but got [1.0]",
    "autodiff.variable(np.arange(3))": "value: expected a floating-point dtype, such as float64, but got int64",
    "node @ X.T": "other: expected a node, but got array",
    "node + 1.0": "other: expected a node, but got 1.0",
    "1.0 + node": "other: expected a node, but got 1.0",
    "np.float64(2) * node": "other: expected a node, but got",
    "W.T @ node": "other: expected a node, but got array",
    "W + node": "other: expected a node, but got array",
    "node * None": "other: expected a node, but got None",
    "node @ node": "other: axis k is 3, but self has k = 2; expected (k, m), got (3, 2)",
    "node @ autodiff.total(node)": "other: the number of axes is 0, but must be 2; expected (k, m), got ()",
    "node + autodiff.variable(X)": "other: expected a shape that can be broadcast with (3, 2), but got (2, 4)",
    "node * autodiff.variable(X)": "other: expected a shape that can be broadcast with (3, 2), but got (2, 4)",
    "autodiff.activate('tanh', node)": "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    "autodiff.activate(tanh, W)": "Z: expected a node, but got array",
    "autodiff.mean_loss('loss', node, W)": "loss: expected a loss such as nnnotes.LogisticLoss(), but got 'loss'",
    "autodiff.mean_loss(loss, W, W)": "Z: expected a node, but got array",
    "autodiff.mean_loss(loss, node, X)": "Y: axis n_out is 2, but Z has n_out = 3; expected (n_out, m), got (2, 4)",
    "autodiff.mean_loss(loss, node, 2 * W)": "Y: expected targets from 0 to 1, but got 2.0 to 2.0",
    "autodiff.total(W)": "x: expected a node, but got array",
    "autodiff.order(W)": "output: expected a node, but got array",
    "autodiff.gradients(W)": "output: expected a node, but got array",
    "autodiff.gradients(node)": "output: expected one number, but got the shape (3, 2)",
    "mlp(rng, 5, tanh)": "sizes: expected a list of integers, but got 5",
    "mlp(rng, '25', tanh)": "sizes: expected a list of integers, but got '25'",
    "mlp(rng, b'25', tanh)": "sizes: expected a list of integers, but got b'25'",
    "mlp(rng, [2, 3], 'tanh')": "g: expected an activation such as nnnotes.relu, but got 'tanh'",
    "mlp(rng, [2, 3.0], tanh)": "sizes[1]: expected an integer, but got 3.0",
    "mlp(rng, [2, 3], tanh, dtype=int)": "dtype: expected a floating-point type, such as np.float64, but got <class",
    "mlp(rng, [2, 3], tanh, dtype='no')": "dtype: expected a floating-point type, such as np.float64, but got 'no'",
    "mlp(rng, [2, 3], tanh, 'He')": "init: expected an initialiser such as nnnotes.He(), but got 'He'",
    "shape_table(5, 4)": "sizes: expected a list of integers, but got 5",
    "mlp(rng, [2], tanh)": "sizes: expected at least an input and an output size, but got (2,)",
    "mlp(3, [2, 1], tanh)": "rng: expected a numpy.random.Generator, as np.random.default_rng(0), but got 3",
    "forward(list(network), X)": "network: expected a tuple of layers, but got [Dense(",
    "forward((), X)": "network: expected at least one layer, but got none",
    "forward((W, b), X)": "network: expected a tuple of layers, but got (array",
    "forward(network, X[0])": "X: the number of axes is 1, but must be 2; expected (n_0, m), got (4,)",
    "forward(network, X.T)": "X: axis n_0 is 4, but W_1 has n_0 = 2; expected (n_0, m), got (4, 2)",
    "forward(network, X.astype(complex))": "X: expected a floating-point dtype, such as float64, but got complex128",
    "forward(network[::-1], X)": "network: layer 1 has n_out = 1, but layer 2 has n_in = 2",
    "forward(None, X)": "network: expected a tuple of layers, but got None",
    "backward(network, Y, caches[:1])": "caches: expected one for each of the 2 layers, but got 1",
    "descend(network, d, -0.1)": "lr: expected a finite number greater than 0, but got -0.1",
    "descend(network, d[:1], 0.1)": "gradients: expected one for each of the 2 layers, but got 1",
    "descend(network, d[::-1], 0.1)": "dW: axis n_out is 1, but W has n_out = 3; expected (n_out, n_in), got (1, 3)",
    "forward((network[0], dense(rng, 1, 3, tanh, dtype=np.float32)), X)": "network: layer 1 is of float64, but layer 2",
    "network[0].backward(W @ X, Cache(X > 0, W @ X))": "A_prev: expected a floating-point dtype, such as float64, but",
    "network[0].backward(W @ X, Cache(X, W @ X * 1j))": "Z: expected a floating-point dtype, such as float64, but got",
    "descend(single, d, 0.1)": "dW: expected the dtype of W, float32, but got float64",
    "descend(network[:1], (Gradients(W, b > 0),), 0.1)": "db: expected the dtype of W, float64, but got bool",
    "descend(network, d, None)": "lr: expected a finite number greater than 0, but got None",
    "descend(network, d, '0.1')": "lr: expected a finite number greater than 0, but got '0.1'",
    "descend(network, d, 0)": "lr: expected a finite number greater than 0, but got 0",
    "descend(network, caches, 0.1)": "gradients: expected a tuple of Gradients, but got (Cache(",
    "backward(network, Y, X)": "caches: expected a tuple of Cache, but got array",
    "backward(network, Y, d)": "caches: expected a tuple of Cache, but got (Gradients(",
    "backward(network, X, caches)": "dA: axis n_out is 2, but W has n_out = 1; expected (n_out, m), got (2, 4)",
    "optimize(network, d, 0.1)": "optimizer: expected an optimiser such as nnnotes.SGD(lr=0.1), but got 0.1",
    "optimize(network, d, SGD(0.1), ())": "memory: expected the Memory that optimize returned, but got ()",
    "optimize(network, d, Adam(), Memory(1, ()))": "memory: expected that of Adam(",
    "optimize(network, d, SGD(0.1), Memory(1, None))": "memory: expected the Memory that optimize returned, but got",
    "optimize(network, d, SGD(0.1), Memory(1, (None,)))": "memory: expected the Memory that optimize returned, but got",
    "optimize(network, d, SGD(0.1), Memory(-1, ((),) * 4))": "memory.steps: expected at least 0, but got -1",
    "optimize(network, d, Momentum(0.1), Memory(1, ((0,),) * 4))": "memory: expected that of Momentum(",
    "optimize(network, d, Momentum(0.1), optimize(single, single_d, Momentum(0.1))[1])": "memory: expected that of",
    "SGD(-1)": "lr: expected a finite number greater than 0, but got -1",
    "SGD('fast')": "lr: expected a finite number greater than 0, but got 'fast'",
    "Momentum(0.1, 1)": "momentum: expected a number from 0 to less than 1, but got 1",
    "Nesterov(0.1, None)": "momentum: expected a number from 0 to less than 1, but got None",
    "Adam(beta_1=1.0)": "beta_1: expected a number from 0 to less than 1, but got 1.0",
    "Adam(beta_2=-0.1)": "beta_2: expected a number from 0 to less than 1, but got -0.1",
    "Adam(epsilon=0)": "epsilon: expected a finite number greater than 0, but got 0",
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
    "train(single, loss, X, Y, lr=1, steps=1)": "X: expected the network's dtype, float32, or a narrower one, but got",
    "train(network, loss, X[:1], Y, lr=1, steps=1)": "X: axis n_0 is 1, but W_1 has n_0 = 2; expected (n_0, m)",
    "train(network, loss, X, X, lr=1, steps=1)": "Y: axis n_L is 2, but W_L has n_L = 1; expected (n_L, m)",
    "train(network, loss, X, Y + 2, lr=1, steps=1)": "Y: expected targets from 0 to 1, but got 2.0 to 2.0",
    "train(network, loss, X * np.nan, Y, lr=1, steps=1)": "X: expected finite inputs, but there are nan",
    "train(network, loss, X * np.inf, Y, lr=1, steps=1)": "X: expected finite inputs, but there are nan",
    "train(network, loss, X > 0, Y, lr=1, steps=1)": "X: expected a floating-point dtype, such as float64, but got",
    "train(network, loss, X, Y, lr=np.nan, steps=1)": "lr: expected a finite number greater than 0, but got nan",
    "train(network, loss, X, Y, lr='1', steps=1)": "lr: expected a finite number greater than 0, but got '1'",
    "train(network, loss, X, Y, lr=0, steps=1)": "lr: expected a finite number greater than 0, but got 0",
    "train(network, loss, X, Y, steps=1)": "lr: expected a learning rate, or an optimizer",
    "train(network, loss, X, Y, lr=1, optimizer=Adam(), steps=1)": "optimizer: expected it in place of lr and",
    "train(network, loss, X, Y, momentum=0.5, optimizer=Adam(), steps=1)": "optimizer: expected it in place of lr",
    "train(network, loss, X, Y, optimizer='adam', steps=1)": "optimizer: expected an optimiser such as",
    "train(network, loss, X.astype(object), Y, lr=1, steps=1)": "X: expected a floating-point dtype, such as",
    "train(network, loss, X[:, :0], Y[:, :0], lr=1, steps=1)": "X: axis m is empty; expected (n_0, m), got (2, 0)",
    "train(network, loss, X, Y[0], lr=1, steps=1)": "Y: the number of axes is 1, but must be 2; expected (n_L, m)",
    "train(network, loss, X, None, lr=1, steps=1)": "Y: expected a NumPy array, but got None",
    "train(network, loss, X, Y * np.nan, lr=1, steps=1)": "Y: expected finite targets, but there are nan",
    "train(network, loss, X, Y, lr=1, steps=1, momentum='0')": "momentum: expected a number from 0 to less than 1",
    "train(network, loss, X, Y, lr=1, steps=None)": "steps: expected an integer, but got None",
    "train(network, loss, X, Y, lr=1, steps=0)": "steps: expected at least 1, but got 0",
    "train(network, loss, X, Y, lr=1, steps=True)": "steps: expected an integer, but got True",
    "train(network, loss, X, Y, lr=1, steps=1, momentum=-1)": "momentum: expected a number from 0 to less than 1",
    "train(network, loss, X, Y, lr=1, steps=1, momentum=np.nan)": "momentum: expected a number from 0 to less than 1",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=2)": "rng: expected a generator together with batch_size",
    "train(network, loss, X, Y, lr=1, steps=1, rng=rng)": "rng: expected a generator together with batch_size",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=2, rng=0)": "rng: expected a numpy.random.Generator",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=5, rng=rng)": "batch_size: expected at most the 4 examples",
    "train(network, loss, X, Y, lr=1, steps=1, batch_size=0, rng=rng)": "batch_size: expected at least 1, but got 0",
    "predict(network, X.tolist())": "X: expected a NumPy array, but got [[1.0",
    "accuracy(network, X, X)": "Y: axis n_L is 2, but Z has n_L = 1; expected (n_L, m), got (2, 4)",
    "numerical_gradient(sum, [1.0])": "x: expected a NumPy array, but got [1.0]",
    "numerical_gradient(sum, np.ones(2), h=0)": "h: expected a finite step greater than 0, but got 0",
    "numerical_gradient(sum, np.ones(2), h='1')": "h: expected a finite step greater than 0, but got '1'",
    "numerical_gradient(sum, np.ones(2, int))": "x: expected a floating-point dtype, such as float64, but got int64",
    "numerical_gradients(network, X, X, Y)": "loss: expected a loss such as nnnotes.LogisticLoss(), but got array",
    "numerical_gradients([], loss, X, Y)": "network: expected a tuple of layers, but got []",
    "relative_error(W, b)": "b: expected the shape of a, (3, 2), but got (3, 1)",
    "update_ratios(network, W)": "network: expected a tuple of layers, but got array",
    "update_ratios((Dense(W * np.nan, b, relu),), network[:1])": "before: expected finite weights, but there are nan",
    "update_ratios(network[:1], (Dense(W * np.inf, b, relu),))": "after: expected finite weights, but there are nan",
    "update_ratios(network, network[:1])": "after: expected the 2 layers of before, but got 1",
    "update_ratios(network[:1], network[1:])": "after: axis n_out is 1, but before has n_out = 3; expected",
    "signals(network, X, Y, loss)": "loss: expected a loss such as nnnotes.LogisticLoss(), but got array",
    "datasets.moons(rng, -1)": "m: expected at least 1, but got -1",
    "datasets.xor(rng, noise=-1)": "noise: expected a standard deviation of at least 0, but got -1",
    "datasets.circles(rng, noise=None)": "noise: expected a standard deviation of at least 0, but got None",
    "datasets.flower(7)": "rng: expected a numpy.random.Generator",
    "sweep(7, {'a': [1]}, seed=0)": "run: expected a function, but got 7",
    "sweep(sum, {}, seed=0)": "grid: expected at least one axis, but got none",
    "sweep(sum, {'a': []}, seed=0)": "grid: expected values for axis a, but got none",
    "sweep(sum, {'a': [1]}, seed=-1)": "seed: expected an integer of at least 0, but got -1",
    "sweep(sum, {'a': [1]}, seed=rng)": "seed: expected an integer, but got Generator",
    "sweep(sum, {'a': [1]}, seed=0, executor=4)": "executor: expected a concurrent.futures.Executor",
    "datasets.spirals(rng, k=None)": "k: expected an integer, but got None",
    "datasets.digits(rng, 2000)": "m_test: expected fewer than the 1797 images, but got 2000",
    "Table(('a',), (('1', '2'),))": "rows[0]: expected 1 cells, but got 2",
}


@pytest.mark.parametrize(("call", "message"), WRONG.items(), ids=WRONG)
@pytest.mark.usefixtures("unchecked")
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    before = [array.copy() for array in ARRAYS]
    # A ShapeError is a ValueError.
    with pytest.raises((ValueError, TypeError)) as error:
        eval(call, dict(NAMES))
    for array, copied in zip(ARRAYS, before, strict=True):
        np.testing.assert_array_equal(array, copied)
    assert str(error.value).startswith(message)
    shape = re.search(
        r"axis \w+ is|an axis is|number of axes|has n_out = |broadcast|one number, but got the shape",
        message,
    )
    assert isinstance(error.value, nnnotes.ShapeError) == bool(shape)
