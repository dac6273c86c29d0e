"""The solutions that the chapters print: the checks of the exercises accept each."""

import ast
from pathlib import Path

import pytest

from helpers.cells import cells
from nnnotes.exercises import ALL

CHAPTERS = Path(__file__).parents[2] / "book" / "chapters"


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


@pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)
def test_the_solution_of_the_chapter_is_accepted(task):
    exec(SOLUTIONS[task.name], {})
