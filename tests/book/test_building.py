"""Builds of a small copy of the book: nothing stale is served, and nothing broken gets through."""

import os
import re
import subprocess

import pytest

from helpers.books import HEADER, SmallBook
from nnbook.run.cells import cores


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

    # Another extension: pages are read and written again, but results of cells do not depend on it.
    page = small_book.root / "_build" / "html" / "index.html"
    written = page.stat().st_mtime_ns
    with (small_book.root / "book/_ext/nnbook/html/theme.py").open("a") as extension:
        extension.write("# changed\n")
    assert runs_after_build() == 3
    assert page.stat().st_mtime_ns > written


def errors(done: subprocess.CompletedProcess[str]) -> dict[int, str]:
    """Return what is said of each line of the front page, without colours."""
    text = re.sub(r"\x1b\[[\d;]*m", "", done.stderr)
    said = re.split(r"^\S*/book/index\.md:(\d+): (?:WARNING|ERROR): ", text, flags=re.M)
    assert not said[0].strip(), said[0]
    return dict(zip(map(int, said[1::2]), said[2::2], strict=True))


# What is wrong, and what is said of it.
WRONG = [
    (r"A formula: $\fracc{1}{2}$.", r"Undefined control sequence: \fracc"),
    ("```{math}\nx {\n```", "Expected '}'"),
    ("{formula}`nnnotes.activations.ReLu`", "has no ReLu; did you mean ReLU?"),
    ("```{formula} nnnotes.activations.Sigmod\n```", "did you mean Sigmoid"),
    (
        "```{formula} nnnotes.activations.Tanh\n:attribute: derivative_latx\n```",
        "Tanh has no derivative_latx; did you mean derivative_latex",
    ),
    (
        "```{source} nnnotes.layer.Dense\n```",
        "has no layer; did you mean layers or Layer?",
    ),
    ("```{equations} nnnote.layers\n```", "there is no module nnnote"),
    ("Who? {cite:t}`nobody2020`", 'could not find bibtex key "nobody2020"'),
    ("```{exercise}\nDo it.\n```", "an exercise needs a :kind:, one of hand, code"),
    ("```{solution}\n```", "{solution} without {solution-end}"),
    ("{ref}`nowhere`", "undefined label"),
]


def test_what_is_wrong_on_a_page_fails_the_build_and_is_told_by_its_line(
    small_book: SmallBook,
) -> None:
    lines = "\n\n".join(["# A page", *(text for text, _ in WRONG)])
    small_book.set_chapter(lines)
    done = small_book.build("-W", "-n", "--keep-going")
    assert done.returncode == 1
    said = errors(done)
    page = (small_book.root / "book" / "index.md").read_text().splitlines()
    for text, problem in WRONG:
        line = 1 + page.index(text.splitlines()[0])
        assert problem in said[line]
        assert len(said[line].splitlines()) <= 5
    assert len(said) == len(WRONG)
    assert errors(small_book.build("-W", "-n", "--keep-going")) == said  # not once only
    assert len(done.stderr.splitlines()) <= 20


@pytest.mark.parametrize(
    ("code", "shown", "problem"),
    [
        ("x = 1\nassert x == 2, 'one'", "assert x == 2, 'one'", "AssertionError: one"),
        (
            "import numpy as np\nnp.log(np.array(0.0))",
            "np.log(np.array(0.0))",
            "RuntimeWarning: divide by zero encountered in log",
        ),
        ("x = = 1", "x = = 1", "SyntaxError: invalid syntax"),
        (
            "def f():\n    raise ValueError('a\\n' * 99)\nf()",
            "raise ValueError('a\\n' * 99)",
            "ValueError: a\n",
        ),
    ],
    ids=["claim", "warning", "syntax", "many lines"],
)
def test_a_cell_that_fails_ends_the_build_and_is_told_by_its_line(
    small_book: SmallBook, code: str, shown: str, problem: str
) -> None:
    before = "# A page\n\n```{code-cell}\ny = 0\n```\n\n"
    small_book.set_chapter(
        f"{before}```{{code-cell}}\n:tags: [hide-input]\n{code}\n```\n"
    )
    done = small_book.build()
    assert done.returncode == 1
    page = (small_book.root / "book" / "index.md").read_text().splitlines()
    ((line, said),) = errors(done).items()
    assert page[line - 1].strip() == shown
    assert said.startswith(
        f"this cell fails; correct it, or what it calls:\n    {shown}\n{problem}"
    )
    assert len(done.stderr.splitlines()) <= 20
    assert not (small_book.root / "_build" / "html" / "index.html").exists()


def test_a_wrong_setting_is_told_without_the_way_there(
    small_book: SmallBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNNOTES_BASE_URL", "example.org")
    done = small_book.build()
    assert done.returncode == 1
    assert "html_baseurl (or NNNOTES_BASE_URL): expected an address" in done.stderr
    assert len(done.stderr.splitlines()) <= 5


def test_a_build_tells_one_line_a_page(small_book: SmallBook) -> None:
    draw = """
```{code-cell}
import matplotlib.pyplot as plt
_, ax = plt.subplots()
ax.plot([0, 1])
plt.show()
```
"""
    names = [f"page{number}" for number in range(6)]
    for name in names:
        small_book.add(name, f"{HEADER}# Page {name}\n\n$x^2$\n{draw}")
    small_book.set_chapter("# Start\n")
    done = small_book.build("-W", "-n")
    assert done.returncode == 0
    # On a busy machine a kernel that is stopped can end in an assertion of the library that it sends by.
    assert (
        re.sub(r"Assertion failed: .* \(src/signaler\.cpp:\d+\)\n", "", done.stderr)
        == ""
    )
    told = re.sub(r"\x1b\[[\d;]*[mK]", "", done.stdout).splitlines()
    for name in names:
        lines = [line.split()[0] for line in told if name in line]
        assert lines == ["executed", "reading"]
    assert len(told) - 2 * len(names) < 60  # Sphinx's own steps


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
    if cores() < 2:
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


def test_other_formats_keep_the_figures_and_leave_the_site_as_it_is(
    small_book: SmallBook,
) -> None:
    small_book.set_chapter("""# A page

Some $x^2$, and {formula}`nnnotes.activations.ReLU`.

```{exercise}
:kind: hand
Draw it.
```

```{solution}
```

```{code-cell}
---
mystnb: {image: {alt: A line.}, figure: {name: fig-line, caption: A line.}}
---
import matplotlib.pyplot as plt
_, ax = plt.subplots()
ax.plot([0, 1])
plt.show()
```

```{solution-end}
```

```{activations}
```

```{executed}
```
""")
    build = small_book.root / "_build"
    small_book.build()
    before = small_book.page()
    for builder in (["latex"], ["custom", "--custom-builder", "epub"]):
        done = small_book.build("--builder", *builder)
        assert done.returncode == 0, done.stderr
    (drawn,) = (build / "latex").glob("*.pdf")
    tex = (build / "latex" / "book.tex").read_text()
    assert rf"sphinxincludegraphics{{{{{drawn.stem}}}.pdf}}" in tex
    page = (build / "epub" / "index.xhtml").read_text()
    (shown,) = re.findall(r'src="(_images/\w+\.svg)"', page)
    assert "<svg" in (build / "epub" / shown).read_text()
    assert "<math" in page
    assert "katex-html" not in page

    assert small_book.build().returncode == 0
    assert small_book.page() == before
