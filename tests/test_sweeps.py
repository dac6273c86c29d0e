"""Sweeps: against a plain loop, wherever the cells are run and wherever they are stopped."""

import contextlib
import dataclasses
import itertools
import json
import logging
import multiprocessing
import os
import re
import signal
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
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import He, Zeros, relu, tanh
from nnnotes.sweeps import Result, sweep

GRID = {"g": [tanh, relu], "n": [1, 3], "name": ["é", 'a"b', "c\n"]}
# A process that is not forked has neither this one's threads nor its imports.
PROCESSES = partial(
    ProcessPoolExecutor, mp_context=multiprocessing.get_context("spawn")
)


def draw(rng, g, n, name):
    return [name, g(rng.standard_normal(n)).tolist()]


def plain(run, grid, seed):
    """The values by key: a loop over the product, seeds spawned axis by axis."""
    sequences = {(): np.random.SeedSequence(seed)}
    for values in grid.values():
        sequences = {
            (*key, i): child
            for key, sequence in sequences.items()
            for i, child in enumerate(sequence.spawn(len(values)))
        }
    return {
        key: run(np.random.default_rng(sequence), **dict(zip(grid, cell, strict=True)))
        for (key, sequence), cell in zip(
            sequences.items(), itertools.product(*grid.values()), strict=True
        )
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


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, PROCESSES])
def test_it_does_not_matter_where_the_cells_are_run(pool, tmp_path):
    path = tmp_path / "results"
    with pool(2) as executor:
        results = list(sweep(draw, GRID, seed=3, executor=executor, path=path))
        failed = list(sweep(broken, {"x": [0, 1]}, seed=0, executor=executor))
    assert values(results) == plain(draw, GRID, 3)
    assert sorted(keys(path)) == sorted(values(results))
    for result in results:  # the objects that were passed, and not their copies
        cell = zip(GRID.values(), result.key, strict=True)
        assert list(result.parameters) == list(GRID)
        for value, (axis, i) in zip(result.parameters.values(), cell, strict=True):
            assert value is axis[i]
    assert {(result.key, result.value, result.error) for result in failed} == {
        ((0,), 0, None),
        ((1,), None, "ZeroDivisionError: é"),
    }


def test_value_appended_to_an_axis_leaves_the_others_draws_as_they_are(tmp_path):
    path = tmp_path / "results"
    before = values(sweep(draw, GRID, seed=0, path=path))
    for axis, value in [("g", Zeros()), ("n", 2), ("name", "d")]:
        run = Counted(lambda rng, **parameters: rng.random())
        longer = {**GRID, axis: [*GRID[axis], value]}
        after = values(sweep(run, longer, seed=0, path=path))
        assert before.items() < after.items()
        assert len(run.calls) == len(after) - len(before)
        assert all(value in call for call in run.calls)
        assert after == {**plain(run, longer, 0), **before}
        path.write_text("".join(path.read_text().splitlines(True)[: len(before)]))


def test_without_an_executor_a_cell_is_run_when_it_is_asked_for():
    run = Counted(lambda rng, x: x)
    results = sweep(run, {"x": range(3)}, seed=0)
    for number in range(3):
        assert len(run.calls) == number
        assert next(results).value == number
    assert next(results, None) is None


def test_results_come_as_they_are_finished():
    second_came = threading.Event()

    def run(rng, x):
        return x == 1 or second_came.wait(timeout=10)

    with ThreadPoolExecutor(2) as executor:
        results = sweep(run, {"x": [0, 1]}, seed=0, executor=executor)
        assert next(results).key == (1,)
        second_came.set()
        assert next(results) == Result((0,), {"x": 0}, True)


def broken(rng, x):
    if x % 2:
        raise ZeroDivisionError("é")
    return x


def test_failing_cell_is_a_result_and_is_tried_again(tmp_path):
    path = tmp_path / "results"
    for _ in range(2):
        run = Counted(broken)
        results = sorted(sweep(run, {"x": range(4)}, seed=0, path=path), key=by_key)
        assert [result.value for result in results] == [0, None, 2, None]
        assert str(results[2]) == "x=2: 2"
        assert str(results[3]) == "x=3: ZeroDivisionError: é"
        assert results[2].error is results[2].traceback is None
        first, *between, last = results[3].traceback.splitlines()
        assert first == "Traceback (most recent call last):"
        assert all(line.startswith("  ") for line in between)
        assert any(line.endswith("in broken") for line in between)
        assert last == "ZeroDivisionError: é"
        assert sorted(keys(path)) == [(0,), (2,)]
    assert run.calls == [(1,), (3,)]
    mended = list(sweep(lambda rng, x: -x, {"x": range(4)}, seed=0, path=path))
    assert [result.value for result in sorted(mended, key=by_key)] == [0, -1, 2, -3]
    assert sorted(keys(path)) == [(0,), (1,), (2,), (3,)]


