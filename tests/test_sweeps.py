"""Sweeps: against a plain loop, wherever the cells are run and wherever they are stopped."""

import contextlib
import itertools
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnnotes import He, LeakyReLU, Zeros, relu, tanh
from nnnotes.meanfield import MeanField
from nnnotes.sweeps import Result, sweep

GRID = {"g": [tanh, relu], "n": [1, 3], "name": ["é", 'a"b', "c\n"]}


def draw(rng, g, n, name):
    return [name, g(rng.standard_normal(n)).tolist()]


def plain(run, grid, seed):
    """The values by key: a loop over the product, seeds spawned axis by axis."""
    sequences = {(): np.random.SeedSequence(seed)}
    for axis in grid.values():
        sequences = {
            (*key, i): child
            for key, sequence in sequences.items()
            for i, child in enumerate(sequence.spawn(len(axis)))
        }
    cells = zip(sequences.items(), itertools.product(*grid.values()), strict=True)
    return {
        key: run(np.random.default_rng(sequence), **dict(zip(grid, cell, strict=True)))
        for (key, sequence), cell in cells
    }


def values(results):
    """The values by key; each key must come once."""
    results = list(results)
    assert [result.error for result in results] == [None] * len(results)
    found = {result.key: result.value for result in results}
    assert len(found) == len(results)
    return found


def keys(path):
    return [tuple(json.loads(line)["key"]) for line in path.read_text().splitlines()]


class Counted:
    """A function that knows with what it has been called."""

    def __init__(self, run):
        self.run, self.calls = run, []

    def __call__(self, rng, **parameters):
        self.calls.append(tuple(parameters.values()))
        return self.run(rng, **parameters)


class Unsent:
    def __reduce__(self):
        raise TypeError("not to be sent")


def fail(rng, x):
    if x == 1:
        raise ZeroDivisionError("é")
    if x == 3:
        sys.exit("enough")
    return x if isinstance(x, int) else str(x)


FAILURES = {1: "ZeroDivisionError: é", 3: "SystemExit: enough"}


