"""The check of exercises: what it says of answers that are right, nearly right, or none."""

import concurrent.futures
import contextlib
import copy
import dataclasses
import signal
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

from nnnotes import Dense, exercises, relu
from nnnotes.exercises import Answer, Mistake, Task, _running, check

TASKS = (
    Task(
        "double",
        lambda z, n: (2 * z, n),
        ((np.array([1.0, -3.0]), 4), (np.zeros((2, 2)), 7)),
        (
            Mistake("squared", "That is the square.", lambda z, n: (z**2, n)),
            Mistake("too-far", "The list has no end.", lambda z, n: [][n]),
        ),
        1e-3,
    ),
    Task("root", lambda x: np.sqrt(x), ((np.array([4.0, 9.0]),), (2.0,)), ()),
)


@pytest.fixture(autouse=True)
def _tasks_of_these_tests(monkeypatch):
    monkeypatch.setattr(exercises, "ALL", TASKS)


def test_a_right_answer_is_right_up_to_rounding_and_whatever_its_type():
    assert check("double", lambda z, n: (z + z, n))
    assert check("double", lambda z, n: [list(2 * z), float(n)])
    # The tolerance is relative to the largest number of each result.
    assert check("double", lambda z, n: (2 * z + 0.9e-3 * 6 * (z != 0), n))
    assert not check("double", lambda z, n: (2 * z + 1.1e-3 * 6 * (z != 0), n))
    assert not check("double", lambda z, n: (2 * z + 1.1e-3 * (z == 0), n))


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda z, n: (z**2, n), "That is the square."),
        (lambda z, n: [][n + 1], "The list has no end."),
        (
            lambda z, n: (3 * z, n),
            "For z = [ 1., -3.], n = 4: result 1: expected [ 2., -6.], but got [ 3., -9.].",
        ),
        (
            lambda z, n: (2 * z + (n == 7), n),
            "For\n    z = [[0., 0.],\n         [0., 0.]]\n    n = 7\n"
            "result 1: expected\n    [[0., 0.],\n     [0., 0.]]\nbut got\n    [[1., 1.],\n     [1., 1.]]",
        ),
        (
            lambda z, n: (2 * z, n * np.nan),
            "For z = [ 1., -3.], n = 4: result 2: expected 4, but got nan.",
        ),
        (
            lambda z, n: (2 * z[:1], n),
            "For z = [ 1., -3.], n = 4: result 1: expected the shape (2,), but got (1,).",
        ),
        (
            lambda z, n: 2 * z,
            "For z = [ 1., -3.], n = 4: expected 2 results, but got [ 2., -6.].",
        ),
        (
            lambda z, n: (2 * z, n, n),
            "For z = [ 1., -3.], n = 4: expected 2 results, but got 3.",
        ),
        (
            lambda z, n: ("two", n),
            "For z = [ 1., -3.], n = 4: result 1: expected numbers, but got 'two'.",
        ),
        (
            lambda z, n: print(end=""),
            "For z = [ 1., -3.], n = 4: it returned nothing; is there a return?",
        ),
        (
            lambda z, n: (z > 0, n),
            "For z = [ 1., -3.], n = 4: result 1: expected numbers, but got truth values.",
        ),
        (
            lambda z, n: ([[1], [2, 3]], n),
            "For z = [ 1., -3.], n = 4: result 1: expected numbers, but got [[1], [2, 3]].",
        ),
        (
            lambda z, n: (2 * z, n + 4.1e-3),
            "For z = [ 1., -3.], n = 4: result 2: expected 4, but got 4.004.",
        ),
        (
            lambda z, n: (2 * z, n / 0),
            "For z = [ 1., -3.], n = 4: it raised ZeroDivisionError: division by zero.",
        ),
    ],
)
def test_a_wrong_answer_gets_its_hint_or_the_first_input_that_shows_it(answer, text):
    result = check("double", answer)
    assert result == Answer(False, f"Not yet. {text}")
    assert not result
    assert repr(result) == str(result) == result.text


def test_an_answer_that_changes_its_input_is_told_so_though_its_numbers_are_right():
    def in_place(z, n):
        z *= 2
        return z, n

    assert check("double", in_place).text == (
        "Not yet. For z = [ 1., -3.], n = 4: it changed z; return something new."
    )
    assert check("double", lambda z, n: (2 * z, n))  # and it got a copy


