"""How long a reader waits for cells: from a click on Run to the first text, cold and warm, and how many bytes come.

    python benchmarks/live.py [FOLDER_OF_A_SITE] [CHAPTER] [RUNS]

It serves the site from this machine and drives those of Chromium, Firefox and WebKit that are installed. Cold is a
browser that has nothing of the site; warm is one that has run a cell of it before.
"""

import functools
import http.server
import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))
from helpers import engines  # noqa: E402  # found from here on
from helpers.browsing import CHROMIUM, OPTIONS  # noqa: E402

# From the click to the end of the run, by the page's own clock.
CLICK = """async (cell, name) => {
    const bar = document.querySelectorAll('article div.cell')[cell].querySelector('.live-bar');
    bar.closest('details')?.setAttribute('open', '');
    const said = () => bar.querySelector('.live-said')?.textContent ?? '';
    const before = bar.querySelector('.live-said')?.firstChild;
    const start = performance.now();
    bar.querySelector(`button[title^="${name}"]`).click();
    while (!(said().startsWith('Ran here') && bar.querySelector('.live-said').firstChild !== before)) {
        if (performance.now() - start > 120000) throw new Error(said());
        await new Promise((done) => setTimeout(done, 4));
    }
    return (performance.now() - start) / 1000;
}"""


class Server(http.server.SimpleHTTPRequestHandler):
    """A host that lets browsers keep what has a hash in its name."""

    def log_message(self, *arguments: object) -> None:
        pass

    def end_headers(self) -> None:
        if "/live/" in self.path:
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        super().end_headers()


# The first cell that prints, and the first that draws.
FIND = """() => ['.cell_output pre', '.cell_output img'].map((what) =>
    [...document.querySelectorAll('article div.cell')].findIndex((cell) => cell.querySelector(what)))"""

# Has Python start without the snapshot.
PLAIN = """() => {
    const Original = Worker;
    self.Worker = class extends Original { constructor(url) { super(`${url}?plain`); } };
}"""


class Tab:
    """What the other engines offer, in Chromium."""

    def __init__(self, version: str, page: Page) -> None:
        self.version, self.page = version, page

    def open(self, address: str) -> None:
        self.page.goto(address)

    def evaluate(self, function: str, *arguments: object) -> Any:
        return self.page.evaluate(f"given => ({function})(...given)", list(arguments))


@contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield Tab(browser.version, browser.new_page())
        browser.close()


OPENED = {"chromium": chromium, **engines.OPENED}
INSTALLED = {"chromium": bool(CHROMIUM), **engines.INSTALLED}


def once(tab: Tab | engines.Tab, address: str, plain: bool) -> dict[str, float]:
    tab.open(address)
    if plain:
        tab.evaluate(PLAIN)
    time.sleep(1)  # for the page, and a browser that has just begun, to come to rest
    text, figure = tab.evaluate(FIND)
    times = {"first text": tab.evaluate(CLICK, text, "Run")}
    times["text again"] = tab.evaluate(CLICK, text, "Run")
    if figure >= 0:
        times["first figure after that"] = tab.evaluate(CLICK, figure, "Run")
        times["figure again"] = tab.evaluate(CLICK, figure, "Run")
    return times


def measured(engine: str, address: str, runs: int, plain: bool) -> None:
    cold, warm = [], []
    for _ in range(runs):
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            OPENED[engine](Path(folder)) as tab,
        ):
            cold.append(once(tab, address, plain))
            warm.append(once(tab, address, plain))
            start = f"{engine} {tab.version}, {'plain start' if plain else 'snapshot'}"
    for kind, found in (("cold", cold), ("warm", warm)):
        for name in found[0]:
            values = [one[name] for one in found]
            shown = ", ".join(f"{value:.2f}" for value in sorted(values))
            median = statistics.median(values)
            print(f"{start}, {kind}, {name}: {median:.2f} s of {shown}")


def size(site: Path) -> None:
    (path,) = (site / "live").glob("*/manifest.json")
    manifest = json.loads(path.read_text(encoding="utf8"))
    late = {"matplotlib.zip", "sympy.zip", "numpy.zip", "base.zip", "python_stdlib.zip"}
    total = sum(one["bytes"] for name, one in manifest.items() if name not in late)
    scripts = sum(one.stat().st_size for one in path.parent.glob("*.js"))
    print(
        f"before the first text {total / 1e6:.1f} MB, and {scripts / 1e6:.1f} MB of scripts, as a plain host sends them"
    )
    for name in sorted(late):
        print(f"later, when asked for: {name} {manifest[name]['bytes'] / 1e6:.1f} MB")


def main() -> None:
    site = Path(*(sys.argv[1:2] or [ROOT / "_build" / "html"]))
    chapter = (sys.argv[2:3] or ["chapters/relu.html"])[0]
    runs = int((sys.argv[3:4] or ["5"])[0])
    handler = functools.partial(Server, directory=str(site))
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()}")
    size(site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{chapter}"
        for engine in filter(INSTALLED.get, OPENED):
            for plain in (False, True):
                measured(engine, address, runs, plain)
        server.shutdown()


if __name__ == "__main__":
    main()