@given(
    grid=st.dictionaries(
        st.text(max_size=3),
        st.lists(st.integers(), min_size=1, max_size=3, unique=True),
        min_size=1,
        max_size=4,
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
    path, unsent = tmp_path / "results", {"x": [*range(5), Unsent()]}
    with pool(2) as executor:
        results = list(sweep(draw, GRID, seed=3, executor=executor, path=path))
        failed = list(sweep(fail, unsent, seed=0, executor=executor))
    assert values(results) == plain(draw, GRID, 3)
    assert sorted(keys(path)) == sorted(values(results))
    for result in results:  # the objects that were passed, and not their copies
        for (name, axis), i in zip(GRID.items(), result.key, strict=True):
            assert result.parameters[name] is axis[i]
    errors = {r.key[0]: r.error for r in failed if r.error}
    sent = {5: "TypeError: not to be sent"} if pool is not ThreadPoolExecutor else {}
    assert errors == FAILURES | sent


def test_value_appended_to_an_axis_leaves_the_others_as_they_are(tmp_path):
    path = tmp_path / "results"
    before = values(sweep(draw, GRID, seed=0, path=path))
    kept = path.read_text()
    for axis, value in [("g", Zeros()), ("n", 2), ("name", "d")]:
        path.write_text(kept)
        run = Counted(lambda rng, **parameters: rng.random())
        longer = {**GRID, axis: [*GRID[axis], value]}
        after = values(sweep(run, longer, seed=0, path=path))
        assert after == {**plain(run.run, longer, 0), **before}
        assert len(run.calls) == len(after) - len(before)


def test_results_come_as_they_are_finished():
    run = Counted(lambda rng, x: x)
    results = sweep(run, {"x": range(3)}, seed=0)
    for number in range(3):
        assert len(run.calls) == number  # in this process, when they are asked for
        assert next(results) == Result((number,), {"x": number}, number)
    second_came = threading.Event()
    with ThreadPoolExecutor(2) as executor:
        results = sweep(
            lambda rng, x: x == 1 or second_came.wait(timeout=10),
            {"x": [0, 1]},
            seed=0,
            executor=executor,
        )
        assert next(results).key == (1,)
        second_came.set()
        assert next(results).value is True


def test_failing_cell_is_a_result_and_is_tried_again(tmp_path):
    path = tmp_path / "results"
    for _ in range(2):
        run = Counted(fail)
        results = {r.key[0]: r for r in sweep(run, {"x": range(5)}, seed=0, path=path)}
        assert {x: r.error for x, r in results.items() if r.error} == FAILURES
        assert str(results[1]) == "x=1: ZeroDivisionError: é"
        lines = results[1].traceback.splitlines()
        assert lines[0] == "Traceback (most recent call last):"
        assert any(line.endswith("in fail") for line in lines)
        assert keys(path) == [(0,), (2,), (4,)]
    assert run.calls == [(1,), (3,)]
    mended = values(sweep(lambda rng, x: -x, {"x": range(5)}, seed=0, path=path))
    assert mended == {(0,): 0, (1,): -1, (2,): 2, (3,): -3, (4,): 4}


CIRCLE = []
CIRCLE.append(CIRCLE)
PLAIN = "TypeError: value: expected what JSON can hold, but got "
UNHELD = [
    (object(), PLAIN + "<object object at"),
    ({*range(9999)}, PLAIN + "{0, 1"),
    (np.array([1j]), PLAIN + "1j"),
    (np.array([1], np.longdouble), PLAIN),
    (np.datetime64("2026-01-01"), PLAIN + "datetime.date("),
    ({(1, 2): 3}, "TypeError: keys must be"),
    (CIRCLE, "ValueError: Circular reference"),
    (10**5000, "ValueError: Exceeds the limit"),
]


def test_what_json_cannot_hold_is_an_error_of_its_cell(tmp_path):
    results = sweep(lambda rng, i: UNHELD[i][0], {"i": range(8)}, seed=0)
    for result, (_, error) in zip(results, UNHELD, strict=True):
        assert result.value is None
        assert result.error.startswith(error)
        assert len(result.error) < 300


HELD = [
    (np.float32(0.1), 0.10000000149011612),
    (np.float64("nan"), np.nan),
    ([np.inf, -np.inf, -0.0, 5e-324], [np.inf, -np.inf, -0.0, 5e-324]),
    (np.bool_(True), True),
    (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
    (np.array(1.5), 1.5),
    ((1, (2,)), [1, [2]]),
    ({1: {"a": np.arange(2)}}, {"1": {"a": [0, 1]}}),
    ("line\nend \udc80 \u2028\r", "line\nend \udc80 \u2028\r"),
    (10**400, 10**400),
    (None, None),
]


def test_values_are_the_same_fresh_and_from_the_file(tmp_path):
    for given_path in (None, tmp_path / "results", tmp_path / "results"):
        found = sweep(
            lambda rng, i: HELD[i][0], {"i": range(11)}, seed=0, path=given_path
        )
        # as text, since nan is not nan
        assert repr([*values(found).values()]) == repr([right for _, right in HELD])


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor])
def test_interrupts_end_the_sweep(pool, tmp_path):
    def run(rng, x):
        if x == 1:
            raise KeyboardInterrupt
        return x

    path = tmp_path / "results"
    with pool(1) if pool else contextlib.nullcontext() as executor:
        results = sweep(run, {"x": range(3)}, seed=0, executor=executor, path=path)
        assert next(results).value == 0
        with pytest.raises(KeyboardInterrupt):
            next(results)
    assert keys(path) == [(0,)]


class Breaking(Executor):
    """An executor that runs a cell when it is submitted, and breaks at one of them."""

    def __init__(self, number, where):
        self.number, self.where, self.submitted = number, where, 0

    def submit(self, function):
        self.submitted += 1
        future = Future()
        if self.submitted < self.number:
            future.set_result(function())
        elif self.where == "submit":
            raise BrokenExecutor("broken")
        elif self.where == "run":
            future.set_exception(BrokenExecutor("broken"))
        else:
            future.cancel()
            future.set_running_or_notify_cancel()
        return future


@pytest.mark.parametrize("where", ["submit", "run", "cancelled"])
def test_what_finished_before_the_executor_broke_is_kept(where, tmp_path):
    path, found = tmp_path / "results", []
    for number in (1, 5, 9):
        executor = Breaking(number, where)
        grid = {"x": range(0, 40, 2), "number": [number]}
        path = tmp_path / str(number)
        run = lambda rng, x, number: x  # noqa: E731
        with pytest.raises((BrokenExecutor, CancelledError)):
            found.extend(sweep(run, grid, seed=0, executor=executor, path=path))
        assert sorted(keys(path)) == [(i, 0) for i in range(number - 1)]
    assert len(found) == 0 + 4 + 8


@pytest.mark.parametrize("how", ["closed", "cannot write"])
def test_early_end_cancels_the_cells_that_wait(how, tmp_path):
    may_end = [threading.Event() for _ in range(20)]
    path = tmp_path / "results"
    run = Counted(lambda rng, x: may_end[x].wait(timeout=10))
    with ThreadPoolExecutor(1) as executor:
        results = sweep(run, {"x": range(20)}, seed=0, executor=executor, path=path)
        may_end[0].set()
        assert next(results).key == (0,)
        if how == "closed":
            results.close()
        else:
            path.unlink()
            path.mkdir()
            may_end[1].set()
            # Kept until the end: it must not be its frames going that cancels.
            with pytest.raises(IsADirectoryError) as error:
                next(results)
        for event in may_end:
            event.set()
    assert 1 <= len(run.calls) <= 3
    assert how == "closed" or error.traceback


def test_sweep_goes_on_where_it_was_stopped_even_within_a_line(tmp_path):
    path, expected = tmp_path / "results", plain(draw, GRID, 5)
    results = sweep(draw, GRID, seed=5, path=path)
    for number, result in enumerate(results, start=1):
        assert keys(path) == list(expected)[:number]  # before it is yielded
        assert json.loads(path.read_text().splitlines()[-1])["value"] == result.value
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    start = len(whole) - len(last)
    for size in (0, start, start + 1, start + 60, len(whole) - 1, len(whole)):
        path.write_bytes(whole[:size])
        run = Counted(draw)
        results = sweep(run, GRID, seed=5, path=path)
        first = list(itertools.islice(results, 11 if size else 0))
        assert run.calls == []
        assert values([*first, *results]) == expected
        calls = 0 if size == len(whole) else 1 if size else 12
        assert len(run.calls) == calls
        assert path.read_bytes() == whole
    # Whatever their order there, they come in that of the grid, and each once.
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join([*reversed(lines), *lines]))
    run = Counted(draw)
    one, two = (sweep(run, GRID, seed=5, path=path) for _ in range(2))
    assert list(values(one).items()) == list(expected.items())
    path.write_bytes(b"")
    three = sweep(run, GRID, seed=5, path=path)
    assert values(two) == values(three) == expected  # read when it was asked for
    assert len(run.calls) == 12


