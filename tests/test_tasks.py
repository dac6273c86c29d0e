"""Tasks: each solution is right, and each mistake is a mistake of its own."""

import ast
import copy
import inspect
import itertools
from pathlib import Path

import numpy as np
import pytest

from helpers.cells import cells
from helpers.refusals import check_refusal, wrong_calls
from nnnotes.exercises import check
from nnnotes.tasks import ALL, Task

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


CHAPTERS = Path(__file__).parents[1] / "book" / "chapters"


def solutions():
    """The solutions that the chapters print, by task: their code up to the check, and what the chapter imports."""
    found = {}
    for path in CHAPTERS.glob("*.md"):
        trees = [ast.parse(cell.code) for cell in cells(path.read_text("utf8"))]
        imports = [
            statement
            for tree in trees
            for statement in tree.body
            if isinstance(statement, ast.Import | ast.ImportFrom)
        ]
        for tree in trees:
            for number, statement in enumerate(tree.body, start=1):
                match ast.unparse(statement).split("'"):
                    case ["assert exercises.check(", name, *_]:
                        before = ast.Module([*imports, *tree.body[:number]], [])
                        found.setdefault(name, compile(before, path.name, "exec"))
    return found


SOLUTIONS = solutions()


@each_task
def test_the_solution_of_the_chapter_is_accepted(task):
    exec(SOLUTIONS[task.name], {})


@each_task
def test_each_usual_mistake_gets_its_own_hint(task):
    assert len(task.mistakes) >= 2
    for hint, mistake in task.mistakes:
        answer = check(task.name, mistake)
        assert not answer
        assert answer.text == f"Not yet. {hint}"
        assert hint[0].isupper()
        assert hint[-1] in ".?"


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
            Task("a-task", solution, cases, ())


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


@wrong_calls(
    (
        lambda: check(["dW"], sum),
        "name: expected that of an exercise, such as dW, but got ['dW']",
    ),
    (
        lambda: check("dw", sum),
        "name: expected that of an exercise, such as dW, but got 'dw'",
    ),
    (lambda: check("dW", 3), "answer: expected a function, but got 3"),
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
