"""Calls of a reader's function: whatever it does, the caller gets an outcome, and soon."""

import contextvars
import copy
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np

from nnnotes._checks import LONGEST

SECONDS = 5.0

# When a floating-point flag is raised, NumPy calls, and the outcome says so.
FLAGS: dict[str, Any] = {"over": "call", "divide": "call", "invalid": "call"}
_WARNED = "NumPy warned of "


def _flags_exist() -> bool:
    try:
        with np.errstate(over="raise"):
            np.exp(np.array([1000.0]))
    except FloatingPointError:
        return True
    return False


FLAGS_EXIST = _flags_exist()  # in WebAssembly there are none


@dataclass(frozen=True)
class Outcome:
    """What a call gave.

    Args:
        value: the result, if there is one.
        problem: what went wrong, for the reader, if something did.
        error: the type of the error, if one was raised that may be what is wanted.
        lost: the step that made infinity or nan of finite numbers, if one did.
    """

    value: Any = None
    problem: str | None = None
    error: type[Exception] | None = None
    lost: str | None = None


def outcomes(
    function: Callable[..., Any], cases: Sequence[Mapping[str, Any]]
) -> list[Outcome]:
    """Call a function in each case: by position, as the names are for messages."""
    done: list[Outcome] = []
    _within(SECONDS, partial(_go_through, function, cases, done))
    late = Outcome(
        problem=f"it did not end within {SECONDS:g} seconds; is there a loop that never ends?"
    )
    found = done[: len(cases)]
    return found + [late] * (len(cases) - len(found))


def _go_through(
    function: Callable[..., Any],
    cases: Sequence[Mapping[str, Any]],
    done: list[Outcome],
) -> None:
    for inputs in cases:
        done.append(_outcome(function, inputs))


def _outcome(function: Callable[..., Any], inputs: Mapping[str, Any]) -> Outcome:
    """Call a function with copies of the inputs."""
    notes: list[str] = []
    given = [_watched(value, notes) for value in copy.deepcopy([*inputs.values()])]
    try:
        with (
            np.errstate(**FLAGS, call=lambda kind, _: notes.append(_WARNED + kind)),
            nullcontext() if FLAGS_EXIST else _watching_functions(notes),
        ):
            value = function(*given)
    except (KeyboardInterrupt, _TimeIsUpError):
        raise
    except BaseException as error:
        return _failed(error)
    for (name, before), after in zip(inputs.items(), given, strict=True):
        # A function may remember what it likes, and a generator has to go on.
        if not same(before, after, other=lambda *_: True):
            return Outcome(problem=f"it changed {name}; return something new.")
    return Outcome(_plain(value), lost=notes[0] if notes else None)


def same(before: Any, after: Any, other: Callable[[Any, Any], Any]) -> bool:
    """Compare arrays and what lists, tuples and dataclasses hold, and all other things as the last argument does."""
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and np.array_equal(before, after)
    if isinstance(before, tuple | list):
        return (
            isinstance(after, tuple | list)
            and len(before) == len(after)
            and all(same(*pair, other) for pair in zip(before, after, strict=True))
        )
    if is_dataclass(before) and type(before) is type(after):
        names = [field.name for field in fields(before)]
        return all(
            same(getattr(before, name), getattr(after, name), other) for name in names
        )
    return bool(other(before, after))


def _failed(error: BaseException) -> Outcome:
    """Tell of an error in the words that help most."""
    text = _words(error)
    if isinstance(error, SystemExit):
        return Outcome(
            problem="it called sys.exit, or the like; end a function with return."
        )
    if "truth value of an array" in text:
        return Outcome(
            problem="it took a whole array for true or false. Each entry has an answer of its own: "
            "instead of if, min or max, take np.where, np.minimum or np.maximum."
        )
    kind = type(error)
    problem = f"it raised {kind.__name__}{': ' * bool(text)}{text.rstrip('.')}."
    lost = kind.__name__ if issubclass(kind, ArithmeticError) else None
    return Outcome(None, problem, kind if issubclass(kind, Exception) else None, lost)


def _words(error: BaseException) -> str:
    """Return the message of an error, on one line and not too long."""
    try:
        text = " ".join(f"{error}".split())
    except Exception:  # of the error's own class
        return ""
    return text if len(text) <= LONGEST else text[: LONGEST - 4] + " ..."


class _TimeIsUpError(SystemExit):
    """The end of a thread: of this kind, it passes `except Exception`, and no thread complains of it."""


def _within(seconds: float, work: Callable[[], None]) -> None:
    """Work in a thread and wait for it, but not forever.

    A timer's signal would need the main thread and a Unix, and a trace function misses `while True: pass`. A thread
    ends at its next step of Python. One long step, such as a product of huge matrices, cannot be ended; nobody waits.
    """
    interrupts: list[BaseException] = []
    context = contextvars.copy_context()
    # To be asked in place of the thread, which calls itself dead when waiting for it was interrupted.
    ended = threading.Event()
    run = partial(_run, partial(context.run, work), interrupts, ended)
    thread = threading.Thread(target=run, daemon=True)
    until = time.monotonic() + seconds
    try:
        thread.start()
        while not ended.is_set() and time.monotonic() < until:
            # Not at one go, as a wait cannot be interrupted everywhere.
            ended.wait(0.1)
    except RuntimeError:
        # In WebAssembly there are no threads, and so no limit: whatever runs Python there can be ended from outside.
        run()
    finally:  # also when the reader interrupts the waiting
        late = not ended.is_set()
        _stop(thread, ended)
    if interrupts and not late:
        raise interrupts[0]


