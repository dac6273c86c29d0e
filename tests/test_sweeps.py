"""Sweeps: against a plain loop, wherever the cells are run and wherever they are stopped."""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import Dense, LeakyReLU, relu, tanh
from nnnotes.sweeps import Result, sweep

GRID = {"g": [tanh, relu], "n": [1, 3], "name": ["é", 'a"b', "c\n"]}
CALLS = []  # a parameter of each cell that was run in this process, in order


@pytest.fixture(autouse=True)
def _forget_calls():
    CALLS.clear()


def draw(rng, g, n, name):
    CALLS.append(name)
    return [name, g(rng.standard_normal(n)).tolist()]


def give(rng, x):
    CALLS.append(x)
    if isinstance(x, BaseException):
        raise x
    return x


def one(rng, x, _=None):
    CALLS.append(x)
    return 1


class Unsent:
    def __reduce__(self):
        raise TypeError("not to be sent")


FAILING = {"x": [0, ZeroDivisionError("é"), 2, SystemExit("enough"), 4]}
FAILURES = {1: "ZeroDivisionError: é", 3: "SystemExit: enough"}


def plain(run, grid, seed):
    """The values by key: a loop over the product, seeds spawned axis by axis."""
    found = {}
    for key in itertools.product(*(range(len(axis)) for axis in grid.values())):
        sequence = np.random.SeedSequence(seed)
        for i in key:
            sequence = sequence.spawn(i + 1)[i]
        cell = {name: grid[name][i] for name, i in zip(grid, key, strict=True)}
        found[key] = run(np.random.default_rng(sequence), **cell)
    return found


def values(results):
    """The values by key; each key must come once."""
    results = list(results)
    assert [result.error for result in results] == [None] * len(results)
    found = {result.key: result.value for result in results}
    assert len(found) == len(results)
    return found


def errors(results):
    return {result.key[0]: result.error for result in results if result.error}


def kept(path):
    return [json.loads(file.read_text())["value"] for file in path.glob("*.json")]


@given(
    grid=st.dictionaries(
        st.text(max_size=3), st.lists(st.integers(), min_size=1, max_size=3), max_size=4
    ),
    seed=st.integers(0, 2**70),
)
def test_sweep_is_a_loop_over_the_product_with_seeds_spawned_axis_by_axis(grid, seed):
    def run(rng, /, **parameters):
        return [parameters, rng.random()]

    found = values(sweep(run, grid, seed=seed))
    assert found == plain(run, grid, seed)
    assert list(found) == sorted(found)
    assert values(sweep(run, grid, seed=seed + 1)) != found


# A process that is not forked has neither this one's threads nor its imports.
@pytest.mark.parametrize(
    "pool",
    [ThreadPoolExecutor, partial(ProcessPoolExecutor, mp_context=get_context("spawn"))],
)
def test_it_does_not_matter_where_the_cells_are_run(pool, tmp_path):
    unsent = {"x": [*FAILING["x"], *[Unsent()] * (pool is not ThreadPoolExecutor)]}
    with pool(2) as executor:
        results = list(sweep(draw, GRID, seed=3, executor=executor, path=tmp_path))
        failed = errors(sweep(give, unsent, seed=0, executor=executor))
    assert values(results) == plain(draw, GRID, 3)
    assert sorted(kept(tmp_path)) == sorted(values(results).values())
    for result in results:  # the objects that were passed, and not their copies
        for (name, axis), i in zip(GRID.items(), result.key, strict=True):
            assert result.parameters[name] is axis[i]
    assert failed.pop(5, "TypeError: not to be sent") == "TypeError: not to be sent"
    assert failed == FAILURES


@pytest.mark.parametrize(("axis", "value"), [("g", abs), ("n", 2), ("name", "d")])
def test_value_appended_to_an_axis_leaves_the_others_as_they_are(axis, value, tmp_path):
    before = values(sweep(draw, GRID, seed=0, path=tmp_path))
    longer = {**GRID, axis: [*GRID[axis], value]}
    results = sweep(draw, longer, seed=0, path=tmp_path)
    assert values(itertools.islice(results, 12)) == before
    assert len(CALLS) == 12
    assert before.items() <= values(sweep(draw, longer, seed=0)).items()


def test_results_come_as_they_are_finished():
    results = sweep(give, {"x": range(3)}, seed=0)
    for number in range(3):
        assert len(CALLS) == number  # in this process, when they are asked for
        assert next(results) == Result((number,), {"x": number}, number)
    second_came = threading.Event()
    run = lambda rng, x: x == 1 or second_came.wait(timeout=60)  # noqa: E731
    with ThreadPoolExecutor(2) as executor:
        results = sweep(run, {"x": [0, 1]}, seed=0, executor=executor)
        assert next(results).key == (1,)
        second_came.set()
        assert next(results).value is True