@dataclass(frozen=True)
class Settings:
    rate: float
    start: np.ndarray


class Unit(np.ndarray):
    """An array with an attribute, as libraries of physical units have it."""

    def __reduce__(self):
        return Unit, (self.unit,), super().__reduce__()


def unit(name):
    array = np.arange(3.0).view(Unit)
    array.unit = name
    return array


def changed(at, by=1.0):
    array = np.linspace(0, 1, 2000)
    array[at] += by
    return array


def twice(value):
    return [value, value]


# Pairs of values that print alike, or nearly so, and are not the same.
ONE, OTHER = changed(1000), changed(1001)
NEXT = float(np.nextafter(0.01, 1))
DIFFERENT = {
    "middle of an array": (ONE, OTHER),
    "tenth digit of an element": (np.array([0.1234567891]), np.array([0.1234567892])),
    "last digit of a float": (0.01, NEXT),
    "float32 and float64": (np.float32(0.5), np.float64(0.5)),
    "signed zeros": (0.0, -0.0),
    "shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "array within a dataclass": (Settings(0.1, ONE), Settings(0.1, OTHER)),
    "activations": (LeakyReLU(0.01), LeakyReLU(NEXT)),
    "functions": (draw, fail),
    "what partial binds": (partial(draw, n=ONE), partial(draw, n=OTHER)),
    "masks": tuple(np.ma.array(np.uint8([1, 2]), mask=[0, m]) for m in (0, 1)),
    "attribute of an array": (unit("m"), unit("km")),
    "list and tuple": ([1], (1,)),
}


