"""Small copies of the book, to be built and changed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

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
            "book/_templates",
        ):
            shutil.copytree(ROOT / folder, root / folder)
        for name in (
            "_config.yml",
            "pyproject.toml",
            "hatch_build.py",
            "README.md",
            "LICENSE",
        ):
            shutil.copy(ROOT / name, root)
        # The pages to which old addresses lead are not in it.
        config = (root / "_config.yml").read_text(encoding="utf8")
        config = re.sub(r"\n    nnnotes_moved: .*", "", config)
        (root / "_config.yml").write_text(config, encoding="utf8")
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

    def add(self, name: str, text: str) -> None:
        path = self.root / "book" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf8")
        toc = self.root / "book" / "_toc.yml"
        first = "" if "chapters" in toc.read_text() else "chapters:\n"
        toc.write_text(f"{toc.read_text()}{first}  - file: {name}\n")

    def build(
        self, *options: str, live: bool = False
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("jb")), "build", "book", *options],
            cwd=self.root,
            env={
                **os.environ,
                "PYTHONPATH": str(
                    self.root
                ),  # the copy of the package, not the installed one
                "NNNOTES_LIVE": str(int(live)),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def build_well(self) -> None:
        done = self.build("-W", "-n")
        assert done.returncode == 0, done.stdout + done.stderr

    def page(self, name: str = "index") -> str:
        path = self.root / "_build" / "html" / f"{name}.html"
        return path.read_text(encoding="utf8")