def test_failing_cell_is_a_result_and_is_tried_again(tmp_path):
    for calls in (FAILING["x"], FAILING["x"][1::2]):
        CALLS.clear()
        results = list(sweep(give, FAILING, seed=0, path=tmp_path))
        assert errors(results) == FAILURES
        assert calls == CALLS
        assert sorted(kept(tmp_path)) == [0, 2, 4]
    assert results[-1].traceback.startswith("Traceback (most recent call last):\n")
    assert "in give\n" in results[-1].traceback


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor])
def test_interrupts_end_the_sweep(pool, tmp_path):
    grid = {"x": [0, KeyboardInterrupt(), 2]}
    with pool(1) if pool else contextlib.nullcontext() as executor:
        results = sweep(give, grid, seed=0, executor=executor, path=tmp_path)
        assert next(results).value == 0
        with pytest.raises(KeyboardInterrupt):
            next(results)
    assert kept(tmp_path) == [0]


def test_what_json_cannot_hold_is_an_error_of_its_cell():
    grid = {"x": [{1}, np.array([1j]), {(1, 2): 3}, np.array([1], np.longdouble)]}
    found = errors(sweep(give, grid, seed=0))
    assert list(found) == [0, 1, 2, 3]
    assert found[0] == "TypeError: Object of type set is not JSON serializable"


HELD = [
    (np.float32(0.1), 0.10000000149011612),
    ([np.nan, np.inf, -0.0, 5e-324], [np.nan, np.inf, -0.0, 5e-324]),
    (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
    ({1: (np.array(1.5), None, np.True_)}, {"1": [1.5, None, True]}),
    ("line\nend \udc80 \u2028\r", "line\nend \udc80 \u2028\r"),
]


def test_values_are_the_same_fresh_and_from_the_folder(tmp_path):
    for path in (None, tmp_path, tmp_path):
        found = sweep(give, {"x": [value for value, _ in HELD]}, seed=0, path=path)
        # as text, since nan is not nan
        assert repr([*values(found).values()]) == repr([right for _, right in HELD])
    assert len(CALLS) == 2 * len(HELD)


MAY_END = threading.Event()


def wait(rng, x):
    CALLS.append(x)
    return x == 0 or MAY_END.wait(timeout=60)


def test_early_end_cancels_the_cells_that_wait():
    with ThreadPoolExecutor(1) as executor:
        results = sweep(wait, {"x": range(20)}, seed=0, executor=executor)
        assert next(results).key == (0,)
        results.close()
        MAY_END.set()
    assert CALLS in ([0], [0, 1])


def test_sweep_goes_on_where_it_was_stopped(tmp_path, monkeypatch):
    expected, run = plain(draw, GRID, 5), partial(sweep, draw, GRID, seed=5)
    for number in range(1, 4):
        CALLS.clear()
        results = run(path=tmp_path)
        assert len(values(itertools.islice(results, number))) == number
        assert len(CALLS) == 1  # the others were there
        assert len(kept(tmp_path)) == number  # before the last one was yielded
        with monkeypatch.context() as patch:  # the computer stops while it writes
            patch.setattr(os, "fsync", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                next(results)
    assert values(run(path=str(tmp_path))) == expected
    assert len(CALLS) == 2 + 9


def changed(at):
    array = np.linspace(0, 1, 2000)
    array[at] += 1
    return array


# Pairs of values that print alike, or nearly so, and are not the same.
NEXT, ZERO = float(np.nextafter(0.01, 1)), np.zeros((2000, 1))
DIFFERENT = {
    "middle of an array": (changed(1000), changed(1001)),
    "tenth digit of an element": (np.array([0.1234567891]), np.array([0.1234567892])),
    "last digit of a float": (0.01, NEXT),
    "float32 and float64": (np.float32(0.5), np.float64(0.5)),
    "shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "array within": tuple(Dense(changed(i)[:, None], ZERO, tanh) for i in (1000, 1001)),
    "activations": (LeakyReLU(0.01), LeakyReLU(NEXT)),
    "functions": (draw, give),
    "masks": tuple(np.ma.array(np.uint8([1, 2]), mask=[0, m]) for m in (0, 1)),
    "place of a dtype": ([np.dtype("f4"), None], [None, np.dtype("f4")]),
}


@pytest.mark.parametrize("pair", DIFFERENT)
def test_result_of_another_value_is_never_taken(pair, tmp_path):
    for value in DIFFERENT[pair]:
        values(sweep(one, {"x": [value]}, seed=0, path=tmp_path))
    assert len(CALLS) == 2
    assert max(file.stat().st_size for file in tmp_path.iterdir()) < 300


def test_result_of_another_seed_place_or_function_is_never_taken(tmp_path):
    partials = [partial(one, _=changed(i)) for i in (0, 1)]
    calls = [(one, [1], 0), (one, [1], 1), (one, [2, 1], 0), (give, [1], 0)]
    for run, axis, seed in [*calls, *((run, [1], 0) for run in partials)]:
        values(sweep(run, {"x": axis}, seed=seed, path=tmp_path))
    assert CALLS == [1, 1, 2, 1, 1, 1, 1]


PROGRAM = """
import sys
import numpy as np
from nnnotes import LeakyReLU
from nnnotes.sweeps import sweep
def run(rng, g, x):
    print("run")
x = [max, run, np.linspace(0, 1, 2000), {"b": 1, "a": np.float32(0.5)}]
[*sweep(run, {"g": [LeakyReLU(0.1)], "x": x}, seed=0, path=sys.argv[1])]
"""


def test_result_is_taken_by_another_process(tmp_path):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "new" / "results")]
    for hash_seed, runs in [("1", 4), ("2", 0)]:
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        out = subprocess.run(command, env=env, check=True, text=True, stdout=-1).stdout
        assert out.split() == ["run"] * runs


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/self/fdinfo"])
def test_unwritable_place_is_an_error_before_the_first_cell(place, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=place):
        sweep(give, {"x": [1]}, seed=0, path=tmp_path / place)