@pytest.mark.parametrize("pair", DIFFERENT)
def test_result_of_another_value_is_never_taken(pair, tmp_path):
    path, (one, other) = tmp_path / "results", DIFFERENT[pair]
    run = lambda rng, x: 1  # noqa: E731
    values(sweep(run, {"x": [one]}, seed=0, path=path))
    content = path.read_bytes()
    with pytest.raises(ValueError, match=r"^path: expected a cell of this .* line 1 "):
        sweep(run, {"x": [other]}, seed=0, path=path)
    assert path.read_bytes() == content
    # Side by side they are two values.
    assert len(values(sweep(run, {"x": [other, one]}, seed=0, path=path.parent / "2")))


def used():
    theory = MeanField(tanh, 1.5)
    assert theory.chi > 0  # which it keeps
    return theory


# In each pair equal values that are not there in the same way.
EQUAL = {
    "array": (changed(1000), changed(1000)),
    "dataclass": (Settings(0.1, changed(3)), Settings(0.1, changed(3))),
    "what was asked for before": (MeanField(tanh, 1.5), used()),
    "order of a dict": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "one object twice": (twice(Settings(1, 2)), [Settings(1, 2), Settings(1, 2)]),
}


@pytest.mark.parametrize("pair", EQUAL)
def test_equal_values_have_one_result(pair, tmp_path):
    path, run = tmp_path / "results", Counted(lambda rng, x: 1)
    for value in EQUAL[pair]:
        values(sweep(run, {"x": [value]}, seed=0, path=path))
    assert len(run.calls) == 1


PROGRAM = """
import sys
from nnnotes.sweeps import sweep
[*sweep(lambda rng, x: 1, {"x": [1, 2]}, seed=0)]
assert "joblib" not in sys.modules  # it is an extra, and for a file
names = {"momentum", "adam", "rate", None, 7}
grid = {"x": [max, names, frozenset(names), dict.fromkeys(names)]}
[*sweep(lambda rng, x: print("run"), grid, seed=0, path=sys.argv[1])]
"""


def test_values_are_the_same_in_another_process(tmp_path):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "results")]
    for hash_seed, runs in [("1", 4), ("2", 0)]:
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        out = subprocess.run(
            command, env=env, check=True, text=True, capture_output=True
        )
        assert out.stdout.split() == ["run"] * runs


FOREIGN = {
    "half a line": lambda line: line[:9] + b"\n",
    "two in one": lambda line: line[:-1] + line,
    "not text": lambda line: b"\xff\xfe\n",
    "deep": lambda line: b"[" * 99999 + b"\n",
    "list": lambda line: b"[1, 2]\n",
    "no value": lambda line: line.replace(b'"value"', b'"other"'),
    "strange identity": lambda line: b'{"identity": [0], "value": 1}\n',
    "other identity": lambda line: b'{"identity": "", "value": 1}\n',
}


