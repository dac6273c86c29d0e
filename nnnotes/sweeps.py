"""Sweeps: a function for each cell of a grid, in this process or in many, and a folder to go on from."""

import itertools
import json
import math
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from traceback import format_exception, format_exception_only
from typing import Any
from uuid import uuid4

import numpy as np

from nnnotes._checks import check_count, check_kind, shown

__all__ = ["Result", "sweep"]


@dataclass(frozen=True)
class Result:
    """What one cell of a grid gave: a value, or an error.

    Args:
        key: the cell's place on each axis, counted from 0; sorted by it, results are in the order of the grid.
        parameters: the cell's parameters by name.
        value: what the function returned, as JSON gives it back; None if it failed.
        error: the type and the message of what the function raised; None if it did not fail.
        traceback: where that was raised, as Python prints it; None if it did not fail.

    Example:
        >>> Result(key=(0, 2), parameters={"depth": 1, "lr": 0.5}, value=0.93).value
        0.93
    """

    key: tuple[int, ...]
    parameters: dict[str, Any]
    value: Any = None
    error: str | None = None
    traceback: str | None = None


def sweep(
    run: Callable[..., Any],
    grid: Mapping[str, Sequence[Any]],
    *,
    seed: int,
    executor: Executor | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Iterator[Result]:
    """Call a function for each cell of a grid, and yield the results as they come.

    A cell has a generator of its own, seeded by what a ``numpy.random.SeedSequence`` spawns axis by axis: the cell with
    indices i, j has ``SeedSequence(seed).spawn(i + 1)[i].spawn(j + 1)[j]``. So draws depend neither on where nor on
    when a cell is run, and a value appended to an axis leaves those of the other cells as they are. A cell that fails,
    even by ``sys.exit``, is a result, too. When the caller stops early, cells that wait are cancelled.

    Args:
        run: the function, called as ``run(rng, **parameters)``. It returns what JSON can hold, and NumPy's numbers and
            arrays. For other processes, or a path, it must be possible to pickle it and the parameters: no lambda.
        grid: the values of each parameter, by its name; the cells are their product, the last axis running fastest.
        seed: the seed of the sweep, at least 0.
        executor: where cells are run, such as a `concurrent.futures.ProcessPoolExecutor`, or ``client.get_executor()``
            for a cluster of Dask. By default it is this process, and a cell is run when the iterator is asked for it.
        path: a folder, in which each value is written to a file before it is yielded; the call fails if that cannot be
            done. The same call, made again, yields what is there first, and runs only the other cells: those that
            failed, too. A file belongs to the seed, the cell's place, run and the parameters, to the last digit, as
            pickle has them. That names functions and classes: when their code changes, take another folder. What is
            not pickled alike each time is run again: a set of text, or an object that has since cached something.

    Raises:
        ValueError: if an axis has no values, or seed is negative.
        TypeError: if an argument is of another type.

    Example:
        >>> def share(rng, p, n):
        ...     return (rng.random(n) < p).mean()
        >>> [r.value for r in sweep(share, {"p": [0.2, 0.5], "n": [10, 1000]}, seed=0)]
        [0.2, 0.199, 0.5, 0.536]
    """
    check_kind("run", run, Callable, "a function")  # type: ignore[arg-type]
    check_kind("grid", grid, Mapping, "the values of each axis")
    for name, axis in grid.items():
        if isinstance(axis, str) or not isinstance(axis, Sequence) or not axis:
            raise ValueError(f"grid[{name!r}]: expected values, but got {shown(axis)}")
    check_count("seed", seed, least=0, most=math.inf)
    check_kind("executor", executor, Executor | None, "a concurrent.futures.Executor")
    check_kind("path", path, str | os.PathLike | None, "the path of a folder")
    keys = itertools.product(*(range(len(axis)) for axis in grid.values()))
    cells = {k: {n: grid[n][i] for n, i in zip(grid, k, strict=True)} for k in keys}
    files = {}
    if path is not None:
        for key, cell in cells.items():
            # Not by joblib.hash, to which arrays with other masks are the same.
            pickled = pickle.dumps((run, int(seed), key, cell), protocol=4)
            files[key] = Path(path, f"{sha256(pickled).hexdigest()}.json")
        Path(path).mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=path).close()  # an unwritable place is an error of the call
    # Dask takes equal calls for one, even after a failure: the text makes this another.
    task = partial(_caught, _run, uuid4().hex, run, int(seed))
    return _results(task, cells, files, executor)


def _results(
    task: Any, cells: dict[Any, Any], files: dict[Any, Path], executor: Executor | None
) -> Iterator[Result]:
    calls = {key: partial(task, key, cell) for key, cell in cells.items()}
    for key in [key for key in files if files[key].exists()]:
        yield Result(key, cells[key], json.loads(files[key].read_text())["value"])
        del calls[key]
    outcomes: Any = calls.items()
    waiting: dict[Future[Any], Any] = {}
    try:
        if executor is not None:
            # Not joblib.Parallel: on Dask it waits for ever for a cell that no worker can
            # have, and loses with a worker parameters of over 1 kB that it had sent there.
            for key, call in calls.items():
                waiting[executor.submit(call)] = key
            outcomes = ((waiting.pop(f), f.result) for f in as_completed(waiting))
        for key, outcome in outcomes:
            fields = _caught(outcome)
            if files and "value" in fields:
                part = files[key].with_suffix(f".{uuid4().hex}")
                record = json.dumps({"cell": shown(cells[key]), **fields})
                with part.open("w") as stream:
                    print(record, file=stream, flush=True)
                    os.fsync(stream.fileno())
                part.replace(files[key])
            yield Result(key, cells[key], **fields)
    finally:
        for future in waiting:
            future.cancel()


def _caught(call: Any, *arguments: Any) -> dict[str, Any]:
    try:
        return call(*arguments)
    except (Exception, SystemExit) as error:  # the latter would end a worker of Dask
        text = "".join(format_exception_only(error)).strip()
        return {"error": text, "traceback": "".join(format_exception(error))}


def _run(call: str, run: Any, seed: int, key: Any, cell: Any) -> dict[str, Any]:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
    return {"value": json.loads(json.dumps(run(rng, **cell), default=_plain))}


def _plain(value: Any) -> Any:
    array = isinstance(value, np.generic | np.ndarray)
    return value.tolist() if array else json.JSONEncoder().default(value)
