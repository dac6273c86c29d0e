"""Sweeps: a function for each cell of a grid, in this process or in many, and a file to go on from."""

import itertools
import json
import os
import pickle
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import closing
from copy import copy
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from traceback import format_exception, format_exception_only
from typing import Any, TypeAlias
from uuid import uuid4

import numpy as np

__all__ = ["Result", "sweep"]

Grid: TypeAlias = Mapping[str, Sequence[Any]]
Key: TypeAlias = tuple[int, ...]
Outcome: TypeAlias = dict[str, Any]


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
        >>> print(Result(key=(0, 2), parameters={"depth": 1, "lr": 0.5}, value=0.93))
        depth=1, lr=0.5: 0.93
    """

    key: tuple[int, ...]
    parameters: dict[str, Any]
    value: Any = None
    error: str | None = None
    traceback: str | None = None

    def __str__(self) -> str:
        cell = ", ".join(f"{k}={v!r:.200}" for k, v in self.parameters.items())
        return f"{cell}: {self.value if self.error is None else self.error}"


def sweep(
    run: Callable[..., Any],
    grid: Mapping[str, Sequence[Any]],
    *,
    seed: int,
    executor: futures.Executor | None = None,
    path: str | os.PathLike[str] | None = None,
    progress: bool = False,
) -> Iterator[Result]:
    """Call a function for each cell of a grid, and yield the results as they come.

    A cell has a generator of its own. It is seeded by what a ``numpy.random.SeedSequence`` spawns axis by axis: the
    cell with indices i, j has ``SeedSequence(seed).spawn(i + 1)[i].spawn(j + 1)[j]``. So draws depend neither on where
    nor on when a cell is run, and a value appended to an axis leaves those of the other cells as they are.

    A cell that fails is a result, too, even by ``sys.exit``, and the others go on. When the executor itself breaks, its
    error is raised after the results that are finished. When the caller stops early, cells that wait are cancelled.

    Args:
        run: the function, called as ``run(rng, **parameters)``. It returns what JSON can hold: numbers, text, None,
            lists and dicts of them, and NumPy's numbers and arrays. For other processes it must be possible to pickle
            it and its parameters: a function of a module, and not a lambda.
        grid: the values of each parameter, by its name; the cells are their product, the last axis running fastest.
            The values of an axis must differ.
        seed: the seed of the sweep, at least 0.
        executor: where the cells are run, such as a `concurrent.futures.ProcessPoolExecutor`, or
            ``client.get_executor()`` for a cluster of Dask. By default cells are run in this process, each one when
            the iterator is asked for it.
        path: a file for the results, one line of JSON each, written before the result is yielded; it needs joblib, the
            extra ``sweeps``. A sweep that is called again with the same file yields what is in it, in the order of the
            grid, and runs only the other cells: those that failed, too. A file is for one sweep at a time. It knows a
            cell by the seed, its place and its values, to the last digit and element. It knows functions and classes
            by their names alone: it does not see that their code has changed, and nothing of run, not even what a
            `functools.partial` binds to it. What may change belongs in the grid, if need be as an axis of one value.
        progress: whether to show a progress bar.

    Raises:
        ValueError: if an axis has no values or two alike, a value cannot be pickled for the file, seed is negative, or
            path is not a file of this very sweep.
        TypeError: if an argument is of another type.
        OSError: if path cannot be written.

    Example:
        >>> def share(rng, p, n):
        ...     return (rng.random(n) < p).mean()
        >>> for result in sweep(share, {"p": [0.2, 0.5], "n": [10, 1000]}, seed=0):
        ...     print(result)
        p=0.2, n=10: 0.2
        p=0.2, n=1000: 0.199
        p=0.5, n=10: 0.5
        p=0.5, n=1000: 0.536
    """
    _check(callable(run), "run", "a function", run)
    _check_grid(grid)
    integer = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    _check(integer, "seed", "an integer", seed)
    _check(seed >= 0, "seed", "an integer of at least 0", seed, ValueError)
    runs = isinstance(executor, futures.Executor | None)
    expected = "a concurrent.futures.Executor, such as ProcessPoolExecutor()"
    _check(runs, "executor", expected, executor)
    file = None if path is None else _File(path, int(seed), grid)
    # Dask does not repeat a call that equals one before, not even one that failed: the text makes it another one.
    task = partial(_run, uuid4().hex, run, int(seed))
    return _results(task, _cells(grid), executor, file, progress)


def _check(
    fine: bool, name: str, expected: str, got: object, error: type = TypeError
) -> None:
    if not fine:
        raise error(f"{name}: expected {expected}, but got {got!r:.200}")


def _check_grid(grid: Grid) -> None:
    _check(isinstance(grid, Mapping), "grid", "the values of each axis", grid)
    if not grid:
        raise ValueError("grid: expected at least one axis, but got none")
    for name, values in grid.items():
        _check(isinstance(name, str), "grid", "names of axes", name)
        listed = isinstance(values, Sequence) and not isinstance(values, str | bytes)
        _check(listed, "grid", f"a sequence, such as a list, for axis {name}", values)
        if not values:
            raise ValueError(f"grid: expected values for axis {name}, but got none")
        differ = len(set(map(_state, values))) == len(values)
        what = f"values of axis {name} that differ"
        _check(differ, "grid", what, values, ValueError)


def _state(value: object) -> bytes | int:
    try:
        return pickle.dumps(value)
    except Exception:  # such as a lambda, of which another one is another value
        return id(value)


def _cells(grid: Grid) -> dict[Key, dict[str, Any]]:
    keys = itertools.product(*(range(len(values)) for values in grid.values()))
    cells = (dict(zip(grid, v, strict=True)) for v in itertools.product(*grid.values()))
    return dict(zip(keys, cells, strict=True))


def _run(
    call: str, run: Callable[..., Any], seed: int, key: Key, parameters: dict[str, Any]
) -> Outcome:
    """Run one cell, here or in another process, and return the fields of its result."""
    try:
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
        text = json.dumps(run(rng, **parameters), default=_plain)
        # Read back, so that a value is the same whether it went through a file or not.
        return {"value": json.loads(text)}
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit, too, which would end a worker of Dask
        return _failure(error)


def _plain(value: object) -> object:
    plain = value.tolist() if isinstance(value, np.generic | np.ndarray) else None
    fine = plain is not None and not isinstance(plain, np.generic)  # as a longdouble
    _check(fine, "value", "what JSON can hold", value)
    return plain


def _failure(error: BaseException) -> Outcome:
    text = "".join(format_exception_only(error)).strip()
    return {"error": text, "traceback": "".join(format_exception(error))}


def _hash(axis: str, value: object) -> str:
    """Return joblib's hash of a value, made the same for equal values in each process."""
    from joblib.hashing import NumpyHasher

    class Hasher(NumpyHasher):  # type: ignore[misc]  # joblib has no types
        def memoize(self, obj: object) -> None:
            """Let an object that is there twice be as good as its copy."""

        def save(self, obj: Any) -> None:
            for name in list(getattr(obj, "__dict__", ())):
                if isinstance(getattr(type(obj), name, None), cached_property):
                    obj = copy(obj)  # as it was before someone asked for that
                    del obj.__dict__[name]
            if isinstance(obj, np.ndarray) and type(obj) is not np.ndarray:
                obj = obj.__reduce__()  # with its mask, for example
            elif isinstance(obj, frozenset):
                obj = (frozenset, set(obj))  # which joblib sorts
            super().save(obj)

    try:
        return Hasher().hash(value)
    except Exception as error:
        expected = f"values of axis {axis} that can be pickled for the file"
        raise ValueError(
            f"grid: expected {expected}, but got {value!r:.200} ({error!s:.200})"
        ) from None