@pytest.fixture(params=["flags", "no flags"])
def _with_flags_and_without(request, monkeypatch):
    """With floating-point flags, and as in WebAssembly, where there are none."""
    if request.param == "no flags":
        monkeypatch.setattr(_running, "FLAGS", {"all": "ignore"})
        monkeypatch.setattr(_running, "FLAGS_EXIST", False)


@pytest.mark.usefixtures("_with_flags_and_without")
@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            lambda x: np.sqrt(x) + 1 / np.exp(x + 1000),
            "the result is right, but on the way exp gave inf.",
        ),
        (
            lambda x: np.where(x > 0, np.sqrt(x), np.log(x - x)),
            "the result is right, but on the way log gave inf.",
        ),
        (
            lambda x: np.sqrt(x) / (x - x),
            "on the way divide gave inf; expected [2., 3.], but got [inf, inf].",
        ),
        (
            lambda x: np.sqrt(-x),
            "on the way sqrt gave nan; expected [2., 3.], but got [nan, nan].",
        ),
        (
            lambda x: [np.sqrt(z) + 1 / np.exp(z + 1000) for z in x],
            "the result is right, but on the way exp gave inf.",
        ),
        (
            lambda x: np.sqrt(x) + 1 / np.exp(x.max() + 1000),
            "the result is right, but on the way exp gave inf.",
        ),
        (
            lambda x: np.sqrt(x) + 1 / np.exp(np.stack([x, x + 1000]).T)[:, 1],
            "the result is right, but on the way exp gave inf.",
        ),
        (
            lambda x: np.linalg.qr(np.diag(np.sqrt(x)))[0] @ np.sqrt(x) / (x - x),
            "on the way divide gave inf; ",
        ),
        (
            lambda x: np.sqrt(x) + np.add.reduce(1e308 * x) * 0,
            "on the way multiply gave inf; ",
        ),
    ],
)
def test_infinity_made_on_the_way_is_wrong_even_if_the_result_is_right(answer, text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with np.errstate(all="ignore"):
            found = check("root", answer).text
    assert found.startswith(f"Not yet. For x = [4., 9.]: {text}")


@pytest.mark.usefixtures("_with_flags_and_without")
@pytest.mark.parametrize(
    "exp",
    [
        np.exp,
        lambda z: np.exp(np.asarray(z)),
        lambda z: np.exp(np.array(z, float), out=np.zeros(3)),
        lambda z: np.array([np.exp(x) for x in z]),
        lambda z: np.array([np.exp(x) for x in z.flat]),
        lambda z: np.array([np.exp(x) for x in z.tolist()]),
        lambda z: np.array([np.exp(int(x)) for x in z]),
        np.vectorize(lambda x: np.exp(x)),
        lambda z: np.e**z,
        lambda z: np.power(np.e, np.array(z)),
        lambda z: np.cosh(np.asarray(z)) + np.sinh(np.asarray(z)),
    ],
)
def test_naive_sigmoid_is_refused_however_it_is_computed(exp, monkeypatch):
    case = (np.array([-1000.0, 0.0, 2.0]),)
    task = Task("sigmoid", lambda z: np.exp(-np.logaddexp(0, -z)), (case,))
    monkeypatch.setattr(exercises, "ALL", (task,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = check("sigmoid", lambda z: 1 / (1 + exp(-z))).text
    assert "the result is right, but on the way " in found
    size = -np.abs(case[0])
    assert np.add.reduce(np.exp(size)) > 1  # NumPy is as it was
    assert isinstance(np.exp, np.ufunc)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda x: np.sqrt(x) + 1 / np.exp(np.float64(1000)), "overflow"),
        (lambda x: np.sqrt(x) + 1 / (1 / np.float64(0)), "divide by zero"),
        (lambda x: np.sqrt(x) + np.nan_to_num(np.sqrt(-np.ones(1))), "invalid value"),
    ],
)
def test_flags_tell_of_numbers_that_do_not_come_from_the_inputs(answer, kind):
    assert check("root", answer).text == (
        "Not yet. For x = [4., 9.]: the result is right, but on the way NumPy warned of "
        f"{kind}."
    )


@pytest.mark.usefixtures("_with_flags_and_without")
def test_infinity_that_comes_from_infinity_is_no_fault(monkeypatch):
    case = (np.array([np.inf, 1.0]),)
    task = Task("exp", lambda z: np.exp(z) - 1, (case,))
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("exp", np.expm1)
    # What the solution loses, an answer may lose, too.
    task = Task("squared", lambda z: z * z, ((np.array([1e300, 1.0]),),))
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("squared", np.square)


