"""Cells run in Firefox and WebKit as in Chromium, from the same snapshot: on a page of the book, under its policy."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engines import INSTALLED, OPENED, Tab
from helpers.serving import served

pytestmark = pytest.mark.quality

CHAPTER = "chapters/relu.html"
MINUTE = 60
RAN = r"Ran here in [\d.]+ s\."

# Names the cells, for selectors; writes down what goes wrong, and how Python has started, which the page does not say.
WATCH = """() => {
    document.querySelectorAll('article div.cell').forEach((cell, place) => cell.dataset.place = place);
    self.problems = [];
    const note = (event) => problems.push(String(event.message ?? event.reason ?? event.blockedURI));
    for (const kind of ['error', 'unhandledrejection', 'securitypolicyviolation']) addEventListener(kind, note);
    for (const kind of ['log', 'warn', 'error']) console[kind] = (...said) => problems.push(said.join(' '));
    const Original = Worker;
    self.Worker = class extends Original {
        constructor(...given) {
            super(...given);
            self.worker = String(given[0]);
            this.addEventListener('error', note);
            this.addEventListener('message', ({data}) => { if (data.kind === 'ready') self.how = data.how; });
        }
    };
}"""
FIRST_WITH = """css =>
    document.querySelector(`article div.cell:has(.cell_output ${css})`).dataset.place"""
IPAD = """() => {
    Object.defineProperty(navigator, 'platform', {value: 'MacIntel'});
    Object.defineProperty(navigator, 'maxTouchPoints', {value: 5});
}"""
TEXT = "css => document.querySelector(css)?.innerText.trim() ?? ''"
SHOWN = """css => [...document.querySelectorAll(css)]
    .filter((image) => image.checkVisibility()).map((image) => image.naturalWidth)"""
VISIBLE = """() => [...document.querySelectorAll('article div.cell')]
    .filter((cell) => cell.querySelector('.live-bar').checkVisibility())
    .map((cell) => cell.dataset.place)"""


class Reader:
    """One who tries the cells of a chapter."""

    def __init__(self, tab: Tab, address: str) -> None:
        self.tab = tab
        tab.open(address)
        tab.evaluate(WATCH)

    def inside(self, place: str, css: str) -> str:
        return f"[data-place='{place}'] {css}"

    def text(self, place: str, css: str) -> str:
        return self.tab.evaluate(TEXT, self.inside(place, css))

    def press(self, place: str, name: str) -> None:
        self.tab.click(self.inside(place, f".live-bar button[title^='{name}']"))

    def write(self, place: str, code: str) -> None:
        self.press(place, "Edit")
        self.tab.write(self.inside(place, "textarea"), code)

    def wait(self, place: str, css: str, pattern: str) -> None:
        until = time.monotonic() + MINUTE
        while not re.fullmatch(pattern, self.text(place, css)):
            assert time.monotonic() < until, self.text(place, css)
            time.sleep(0.05)

    def run(self, place: str) -> None:
        """Run a cell; it would say if that were not quite what was printed."""
        self.press(place, "Run")
        self.wait(place, ".live-said", RAN)


@pytest.fixture(params=OPENED)
def reader(
    request: pytest.FixtureRequest, site: Path, tmp_path: Path
) -> Iterator[Reader]:
    if not os.environ.get("CI"):
        if not INSTALLED[request.param]:
            pytest.skip(f"no {request.param} is installed that can be driven")
        if not (site / "live").is_dir():
            pytest.skip("the runtime cannot be had")
    with (
        served(site, "/some/place/") as address,
        OPENED[request.param](tmp_path) as tab,
    ):
        yield Reader(tab, address + CHAPTER)
        assert not tab.evaluate("() => self.problems")


def test_all_cells_print_the_same_from_the_snapshot(reader: Reader) -> None:
    first = reader.tab.evaluate(FIRST_WITH, "pre")
    printed = reader.text(first, ".cell_output")
    reader.run(first)
    assert reader.text(first, ".live-output") == printed
    assert reader.tab.evaluate("() => self.how") == "snapshot"
    for place in reader.tab.evaluate(VISIBLE):
        reader.run(place)
    assert reader.tab.evaluate("() => self.how") == "snapshot"


def test_a_figure_is_drawn(reader: Reader) -> None:
    first = reader.tab.evaluate(FIRST_WITH, "img")
    reader.tab.click(reader.inside(first, "summary"))
    reader.run(first)
    drawn = reader.inside(first, "img[src^='data:image/svg']")
    (width,) = reader.tab.evaluate(SHOWN, drawn)
    assert width > 100
    assert len(reader.tab.evaluate(SHOWN, reader.inside(first, "img"))) == 1


def test_an_endless_loop_stops_and_cells_run_again(reader: Reader) -> None:
    first = reader.tab.evaluate(FIRST_WITH, "pre")
    # The editor indents by itself.
    reader.write(first, "print('begins')\nwhile True:\npass")
    reader.press(first, "Run")
    reader.wait(first, ".live-output", "begins")
    reader.press(first, "Stop")
    reader.wait(first, ".live-said", "Stopped.*")
    assert reader.text(first, ".live-output") == "begins"
    code = reader.tab.evaluate("() => document.querySelector('textarea').value")
    assert code == "print('begins')\nwhile True:\n    pass"
    reader.press(first, "Reset")
    reader.run(first)


def test_an_edit_is_run_and_taken_back(reader: Reader) -> None:
    first = reader.tab.evaluate(FIRST_WITH, "pre")
    printed = reader.text(first, ".cell_output")
    reader.write(first, "z = np.array([-2.0, 7.0])\nprint(relu(z))")
    reader.wait(first, ".live-said", "Edited, and not run yet.")
    reader.run(first)
    assert reader.text(first, ".live-output") == "[0. 7.]"
    # The claim after it is about the numbers that were there.
    reader.wait(str(int(first) + 1), ".live-verdict", r"(?s)This claim does not hold.*")
    reader.press(first, "Reset")
    reader.wait(first, ".cell_output:not([hidden])", re.escape(printed))
    assert not reader.text(first, ".live-output")


@pytest.mark.parametrize("reader", ["webkit"], indirect=True)
def test_an_ipad_too_starts_from_the_snapshot(reader: Reader) -> None:
    """It gives itself out as a Mac; Pyodide's table of functions is one shorter there."""
    reader.tab.evaluate(IPAD)
    for place in reader.tab.evaluate(VISIBLE):
        reader.run(place)
    assert reader.tab.evaluate("() => self.how") == "snapshot"
    assert reader.tab.evaluate("() => self.worker").endswith("worker.js?tablet")
