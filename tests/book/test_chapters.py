"""The sources of the chapters: what each must have, and what none may have."""

import ast
import functools
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from helpers.cells import cells, without_cells
from nnbook.content import quiet
from nnbook.content.objects import instance
from nnnotes import Dense, activations, gates, initializers, losses, optimizers
from nnnotes.exercises import ALL as TASKS
from nnnotes.formula import Equation, equations, latex
from nnnotes.meanfield import MeanField

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "book" / "chapters").glob("*.md"))
PAGES = sorted((ROOT / "book").glob("*.md")) + CHAPTERS


def codes(path: Path) -> list[str]:
    return [cell.code for cell in cells(path.read_text(encoding="utf8"))]


def by_name(path: Path) -> str:
    return path.stem


def test_the_chapters_are_found() -> None:
    assert len(CHAPTERS) >= 13


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_a_chapter_says_what_is_needed_what_is_learnt_and_what_comes_next(
    path: Path,
) -> None:
    text = path.read_text(encoding="utf8")
    opening = text.split("\n# ")[1].split("\n## ")[0]
    assert "**You need**" in opening
    assert "**You will learn**" in opening
    ending = text.split("## Further reading")[1]
    assert "**You can now**" in ending
    assert "**Next:**" in ending
    assert "\n## The trap\n" in text or "\n## Trap 1: " in text
    assert text.count("\n## Exercises\n") == 1


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_a_chapter_has_exercises_of_three_kinds_each_with_an_executed_solution(
    path: Path,
) -> None:
    exercises = path.read_text(encoding="utf8").split("```{exercise}")[1:]
    assert len(exercises) >= 4
    kinds = {exercise.split(":kind:")[1].split()[0] for exercise in exercises}
    assert kinds == {"hand", "code", "think"}
    for exercise in exercises:
        solution = exercise.split("```{solution}")[1].split("```{solution-end}")[0]
        assert any("assert" in cell.code for cell in cells(solution)), exercise
        if ":kind: code" in exercise:
            assert "exercises.check(" in exercise.split("```{solution}")[0], exercise


CHECK = re.compile(r'exercises\.check\("([\w-]+)",\s\w+\)')


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_an_exercise_that_checks_itself_is_solved_by_its_solution(path: Path) -> None:
    text = path.read_text(encoding="utf8")
    exercises = text.split("```{exercise}")[1:]
    named = [
        CHECK.findall(exercise.split("```{solution}")[0]) for exercise in exercises
    ]
    assert any(named)
    for names, exercise in zip(named, exercises, strict=True):
        for name in names:
            assert f'assert exercises.check("{name}", ' in exercise


def test_each_task_is_set_once() -> None:
    names = [
        name
        for path in CHAPTERS
        for exercise in path.read_text(encoding="utf8").split("```{exercise}")[1:]
        for name in CHECK.findall(exercise.split("```")[0])
    ]
    assert sorted(names) == sorted(task.name for task in TASKS)


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_a_chapter_asserts_and_imports_only_what_a_reader_has(path: Path) -> None:
    trees = [ast.parse(cell) for cell in codes(path)]
    asserts = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
    ]
    assert len(asserts) >= 8
    allowed = {"numpy", "matplotlib", "nnnotes"} | set(sys.stdlib_module_names)
    for tree in trees:
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed


def first_hour() -> list[Path]:
    """The chapters of part one, in their order."""
    contents = (ROOT / "book" / "_toc.yml").read_text(encoding="utf8")
    part = contents.split("caption: The first hour")[1].split("caption:")[0]
    return [ROOT / "book" / f"{name}.md" for name in re.findall(r"file: (\S+)", part)]


def outside_of_solutions(path: Path) -> str:
    text = path.read_text(encoding="utf8")
    return re.sub(
        r"^```\{solution\}$.*?^```\{solution-end\}$", "", text, flags=re.S | re.M
    )


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_what_a_page_shows_of_its_code_is_what_teaches(path: Path) -> None:
    claims = 0
    for cell in cells(outside_of_solutions(path)):
        tree = ast.parse(cell.code)
        kinds = {type(node) for node in ast.walk(tree)}
        if cell.code.startswith("# ✓ "):
            claims += 1
            sentence = quiet.CLAIM.match(cell.code)[1]
            assert sentence.endswith((".", "?")), sentence
            assert ast.Assert in kinds, cell.code
            continue
        assert ast.Assert not in kinds, cell.code
        if cell.code.startswith("# Setup: ") or "image:" in cell.settings:
            continue
        if not quiet.imports_alone(cell.code):
            assert not kinds & {ast.Import, ast.ImportFrom}, cell.code
            assert not re.search(r"\bplt\.|\bplots\.", cell.code), cell.code
            lines = [line for line in cell.code.splitlines() if line.strip()]
            assert len(lines) <= 12, cell.code
    assert claims >= 4


def test_the_first_hour_has_eight_chapters_with_two_exercises_before_the_fold() -> None:
    assert len(first_hour()) == 8
    for path in first_hour():
        text = path.read_text(encoding="utf8")
        before, _ = text.split("```{more-exercises}")
        assert before.count("```{exercise}") == 2, path.stem
        assert "alt:" in before


def test_no_exercise_is_lost() -> None:
    texts = [path.read_text(encoding="utf8") for path in CHAPTERS]
    assert sum(text.count("```{exercise}") for text in texts) >= 143


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_every_figure_has_an_alternative_text(path: Path) -> None:
    for cell in cells(path.read_text(encoding="utf8")):
        draws = re.search(r"plt\.(subplots|figure)\(", cell.code)
        described = re.search(r"^ {4}alt: \S.{20,}", cell.settings, re.MULTILINE)
        assert bool(draws) == bool(described), cell.code