class _File:
    """The finished cells, one a line, each with the hash of its seed, place and values."""

    def __init__(self, path: str | os.PathLike[str], seed: int, grid: Grid) -> None:
        _check(isinstance(path, str | os.PathLike), "path", "the path of a file", path)
        self.path, self.seed = Path(path), seed
        there = self.path.parent.is_dir() and not self.path.is_dir()
        _check(there, "path", "a file in a folder that exists", str(path), ValueError)
        hashes = {name: [_hash(name, v) for v in grid[name]] for name in grid}
        self.identities = {
            key: _hash("", (seed, key, cell)) for key, cell in _cells(hashes).items()
        }
        self.read()
        self.path.open("ab").close()  # what cannot be written is an error of the call

    def read(self) -> dict[Key, Any]:
        """Return the values by key, and cut off a last line that was not written to its end."""
        keys = {identity: key for key, identity in self.identities.items()}
        content = self.path.read_bytes() if self.path.exists() else b""
        *lines, torn = content.split(b"\n")
        values: dict[Key, Any] = {}
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                values.setdefault(keys[record["identity"]], record["value"])
            except (ValueError, TypeError, LookupError, RecursionError):
                raise self._error(number, line) from None
        starts = [f'{{"identity": "{identity}"'.encode() for identity in keys]
        if not any(torn.startswith(start[: len(torn)]) for start in starts):
            raise self._error(len(lines) + 1, torn)
        if torn:
            os.truncate(self.path, len(content) - len(torn))
        return values

    def _error(self, number: int, line: bytes) -> ValueError:
        return ValueError(
            f"path: expected a cell of this sweep, of seed {self.seed} and with the very values of the grid, in line"
            f" {number} of {self.path!s:.200}, but got {line!r:.200}"
        )

    def append(self, result: Result) -> None:
        record = {
            "identity": self.identities[result.key],
            "seed": self.seed,
            "key": result.key,
            "parameters": {k: f"{v!r:.200}" for k, v in result.parameters.items()},
            "value": result.value,
        }
        with self.path.open("ab") as file:
            file.write(json.dumps(record).encode() + b"\n")


