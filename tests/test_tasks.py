"""Tasks: each solution is right, and each mistake is a mistake of its own."""

import copy

import numpy as np
import pytest

from nnnotes.exercises import check
from nnnotes.tasks import ALL

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
    for hint, mistake in task.mistakes:
        answer = check(task.name, mistake)
        assert not answer
        assert answer.text == f"Not yet. {hint}"
        assert hint[0].isupper()
        assert hint[-1] in ".?"


@each_task
def test_another_mistake_is_shown_by_the_input_that_reveals_it(task):
    answer = check(task.name, lambda *inputs: 12.25)
    assert not answer
    assert answer.text.startswith("Not yet. For ")
    assert ": expected " in answer.text
