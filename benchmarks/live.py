"""How long a reader waits for cells: from a click on Run to the first text, cold and warm, and how many bytes come.

    python benchmarks/live.py [FOLDER_OF_A_SITE] [CHAPTER] [RUNS]

It serves the site from this machine and drives an installed Chromium. Cold is a browser that has nothing of the site;
warm is one that has run a cell of it before.
"""

import functools
import http.server
import json
import os
import platform
import statistics
import sys
import threading
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))
from helpers.browsing import CHROMIUM, OPTIONS  # noqa: E402  # found from here on

# From the click to the end of the run, by the page's own clock.
CLICK = """async ([cell, name]) => {
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


def cells(page: Page) -> tuple[int, int]:
    """Return the first cell that prints, and the first that draws."""
    found = page.evaluate(
        """() => ['.cell_output pre', '.cell_output img'].map((what) =>
            [...document.querySelectorAll('article div.cell')].findIndex((cell) => cell.querySelector(what)))"""
    )
    return found[0], found[1]


def opened(context: BrowserContext, address: str, plain: bool) -> Page:
    page = context.new_page()
    if plain:
        page.add_init_script(
            "const Original = Worker; self.Worker = class extends Original {"
            "constructor(url) { super(`${url}?plain`); } };"
        )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def once(context: BrowserContext, address: str, plain: bool) -> dict[str, float]:
    page = opened(context, address, plain)
    text, figure = cells(page)
    times = {"first text": page.evaluate(CLICK, [text, "Run"])}
    times["text again"] = page.evaluate(CLICK, [text, "Run"])
    if figure >= 0:
        times["first figure after that"] = page.evaluate(CLICK, [figure, "Run"])
        times["figure again"] = page.evaluate(CLICK, [figure, "Run"])
    page.close()
    return times


def measured(browser: Browser, address: str, runs: int, plain: bool) -> None:
    cold, warm = [], []
    for _ in range(runs):
        context = browser.new_context()
        cold.append(once(context, address, plain))
        warm.append(once(context, address, plain))
        context.close()
    for kind, found in (("cold", cold), ("warm", warm)):
        for name in found[0]:
            values = [one[name] for one in found]
            shown = ", ".join(f"{value:.2f}" for value in sorted(values))
            median = statistics.median(values)
            print(
                f"{'plain start' if plain else 'snapshot'}, {kind}, {name}: {median:.2f} s of {shown}"
            )


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
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            print(f"Chromium {browser.version}")
            for plain in (False, True):
                measured(browser, address, runs, plain)
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