def _results(
    task: Callable[[Key, dict[str, Any]], Outcome],
    cells: dict[Key, dict[str, Any]],
    executor: futures.Executor | None,
    file: _File | None,
    progress: bool,
) -> Iterator[Result]:
    # Read anew: since the call, another sweep may have gone on with the file.
    finished = file.read() if file else {}
    for key in cells:
        if key in finished:
            yield Result(key, cells[key], finished[key])
    missing = {key: cells[key] for key in cells if key not in finished}
    with closing(_outcomes(task, missing, executor)) as outcomes:
        shown: Any = outcomes
        if progress:
            from tqdm import tqdm

            shown = tqdm(outcomes, total=len(cells), initial=len(finished), unit="cell")
        for key, outcome in shown:
            result = Result(key, cells[key], **outcome)
            if file and result.error is None:
                file.append(result)
            yield result


def _outcomes(
    task: Callable[[Key, dict[str, Any]], Outcome],
    cells: dict[Key, dict[str, Any]],
    executor: futures.Executor | None,
) -> Generator[tuple[Key, Outcome], None, None]:
    if executor is None:
        yield from ((key, task(key, cell)) for key, cell in cells.items())
        return
    # Not joblib.Parallel: on Dask it waits for ever for a cell that cannot be pickled, and loses with a worker the
    # parameters of more than 1 kB that it had sent there.
    waiting: dict[futures.Future[Outcome], Key] = {}
    broken: Exception | None = None
    try:
        for key, cell in cells.items():
            try:
                # Without arguments, since Dask looks into them and has names of its own.
                future = executor.submit(partial(task, key, cell))
            except (futures.BrokenExecutor, TypeError) as error:  # Dask's, on pickling
                future = futures.Future()
                future.set_exception(error)
            waiting[future] = key
        for future in futures.as_completed(waiting):
            key = waiting.pop(future)  # a cluster need not keep its result any longer
            try:
                yield key, future.result()
            except (futures.BrokenExecutor, futures.CancelledError) as error:
                broken = error  # and raised at the end: cells may have finished before
            except Exception as error:  # the cell did not come to its worker, or back
                yield key, _failure(error)
        if broken:
            raise broken
    finally:
        for future in waiting:
            future.cancel()
