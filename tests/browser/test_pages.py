"""The pages in a real browser: they load, whole and alone, and fit the screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

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


@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_loads_whole_from_this_site_alone_and_fits(
    address: str, browser: Browser, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning") and problems.append(message.text)
        ),
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "requestfailed",
        lambda request: (
            # The way to the next page ends what the one before still asks for.
            request.failure == "net::ERR_ABORTED"
            or problems.append(f"failed {request.url}: {request.failure}")
        ),
    )
    page.on(
        "response",
        lambda answer: (
            answer.status >= 400 and problems.append(f"{answer.status} {answer.url}")
        ),
    )
    page.on(
        "request",
        lambda request: (
            request.url.startswith((address, "data:")) or problems.append(request.url)
        ),
    )
    for name in PAGES:
        page.goto(address + name, wait_until="load")
        assert not problems, (name, problems)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (name, f"{overflow} pixels too wide")
        assert page.locator("article h1").count() == 1, name
    context.close()


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