def by_key(result):
    return result.key


def circle():
    value = []
    value.append(value)
    return value


PLAIN = "TypeError: value: expected what JSON can hold, but got "


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (object(), PLAIN + "<object object at"),
        ({1}, PLAIN + "{1}"),
        (np.array([1j]), PLAIN + "1j"),
        (np.array([1], np.longdouble), PLAIN),
        (np.datetime64("2026-01-01"), PLAIN + "datetime.date("),
        ({(1, 2): 3}, "TypeError: keys must be"),
        (circle(), "ValueError: Circular reference"),
        (10**5000, "ValueError: Exceeds the limit"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_json_cannot_hold_is_an_error_of_its_cell(value, error, tmp_path):
    path = tmp_path / "results"
    results = list(
        sweep(lambda rng, x: value if x else x, {"x": [0, 1]}, seed=0, path=path)
    )
    assert results[0].value == 0
    assert results[1].value is None
    assert results[1].error.startswith(error)
    assert keys(path) == [(0,)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.1), 0.10000000149011612),
        (np.float64("nan"), np.nan),
        ([np.inf, -np.inf, -0.0, 5e-324], [np.inf, -np.inf, -0.0, 5e-324]),
        (np.int64(-3), -3),
        (np.bool_(True), True),
        (np.str_("é"), "é"),
        (np.array(1.5), 1.5),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.array([]), []),
        ((1, (2,)), [1, [2]]),
        ({1: {"a": np.arange(2)}}, {"1": {"a": [0, 1]}}),
        ("line\nend \udc80 \u2028", "line\nend \udc80 \u2028"),
        (10**400, 10**400),
        (None, None),
    ],
    ids=repr,
)
def test_values_are_the_same_fresh_and_from_the_file(value, expected, tmp_path):
    def run(rng, x):
        return value

    path = tmp_path / "results"
    for given_path in (None, path, path):
        (result,) = sweep(run, {"x": [0]}, seed=0, path=given_path)
        assert result.error is None
        assert repr(result.value) == repr(expected)  # since nan is not nan
    assert keys(path) == [(0,)]


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


def die(rng, x):
    if x == 2:
        os._exit(1)
    return x


def test_broken_executor_ends_the_sweep_and_what_is_finished_is_in_the_file(tmp_path):
    path = tmp_path / "results"
    found = []
    with PROCESSES(1) as executor:
        results = sweep(die, {"x": range(4)}, seed=0, executor=executor, path=path)
        with pytest.raises(BrokenExecutor):
            found.extend(result.key for result in results)
    assert found == keys(path) == [(0,), (1,)]


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
@pytest.mark.parametrize("number", [1, 2, 9, 20])
def test_what_finished_before_the_executor_broke_is_kept(number, where, tmp_path):
    path, found = tmp_path / "results", []
    executor = Breaking(number, where)
    results = sweep(
        broken, {"x": range(0, 40, 2)}, seed=0, executor=executor, path=path
    )
    with pytest.raises((BrokenExecutor, CancelledError)):
        found.extend(result.key for result in results)
    assert sorted(found) == [(i,) for i in range(number - 1)]
    assert path.exists() == (number > 1)
    assert number == 1 or keys(path) == found


def test_cell_that_cannot_be_sent_is_a_result():
    with PROCESSES(1) as executor:
        unsent = {"x": [0, 2, Unsent()]}
        results = sorted(sweep(broken, unsent, seed=0, executor=executor), key=by_key)
    assert [result.value for result in results] == [0, 2, None]
    assert results[2].error == "TypeError: not to be sent"


class Unsent:
    def __reduce__(self):
        raise TypeError("not to be sent")


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
    assert run.calls == [(x,) for x in range(len(run.calls))]
    assert len(run.calls) <= 3
    assert how == "closed" or error.traceback