def test_items_of_an_input_are_as_numbers_are(monkeypatch):
    task = Task("sum", lambda z: z.sum(), ((np.array([0.5, 2.25, -1.0]),),))
    monkeypatch.setattr(exercises, "ALL", (task,))

    def loop(z):
        total = first = z[0]
        for number in z[1:]:
            total += number
        # Another name of a number keeps what it has.
        assert first == 0.5
        assert round(z[1]) == 2
        assert round(z[1], 1) == 2.2
        assert f"{z[1]:.1f}" == "2.2"
        assert {z[1]: 1}[2.25] == 1
        assert max(z) == abs(z[1]) == 2.25
        assert np.array([*z]).dtype == float
        assert not isinstance(z.argmax(), np.ndarray)
        return total

    assert check("sum", loop), check("sum", loop).text

    def in_place(z):
        z -= z.mean()
        return 1.75

    assert "it changed z; " in check("sum", in_place).text

    def on_copies(z):
        y = z.copy()
        y -= 1
        np.exp(y, out=y)
        np.log(y, out=y)
        return y.sum() + 3

    assert check("sum", on_copies)


def test_what_numpy_makes_of_an_input_comes_back_plain(monkeypatch):
    task = Task("qr", lambda X: tuple(np.linalg.qr(X)), ((np.eye(2) + 0.5,),))
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("qr", np.linalg.qr)
    found = _running.outcomes(np.linalg.qr, [{"X": np.eye(2)}])[0].value
    assert {type(part) for part in found} == {np.ndarray}
    (found,) = _running.outcomes(lambda z: [z, (z[0], [z])], [{"z": np.ones(2)}])
    whole, (number, (same,)) = found.value
    assert type(whole) is type(same) is np.ndarray
    assert type(number) is np.float64


def endless(z, n):
    while True:
        pass


def endless_and_careful(z, n):
    while True:
        try:
            n += 1
        except Exception:
            n = 0


def endless_generator(z, n):
    return sum(1 for _ in iter(int, 1))


def endless_the_second_time(z, n):
    return (2 * z, n) if n == 4 else endless(z, n)


ENDLESS = [endless, endless_and_careful, endless_generator, endless_the_second_time]


@pytest.fixture
def _in_a_moment(monkeypatch):
    monkeypatch.setattr(_running, "SECONDS", 0.2)


@pytest.mark.usefixtures("_in_a_moment")
@pytest.mark.parametrize("answer", ENDLESS)
@pytest.mark.parametrize("where", ["main thread", "another thread"])
def test_an_endless_answer_is_stopped(answer, where):
    if where == "main thread":
        result = check("double", answer)
    else:
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            result = pool.submit(check, "double", answer).result()
    assert not result
    assert result.text.endswith(
        ": it did not end within 0.2 seconds; is there a loop that never ends?"
        if answer is not endless_the_second_time
        else "\nit did not end within 0.2 seconds; is there a loop that never ends?"
    )
    wait_for_threads()
    assert check("double", lambda z, n: (2 * z, n))


@pytest.fixture(autouse=True)
def _known_threads():
    """Know the threads of those that run the tests, who may have some of their own."""
    KNOWN.clear()
    KNOWN.update(threading.enumerate())


KNOWN = set()


def wait_for_threads():
    """Let all threads that the test began end; none may go on for long."""
    for thread in set(threading.enumerate()) - KNOWN:
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.usefixtures("_in_a_moment")
def test_an_answer_that_cannot_be_stopped_is_left_alone():
    given_up = threading.Event()

    def stubborn(z, n):
        while not given_up.is_set():
            with contextlib.suppress(BaseException):
                given_up.wait(0.01)
        return 2 * z, n

    assert "it did not end within 0.2 seconds" in check("double", stubborn).text
    given_up.set()
    wait_for_threads()


@pytest.mark.usefixtures("_in_a_moment")
def test_the_limit_leaves_timers_handlers_and_trace_functions_alone():
    rang = []
    handler = signal.signal(signal.SIGALRM, lambda *_: rang.append(1))
    trace = sys.gettrace()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        mine = signal.getsignal(signal.SIGALRM)
        assert not check("double", endless)
        assert rang == [1]
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert sys.gettrace() is trace
    finally:
        signal.signal(signal.SIGALRM, handler)


class Mute(Exception):  # noqa: N818
    """An error that has no text."""

    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize("threads", [True, False])