@pytest.mark.parametrize("wrong", FOREIGN)
def test_file_of_something_else_is_refused_and_left_alone(wrong, tmp_path):
    grid, path = {"x": [1, 2], "init": [Zeros(), He()]}, tmp_path / "results"
    values(sweep(lambda rng, x, init: x, grid, seed=7, path=path))
    lines = path.read_bytes().splitlines(keepends=True)
    for number in (1, 4):
        odd = FOREIGN[wrong](lines[1])
        content = b"".join([*lines[: number - 1], odd, *lines[number:], b'{"ide'])
        path.write_bytes(content)
        got = f"in line {number} of {path}, but got b"
        with pytest.raises(
            ValueError, match=f"^path: expected .*{re.escape(got)}"
        ) as e:
            sweep(draw, grid, seed=7, path=path)
        assert len(str(e.value)) < 600
        assert path.read_bytes() == content
    path.write_bytes(b"".join(lines))
    grids = [{"x": [1, 2]}, {**grid, "x": [1]}, {**grid, "x": [2, 1]}]
    for other, seed in [(grid, 8), *((other, 7) for other in grids)]:
        with pytest.raises(ValueError, match=f"^path: expected .* seed {seed} "):
            sweep(draw, other, seed=seed, path=path)


def test_last_line_of_something_else_is_not_cut(tmp_path):
    for tail in ("{}", "My notes", '{"identity": "???'):
        (tmp_path / "results").write_text(tail)
        with pytest.raises(ValueError, match=r"^path: expected a cell .* in line 1 of"):
            sweep(fail, {"x": [0]}, seed=0, path=tmp_path / "results")
        assert (tmp_path / "results").read_text() == tail


def test_place_that_cannot_be_written_is_an_error_before_the_first_cell(tmp_path):
    run = Counted(lambda rng, x: x)
    path = tmp_path / "results"
    path.symlink_to(tmp_path / "no" / "results")
    with pytest.raises(OSError, match=re.escape(str(path))):
        sweep(run, {"x": [1]}, seed=0, path=path)
    assert run.calls == []


def test_path_may_be_text_and_the_seed_from_numpy(unchecked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = Counted(lambda rng, x: x)
    for seed in (np.int64(0), 0):
        values(sweep(run, {"x": [0, 2]}, seed=seed, path="results"))
    assert run.calls == [(0,), (2,)]


def test_progress_counts_all_cells_on_stderr(tmp_path, capsys, monkeypatch):
    run = partial(sweep, draw, GRID, seed=0, path=tmp_path / "results")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "tqdm", None)  # not to be imported in vain
        list(itertools.islice(run(), 4))
    assert capsys.readouterr() == ("", "")
    shown = values(run(progress=True))
    out, err = capsys.readouterr()
    assert out == ""
    assert all(text in err for text in (" 4/12 ", "12/12", "cell/s"))
    assert shown == values(run())


LONG = list(range(9999))
WRONG = [
    ("run", LONG, TypeError, "run: expected a function, but got [0, 1,"),
    ("grid", LONG, TypeError, "grid: expected the values of each axis, but got [0,"),
    ("grid", {}, ValueError, "grid: expected at least one axis, but got none"),
    ("grid", {tuple(LONG): [1]}, TypeError, "grid: expected names of axes, but got (0"),
    ("grid", {"x": "ab"}, TypeError, "grid: expected a sequence, such as a list, for"),
    ("grid", {"x": np.ones(9)}, TypeError, "grid: expected a sequence, such as a list"),
    ("grid", {"y": []}, ValueError, "grid: expected values for axis y, but got none"),
    ("grid", {"x": [*LONG, 1]}, ValueError, "grid: expected values of axis x that dif"),
    ("grid", {"x": [changed(0), changed(0)]}, ValueError, "grid: expected values of "),
    ("grid", {"x": [[print, lambda: 1, *LONG]]}, ValueError, "grid: expected values"),
    ("seed", True, TypeError, "seed: expected an integer, but got True"),
    ("seed", LONG, TypeError, "seed: expected an integer, but got [0, 1,"),
    ("seed", -1, ValueError, "seed: expected an integer of at least 0, but got -1"),
    ("executor", ThreadPoolExecutor, TypeError, "executor: expected a concurrent.fut"),
    ("path", LONG, TypeError, "path: expected the path of a file, but got [0, 1,"),
    ("path", "no/file", ValueError, "path: expected a file in a folder that exists, "),
    ("path", ".", ValueError, "path: expected a file in a folder that exists, but go"),
]