@pytest.mark.parametrize("stop", range(13))
def test_sweep_goes_on_where_it_was_stopped(stop, tmp_path):
    path, expected = tmp_path / "results", plain(draw, GRID, 5)
    results = sweep(draw, GRID, seed=5, path=path)
    assert not path.exists()
    for number in range(1, stop + 1):
        result = next(results)
        assert keys(path) == list(expected)[:number]  # before it is yielded
        assert json.loads(path.read_text().splitlines()[-1])["value"] == result.value
    results.close()

    run = Counted(draw)
    results = sweep(run, GRID, seed=5, path=path)
    first = list(itertools.islice(results, stop))
    assert run.calls == []
    found = values([*first, *results])
    assert len(run.calls) == 12 - stop
    assert found == expected
    assert list(found) == keys(path) == list(expected)


def test_finished_cells_come_in_the_order_of_the_grid(tmp_path):
    path, run = tmp_path / "results", Counted(draw)
    expected = values(sweep(draw, GRID, seed=5, path=path))
    path.write_text("".join(reversed(path.read_text().splitlines(True))))
    found = values(sweep(run, GRID, seed=5, path=path))
    assert list(found.items()) == list(expected.items())
    assert run.calls == []


def test_torn_last_line_is_dropped_and_its_cell_is_run_again(tmp_path):
    path = tmp_path / "results"
    expected = values(sweep(draw, GRID, seed=0, path=path))
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    for cut in range(1, len(last) + 1):
        torn, run = whole[: len(whole) - cut], Counted(draw)
        path.write_bytes(torn)
        results = sweep(run, GRID, seed=0, path=path)
        assert path.read_bytes() == torn  # as long as nothing is asked for
        assert values(results) == expected
        assert run.calls == [(relu, 3, "c\n")]
        assert path.read_bytes() == whole


def test_line_that_is_there_twice_counts_once(tmp_path):
    path = tmp_path / "results"
    expected = values(sweep(draw, GRID, seed=0, path=path))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:3], lines[0], *lines[1:4]]))
    run = Counted(draw)
    assert values(sweep(run, GRID, seed=0, path=path)) == expected
    assert len(run.calls) == len(expected) - 4


def test_file_is_read_when_the_first_result_is_asked_for(tmp_path):
    path = tmp_path / "results"
    first = sweep(draw, GRID, seed=0, path=path)
    run = Counted(draw)
    second = sweep(run, GRID, seed=0, path=path)
    assert values(first) == values(second)
    assert run.calls == []


def change(**changes):
    """Another line: fields replaced, or left out if None."""

    def changed(line):
        record = {**json.loads(line), **changes}
        record = {name: value for name, value in record.items() if value is not None}
        return json.dumps(record).encode() + b"\n"

    return changed


PARAMETERS = {"x": "1", "init": repr(He())}
FOREIGN = {
    "no JSON": (lambda line: b"nothing\n", "a line of this sweep", "b'nothing'"),
    "empty line": (lambda line: b"\n", "a line of this sweep", "b''"),
    "half a line": (lambda line: line[:9] + b"\n", "a line of this", "b'{\"seed\": '"),
    "two in one": (lambda line: line[:-1] + line, "a line of this sweep", "b'{"),
    "not text": (lambda line: b"\xff\xfe\n", "a line of this sweep", r"b'\xff\xfe'"),
    "deep": (lambda line: b"[" * 99999 + b"\n", "a line of this sweep", "b'[[["),
    "list": (lambda line: b"[1, 2]\n", "a line of this sweep", "b'[1, 2]'"),
    "no key": (change(key=None), "a line of this sweep", "b'{"),
    "no value": (change(value=None), "a line of this sweep", "b'{"),
    "strange key": (change(key=[[0]]), "a line of this sweep", "b'{"),
    "key outside": (change(key=[0, 2]), "a cell of this grid", "b'{"),
    "key too long": (change(key=[0, 0, 0]), "a cell of this grid", "b'{"),
    "other seed": (change(seed=8), "seed 7", "8"),
    "no seed": (change(seed=None), "seed 7", "None"),
    "other cell": (change(key=[1, 1]), "parameters {'x': '2'", "{'x': '1'"),
    "other value": (
        change(parameters={**PARAMETERS, "init": "Zeros()"}),
        f"parameters {PARAMETERS}",
        "{'x': '1', 'init': 'Zeros()'}",
    ),
    "axis missing": (change(parameters={"x": "1"}), "parameters {'x': '1', 'i", "{'x"),
    "axis too many": (
        change(parameters={**PARAMETERS, "y": "1"}),
        "parameters {'x': '1', 'i",
        str({**PARAMETERS, "y": "1"}),
    ),
}


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize("wrong", FOREIGN)
def test_file_of_something_else_is_refused_and_left_alone(wrong, number, tmp_path):
    grid = {"x": [1, 2], "init": [Zeros(), He()]}
    change_line, expected, got = FOREIGN[wrong]
    path = tmp_path / "results"
    values(sweep(lambda rng, x, init: x, grid, seed=7, path=path))
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number - 1] = change_line(lines[1])
    content = b"".join(lines) + b'{"se'
    path.write_bytes(content)
    start = f"path: expected {expected}"
    rest = f" in line {number} of {path}, but got {got}"
    with pytest.raises(
        ValueError, match=f"^{re.escape(start)}.*{re.escape(rest)}"
    ) as e:
        sweep(draw, grid, seed=7, path=path)
    assert len(str(e.value)) < 500
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "tail", ["{}", "My notes", '{"seed": 1', '{"seed": 0, "key": [2']
)
def test_last_line_of_something_else_is_not_cut(tail, tmp_path):
    path = tmp_path / "results"
    path.write_text(tail)
    with pytest.raises(ValueError, match=r"^path: expected a line .* in line 1 of "):
        sweep(broken, {"x": [0, 1]}, seed=0, path=path)
    assert path.read_text() == tail


