"""Cells that run in the browser: on a small book of one chapter, tests/browser/live/chapter.md."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from helpers.books import HEADER, ROOT, SmallBook
from helpers.serving import served
from nnbook.live import measure

CHAPTER = Path(__file__).parent / "live" / "chapter.md"
CHAPTERS = sorted(path.stem for path in (ROOT / "book" / "chapters").glob("*.md"))
PARTS = 4  # tests, for as many processes as there are
MINUTE = 60_000
RAN = re.compile(r"^Ran here in \d+\.\d s\.$")


@pytest.fixture(scope="session")
def live(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book's pages, with the runtime of the book: it is made from the same files."""
    if not (site / "live").is_dir() and not os.environ.get("CI"):
        pytest.skip("the runtime cannot be had")
    book = SmallBook(tmp_path_factory.mktemp("live"))
    shutil.copy(ROOT / "nnnotes" / "arrays.py", book.root / "nnnotes" / "arrays.py")
    shutil.copytree(ROOT / "_build" / ".live", book.root / "_build" / ".live")
    book.set_chapter("# Start\n\nHere one begins.\n")
    book.add("chapters/live", HEADER + CHAPTER.read_text(encoding="utf8"))
    done = book.build("-W", "-n", live=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return book.root / "_build" / "html"


@pytest.fixture
def base(live: Path) -> Iterator[str]:
    """Below a path, with the headers of the site, as a strict host has them."""
    with served(live, "/some/place/") as address:
        yield address


class Live:
    """The page of the chapter, as a reader has it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.problems: list[str] = []
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda one: self.problems.append(one.text))
        page.goto(f"{address}chapters/live.html")

    def cell(self, number: int) -> Locator:
        return self.page.locator("article div.cell").nth(number)

    def said(self, number: int) -> Locator:
        return self.cell(number).locator(".live-bar .live-said")

    def press(self, number: int, name: str) -> None:
        bar = self.cell(number).locator(".live-bar")
        bar.get_by_role("button", name=name, exact=True).click()

    def run(self, number: int) -> None:
        self.press(number, "Run this cell in your browser")
        expect(self.said(number)).to_have_text(RAN, timeout=MINUTE)

    def change(self, number: int, code: str) -> Locator:
        """Type code into a cell."""
        if not self.cell(number).locator("textarea").count():
            self.press(number, "Edit this cell")
        field = self.cell(number).locator("textarea")
        field.fill(code)
        return field

    def output(self, number: int) -> str:
        return self.cell(number).locator(".live-output").inner_text().strip()


@contextmanager
def opened(browser: Browser, address: str, **options: object) -> Iterator[Live]:
    context = browser.new_context(**options)
    live = Live(context.new_page(), address)
    yield live
    context.close()
    assert not live.problems
    assert all(url.startswith((address, "data:")) for url in live.asked)


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Live]:
    with opened(browser, base) as page:
        yield page


CODE, FIRST_CLAIM, DRAWS, SECOND, SECOND_CLAIM, FIGURE, TABLE, LAST_CLAIM = (
    *(1, 2, 3, 4, 5, 6, 7, 8),
)


def test_nothing_is_fetched_before_it_is_asked_for_and_then_cells_print_the_same(
    page: Live,
) -> None:
    page.page.wait_for_load_state("networkidle")
    assert not [url for url in page.asked if "/live/" in url]
    printed = page.cell(SECOND).locator(".cell_output").inner_text().strip()
    page.run(SECOND)  # which needs what the cell before has drawn
    assert page.output(SECOND) == printed
    assert not page.cell(DRAWS).locator(".live-output").count()
    # A second time, and after a cell that comes later: the generator is where it was.
    page.run(SECOND)
    page.run(DRAWS)
    page.run(SECOND)
    assert page.output(SECOND) == printed
    assert not [url for url in page.asked if "matplotlib" in url]


def test_a_claim_that_an_edit_breaks_turns_into_a_cross_and_comes_back(
    page: Live,
) -> None:
    field = page.change(CODE, "z = np.array([-2.0, 0.1, 2.5])\nprint(relu(z))")
    status = page.page.locator(".live-status")
    expect(page.said(CODE)).to_have_text("Edited, and not run yet.")
    field.press("Control+Enter")
    expect(status).to_contain_text("1 of 3 claims of this page", timeout=MINUTE)
    expect(page.said(CODE)).to_have_text(RAN)
    assert page.output(CODE) == "[0.  0.1 2.5]"
    broken = page.cell(FIRST_CLAIM)
    expect(broken).to_have_class(re.compile("live-fails"))
    expect(broken.locator(".tick")).to_have_attribute("aria-label", "Does not hold")
    verdict = broken.locator(".live-verdict").inner_text()
    assert "relu(z).max() == 2" in verdict
    assert "relu(z).max() = 2.5" in verdict
    assert "z[2] = 2.5" in page.cell(LAST_CLAIM).locator(".live-verdict").inner_text()
    assert "live-" not in (page.cell(SECOND_CLAIM).get_attribute("class") or "")
    # What hangs on it is stale, until one click runs it.
    expect(page.said(TABLE)).to_contain_text("What this comes from has changed.")
    expect(page.cell(FIGURE)).to_have_class(re.compile("live-stale"))
    page.press(TABLE, "Run from here")
    expect(page.said(TABLE)).to_have_text(RAN)
    assert "2.5" in page.output(TABLE)
    # Restored, it is as printed, and so is what hangs on it.
    page.press(CODE, "Reset this cell to what was printed")
    expect(status).to_be_hidden()
    assert not page.page.locator(".live-fails, .live-stale").count()
    assert not page.cell(TABLE).locator(".live-output").count()
    expect(page.cell(TABLE).locator(".cell_output")).to_be_visible()
    expect(page.cell(CODE).locator("textarea")).to_have_count(0)


def test_an_error_shows_the_readers_own_line(page: Live) -> None:
    page.change(CODE, "z = np.ones(2)\nz @ np.ones((3, 2))").press("Control+Enter")
    expect(page.said(CODE)).to_have_text("An error: see below.", timeout=MINUTE)
    lines = page.cell(CODE).locator(".live-problem > p").all_inner_texts()
    assert lines[0].startswith("ValueError: matmul")
    assert lines[1] == "line 2 z @ np.ones((3, 2))"
    expect(page.cell(FIRST_CLAIM).locator(".live-verdict")).to_contain_text(
        "could not be checked again"
    )
    page.change(CODE, "z = (").press("Control+Enter")
    expect(page.cell(CODE).locator(".live-problem")).to_contain_text("SyntaxError")
    # One whose traceback goes through the standard library, which has not been fetched yet.
    page.change(CODE, "z = __import__('json').loads('[')").press("Control+Enter")
    expect(page.cell(CODE).locator(".live-problem")).to_contain_text("JSONDecodeError")
    page.cell(CODE).locator(".live-problem summary").click()
    expect(page.cell(CODE).locator(".live-problem pre")).to_contain_text("raw_decode")


def test_an_endless_loop_stops_and_what_was_typed_stays_even_after_a_reload(
    page: Live,
) -> None:
    code = "print('begins')\nwhile True:\n    pass"
    page.change(CODE, code).press("Control+Enter")
    expect(page.cell(CODE).locator(".live-output")).to_have_text(
        "begins", timeout=MINUTE
    )
    page.press(CODE, "Stop what is running")
    expect(page.said(CODE)).to_contain_text("Stopped.")
    page.page.reload()
    expect(page.cell(CODE).locator("textarea")).to_have_value(code)
    page.page.get_by_role("button", name="Restore this page").click()
    expect(page.cell(CODE).locator("textarea")).to_have_count(0)
    page.run(CODE)
    page.page.reload()
    assert not page.page.evaluate("localStorage.length")


def test_an_exercise_is_wrong_and_then_right_and_stays_solved(page: Live) -> None:
    answers = page.page.locator(".live-answer")
    field, said = (
        answers.nth(0).locator("textarea"),
        answers.nth(0).locator(".live-said"),
    )
    check = page.page.get_by_role("button", name="Check your answer to exercise 1")
    check.click()
    expect(said).to_have_text("Write your answer first.")
    field.fill("def other(z):\n    return z")
    check.click()
    expect(said).to_have_text("Your answer does not define hat yet.", timeout=MINUTE)
    field.fill("def hat(z):\n    return relu(z)")
    check.click()
    expect(said).to_contain_text("Not yet.")
    assert not page.page.locator(".exercise.solved").count()
    field.fill("def hat(z):\n    return relu(z) - 2 * relu(z - 1) + relu(z - 2)")
    field.press("Shift+Enter")
    expect(said).to_have_text("Right.")
    page.page.reload()
    expect(page.page.locator(".exercise.solved")).to_have_count(1)
    expect(said).to_have_text("Solved.")
    expect(field).to_have_value(re.compile("relu"))


def test_a_field_colours_its_code_and_leaves_the_focus_where_it_is(page: Live) -> None:
    fields = page.page.locator(".live-answer textarea")
    fields.nth(0).focus()
    page.page.keyboard.type("def ")
    expect(page.page.locator(".live-answer .live-editor")).to_have_count(
        fields.count(), timeout=MINUTE
    )
    page.page.keyboard.type("hat")
    expect(fields.nth(0)).to_have_value("def hat")

    def slow(route):
        # Before the script is there, the reader has gone on.
        page.page.get_by_role("button", name="Check your answer to exercise 2").focus()
        route.continue_()

    page.page.route("**/page.js*", slow)
    page.page.evaluate("localStorage.clear()")
    page.page.reload()
    fields.nth(1).focus()
    expect(page.page.locator(".live-answer .live-editor")).to_have_count(
        fields.count(), timeout=MINUTE
    )
    expect(page.page.get_by_role("button", name="exercise 2")).to_be_focused()


def test_an_overflow_is_seen_where_there_are_no_flags(page: Live) -> None:
    answer = page.page.locator(".live-answer").nth(1)
    answer.locator("textarea").fill("stable = lambda z: 1 / (1 + np.exp(-z))")
    answer.get_by_role("button").first.click()
    expect(answer.locator(".live-said")).to_contain_text(
        "Not yet. For z = -1000, exp(-z) overflows.", timeout=MINUTE
    )


def test_a_figure_comes_in_light_and_dark_with_the_caption_it_had(page: Live) -> None:
    cell = page.cell(FIGURE)
    cell.locator("summary").click()
    page.run(FIGURE)
    for scheme, shown, hidden in (("light", 0, 1), ("dark", 1, 0)):
        page.page.emulate_media(color_scheme=scheme)
        images = cell.locator("figure img[src^=data]")
        expect(images.nth(shown)).to_be_visible()
        expect(images.nth(hidden)).to_be_hidden()
    assert cell.locator("img").count() == 4
    assert cell.locator("img:visible").count() == 1
    assert images.nth(0).get_attribute("alt") == "Five points, the last at 2."
    expect(cell.locator("figcaption")).to_be_visible()


def test_a_formula_and_a_table_are_shown_as_such(page: Live) -> None:
    page.change(CODE, "z = np.zeros(3)\nrelu").press("Control+Enter")
    formula = page.cell(CODE).locator(".live-output .katex")
    expect(formula).to_be_visible(timeout=MINUTE)
    page.run(TABLE)
    expect(page.cell(TABLE).locator(".live-output table")).to_be_visible()


def test_the_keyboard_is_enough(page: Live) -> None:
    run = {"name": "Run this cell in your browser"}
    page.cell(CODE).get_by_role("button", name="Edit this cell").focus()
    page.page.keyboard.press("Enter")
    field = page.cell(CODE).locator("textarea")
    expect(field).to_be_focused()
    page.page.keyboard.press("Control+End")
    page.page.keyboard.type("\nif True:\n")
    page.page.keyboard.type("print(3)")
    assert field.input_value().endswith("if True:\n    print(3)")
    page.page.keyboard.press("Shift+Enter")
    # On to the next cell that shows, and back: Escape, then Tab, leaves a field.
    expect(page.cell(DRAWS).get_by_role("button", **run)).to_be_focused()
    expect(page.said(CODE)).to_have_text(RAN, timeout=MINUTE)
    field.focus()
    page.page.keyboard.press("Tab")
    assert field.input_value().endswith("print(3)    ")
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("Tab")
    expect(page.cell(CODE).get_by_role("button", **run)).to_be_focused()
    assert page.page.locator(".live-spoken").get_attribute("role") == "status"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, base: str, tools: Path, scheme: str
) -> None:
    axe = (tools / "axe-core" / "axe.min.js").read_text(encoding="utf8")
    size = {"width": 360, "height": 740}
    with opened(browser, base, viewport=size, color_scheme=scheme) as page:
        long = f"z = np.zeros(3)  # {'long ' * 40}\nprint({'1, ' * 200})\n1 / 0"
        page.change(CODE, long).press("Control+Enter")
        expect(page.said(CODE)).to_have_text("An error: see below.", timeout=MINUTE)
        page.change(CODE, "z = np.arange(-1.0, 2.0)").press("Control+Enter")
        expect(page.page.locator(".live-fails")).to_have_count(2)
        page.page.locator(".live-answer textarea").first.focus()
        wide = page.page.evaluate("document.documentElement.scrollWidth")
        assert wide == 360
        # The page's own policy keeps a script from being added as an element.
        page.page.evaluate(axe)
        found = page.page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], preload: false})"
        )["violations"]
        assert not [(one["id"], [n["html"] for n in one["nodes"]]) for one in found]


def test_a_download_that_is_cut_off_says_so_and_can_be_tried_again(page: Live) -> None:
    def cut(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body()[:-1000])

    page.page.route("**/heap-bin-*", cut)
    page.page.route("**/numpy-zip-*", cut)  # which the plain start would take
    page.press(CODE, "Run this cell in your browser")
    expect(page.said(CODE)).to_contain_text("Python could not start", timeout=MINUTE)
    expect(page.said(CODE)).to_contain_text("has arrived incomplete or changed")
    page.page.unroute_all()
    page.press(CODE, "Try again")
    expect(page.said(CODE)).to_have_text(RAN, timeout=MINUTE)


def test_where_the_snapshot_does_not_fit_the_plain_start_does(page: Live) -> None:
    """As in an engine whose table of functions has another length."""

    def other(route):
        body = route.fetch().body().decode()
        changed = body.replace("snapshot.before)", "snapshot.before + 1)")
        assert changed != body
        route.fulfill(body=changed, content_type="text/javascript")

    page.page.route("**/start.js", other)
    page.run(CODE)
    assert [url for url in page.asked if "base-zip" in url]
    assert page.output(CODE) == "[0.  0.  0.  0.5 2. ]"


def test_an_ipad_too_starts_from_the_snapshot(page: Live) -> None:
    """It gives itself out as a Mac; Pyodide's table of functions is one shorter there, until it is made to fit."""
    page.page.add_init_script(
        """Object.defineProperty(navigator, 'platform', {value: 'MacIntel'});
        Object.defineProperty(navigator, 'maxTouchPoints', {value: 5});"""
    )
    page.page.reload()
    page.run(CODE)
    assert [url for url in page.asked if url.endswith("worker.js?tablet")]
    assert not [url for url in page.asked if "base-zip" in url]
    assert page.output(CODE) == "[0.  0.  0.  0.5 2. ]"


def test_two_tabs_keep_what_is_typed_in_each(browser: Browser, base: str) -> None:
    context = browser.new_context()
    one, other = (Live(context.new_page(), base) for _ in range(2))
    one.change(CODE, "z = np.zeros(1)")
    other.change(DRAWS, "first = 1")
    expect(one.cell(CODE).locator("textarea")).to_have_value("z = np.zeros(1)")
    other.page.reload()
    expect(other.cell(CODE).locator("textarea")).to_have_value("z = np.zeros(1)")
    expect(other.cell(DRAWS).locator("textarea")).to_have_value("first = 1")
    context.close()


def test_nothing_is_offered_where_it_cannot_work(
    browser: Browser, live: Path, base: str
) -> None:
    page = browser.new_page()
    page.goto((live / "chapters" / "live.html").as_uri())
    expect(page.locator(".live-note")).to_contain_text("serve the site")
    assert not page.locator(".live-bar, .live-answer").count()
    page.close()
    for script in ("delete self.WebAssembly", "delete self.DecompressionStream"):
        page = browser.new_page()
        page.add_init_script(script)
        page.goto(f"{base}chapters/live.html")
        expect(page.locator(".live-note")).to_contain_text("This browser cannot run")
        assert not page.locator(".live-bar, .live-answer").count()
        page.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}chapters/live.html")
    assert not page.locator("[class*=live]").count()
    context.close()


