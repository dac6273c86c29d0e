"""The check of exercises: what it says of answers that are right, nearly right, or none."""

import warnings

import numpy as np
import pytest

from nnnotes import exercises
from nnnotes.exercises import Answer, check
from nnnotes.tasks import Task

TASKS = (
    Task(
        "double",
        lambda z, n: (2 * z, n),
        ((np.array([1.0, -3.0]), 4), (np.zeros((2, 2)), 7)),
        (
            ("That is the square.", lambda z, n: (z**2, n)),
            ("The list has no end.", lambda z, n: [][n]),
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
            "For z = [ 1., -3.], n = 4: expected [ 2., -6.], but got [ 3., -9.].",
        ),
        (
            lambda z, n: (2 * z + (n == 7), n),
            "For z = [[0., 0.],\n [0., 0.]], n = 7: expected [[0., 0.],\n [0., 0.]], but got [[1., 1.],\n [1., 1.]].",
        ),
        (
            lambda z, n: (2 * z, n * np.nan),
            "For z = [ 1., -3.], n = 4: expected 4, but got nan.",
        ),
        (
            lambda z, n: (2 * z[:1], n),
            "For z = [ 1., -3.], n = 4: expected the shape (2,), but got (1,).",
        ),
        (
            lambda z, n: 2 * z,
            "For z = [ 1., -3.], n = 4: expected 2 results, but got [ 2., -6.].",
        ),
        (
            lambda z, n: (2 * z, n, n),
            "For z = [ 1., -3.], n = 4: expected 2 results, but got (array([ 2., -6.]), 4, 4).",
        ),
        (
            lambda z, n: ("two", n),
            "For z = [ 1., -3.], n = 4: expected numbers, but got 'two'.",
        ),
        (
            lambda z, n: print(end=""),
            "For z = [ 1., -3.], n = 4: it returned nothing; is there a return.",
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
        "Not yet. For z = [ 1., -3.], n = 4: it changed its input; return a new array."
    )
    assert check("double", lambda z, n: (2 * z, n))  # and it got a copy


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda x: np.sqrt(x) + 0 * np.exp(x + 1000), "overflow"),
        (lambda x: np.sqrt(x) / (x - x), "divide by zero"),
        (lambda x: np.sqrt(-x), "invalid value"),
    ],
)
def test_what_numpy_only_warns_of_is_an_error(answer, error):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = check("root", answer).text
    assert text.startswith("Not yet. For x = [4., 9.]: it raised FloatingPointError: ")
    assert error in text


def test_underflow_is_no_error():
    assert check("root", lambda x: np.sqrt(x) + np.exp(-1000 - x))


def test_functions_among_the_inputs_are_shown_by_their_names(monkeypatch):
    task = Task("at-one", lambda f: f(1.0), ((np.exp,),), ())
    monkeypatch.setattr(exercises, "ALL", (task,))
    assert check("at-one", lambda f: f(0.0)).text == (
        "Not yet. For f = exp: expected 2.718281828459045, but got 1.0."
    )


def test_an_unknown_exercise_names_close_ones():
    expected = "^name: expected that of an exercise, such as double, but got 'dubble'$"
    with pytest.raises(ValueError, match=expected):
        check("dubble", len)
    with pytest.raises(ValueError, match=r"such as double, root, but got 'xyz'$"):
        check("xyz", len)


@pytest.mark.usefixtures("unchecked")
def test_the_answer_is_a_function():
    with pytest.raises(TypeError, match=r"^answer: expected a function, but got 3$"):
        check("double", 3)
    with pytest.raises(ValueError, match=r"such as double, but got None$"):
        check(None, len)