@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SystemExit(3), "it called sys.exit, or the like; end a function with return."),
        (SystemExit, "it called sys.exit, or the like; end a function with return."),
        (GeneratorExit, "it raised GeneratorExit."),
        (Mute, "it raised Mute."),
        (RuntimeError("It failed."), "it raised RuntimeError: It failed."),
        (RuntimeError("a\n  b"), "it raised RuntimeError: a b."),
    ],
)
def test_whatever_an_answer_raises_becomes_a_result(monkeypatch, threads, error, text):
    if not threads:
        monkeypatch.setattr(threading.Thread, "start", no_thread)

    def answer(z, n):
        raise error

    assert check("double", answer).text == f"Not yet. For z = [ 1., -3.], n = 4: {text}"


def no_thread(self):
    raise RuntimeError("can't start new thread")


def test_where_there_are_no_threads_an_answer_is_checked_all_the_same(monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    assert check("double", lambda z, n: (2 * z, n))
    assert (
        check("double", lambda z, n: (z**2, n)).text == "Not yet. That is the square."
    )


@pytest.mark.parametrize("threads", [True, False])
def test_who_interrupts_an_answer_interrupts_the_check(monkeypatch, threads):
    if not threads:
        monkeypatch.setattr(threading.Thread, "start", no_thread)

    def answer(z, n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("double", answer)


# In a process of its own: where several run the tests, an interrupt may be theirs.
INTERRUPTED = """
import os, signal, threading
from nnnotes import exercises

# A process that was started in the background ignores interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

def answer(z):
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        pass

try:
    exercises.check("hat", answer)
except KeyboardInterrupt:
    print("interrupted")
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join(10)
print(threading.active_count())
"""


def test_the_waiting_can_be_interrupted_and_the_answer_ends_then():
    command = [sys.executable, "-c", INTERRUPTED]
    run = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert run.stdout.split() == ["interrupted", "1"], run.stderr


@pytest.mark.parametrize(
    "answer",
    [
        lambda z, n: (2 * z if z > 0 else z + z, n),
        lambda z, n: (2 * max(z, 0 * z), n),
        lambda z, n: (z and 2 * z, n),
    ],
)
def test_an_if_for_a_whole_array_gets_a_hint_of_its_own(monkeypatch, answer):
    text = (
        "Not yet. For z = [ 1., -3.], n = 4: it took a whole array for true or false. Each entry has an answer of "
        "its own: instead of if, min or max, take np.where, np.minimum or np.maximum."
    )
    assert check("double", answer).text == text
    # It is a ValueError, and yet not the one that is wanted.
    task = Task("fails", lambda z, n: [].index(n), TASKS[0].cases)
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("fails", answer).text == text


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10**6,
        list(range(10**4)),
        [[object()] * 100] * 100,
        np.zeros((2,) * 9),
        np.full((2,), 10**300, object),
        dict.fromkeys(range(10**4)),
    ],
)
def test_messages_are_bounded(value):
    def raises(z, n):
        raise ValueError(value)

    for answer in (lambda z, n: (value, n), lambda z, n: value, raises):
        assert len(check("double", answer).text) < 1500


def test_a_matrix_of_many_axes_is_not_written_out(monkeypatch):
    task = Task("zeros", lambda z: 0 * z, ((np.ones((2,) * 9),),))
    monkeypatch.setattr(exercises, "ALL", (task,))
    text = check("zeros", lambda z: 0 * z + 1).text
    assert text == (
        "Not yet. For z = an array of shape (2, 2, 2, 2, 2, 2, 2, 2, 2): "
        "expected an array of shape (2, 2, 2, 2, 2, 2, 2, 2, 2), "
        "but got an array of shape (2, 2, 2, 2, 2, 2, 2, 2, 2)."
    )


def test_tasks_and_mistakes_are_equal_if_all_that_they_hold_is():
    mistake = Mistake("one", "That is one.", (np.ones(2), [1, 2.0]))
    task = Task("two", lambda z: 2 * z, ((np.ones(2), 1),), (mistake,))
    for value in (mistake, task, TASKS[0]):
        copied = copy.deepcopy(value)
        assert copied is not value
        assert copied == value
        assert hash(copied) == hash(value)
        assert value != dataclasses.replace(value, name="another")
        assert value != value.name
    others = (np.ones(2), [1, 3.0]), (np.zeros(2), [1, 2.0]), (np.ones(2), [1]), 1
    for other in others:
        assert mistake != dataclasses.replace(mistake, answer=other)
        assert task != dataclasses.replace(task, cases=((other,),))


