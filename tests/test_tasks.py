"""Tasks: each solution is right, and each mistake is a mistake of its own."""

import copy
import inspect
import itertools
import re

import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes.exercises import ALL, Task, check

each_task = pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)


def test_each_task_has_a_name_of_its_own():
    assert len({task.name for task in ALL}) == len(ALL) >= 20


@each_task
def test_the_solution_is_right_and_leaves_the_inputs_as_they_are(task):
    before = copy.deepcopy(task.cases)
    answer = check(task.name, task.solution)
    assert answer, answer.text
    assert answer.text == "Right."
    for case, same in zip(task.cases, before, strict=True):
        for x, y in zip(case, same, strict=True):
            assert x is y or np.array_equal(x, y)


@each_task
def test_each_usual_mistake_gets_its_own_hint(task):
    assert len(task.mistakes) >= 2
    names = [mistake.name for mistake in task.mistakes]
    assert len(set(names)) == len(names)
    for mistake in task.mistakes:
        answer = check(task.name, mistake.answer)
        assert not answer
        assert answer.text == f"Not yet. {mistake.hint}"
        assert mistake.hint[0].isupper()
        assert mistake.hint[-1] in ".?"
        assert re.fullmatch(r"[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*", mistake.name)


each_function = pytest.mark.parametrize(
    "task",
    [task for task in ALL if callable(task.solution)],
    ids=lambda task: task.name,
)


def test_a_function_needs_cases_and_numbers_have_none():
    for solution, cases in ((len, ()), (1.0, ((2,),))):
        with pytest.raises(
            ValueError, match=r"^cases: expected .* but a-task has [01]$"
        ):
            Task("a-task", solution, cases)


def test_some_tasks_are_to_be_done_by_hand():
    assert sum(not callable(task.solution) for task in ALL) >= 1


@each_function
@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda *inputs: 12.25, "expected "),
        (lambda *inputs: None, "it returned nothing; is there a return?"),
        (lambda *inputs: {}["key"], "it raised KeyError: 'key'."),
        (lambda *inputs: "text", "but got "),
    ],
)
def test_another_mistake_is_shown_by_the_input_that_reveals_it(task, answer, text):
    answer = check(task.name, answer)
    assert not answer
    assert answer.text.startswith("Not yet. For")
    assert text in answer.text
    for name in inspect.signature(task.solution).parameters:
        assert f"{name} = " in answer.text
    assert "lambda" not in answer.text
    assert " at 0x" not in answer.text


@each_function
def test_a_result_of_another_shape_is_told_both(task):
    def nested(result):
        if isinstance(result, tuple):
            return (nested(result[0]), *result[1:])
        return np.asarray(result)[np.newaxis]

    expected = task.solution(*task.cases[0])
    while isinstance(expected, tuple):
        expected = expected[0]
    shape = np.shape(expected)
    answer = check(task.name, lambda *inputs: nested(task.solution(*inputs)))
    assert f"expected the shape {shape}, but got {(1, *shape)}." in answer.text


@each_function
def test_an_answer_that_changes_an_array_is_told_which(task):
    for name, place in zip(
        inspect.signature(task.solution).parameters, itertools.count()
    ):
        if isinstance(task.cases[0][place], np.ndarray):

            def in_place(*inputs, place=place):
                result = task.solution(*inputs)
                inputs[place][...] += 1
                return result

            assert f"it changed {name}; " in check(task.name, in_place).text


def each(change):
    """A change of a result: of each of its arrays or numbers."""

    def changed(result):
        if isinstance(result, tuple):
            return tuple(map(changed, result))
        array = np.asarray(result)
        return change(array if array.dtype == bool else array.astype(float))

    return changed


def one(place, change):
    """A change of one of several results."""

    def changed(result):
        if not isinstance(result, tuple):
            return result
        return (*result[:place], each(change)(result[place]), *result[place:][1:])

    return changed


# What can go wrong with any result, ...
RESULTS = {
    "zero": each(lambda r: 0.0 * r),
    "one": each(lambda r: 0.0 * r + 1),
    "false": each(lambda r: np.zeros(r.shape, bool)),
    "true": each(lambda r: np.ones(r.shape, bool)),
    "not": each(lambda r: r == 0),
    "negated": each(lambda r: -1.0 * r),
    "larger": each(lambda r: 1.2 * r),
    "smaller": each(lambda r: r / 1.2),
    "absolute": each(np.abs),
    "positive part": each(lambda r: np.maximum(r, 0)),
    "sign": each(lambda r: np.sign(1.0 * r)),
    "rounded": each(np.round),
    "rounded to one decimal": each(lambda r: np.round(r, 1)),
    "rounded down": each(np.floor),
    "rounded up": each(np.ceil),
    "one more": each(lambda r: r + 1),
    "one less": each(lambda r: r - 1.0),
    "squared": each(lambda r: r**2.0),
    "root": each(lambda r: np.sqrt(np.abs(r))),
    "inverse": each(lambda r: 1 / np.where(r == 0, 1, r)),
    "transposed": each(lambda r: r.T),
    "rows reversed": each(lambda r: r[::-1] if r.ndim else r),
    "columns reversed": each(lambda r: r[..., ::-1] if r.ndim else r),
    "mean": each(lambda r: np.full(r.shape, r.mean())),
    "sorted": each(lambda r: np.sort(r, axis=0) if r.ndim else r),
    "one line": each(np.ravel),
    "results reversed": lambda r: r[::-1] if isinstance(r, tuple) else r,
    **{f"result {i} zero": one(i, lambda r: 0.0 * r) for i in (0, 1, -1)},
    **{f"result {i} negated": one(i, lambda r: -1.0 * r) for i in (0, 1, -1)},
}
# ... and with any argument that is a number or an array.
ARGUMENTS = {
    "negated": lambda x: -x,
    "absolute": np.abs,
    "larger": lambda x: 1.2 * x,
    "one more": lambda x: x + 1,
    "squared": lambda x: x**2,
    "zero": lambda x: 0 * x,
    "transposed": np.transpose,
    "reversed": np.flip,
    "first of each row": lambda x: x[..., :1] + 0 * x,
    "first of each column": lambda x: x[:1] + 0 * x,
    "mean": lambda x: np.mean(x) + 0 * x,
}