@pytest.mark.parametrize(("name", "value", "error", "message"), WRONG)
def test_wrong_call_is_an_error_at_once(
    name, value, error, message, unchecked, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    arguments = {"run": fail, "grid": {"x": [1]}, "seed": 0, "path": "results"}
    with pytest.raises(error, match=f"^{re.escape(message)}") as e:
        sweep(**{**arguments, name: value})
    assert len(str(e.value)) < 600
    assert list(tmp_path.iterdir()) == []


def test_values_that_cannot_be_pickled_are_right_without_a_file():
    grid = {"f": [lambda x: x, lambda x: -x]}
    assert values(sweep(lambda rng, f: f(2), grid, seed=0)) == {(0,): 2, (1,): -2}


def slow(rng, folder, x, start):
    """A cell that tells when it begins and when it ends, and in which process."""
    name = f"{os.getpid()}-{x}-{start.argmax()}"
    (folder / f"{name}-begun").touch()
    time.sleep(0.1)
    (folder / f"{name}-ended").touch()
    return [x, start.sum() + rng.random()]


def kill_while_it_runs_a_cell(pid, folder):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        os.kill(pid, signal.SIGSTOP)  # so that it cannot end the cell meanwhile
        begun = {file.name[:-6] for file in folder.glob(f"{pid}-*-begun")}
        ended = {file.name[:-6] for file in folder.glob(f"{pid}-*-ended")}
        if begun - ended:
            os.kill(pid, signal.SIGKILL)
            return begun - ended
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.01)
    raise TimeoutError


def fail_at_first(rng, x, file):
    if not file.exists():
        file.touch()
        raise ValueError("at first")
    return x


@pytest.fixture
def client(tmp_path):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=tmp_path,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_killed_worker_of_a_cluster_loses_and_doubles_nothing(client, tmp_path):
    path, folder, late = (tmp_path / name for name in ("results", "cells", "late"))
    folder.mkdir()
    late.mkdir()
    # Parameters of 16 kB, which a scheduler may keep on the worker that is killed.
    grid = {"x": list(range(12)), "start": [changed(0), changed(1)]}
    expected = plain(lambda rng, x, start: [x, start.sum() + rng.random()], grid, 0)
    executor = client.get_executor()
    victim, _ = client.run(os.getpid).values()
    run = partial(slow, folder=folder)
    results = sweep(run, grid, seed=0, executor=executor, path=path)
    first = list(itertools.islice(results, 5))
    (torn_out,) = kill_while_it_runs_a_cell(victim, folder)
    assert len(keys(path)) == 5
    assert values([*first, *results]) == expected
    assert sorted(keys(path)) == list(expected)
    assert not (folder / f"{torn_out}-ended").exists()
    client.wait_for_workers(2, timeout=30)  # its nanny has started another one
    assert victim not in client.run(os.getpid).values()

    # The same cluster tries again what failed ...
    again = partial(fail_at_first, file=tmp_path / "failed")
    errors = [
        [result.error for result in sweep(again, {"x": [1]}, seed=0, executor=executor)]
        for _ in range(2)
    ]
    assert errors == [["ValueError: at first"], [None]]
    # ... keeps its workers, and does not wait for what cannot be sent ...
    odd = {"x": [*range(5), Unsent()]}
    failed = {r.key[0]: r.error for r in sweep(fail, odd, seed=0, executor=executor)}
    assert failed[5].startswith("TypeError: ")
    assert {x: e for x, e in failed.items() if e and x < 5} == FAILURES
    # ... and stops when the caller does.
    grid["x"] = range(100)
    results = sweep(partial(slow, folder=late), grid, seed=0, executor=executor)
    next(results)
    results.close()
    begun = -1
    while begun < (begun := len(list(late.glob("*-begun")))):
        time.sleep(1)
    assert begun < 200