def test_what_is_inside_of_an_input_may_not_change_either(monkeypatch):
    W, b = np.ones((2, 3)), np.zeros((2, 1))
    case = ([W, 1], Dense(W, b, relu), np.random.default_rng(0))
    task = Task("ones", lambda arrays, layer, rng: 1, (case,))
    monkeypatch.setattr(exercises, "ALL", (task,))

    def add_in_list(arrays, layer, rng):
        arrays[0] += 1
        return 1

    def append(arrays, layer, rng):
        arrays.append(1)
        return 1

    def add_in_layer(arrays, layer, rng):
        layer.b[0] = 1
        return 1

    assert check("ones", lambda arrays, layer, rng: rng.integers(1, 2))
    for changes, name in (
        (add_in_list, "arrays"),
        (append, "arrays"),
        (add_in_layer, "layer"),
    ):
        assert (
            f"it changed {name}; return something new." in check("ones", changes).text
        )


def test_a_difference_is_shown_with_as_many_digits_as_it_takes(monkeypatch):
    task = Task("third", lambda n: n / 3, ((1,),))
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("third", lambda n: 0.3333).text == (
        "Not yet. For n = 1: expected 0.33333333333333331, but got 0.33329999999999999."
    )
    assert check("third", lambda n: 0.25).text.endswith(
        "expected 0.3333, but got 0.25."
    )


def test_infinity_and_truth_may_be_right(monkeypatch):
    task = Task("above", lambda z: (z * np.inf, z > 1), ((np.array([2.0, -1.0]),),))
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("above", lambda z: (z * np.inf, z == 2))
    assert (
        "result 2: expected truth values, but got numbers"
        in check("above", lambda z: (z * np.inf, z)).text
    )
    assert (
        "result 1: expected [ inf, -inf]" in check("above", lambda z: (z, z == 2)).text
    )


BY_HAND = (
    Task("half", 0.125, (), (Mistake("again", "Half of it again.", 0.25),), places=2),
    Task("column", (np.array([[1.0], [2.0]]), 3), (), ()),
    Task("pair", (1, 2), (), ()),
)


@pytest.mark.parametrize(
    ("name", "numbers", "text"),
    [
        ("half", 0.125, "Right."),
        ("half", 0.12, "Right."),
        ("half", np.float32(0.13), "Right."),
        ("half", 0.25, "Not yet. Half of it again."),
        ("half", 0.254, "Not yet. Half of it again."),
        ("half", 0.1305, "Not yet. 0.1305 is too large."),
        ("half", 0, "Not yet. 0 is too small."),
        ("half", np.nan, "Not yet. nan is wrong."),
        ("half", True, "Not yet. expected numbers, but got truth values."),
        ("half", 1j, "Not yet. expected numbers, but got 1j."),
        ("half", None, "Not yet. expected numbers, but got None."),
        ("column", None, "Not yet. expected 2 results, but got None."),
        ("column", (None, 3), "Not yet. result 1: expected numbers, but got None."),
        ("half", [0.125], "Not yet. expected the shape (), but got (1,)."),
        ("column", ([[1], [2]], 3.0), "Right."),
        (
            "column",
            ([[1], [1.5]], 3),
            "Not yet. result 1: the entry [1, 0], which is 1.5, is too small.",
        ),
        ("column", ([[1], [2]], 4), "Not yet. result 2: 4 is too large."),
        (
            "column",
            ([1, 2], 3),
            "Not yet. result 1: expected the shape (2, 1), but got (2,).",
        ),
        ("column", 3, "Not yet. expected 2 results, but got 3."),
        ("column", np.array(3), "Not yet. expected 2 results, but got 3."),
        ("pair", np.array([1, 2]), "Right."),
        ("pair", np.array([1, 3]), "Not yet. result 2: 3 is too large."),
        ("pair", np.array([[1, 2]]), "Not yet. expected 2 results, but got 1."),
    ],
)
def test_what_was_computed_by_hand_is_compared_and_not_given_away(
    monkeypatch, name, numbers, text
):
    monkeypatch.setattr(exercises, "ALL", BY_HAND)
    assert check(name, numbers).text == text


def test_a_notebook_shows_the_text_and_whether_it_is_right():
    assert Answer(True, "Right.")._repr_html_().endswith(">Right.</pre>")
    assert Answer(False, "a < b")._repr_html_().endswith(">a &lt; b</pre>")
    for right, colour in ((True, "#2e7d32"), (False, "#b26a00")):
        assert f"border-left: 3px solid {colour};" in Answer(right, "")._repr_html_()