def wrong_answers(task):
    """Changes of a solution, by what is changed: many of them are wrong."""
    solution = task.solution
    if not callable(solution):
        for name, change in RESULTS.items():
            yield name, change(solution)
        return
    for name, change in RESULTS.items():
        yield name, lambda *inputs, change=change: change(solution(*inputs))
    first = solution(*task.cases[0])
    yield "the first result, always", lambda *inputs: first
    names = list(inspect.signature(solution).parameters)
    for i, name in enumerate(names):
        yield name, lambda *inputs, i=i: inputs[i]
        for what, change in ARGUMENTS.items():

            def changed(*inputs, i=i, change=change):
                return solution(*inputs[:i], change(inputs[i]), *inputs[i + 1 :])

            yield f"{name} {what}", changed
    for i, j in itertools.combinations(range(len(names)), 2):

        def swapped(*inputs, i=i, j=j):
            inputs = [*inputs]
            inputs[i], inputs[j] = inputs[j], inputs[i]
            return solution(*inputs)

        yield f"{names[i]} and {names[j]} swapped", swapped


def drawn(value, values, rng):
    """Draw something like an argument, of which all values are given: its shape, its signs, its range."""
    array = np.asarray(value)
    if callable(value) or isinstance(value, tuple | int):
        return value
    if not array.ndim:
        return drawn(array[np.newaxis], values, rng).item()
    if array.dtype.kind != "f":
        return rng.permutation(value)
    if np.isin(array, (0, 1)).all() and array.size > 1:
        return rng.permuted(value, axis=0)
    numbers = np.concatenate([np.ravel(v) for v in values])
    if (numbers > 0).all() and (numbers < 1).all():
        return rng.uniform(0.05, 0.95, array.shape)
    if (np.abs(numbers) < 1).all():
        return rng.uniform(-0.95, 0.95, array.shape)
    draw = array.std() + np.abs(array).mean() / 3
    draw = draw * rng.standard_normal(array.shape)
    if (numbers >= 0).all():
        return np.abs(draw) + 0.1 * np.abs(array).mean()
    return draw


def called(function, inputs):
    """The results of a call as a list of arrays, or the kind of the error."""
    try:
        with np.errstate(all="ignore"):
            result = function(*copy.deepcopy(inputs))
    except Exception as error:
        return [type(error)]
    return (
        [np.asarray(part) for part in result]
        if isinstance(result, tuple)
        else [np.asarray(result)]
    )


def far(one, other):
    if isinstance(one, type) or isinstance(other, type):
        return one is not other
    if one.shape != other.shape or (one.dtype == bool) != (other.dtype == bool):
        return True
    if other.dtype == object:
        return True
    size = np.abs(one.astype(float)).max(initial=0) or 1
    return not np.allclose(one, other, rtol=0, atol=1e-3 * size, equal_nan=True)


def is_wrong(task, answer):
    """Tell whether an answer differs from the solution on inputs like those of the cases."""
    rng = np.random.default_rng(0)
    for _ in range(12):
        for case in task.cases:
            inputs = [
                drawn(value, [c[i] for c in task.cases], rng)
                for i, value in enumerate(case)
            ]
            right, found = called(task.solution, inputs), called(answer, inputs)
            if len(right) != len(found) or any(map(far, right, found)):
                return True
    return False


def is_wrong_by_hand(task, answer):
    scale = 10.0 ** -(6 if task.places is None else task.places)
    right, found = (
        r if isinstance(r, tuple) else (r,) for r in (task.solution, answer)
    )
    if len(right) != len(found):
        return True
    pairs = list(zip(map(np.asarray, right), map(np.asarray, found), strict=True))
    return any(
        r.shape != f.shape or f.dtype == bool or np.abs(r - f).max() > scale
        for r, f in pairs
    )


@each_task
@pytest.mark.usefixtures("unchecked")
@pytest.mark.no_cover  # of many short calls, which would take twice as long
def test_no_change_of_a_solution_is_accepted(task):
    wrong = is_wrong if callable(task.solution) else is_wrong_by_hand
    answers = {name: a for name, a in wrong_answers(task) if wrong(task, a)}
    accepted = [name for name, answer in answers.items() if check(task.name, answer)]
    assert len(answers) >= 12
    assert accepted == []


@wrong_calls(
    (
        lambda: check(["pulls"], sum),
        "name: expected that of an exercise, such as pulls, but got ['pulls']",
    ),
    (
        lambda: check("Pulls", sum),
        "name: expected that of an exercise, such as pulls, but got 'Pulls'",
    ),
    (lambda: check("pulls", 3), "answer: expected a function, but got 3"),
    (
        lambda: check("score-by-hand", sum),
        "answer: expected numbers, but got <built-in function sum>",
    ),
    (
        lambda: Task("a-task", sum, (), ()),
        "cases: expected some for a function, and only then, but a-task has 0",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