def _run(
    work: Callable[[], None], interrupts: list[BaseException], ended: threading.Event
) -> None:
    try:
        work()
    except (KeyboardInterrupt, _TimeIsUpError) as error:
        interrupts.append(error)
    finally:
        ended.set()


def _stop(thread: threading.Thread, ended: threading.Event) -> None:
    """Raise an error in a thread that has not ended; some times, as it may be where everything is caught."""
    for _ in range(10):
        if ended.is_set():
            return
        import ctypes  # not everywhere where Python is

        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_TimeIsUpError)
        )
        ended.wait(0.05)


class _Watched(np.ndarray[Any, Any]):
    """An array that notes when a step makes infinity or nan of finite numbers.

    Floating-point flags tell the same of nearly all steps, but there are none in WebAssembly, where 1 / (1 + exp(1000))
    is 0 without a word. What comes from elsewhere, such as `np.asarray`, is watched by `_watching_functions` there.
    """

    notes: list[str]

    def __array_finalize__(self, source: Any) -> None:
        self.notes = getattr(source, "notes", [])

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = (), **options: Any
    ) -> Any:
        given = _plain(inputs)
        options = {name: _plain(value) for name, value in options.items()}
        if out:
            options["out"] = tuple(np.asarray(array) for array in out)
        with np.errstate(all="ignore"):
            result = getattr(ufunc, method)(*given, **options)
        _note(self.notes, ufunc, given, result)
        return out[0] if out else _watched(result, self.notes)

    def __array_function__(self, *call: Any) -> Any:
        return _watched(super().__array_function__(*call), self.notes)

    def __getitem__(self, place: Any) -> Any:
        return _watched(super().__getitem__(place), self.notes)


class _Number(_Watched):
    """An array without axes that notes the same, and else is as a number is."""

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.item(), digits)

    def __hash__(self) -> int:  # type: ignore[override]  # arrays have none
        return hash(self.item())

    def _no_change(self, other: Any) -> Any:
        """Leave `x += 1` to `x = x + 1`: another name of x keeps what it has."""
        return NotImplemented

    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = _no_change


class _WatchedFunction:
    """A function of NumPy that notes the same, whatever its arguments are."""

    def __init__(self, ufunc: np.ufunc, notes: list[str]) -> None:
        self.ufunc, self.notes = ufunc, notes

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        with np.errstate(all="ignore"):
            result = self.ufunc(*inputs, **options)
        if not any(isinstance(value, _Watched) for value in inputs):
            _note(self.notes, self.ufunc, inputs, result)
        return _watched(result, self.notes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ufunc, name)


@contextmanager
def _watching_functions(notes: list[str]) -> Iterator[None]:
    """Put functions that note on a list into the place of NumPy's, of those with floating-point results."""
    ufuncs = {
        name: value
        for name, value in vars(np).items()
        if isinstance(value, np.ufunc) and "d" in {kinds[-1] for kinds in value.types}
    }
    try:
        for name, ufunc in ufuncs.items():
            setattr(np, name, _WatchedFunction(ufunc, notes))
        yield
    finally:
        for name, ufunc in ufuncs.items():
            setattr(np, name, ufunc)


def _note(notes: list[str], ufunc: np.ufunc, given: tuple[Any, ...], made: Any) -> None:
    """Note if a function has made infinity or nan of finite numbers."""
    if _finite(given) and not _finite(made):
        lost = "nan" if np.isnan(made).any() else "inf"
        notes.append(f"{ufunc.__name__} gave {lost}")


def _watched(value: Any, notes: list[str]) -> Any:
    """Have NumPy's floating-point arrays and numbers note on a list what happens to them."""
    if isinstance(value, tuple | list):
        return _alike(value, [_watched(part, notes) for part in value])
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind not in "fc":
        return value
    array = np.asarray(value)
    kind = _Watched if array.ndim else _Number
    result: _Watched = array.view(kind)
    result.notes = notes
    return result


def _plain(value: Any) -> Any:
    """Undo what `_watched` does."""
    if isinstance(value, tuple | list):
        return _alike(value, [_plain(part) for part in value])
    return np.asarray(value)[()] if isinstance(value, _Watched) else value


def _alike(like: Any, parts: list[Any]) -> Any:
    """Put parts into a tuple, a named one, or a list, whichever they came from."""
    return like._make(parts) if hasattr(like, "_make") else type(like)(parts)


def _finite(values: Any) -> bool:
    """Tell whether a number, an array, or all of a tuple of these are finite."""
    if isinstance(values, tuple):
        return all(map(_finite, values))
    array = np.asarray(values)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())
