"""Execute the cells of the chapters, and print what they print: `python tests/printed.py [CHAPTER...] > FILE`.

Two files from two environments should be equal. No notebook is needed, so this runs with the oldest libraries, too.
"""

import sys
import warnings
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot  # a chapter without figures does not import it

from helpers.cells import cells

warnings.simplefilter("error")

for path in sorted((Path(__file__).parents[1] / "book" / "chapters").glob("*.md")):
    if sys.argv[1:] and path.stem not in sys.argv[1:]:
        continue
    print(f"== {path.stem}")
    print(path.stem, file=sys.stderr)
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in cells(path.read_text(encoding="utf8")):
        exec(compile(cell.code, path.name, "exec"), names)
        matplotlib.pyplot.close("all")
