"""Measure how long the cells of each page take, one page after the other, and write it to book/seconds.json.

Each page has a process of its own, which executes the cells without a notebook. The pages show these numbers.
"""

import datetime
import json
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

BOOK = Path(__file__).parents[1]
CELL = re.compile(
    r"^```\{code-cell\}.*?\n(?:---\n.*?^---\n)?(.*?)^```", re.MULTILINE | re.DOTALL
)
# The cells come in through stdin. What the page "Reproduced" measures goes out, where it is.
RUN = """
import json, sys, warnings
import matplotlib
matplotlib.use("Agg")
warnings.simplefilter("error")
names = {"__name__": "__main__"}
out, sys.stdout = sys.stdout, sys.stderr
for cell in json.load(sys.stdin):
    exec(cell, names)
    if "matplotlib.pyplot" in sys.modules:
        matplotlib.pyplot.close("all")
json.dump(names["seconds"] if "ROWS" in names else {}, out)
"""


def processor():
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf8") if info.exists() else ""
    found = re.search(r"model name\s*: (.*)", text)
    return found[1] if found else platform.processor()


def main():
    pages, rows = {}, {}
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(BOOK.parent),
    }
    for path in sorted(BOOK.rglob("*.md")):
        cells = CELL.findall(path.read_text(encoding="utf8"))
        if not cells:
            continue
        start = time.perf_counter()
        run = subprocess.run(
            [sys.executable, "-c", RUN],
            input=json.dumps(cells),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            text=True,
            cwd=path.parent,
            env=environment,
        )
        page = path.relative_to(BOOK).with_suffix("").as_posix()
        pages[page] = round(time.perf_counter() - start, 1)
        rows |= json.loads(run.stdout)
        print(f"{page}: {pages[page]} s")
    found = {
        "machine": f"{datetime.date.today()}, {processor()}, Python {platform.python_version()}",
        "pages": pages,
        "rows": {number: round(seconds, 2) for number, seconds in rows.items()},
    }
    text = json.dumps(found, indent=1) + "\n"
    (BOOK / "seconds.json").write_text(text, encoding="utf8")


if __name__ == "__main__":
    main()