def test_empty_file_holds_no_results(tmp_path):
    path = tmp_path / "results"
    path.touch()
    assert values(sweep(broken, {"x": [0, 2]}, seed=0, path=path)) == {(0,): 0, (1,): 2}


def test_path_may_be_text_and_the_seed_from_numpy(unchecked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    values(sweep(broken, {"x": [0, 2]}, seed=np.int64(0), path="results"))
    assert keys(Path("results")) == [(0,), (1,)]


def test_progress_counts_all_cells_on_stderr(tmp_path, capsys, monkeypatch):
    path = tmp_path / "results"
    run = partial(sweep, draw, GRID, seed=0, path=path)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "tqdm", None)  # not to be imported in vain
        list(itertools.islice(run(), 4))
    assert capsys.readouterr() == ("", "")
    shown = values(run(progress=True))
    out, err = capsys.readouterr()
    assert out == ""
    assert " 4/12 " in err
    assert "12/12" in err
    assert "cell/s" in err
    assert shown == values(run())
    assert capsys.readouterr() == ("", "")


def test_result_cannot_be_changed():
    (result,) = sweep(broken, {"x": [0]}, seed=0)
    assert result == Result(key=(0,), parameters={"x": 0}, value=0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.value = 1


WRONG = {
    "run: expected a function, but got 3": {"run": 3},
    "grid: expected the values of each axis, but got [1]": {"grid": [1]},
    "grid: expected at least one axis, but got none": {"grid": {}},
    "grid: expected names of axes, but got 1": {"grid": {1: [1]}},
    "grid: expected a sequence, such as a list, for axis x, but got 'ab'": {
        "grid": {"x": "ab"}
    },
    "grid: expected a sequence, such as a list, for axis x, but got b'a'": {
        "grid": {"x": b"a"}
    },
    "grid: expected a sequence, such as a list, for axis x, but got 3": {
        "grid": {"x": 3}
    },
    "grid: expected a sequence, such as a list, for axis x, but got array([0])": {
        "grid": {"x": np.array([0])}
    },
    "grid: expected values for axis y, but got none": {"grid": {"x": [1], "y": []}},
    "grid: expected values of axis x that differ as text, but got 1 twice": {
        "grid": {"x": ["1", 1, 2, 1]}
    },
    "seed: expected an integer, but got True": {"seed": True},
    "seed: expected an integer, but got 1.0": {"seed": 1.0},
    "seed: expected an integer, but got None": {"seed": None},
    "seed: expected an integer of at least 0, but got -1": {"seed": -1},
    "executor: expected a concurrent.futures.Executor, such as": {
        "executor": ThreadPoolExecutor
    },
    "path: expected the path of a file, but got 3": {"path": 3},
    "path: expected a file in a folder that exists, but got 'no/file'": {
        "path": "no/file"
    },
    "path: expected a file in a folder that exists, but got '.'": {"path": "."},
    "path: expected a file in a folder that exists, but got ''": {"path": ""},
    "grid: expected values that are the same text the next time, but got <function": {
        "grid": {"x": [broken]}
    },
}
TYPES = re.compile(
    "expected (a function|the values of|names|a seq|an integer,|a conc|the path)"
)


@pytest.mark.parametrize("message", WRONG)
def test_wrong_call_is_an_error_at_once(message, unchecked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = {"run": broken, "grid": {"x": [1]}, "seed": 0, "path": "results"}
    arguments |= WRONG[message]
    error = TypeError if TYPES.search(message) else ValueError
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        sweep(arguments.pop("run"), arguments.pop("grid"), **arguments)
    assert list(tmp_path.iterdir()) == []


def test_values_with_an_address_are_right_without_a_file():
    assert values(sweep(lambda rng, f: f(2), {"f": [lambda x: x]}, seed=0)) == {(0,): 2}


def slow(rng, folder, x, g):
    """A cell that tells when it begins and when it ends, and in which process."""
    name = f"{os.getpid()}-{x}-{g}"
    (folder / f"{name}-begun").touch()
    time.sleep(0.1)
    (folder / f"{name}-ended").touch()
    return [x, g(rng.standard_normal(3)).tolist()]


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


def test_killed_worker_of_a_cluster_loses_and_doubles_nothing(tmp_path):
    distributed = pytest.importorskip("distributed")
    path, folder = tmp_path / "results", tmp_path / "cells"
    folder.mkdir()
    grid = {"x": list(range(12)), "g": [tanh, relu]}
    run = partial(slow, folder=folder)
    expected = plain(lambda rng, x, g: [x, g(rng.standard_normal(3)).tolist()], grid, 0)
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
        victim, _ = client.run(os.getpid).values()
        results = sweep(run, grid, seed=0, executor=client.get_executor(), path=path)
        first = list(itertools.islice(results, 5))
        (torn_out,) = kill_while_it_runs_a_cell(victim, folder)
        assert len(keys(path)) == 5
        found = values([*first, *results])
        # The cell that was running was run again elsewhere, and by nobody else.
        cell = torn_out.removeprefix(f"{victim}-")
        assert not (folder / f"{torn_out}-ended").exists()
        assert len(list(folder.glob(f"*-{cell}-ended"))) == 1
        # What the caller had was not computed again, though the worker had it, too.
        for result in first[:2]:
            name = "-".join(map(str, result.parameters.values()))
            assert len(list(folder.glob(f"*-{name}-begun"))) == 1
        client.wait_for_workers(2, timeout=30)  # its nanny has started another one
        assert victim not in client.run(os.getpid).values()

        # The same cluster tries again what failed ...
        executor = client.get_executor()
        twice = partial(fail_at_first, file=tmp_path / "failed")
        errors = [
            [
                result.error
                for result in sweep(twice, {"x": [1]}, seed=0, executor=executor)
            ]
            for _ in range(2)
        ]
        assert errors == [["ValueError: at first"], [None]]
        # ... and stops when the caller does.
        late = tmp_path / "late"
        late.mkdir()
        results = sweep(partial(slow, folder=late), grid, seed=0, executor=executor)
        next(results)
        results.close()
        begun = -1
        while begun < (begun := len(list(late.glob("*-begun")))):
            time.sleep(0.4)
        assert begun < 24
    assert found == expected
    assert sorted(keys(path)) == list(expected)
    again = Counted(draw)
    assert values(sweep(again, grid, seed=0, path=path)) == expected
    assert again.calls == []


def fail_at_first(rng, x, file):
    if not file.exists():
        file.touch()
        raise ValueError("at first")
    return x


@wrong_calls(
    (lambda: sweep(7, {"a": [1]}, seed=0), "run: expected a function, but got 7"),
    (lambda: sweep(sum, {}, seed=0), "grid: expected at least one axis, but got none"),
    (
        lambda: sweep(sum, {"a": []}, seed=0),
        "grid: expected values for axis a, but got none",
    ),
    (
        lambda: sweep(sum, {"a": [1]}, seed=-1),
        "seed: expected an integer of at least 0, but got -1",
    ),
    (
        lambda rng: sweep(sum, {"a": [1]}, seed=rng),
        "seed: expected an integer, but got Generator",
    ),
    (
        lambda: sweep(sum, {"a": [1]}, seed=0, executor=4),
        "executor: expected a concurrent.futures.Executor",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
