"""Builds of a small copy of the book: nothing stale is served, and nothing broken gets through."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADER = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

"""
CHAPTER = """# A chapter

```{code-cell}
from pathlib import Path
from nnnotes.arrays import ANSWER

runs = Path(r"RUNS")
runs.write_text(runs.read_text() + "x")
print("the answer is", ANSWER)
```
"""


class SmallBook:
    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in (
            "nnnotes",
            "requirements",
            "book/_ext",
            "book/_ipython",
            "book/inventories",
            "book/_assets",
            "book/_static",
            "book/_templates",
        ):
            shutil.copytree(
                ROOT / folder,
                root / folder,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        shutil.copy(ROOT / "_config.yml", root)
        shutil.copy(ROOT / "book" / "references.bib", root / "book")
        (root / "book" / "_toc.yml").write_text("format: jb-book\nroot: index\n")
        self.runs = root / "runs.txt"
        self.runs.write_text("")
        self.set_answer(41)
        self.set_chapter(CHAPTER.replace("RUNS", str(self.runs)))

    def set_answer(self, answer: int) -> None:
        source = (ROOT / "nnnotes" / "arrays.py").read_text(encoding="utf8")
        (self.root / "nnnotes" / "arrays.py").write_text(
            f"{source}\n\nANSWER = {answer}\n", encoding="utf8"
        )

    def set_chapter(self, text: str) -> None:
        (self.root / "book" / "index.md").write_text(HEADER + text, encoding="utf8")

    def build(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("jb")), "build", "book", *options],
            cwd=self.root,
            env={
                **os.environ,
                "PYTHONPATH": str(self.root),
            },  # the copy of the package, not the installed one
            capture_output=True,
            text=True,
            check=False,
        )

    def page(self) -> str:
        return (self.root / "_build" / "html" / "index.html").read_text(encoding="utf8")


@pytest.fixture
def small_book(tmp_path: Path) -> SmallBook:
    return SmallBook(tmp_path)


def test_a_chapter_is_executed_again_when_and_only_when_something_it_depends_on_has_changed(
    small_book: SmallBook,
) -> None:
    def runs_after_build() -> int:
        done = small_book.build("-W", "-n")
        assert done.returncode == 0, done.stdout + done.stderr
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