def test_an_error_may_be_right_too(monkeypatch):
    def root(x):
        if x < 0:
            raise ValueError("negative")
        return np.sqrt(x)

    hints = (Mistake("size", "That is the size of it.", lambda x: np.sqrt(abs(x))),)
    task = Task("root-or-error", root, ((4.0,), (-4.0,)), hints)
    monkeypatch.setattr(exercises, "ALL", (task,))

    def another(x):
        return x**0.5 if x >= 0 else [].index(x)

    assert check("root-or-error", another)
    for answer, text in (
        (lambda x: np.sqrt(abs(x)), "That is the size of it."),
        (lambda x: 2.0, "That is the size of it."),
        (lambda x: 2.0 * (x > 0), "For x = -4: expected a ValueError, but got 0."),
        (
            lambda x: 2.0 if x > 0 else {}[1],
            "For x = -4: it raised KeyError: 1.",
        ),
    ):
        assert check("root-or-error", answer).text == f"Not yet. {text}"


class Odd:
    """A value that raises an error of its own when someone makes an array of it, or prints it."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __repr__(self):
        raise RuntimeError("no text")


def test_a_value_that_cannot_be_compared_or_shown_is_wrong(monkeypatch):
    problem = "a value of type Odd raised RuntimeError when it was compared."
    tasks = (*BY_HAND, Task("fails", lambda x: [].index(x), ((4,),), ()))
    for task in (Task("one", lambda x: x, ((4,),), ()), *tasks):
        monkeypatch.setattr(exercises, "ALL", (task,))
        by_hand = not callable(task.solution)
        answer = Odd() if by_hand else lambda x: Odd()
        given = "" if by_hand else "For x = 4: "
        assert check(task.name, answer).text == f"Not yet. {given}{problem}"


def test_underflow_is_no_error():
    assert check("root", lambda x: np.sqrt(x) + np.exp(-1000 - x))


def test_functions_among_the_inputs_are_shown_by_their_names(monkeypatch):
    task = Task("at-one", lambda f: f(1.0), ((np.exp,),))
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("at-one", lambda f: f(0.0)).text == (
        "Not yet. For f = exp: expected 2.718, but got 1."
    )


def test_an_unknown_exercise_names_close_ones(monkeypatch):
    expected = "^name: expected that of an exercise, such as double, but got 'dubble'$"
    with pytest.raises(ValueError, match=expected):
        check("dubble", len)
    with pytest.raises(ValueError, match=r"such as double, root, but got 'xyz'$"):
        check("xyz", len)
    many = tuple(Task(name, np.exp, ((1.0,),), ()) for name in "abcd")
    monkeypatch.setattr(exercises, "ALL", many)
    with pytest.raises(ValueError, match=r"such as a, b, c, but got 'xyz'$"):
        check("xyz", len)


def test_the_tolerance_is_a_share_of_the_largest_number_and_nothing_besides(
    monkeypatch,
):
    assert not check("root", lambda x: np.sqrt(x) * (1 + 2e-9))
    small = Task(
        "small", lambda x: 1e-6 * x, ((np.array([1.0, 0.5]),),), tolerance=1e-3
    )
    monkeypatch.setattr(exercises, "ALL", (small,))
    assert check("small", lambda x: 1e-6 * x + 0.9e-9)
    assert not check("small", lambda x: 1e-6 * x + 1.1e-9)


def test_arrays_are_shown_with_four_digits_and_long_ones_by_their_ends(monkeypatch):
    long = Task("long", lambda n: np.full(n, np.pi), ((3,), (41,)), ())
    monkeypatch.setattr(exercises, "ALL", (long,))
    text = check("long", lambda n: np.full(n, 2.0 / 3)).text
    assert "expected [3.1416, 3.1416, 3.1416], but got [0.6667, 0.6667, 0.6667]" in text
    text = check("long", lambda n: np.full(n, np.pi + (n > 3))).text
    assert "expected [3.1416, 3.1416, 3.1416, ..., 3.1416, 3.1416, 3.1416]" in text


@pytest.mark.usefixtures("unchecked")
def test_the_answer_is_a_function_or_numbers(monkeypatch):
    with pytest.raises(TypeError, match=r"^answer: expected a function, but got 3$"):
        check("double", 3)
    monkeypatch.setattr(exercises, "ALL", BY_HAND)
    with pytest.raises(TypeError, match=r"^answer: expected numbers, but got <built-"):
        check("half", len)
    with pytest.raises(ValueError, match=r"such as column, but got None$"):
        check(None, len)