def test_what_cannot_be_pickled_is_refused_with_a_path_alone(tmp_path):
    double = lambda rng, x: 2 * x  # noqa: E731
    assert values(sweep(double, {"x": [1]}, seed=0)) == {(0,): 2}
    for run, value in [(double, 1), (give, Unsent())]:
        with pytest.raises((AttributeError, TypeError), match=r"pickle|not to be sent"):
            sweep(run, {"x": [value]}, seed=0, path=tmp_path)


@wrong_calls(
    (lambda: sweep(7, {"a": [1]}, seed=0), "run: expected a function, but got 7"),
    (lambda: sweep(sum, [], seed=0), "grid: expected the values of each axis, but go"),
    (lambda: sweep(sum, {"a": []}, seed=0), "grid['a']: expected values, but got []"),
    (lambda: sweep(sum, {"a": "b"}, seed=0), "grid['a']: expected values, but got 'b'"),
    (lambda X: sweep(sum, {"a": X}, seed=0), "grid['a']: expected values, but got arr"),
    (lambda: sweep(sum, {}, seed=-1), "seed: expected at least 0, but got -1"),
    (lambda rng: sweep(sum, {}, seed=rng), "seed: expected an integer, but got Gen"),
    (lambda: sweep(sum, {}, seed=0, path=7), "path: expected the path of a folder"),
    (lambda: sweep(sum, {}, seed=0, executor=Executor), "executor: expected a concurr"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)


def once(rng, x, start, do, mark):
    if x == 2 and not mark.exists():
        mark.touch()
        do()
    return [x, start.sum() + rng.random()]


def test_killed_worker_of_a_cluster_loses_and_doubles_nothing(tmp_path):
    distributed = pytest.importorskip("distributed")
    die = partial(signal.raise_signal, signal.SIGKILL)  # the worker, with what it has
    kill = partial(once, do=die, mark=tmp_path / "killed")
    leave = partial(once, do=sys.exit, mark=tmp_path / "left")
    # Parameters of 16 kB, which a scheduler may keep on the worker that is killed.
    grid = {"x": [*range(6)], "start": [changed(0), changed(1)]}
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as c,
        distributed.Client(c) as client,
    ):
        run = partial(sweep, seed=0, executor=client.get_executor())
        found = values(run(kill, grid, path=tmp_path))
        assert (tmp_path / "killed").exists()
        assert found == plain(kill, grid, 0)
        assert sorted(kept(tmp_path)) == sorted(found.values())
        # Workers outlive cells that fail, and run them again in another sweep.
        failed = [errors(run(leave, {"x": [2], "start": [ZERO]})) for _ in range(2)]
        assert failed == [{0: "SystemExit"}, {}]
        # Nobody waits for what cannot be sent.
        with pytest.raises(TypeError):
            values(run(give, {"x": [1, Unsent()]}))
