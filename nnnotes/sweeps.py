"""Sweeps: a function for each cell of a grid, in this process or in many, and a file to go on from."""

import itertools
import json
import os
import pickle
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    as_completed,
)
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

Key: TypeAlias = tuple[int, ...]
Cells: TypeAlias = dict[Key, dict[str, Any]]


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
        return f"{_shown(self.parameters)}: {self.value if self.error is None else self.error}"


def sweep(
    run: Callable[..., Any],
    grid: Mapping[str, Sequence[Any]],
    *,
    seed: int,
    executor: Executor | None = None,
    path: str | os.PathLike[str] | None = None,
    progress: bool = False,
) -> Iterator[Result]:
    """Call a function for each cell of a grid, and yield the results as they come.

    A cell has a generator of its own. It is seeded by what a ``numpy.random.SeedSequence`` spawns axis by axis: the
    cell with indices i, j has ``SeedSequence(seed).spawn(i + 1)[i].spawn(j + 1)[j]``. So draws depend neither on where
    nor on when a cell is run, and a value appended to an axis leaves those of the other cells as they are.

    A cell that fails is a result, too, even if it calls ``sys.exit``, and the others go on. When the executor itself
    breaks, its error is raised after the results that are finished. When the caller stops early, cells that wait are
    cancelled.

    The file of a sweep knows a cell by the seed, its place and its values, each by its pickled state: two numbers that
    differ in the last digit are two values, and so are two arrays that differ in one element. A function or a class is
    known by its name. The file does not see that code has changed, nor which function is called, nor what
    `functools.partial` has bound to it: what may change belongs into the grid, if need be as an axis of one value.

    Args:
        run: the function, called as ``run(rng, **parameters)``. It returns what JSON can hold: numbers, text, None,
            lists and dicts of them, and NumPy's numbers and arrays. For other processes it must be possible to pickle
            it and its parameters: a function of a module, and not a lambda.
        grid: the values of each parameter, by its name; the cells are their product, the last axis running fastest.
            The values of an axis must differ, and with a path it must be possible to pickle them.
        seed: the seed of the sweep, at least 0.
        executor: where the cells are run, such as a `concurrent.futures.ProcessPoolExecutor`, or
            ``client.get_executor()`` for a cluster of Dask. By default cells are run in this process, each one when
            the iterator is asked for it.
        path: a file for the results, one line of JSON each, written before the result is yielded. A sweep that is
            called again with the same file yields what is in it, in the order of the grid, and runs only the other
            cells: those that failed, too. A file is for one sweep at a time. It needs joblib, the extra ``sweeps``.
            Another version of joblib or NumPy may refuse the file.
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
    if not callable(run):
        raise TypeError(f"run: expected a function, but got {run!r:.200}")
    _check_grid(grid)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise TypeError(f"seed: expected an integer, but got {seed!r:.200}")
    if seed < 0:
        raise ValueError(f"seed: expected an integer of at least 0, but got {seed}")
    if not isinstance(executor, Executor | None):
        raise TypeError(
            "executor: expected a concurrent.futures.Executor, such as ProcessPoolExecutor() or a Dask client's"
            f" get_executor(), but got {executor!r:.200}"
        )
    cells = _cells(grid)
    file = None if path is None else _File(path, int(seed), grid)
    task = partial(_run, run, int(seed), uuid4().hex)
    return _results(task, cells, executor, file, progress)


def _shown(parameters: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r:.200}" for name, value in parameters.items())


def _check_grid(grid: object) -> None:
    if not isinstance(grid, Mapping):
        raise TypeError(
            f"grid: expected the values of each axis, but got {grid!r:.200}"
        )
    if not grid:
        raise ValueError("grid: expected at least one axis, but got none")
    for name, values in grid.items():
        if not isinstance(name, str):
            raise TypeError(f"grid: expected names of axes, but got {name!r:.200}")
        if isinstance(values, str | bytes) or not isinstance(values, Sequence):
            raise TypeError(
                f"grid: expected a sequence, such as a list, for axis {name}, but got {values!r:.200}"
            )
        if not values:
            raise ValueError(f"grid: expected values for axis {name}, but got none")
        seen: set[bytes | int] = set()
        for value in values:
            if (state := _state(value)) in seen:
                raise ValueError(
                    f"grid: expected values of axis {name} that differ, but got {value!r:.200} twice"
                )
            seen.add(state)


def _cells(grid: Mapping[str, Sequence[Any]]) -> Cells:
    keys = itertools.product(*(range(len(values)) for values in grid.values()))
    return {
        key: {name: grid[name][i] for name, i in zip(grid, key, strict=True)}
        for key in keys
    }


def _state(value: object) -> bytes | int:
    try:
        return pickle.dumps(value)
    except Exception:  # such as a lambda, of which another one is another value
        return id(value)


def _run(
    run: Callable[..., Any], seed: int, call: str, key: Key, parameters: dict[str, Any]
) -> dict[str, Any]:
    """Run one cell, here or in another process, and return the fields of its result.

    Dask does not repeat a call that equals one before; the text says that it is another one, such as after a failure.
    """
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
    if isinstance(value, np.generic | np.ndarray):
        plain = value.tolist()
        if not isinstance(plain, np.generic):  # as a longdouble stays
            return plain
    raise TypeError(f"value: expected what JSON can hold, but got {value!r:.200}")


def _failure(error: BaseException) -> dict[str, Any]:
    return {
        "error": "".join(format_exception_only(error)).strip(),
        "traceback": "".join(format_exception(error)),
    }


def _identity(name: str, value: object) -> str:
    from joblib.hashing import NumpyHasher

    class Hasher(NumpyHasher):  # type: ignore[misc]  # joblib has no types
        def memoize(self, obj: object) -> None:
            """Forget what was seen: an object that is there twice is as good as its copy."""

        def save(self, obj: Any) -> None:
            state = dict(getattr(obj, "__dict__", {}))
            for attribute in state:
                if isinstance(getattr(type(obj), attribute, None), cached_property):
                    obj = copy(obj)
                    del obj.__dict__[attribute]
            if isinstance(obj, np.ndarray) and type(obj) is not np.ndarray:
                obj = obj.__reduce__()  # has a mask, or a unit
            elif isinstance(obj, frozenset):
                obj = (frozenset, set(obj))  # in the same order in each process
            super().save(obj)

    try:
        return Hasher().hash(value)
    except Exception as error:
        raise ValueError(
            f"grid: expected values of axis {name} that can be pickled, but got {value!r:.200}"
        ) from error


class _File:
    """The finished cells, one a line, each with all that says which cell of which sweep it is."""

    def __init__(
        self, path: str | os.PathLike[str], seed: int, grid: Mapping[str, Sequence[Any]]
    ) -> None:
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"path: expected the path of a file, but got {path!r:.200}")
        self.path = Path(path)
        if self.path.is_dir() or not self.path.parent.is_dir():
            raise ValueError(
                f"path: expected a file in a folder that exists, but got {str(path)!r}"
            )
        known = {
            name: [_identity(name, value) for value in values]
            for name, values in grid.items()
        }
        self.texts = {key: _shown(cell) for key, cell in _cells(grid).items()}
        self.labels: Cells = {
            key: {"seed": seed, "key": list(key), "values": identities}
            for key, identities in _cells(known).items()
        }
        self.read()
        self.path.open("ab").close()  # what cannot be written is an error of the call

    def read(self) -> dict[Key, Any]:
        """Return the values by key, and cut off a last line that was not written to its end."""
        content = self.path.read_bytes() if self.path.exists() else b""
        *lines, torn = content.split(b"\n")
        values: dict[Key, Any] = {}
        for number, line in enumerate(lines, start=1):
            key, value = self._parse(number, line)
            values.setdefault(key, value)
        # A file that is not of this sweep is not to be cut.
        starts = (json.dumps(label)[:-1].encode() for label in self.labels.values())
        if not any(torn.startswith(start[: len(torn)]) for start in starts):
            raise self._error(len(lines) + 1, "a line of this sweep", torn)
        if torn:
            os.truncate(self.path, len(content) - len(torn))
        return values

    def _parse(self, number: int, line: bytes) -> tuple[Key, Any]:
        try:
            record = json.loads(line)
            key, value = tuple(record["key"]), record["value"]
            got = f"seed {record['seed']}, {record['cell']}"
            same = self.labels[key].items() <= record.items()
        except (ValueError, TypeError, LookupError, RecursionError):
            raise self._error(number, "a line of this sweep", line) from None
        if not same:
            expected = f"seed {self.labels[key]['seed']}, {self.texts[key]}"
            raise self._error(number, f"{expected:.200} to the last digit", got)
        return key, value

    def _error(self, number: int, expected: str, got: object) -> ValueError:
        return ValueError(
            f"path: expected {expected} in line {number} of {self.path}, but got {got!r:.200}"
        )

    def append(self, key: Key, value: object) -> None:
        record = {**self.labels[key], "cell": self.texts[key], "value": value}
        with self.path.open("ab") as file:
            file.write(json.dumps(record).encode() + b"\n")


def _results(
    task: Callable[[Key, dict[str, Any]], dict[str, Any]],
    cells: Cells,
    executor: Executor | None,
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
            if file and "value" in outcome:
                file.append(key, outcome["value"])
            yield Result(key, cells[key], **outcome)


def _outcomes(
    task: Callable[[Key, dict[str, Any]], dict[str, Any]],
    cells: Cells,
    executor: Executor | None,
) -> Generator[tuple[Key, dict[str, Any]], None, None]:
    if executor is None:
        for key, parameters in cells.items():
            yield key, task(key, parameters)
        return
    futures: dict[Future[dict[str, Any]], Key] = {}
    broken: Exception | None = None
    try:
        for key, parameters in cells.items():
            # Without arguments, since Dask looks into them and has names of its own.
            futures[_submit(executor, partial(task, key, parameters))] = key
        for future in as_completed(futures):
            key = futures.pop(future)  # a cluster need not keep its result any longer
            try:
                yield key, future.result()
            except (BrokenExecutor, CancelledError) as error:
                broken = error  # raised at the end: cells may have finished before
            except Exception as error:  # the cell did not come to its worker, or back
                yield key, _failure(error)
        if broken:
            raise broken
    finally:
        for future in futures:
            future.cancel()


def _submit(
    executor: Executor, call: Callable[[], dict[str, Any]]
) -> Future[dict[str, Any]]:
    try:
        return executor.submit(call)
    except (BrokenExecutor, TypeError) as error:  # Dask's, if it cannot pickle a cell
        future: Future[dict[str, Any]] = Future()
        future.set_exception(error)
        return future
