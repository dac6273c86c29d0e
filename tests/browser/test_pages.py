"""The pages in a real browser: they load, whole and alone, and fit the screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(
    f"chapters/{path.stem}.html" for path in (ROOT / "book" / "chapters").glob("*.md")
)
PAGES = [
    "index.html",
    "notation.html",
    "notes.html",
    "glossary.html",
    "bibliography.html",
    "status.html",
]
PAGES += CHAPTERS + sorted(
    f"api/{path.stem}.html" for path in (ROOT / "book" / "api").glob("*.md")
)


# What reaches beyond the window, unless it scrolls or is cut off in a box of its own.
LOST = """() => {
    const root = document.documentElement, wide = root.clientWidth;
    if (root.scrollWidth > wide) return [`page ${root.scrollWidth}`];
    return [...document.querySelectorAll('article *')].filter((one) => {
        const box = one.getBoundingClientRect();
        if (!one.checkVisibility() || box.width === 0 || box.right <= wide + 1) return false;
        for (let up = one; up.tagName !== 'ARTICLE'; up = up.parentElement)
            if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX)) return false;
        return true;
    }).map((one) => one.outerHTML.slice(0, 100));
}"""
BROKEN = """
    window.broken = [];
    document.addEventListener('securitypolicyviolation', (event) =>
        window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
IMAGES = """all => all.map((one) => [
    one.getAttribute('width'), one.getAttribute('height'), one.loading, one.className])"""
PARTS = 8  # tests, for as many processes as there are


def problems_of(page: Page, address: str) -> list[str]:
    """Collect what goes wrong on a page from now on: errors, warnings, and requests that fail or leave the site."""
    found: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    def failed(request: Request) -> None:
        # The way to the next page ends what the one before still asks for.
        if request.failure != "net::ERR_ABORTED":
            found.append(f"failed {request.url}: {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            found.append(f"{response.status} {response.url}")

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            found.append(request.url)

    page.on("console", console)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("request", asked)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_loads_whole_from_this_site_alone_and_fits_every_width(
    address: str, browser: Browser, names: list[str], part: int
) -> None:
    """A window of 1280 pixels at 200 per cent is one of 640, at 400 per cent one of 320."""
    assert set(PAGES) <= set(names)
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(BROKEN)
    problems = problems_of(page, address)
    for name in names[part::PARTS]:
        page.set_viewport_size({"width": 360, "height": 900})
        page.goto(address + name, wait_until="load")
        for width in (360, 1440, 640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(LOST) == [], (name, width)
        assert page.evaluate("window.broken") == [], name
        assert not problems, (name, problems)
        if name in PAGES:
            assert page.locator("article h1").count() == 1, name
    context.close()


def test_a_figure_has_its_size_beforehand_and_loads_when_it_is_near(
    address: str, browser: Browser
) -> None:
    page = browser.new_page()
    seen = 0
    for name in CHAPTERS:
        page.goto(address + name, wait_until="domcontentloaded")
        images = page.locator("article img").evaluate_all(IMAGES)
        for number, (width, height, loading, kind) in enumerate(images):
            assert int(width) > 100, name
            assert int(height) > 50, name
            assert (loading == "lazy") == (number > 0), (name, kind)
            seen += 1
    assert seen > 10
    page.close()


def test_formulas_are_set_in_their_font_and_solutions_fold_without_javascript(
    address: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "chapters/relu.html")
    solution = page.locator("details.solution").first
    answer = solution.locator(".cell").first
    assert not answer.is_visible()
    solution.locator("summary").click()
    assert answer.is_visible()
    assert page.locator(".katex-display .katex-html").first.is_visible()
    context.close()


def test_the_search_finds_a_symbol_by_name(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(address + "search.html?q=leaky")
    page.wait_for_selector("#search-results li a")
    assert any(
        "leaky" in text.lower()
        for text in page.locator("#search-results li a").all_inner_texts()
    )
    page.close()
