"""Everybody can read the pages: axe finds nothing, the keyboard reaches everything, and no box breaks the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

# Of axe's rules only these depend on the colours.
COLOURS = ["color-contrast", "link-in-text-block"]
CHAPTER = "chapters/relu.html"
SAMPLES = {
    "index.html",
    "chapters/relu.html",
    "api/losses.html",
    "glossary.html",
    "search.html",
}
PARTS = 4  # tests, for as many processes as there are
FOCUSED = """() => {
    const one = document.activeElement;
    const mark = one.matches('.sidebar-toggle, .toctree-checkbox')
        ? document.querySelector(one.id === '__toc' ? '.mobile-header .toc-overlay-icon'
            : one.id === '__navigation' ? '.nav-overlay-icon' : `label[for="${one.id}"]`)
        : one.closest('.live-editor') ?? one;
    const style = getComputedStyle(mark);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return { what: one.outerHTML.slice(0, 120), tag: one.tagName, seen: outlined && style.visibility === 'visible' };
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.mark.quality
@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page_light_and_dark_on_desk_and_phone(
    address: str, names: list[str], tools: Path, page: Page, part: int
) -> None:
    axe = (tools / "axe-core" / "axe.min.js").read_text(encoding="utf8")
    page.add_init_script(axe)  # as the page's policy keeps it from being added later
    found: list[object] = []
    runs = {"light": 0, "dark": 0}

    def run(name: str, width: int, scheme: str, rules: dict[str, object]) -> None:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate("new Promise(requestAnimationFrame)")
        options = {"resultTypes": ["violations"], "preload": False, **rules}
        answer = page.evaluate("options => axe.run(document, options)", options)
        found.extend(
            (name, width, scheme, one["id"], node["html"][:200])
            for one in answer["violations"]
            for node in one["nodes"]
        )
        runs[scheme] += 1

    # What does not depend on the colours is looked at once for each width, colours once for each scheme; on the
    # phone, where a page has the same ones and the theme's header besides, in samples.
    other = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
    assert set(names) >= SAMPLES
    own = names[part::PARTS]
    samples = SAMPLES & set(own)
    for name in own:
        page.goto(address + name)
        run(name, 1440, "light", {})
        run(name, 360, "light", other)
        run(name, 1440, "dark", {"runOnly": COLOURS})
        if name in samples:
            run(name, 360, "light", {"runOnly": COLOURS})
            run(name, 360, "dark", {"runOnly": COLOURS})
    assert runs["light"] == 2 * len(own) + len(samples)
    assert runs["dark"] == len(own) + len(samples)
    assert not found, found[:20]


@pytest.mark.parametrize("width", [1440, 360])
def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(
    address: str, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + CHAPTER)
    page.wait_for_selector(".copy", state="attached")
    wanted = page.evaluate("""() => {
        const all = document.querySelectorAll(
            'article a[href], article button, article summary, article [tabindex="0"], [role=search] input,' +
            '.related-pages a, .theme-toggle, .skip-to-content, .sidebar-toggle, .sidebar-tree a, .toc-tree a');
        const seen = [...all].filter((one) => one.checkVisibility({ visibilityProperty: true }));
        seen.forEach((one) => { one.dataset.wanted = ''; });
        return seen.length;
    }""")
    assert wanted > 40
    reached = 0
    for _ in range(3 * wanted):
        # In a field for code Tab indents, until Escape lets it go.
        if page.evaluate("document.activeElement.matches('textarea')"):
            page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["tag"] == "BODY":
            break
        assert focused["seen"], focused["what"]
        reached += page.evaluate("""() => {
            const one = document.activeElement, first = 'wanted' in one.dataset;
            delete one.dataset.wanted;
            return first;
        }""")
    left = page.evaluate(
        "[...document.querySelectorAll('[data-wanted]')].map((one) => one.outerHTML.slice(0, 150))"
    )
    assert not left, left[:10]
    assert reached == wanted


def test_the_first_stop_leads_past_the_menus(address: str, page: Page) -> None:
    page.goto(address + CHAPTER)
    page.locator(".skip-to-content").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


def test_on_a_phone_the_menu_opens_and_closes_by_keyboard(
    address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address + CHAPTER)
    link = page.locator(".sidebar-tree a").first
    assert not link.is_visible()
    page.locator("#__navigation").focus()
    page.keyboard.press("Space")
    link.wait_for(state="visible")
    link.focus()
    assert link.evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")


@pytest.mark.parametrize("menu", ["__navigation", "__toc"])
def test_behind_an_open_menu_nothing_can_be_reached(
    address: str, page: Page, menu: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address + CHAPTER)
    page.locator(f"#{menu}").focus()
    page.keyboard.press("Space")
    drawer = ".sidebar-drawer" if menu == "__navigation" else ".toc-drawer"
    stops = 0
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops += 1
        assert page.evaluate(
            "drawer => document.activeElement.matches(`.sidebar-toggle, ${drawer} *`)",
            drawer,
        ), page.evaluate("document.activeElement.outerHTML.slice(0, 100)")
    assert stops > 5
    page.keyboard.press("Escape")
    assert page.locator("[inert]").count() == 0


def test_boxes_that_scroll_can_be_reached_by_keyboard_and_have_names(
    address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(address + "chapters/digits.html")
    page.wait_for_selector("pre[tabindex]")
    boxes = page.evaluate("""() => [...document.querySelectorAll('article *')]
        .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1
            && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
        .map((one) => [one.className, one.tabIndex, one.getAttribute('aria-label')])""")
    assert len(boxes) > 5
    for name, stop, label in boxes:
        assert stop == 0, name
        assert label, name
    page.set_viewport_size({"width": 1440, "height": 800})
    page.locator("pre:not([tabindex])").locator("visible=true").first.wait_for()


def test_who_wants_no_motion_sees_none(address: str, page: Page) -> None:
    page.goto(address + CHAPTER)
    moving = page.evaluate("""() => [...document.querySelectorAll('*')].filter((one) => {
        const style = getComputedStyle(one);
        const longest = Math.max(...style.transitionDuration.split(',').map(parseFloat));
        return longest > 0 || style.scrollBehavior === 'smooth';
    }).map((one) => one.outerHTML.slice(0, 100))""")
    assert not moving, moving[:3]
