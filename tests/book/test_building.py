"""Builds of a small copy of the book: nothing stale is served, and nothing broken gets through."""

import os
import re

import pytest

import execution
from helpers.books import HEADER, SmallBook


def test_a_chapter_is_executed_again_when_and_only_when_something_it_depends_on_has_changed(
    small_book: SmallBook,
) -> None:
    def runs_after_build() -> int:
        small_book.build_well()
        return len(small_book.runs.read_text())

    assert runs_after_build() == 1
    assert "the answer is 41" in small_book.page()
    assert runs_after_build() == 1  # nothing changed

    small_book.set_answer(42)
    assert runs_after_build() == 2
    assert "the answer is 42" in small_book.page()
    assert "the answer is 41" not in small_book.page()

    with (small_book.root / "requirements" / "dev.txt").open("a") as lock:
        lock.write("# another environment\n")
    assert runs_after_build() == 3


@pytest.mark.parametrize(
    ("chapter", "message"),
    [
        ("# A failing cell\n\n```{code-cell}\nassert 1 == 2\n```\n", "AssertionError"),
        (
            "# A warning\n\n```{code-cell}\nimport numpy as np\nnp.log(np.array(0.0))\n```\n",
            "divide by zero",
        ),
        ("# A reference\n\n{ref}`nowhere`\n", "undefined label"),
    ],
    ids=["failing cell", "warning", "undefined reference"],
)
def test_what_is_broken_fails_the_build(
    small_book: SmallBook, chapter: str, message: str
) -> None:
    small_book.set_chapter(chapter)
    done = small_book.build("-W", "-n")
    assert done.returncode != 0
    assert message in done.stdout + done.stderr


def test_chapters_are_executed_at_the_same_time_and_old_results_forgotten(
    small_book: SmallBook,
) -> None:
    wait = """# A chapter that waits for another

```{code-cell}
import time
from pathlib import Path

Path(r"FOLDER/SELF").write_text("here")
end = time.monotonic() + 60
while not Path(r"FOLDER/OTHER").exists():
    assert time.monotonic() < end, "alone"
    time.sleep(0.05)
print("to", end="", flush=True)
time.sleep(0.3)
print("gether", flush=True)
```
"""
    if execution.cores() < 2:
        pytest.skip("one core: one after the other")
    wait = wait.replace("FOLDER", str(small_book.root))
    small_book.set_chapter(wait.replace("SELF", "one").replace("OTHER", "two"))
    small_book.add("a", HEADER + wait.replace("SELF", "two").replace("OTHER", "one"))
    caches = small_book.root / "_build" / ".jupyter_cache"
    for age in range(5):
        (caches / f"old{age}").mkdir(parents=True)
        os.utime(caches / f"old{age}", (age, age))
    small_book.build_well()
    # What is printed in two pieces is one text in one output.
    assert "<span></span>together\n</pre>" in small_book.page()
    assert "together" in small_book.page("a")
    kept = {path.name for path in caches.iterdir() if path.name.startswith("old")}
    assert kept == {"old4", "old3"}


def test_pages_follow_what_they_show_of_other_pages_and_of_the_settings(
    small_book: SmallBook,
) -> None:
    use = "```{code-cell}\nfrom nnnotes.formula import equations\n```\n"
    small_book.set_chapter("# Start\n")
    small_book.add("chapters/a", HEADER + "# Old title\n\n" + use)
    for module in ("formula", "shapes"):
        text = f"# {module}\n\n```{{automodule}} nnnotes.{module}\n```\n"
        text = text.replace("```{auto", "```{eval-rst}\n.. auto").replace(
            "} ", ":: ", 1
        )
        small_book.add(f"api/{module}", text)
    small_book.add("table", "# Table\n\n```{executed}\n```\n")
    small_book.build()  # the pages that these two modules link to are not all here

    def written() -> dict[str, int]:
        html = small_book.root / "_build" / "html"
        pages = [*html.glob("*.html"), *html.glob("[ac]*/*.html")]
        return {path.stem: path.stat().st_mtime_ns for path in pages}

    assert "Old title" in small_book.page("table")
    assert "Used in" in small_book.page("api/formula")
    first = written()
    small_book.build()
    assert written() == first

    chapter = small_book.root / "book" / "chapters" / "a.md"
    chapter.write_text(chapter.read_text().replace(use, "```{code-cell}\nx = 1\n```\n"))
    small_book.build()
    assert "Used in" not in small_book.page("api/formula")
    second = written()
    assert {name for name in first if second[name] > first[name]} >= {"a", "formula"}
    assert second["shapes"] == first["shapes"]
    assert second["table"] == first["table"]

    chapter.write_text(chapter.read_text().replace("Old title", "New title"))
    small_book.build()
    for page in ("index", "api/shapes", "_modules/nnnotes/formula", "table"):
        assert "New title" in small_book.page(page), page
        assert "Old title" not in small_book.page(page), page

    config = small_book.root / "_config.yml"
    config.write_text(config.read_text().replace("first hour", "next hour"))
    small_book.build()
    for page in ("index", "_modules/nnnotes/formula"):
        assert "next hour" in small_book.page(page), page

    for path in (small_book.root / "_build" / ".doctrees").rglob("*.doctree"):
        assert not re.search(rb"BuildEnvironment|sphinx\.config", path.read_bytes()), (
            path
        )