def simplified(latex: str) -> str:
    """LaTeX without what does not show: spaces, sizes of brackets, and the letter of the layer."""
    latex = re.sub(
        r"\\(left|right|,|;|!|quad|qquad|dfrac|tfrac)(?![a-z])",
        lambda m: "\\frac" * ("frac" in m[1]),
        latex,
    )
    return re.sub(r"\s|[{}]", "", latex)


def spoken_of() -> set[str]:
    """The names of classes that stand on the pages, and the names that cells import from the package."""
    names = set()
    for path in PAGES:
        names |= set(re.findall(r"\b[A-Z]\w+", path.read_text(encoding="utf8")))
        for node in (
            node for code in codes(path) for node in ast.walk(ast.parse(code))
        ):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("nnnotes"):
                names |= {alias.name for alias in node.names}
    return names


def object_name(module: ModuleType, member: object) -> str | None:
    """What a member is called in its module."""
    return next((name for name, x in vars(module).items() if x is member), None)


@functools.cache
def owned() -> set[str]:
    """The formulas of equations, and of the members of families of which the pages speak."""
    names = spoken_of()
    members = [
        member
        for family in (activations, gates, initializers, losses, optimizers)
        for member in family.ALL
        if family is not initializers
        or member == instance(f"{family.__name__}.{type(member).__name__}")
        if names & {type(member).__name__, object_name(family, member)}
    ]
    attributes = ("latex", "derivative_latex", "output_latex")
    formulas = {
        getattr(member, name)
        for member in members
        for name in attributes
        if hasattr(member, name)
    }
    formulas |= {
        latex(equation.right)
        for equation in vars(MeanField).values()
        if isinstance(equation, Equation)
    }
    lines = {
        line
        for function in (Dense.forward, Dense.backward)
        for line in equations(function)
    }
    # What is too short to be a formula of the package's own, such as z or 1 or \sigma^2.
    return {
        formula for formula in map(simplified, formulas | lines) if len(formula) >= 8
    }


def test_the_search_for_typed_formulas_finds_one() -> None:
    typed = r"$$ a = \frac{1}{1 + e^{-z}} $$"
    assert any(formula in simplified(typed) for formula in owned())
    assert len(owned()) >= 15


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_no_formula_of_the_package_is_typed_by_hand(path: Path) -> None:
    text = without_cells(path.read_text(encoding="utf8"))
    for mathematics in re.findall(r"\$\$.*?\$\$|\$[^$]+\$", text, re.DOTALL):
        for formula in owned():
            assert formula not in simplified(mathematics), mathematics


def test_the_table_of_the_notes_names_tests_that_exist() -> None:
    names = re.findall(
        r"`(test_\w+\.py)`", (ROOT / "book" / "notes.md").read_text(encoding="utf8")
    )
    assert len(names) >= 20
    for name in names:
        assert "def test_" in (ROOT / "tests" / name).read_text(encoding="utf8")


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_the_code_of_a_chapter_fits_the_page(path: Path) -> None:
    for cell in codes(path):
        for line in cell.splitlines():
            assert len(line) <= 88, line


MISTAKES = ROOT / "book" / "common-mistakes.md"
ENTRY = re.compile(r"^\((mistake-[\w-]+)\)=\n### (.+)\n", re.MULTILINE)


def mistakes() -> dict[str, str]:
    """The entries of the page of mistakes: their texts, by anchor."""
    _, *parts = re.split(
        r"^(?=\(mistake)", MISTAKES.read_text(encoding="utf8"), flags=re.M
    )
    entries = {}
    for part in parts:
        if match := ENTRY.match(part):
            entries[match[1]] = part
    return entries


def test_every_mistake_is_found_and_listed_at_the_top() -> None:
    text = MISTAKES.read_text(encoding="utf8")
    assert len(mistakes()) == text.count("\n### ") >= 25
    top = text.split("```{code-cell}")[0]
    assert re.findall(r"\{ref\}`(mistake-[\w-]+)`", top) == list(mistakes())
    assert not re.search(r"^### .*\$", text, re.MULTILINE)  # raw LaTeX in a link


@pytest.mark.parametrize("anchor", mistakes())
def test_a_mistake_has_a_reason_a_run_that_asserts_and_what_is_right(
    anchor: str,
) -> None:
    entry = mistakes()[anchor]
    reason, rest = entry.split("**Why it sounds right.** ")[1].split("```{code-cell}")
    code, right = rest.split("```")
    assert reason.strip()
    assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(code)))
    assert right.strip().startswith("**What is right.** ")
    for chapter in re.findall(r"\]\((\S+\.md)\)", right):
        target = MISTAKES.parent / chapter
        assert "<mistakes-" in target.read_text(encoding="utf8")  # which links back
    assert "](chapters/" in right


def test_the_page_of_mistakes_uses_what_a_reader_has_and_fits() -> None:
    for cell in codes(MISTAKES):
        assert max(map(len, cell.splitlines())) <= 88
        for line in re.findall(r"^(?:from|import) (\w+)", cell, re.MULTILINE):
            assert line in {"numpy", "nnnotes"}


def test_every_chapter_is_in_the_table_of_contents_and_on_the_front_page() -> None:
    contents = (ROOT / "book" / "_toc.yml").read_text(encoding="utf8")
    front = (ROOT / "book" / "index.md").read_text(encoding="utf8")
    for path in CHAPTERS:
        assert f"file: chapters/{path.stem}\n" in contents
        assert f"(chapters/{path.stem}.md)" in front