def test_a_long_cell_says_how_long_and_asks(page: Live) -> None:
    page.page.route(
        "**/heavy.json",
        lambda route: route.fulfill(
            json={
                measure.name_of(
                    'rng = np.random.default_rng(0)\nfirst = rng.normal(size=1000)\nprint(f"{first.mean():.3f}")'
                ): 41.2
            }
        ),
    )
    page.press(SECOND, "Run this cell in your browser")
    expect(page.said(SECOND)).to_contain_text(
        "This takes about 41 s in a browser.", timeout=MINUTE
    )
    assert not page.cell(SECOND).locator(".live-output").count()
    page.press(SECOND, "Run it")
    expect(page.said(SECOND)).to_have_text(RAN)


def test_the_chapters_cells_can_be_left_out(tmp_path: Path) -> None:
    book = SmallBook(tmp_path)
    book.add("chapters/live", HEADER + "# A chapter\n\n```{code-cell}\nprint(1)\n```\n")
    book.set_chapter("# Start\n\nHere one begins.\n")
    book.build_well()
    assert not (book.root / "_build" / "html" / "live").exists()
    assert 'name="live"' not in book.page("chapters/live")


@pytest.mark.quality
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_cell_prints_what_the_build_has_printed(site: Path, chapter: str) -> None:
    """Under Node, from the snapshot."""
    cells = measure.cells_of(site / "chapters" / f"{chapter}.html")
    assert len(cells) > 5
    how, done = measure.run(site, [cell.source for cell in cells])
    assert how == "snapshot"
    for number, (cell, one) in enumerate(zip(cells, done, strict=True)):
        assert not one.problem, (number, one.problem)
        assert (one.words, one.figures) == (cell.words, cell.figures), number


@pytest.mark.quality
@pytest.mark.parametrize("part", range(PARTS))
def test_the_first_cell_and_the_last_of_each_chapter_run_in_the_browser(
    site: Path, address: str, browser: Browser, part: int
) -> None:
    paths = measure.pages(site)
    assert {path.stem for path in paths} == set(CHAPTERS)
    for path in paths[part::PARTS]:
        page = browser.new_page()
        page.goto(f"{address}chapters/{path.name}")
        bars = page.locator(".live-bar:visible:has(button[title^='Run'])")
        for bar in (bars.first, bars.last):
            bar.get_by_role("button").first.click()
            ran = re.compile(r"^Ran here in [\d.]+ s\.$|^This takes about")
            expect(bar.locator(".live-said")).to_have_text(ran, timeout=MINUTE)
        page.close()
