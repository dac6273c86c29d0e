"""What the reader sees: light and dark pages, figures that can be read on both, print, and the small comforts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from helpers.pages import parsed

CHAPTER = "chapters/relu.html"
# Contrast of a figure's texts and lines, on the page's background. A frame around a legend says nothing.
CONTRASTS = """() => {
    const parse = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (rgb) => {
        const [r, g, b] = rgb.slice(0, 3).map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, two) => {
        const [low, high] = [light(one), light(two)].sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
    };
    const ground = parse(getComputedStyle(document.body).backgroundColor);
    const found = [];
    for (const one of document.querySelectorAll('svg path, svg use')) {
        if (one.closest('defs, clipPath') || one.closest('[id^=legend] > [id^=patch]')) continue;
        const style = getComputedStyle(one);
        const text = one.closest('[id^=text]') !== null;
        if (!text && one.closest('[id^=xtick], [id^=ytick]')) continue; // a light grid
        const painted = text ? style.fill : style.stroke !== 'none' ? style.stroke : style.fill;
        const shape = one.closest('[id^=line2d], [id^=PathCollection], [id^=patch], [id^=LineCollection]');
        if (painted === 'none' || !(text || shape)) continue;
        const solid = parse(painted);
        const opacity = Number(style.opacity) * Number(style.strokeOpacity) * (solid[3] ?? 1);
        const seen = solid.slice(0, 3).map((part, i) => opacity * part + (1 - opacity) * ground[i]);
        const ratio = contrast(seen, ground);
        if (ratio < 1.05) continue; // the background itself, or what is written on a shape
        found.push([text ? 'text' : 'line', ratio, painted, one.closest('[id]').id]);
    }
    return found;
}"""

# Wait until the page has stopped scrolling.
ARRIVED = """async () => {
    for (let at = -1; at !== scrollY; await new Promise((go) => setTimeout(go, 300))) at = scrollY;
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_pages_follow_the_system_and_the_switch_and_remember(
    address: str, page: Page
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address + CHAPTER)
    light = background(page)
    page.emulate_media(color_scheme="dark")
    dark = background(page)
    assert light == "rgb(255, 255, 255)" != dark
    switch = page.locator(".theme-toggle-content button")
    switch.click()  # from the system's to the other one
    assert background(page) == light
    page.goto(address + "chapters/leaky-relu.html")
    assert background(page) == light
    assert page.locator("img.only-light").first.is_visible()
    assert not page.locator("img.only-dark").first.is_visible()


def test_a_chosen_scheme_is_there_before_anything_is_painted(
    address: str, page: Page
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address + CHAPTER)
    page.evaluate("localStorage.setItem('theme', 'dark')")
    page.add_init_script("""
        window.seen = [];
        const look = () => {
            if (document.querySelector('.page')) window.seen.push(document.body.dataset.theme);
            requestAnimationFrame(look);
        };
        requestAnimationFrame(look);""")
    page.goto(address + CHAPTER)
    seen = page.evaluate("window.seen")
    assert seen
    assert set(seen) == {"dark"}


def test_figures_fit_light_and_dark_pages(
    site: Path, names: list[str], page: Page
) -> None:
    grounds = {"light": "#ffffff", "dark": "#14181b"}
    least = {"text": 4.5, "line": 3.0}
    checked = {"text": 0, "line": 0}
    weak = []
    shown = set()
    for name in names:
        html = (site / name).read_text(encoding="utf8")
        shown |= set(re.findall(r'_images/([^"]+-(?:light|dark)\.svg)', html))
    for name in sorted(shown):
        kind = name.split("-")[-1].split(".")[0]
        svg = (site / "_images" / name).read_text(encoding="utf8")
        page.set_content(f"<body style='background: {grounds[kind]}'>{svg}")
        for what, ratio, colour, where in page.evaluate(CONTRASTS):
            checked[what] += 1
            if ratio < least[what]:
                weak.append((name, what, round(ratio, 2), colour, where))
    assert min(checked.values()) > 500
    assert not weak, weak[:20]


def test_the_policy_stops_what_is_not_of_this_site(address: str, page: Page) -> None:
    page.goto(address + CHAPTER)
    broken = page.evaluate("""() => new Promise((done) => {
        document.addEventListener('securitypolicyviolation', (event) => done(event.violatedDirective));
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
    })""")
    assert broken.startswith("script-src")
    assert page.evaluate("window.ran") is None


def test_the_pages_and_the_headers_tell_the_same_policy(
    site: Path, names: list[str]
) -> None:
    headers = (site / "_headers").read_text(encoding="utf8")
    whole = re.search(r"Content-Security-Policy: (.*)", headers)
    assert whole
    assert "frame-ancestors 'none'" in whole[1]
    known = set(whole[1].replace(";", " ;").split())
    for name in names:
        html = (site / name).read_text(encoding="utf8")
        here = re.search(
            r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html
        )
        assert here, name
        assert set(here[1].replace(";", " ;").split()) <= known, name
        assert html.index(here[0]) < html.index("<script"), name
        assert not re.search(r"\son[a-z]+=", html.split("<article")[0]), name
        assert "<style" not in html, name


def test_a_page_reads_from_a_file(site: Path, page: Page) -> None:
    problems: list[str] = []
    page.on(
        "console",
        lambda one: one.type in ("error", "warning") and problems.append(one.text),
    )
    page.goto((site / CHAPTER).as_uri())
    assert not problems
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")
    family = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "system-ui" in family
    assert page.locator(".copy").count() > 5
    assert page.locator("article img").first.evaluate("one => one.naturalWidth") > 100


def test_a_chapter_is_light(address: str, page: Page) -> None:
    """In kilobytes as they are sent, without the figures: 150 for the first view, 40 for the next page."""
    sizes: dict[str, float] = {}
    page.on(
        "requestfinished",
        lambda one: sizes.__setitem__(one.url, one.sizes()["responseBodySize"] / 1024),
    )
    page.goto(address + "chapters/how-large.html", wait_until="networkidle")
    first = {url: size for url, size in sizes.items() if "_images" not in url}
    assert len(first) > 3
    assert sum(first.values()) < 150
    sizes.clear()
    page.goto(address + "chapters/digits.html", wait_until="networkidle")
    new = {
        url: size
        for url, size in sizes.items()
        if "_images" not in url and url not in first
    }
    assert sum(new.values()) < 40


def test_copied_code_has_no_prompts_and_copied_formulas_are_latex(
    address: str, page: Page
) -> None:
    page.goto(address + "api/activations.html")
    example = page.locator("div.highlight:has(.gp)").first
    example.hover()
    example.locator(".copy").click()
    text = page.evaluate("navigator.clipboard.readText()")
    assert ">>>" not in text
    assert "from nnnotes import" in text
    outputs = example.locator(".go").all_inner_texts()
    assert outputs
    assert not any(output in text.splitlines() for output in outputs)

    page.goto(address + CHAPTER)
    formula = page.locator("div.math").first
    formula.hover()
    formula.locator(".copy").click()
    assert r"\max" in page.evaluate("navigator.clipboard.readText()")

    page.evaluate("""() => {
        const formula = document.querySelector('article p .katex');
        getSelection().selectAllChildren(formula.closest('p'));
    }""")
    page.keyboard.press("ControlOrMeta+c")
    text = page.evaluate("navigator.clipboard.readText()")
    latex = page.locator("article p:has(.katex)").first.locator("annotation").first
    assert f"${latex.text_content()}$" in text.replace("\n", "")


@pytest.mark.parametrize("name", ["chapters/relu", "chapters/mup", "api/formats"])
def test_the_menu_shows_where_one_is(address: str, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}{name}.html")
    place = page.locator(".sidebar-tree .current-page > .reference").bounding_box()
    assert place
    assert 0 < place["y"] < 850
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("chapter", ["chapters/residual", "chapters/lines"])
def test_a_figure_is_as_wide_as_a_phone(address: str, page: Page, chapter: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}{chapter}.html")
    widths = page.locator("section > .cell > .cell_output img.only-light").evaluate_all(
        "all => all.map((one) => [one.getAttribute('width'), one.getBoundingClientRect().width])"
    )
    assert widths
    for own, shown in widths:
        assert shown == pytest.approx(min(360, float(own)), abs=1)


def chapter_with(site: Path, selector: str) -> str:
    """The first chapter with such an element outside of what is folded."""
    for path in sorted((site / "chapters").glob("*.html")):
        found = parsed(path).select(selector)
        if any(one.find_parent("details") is None for one in found):
            return f"chapters/{path.name}"
    raise AssertionError(selector)


def link_on(page: Page, selector: str) -> Locator:
    return page.locator(selector).locator("visible=true").first


EQUATION = 'article p a.reference.internal[href*="#equation"]'
FIGURE = 'article section > p a.reference.internal[href^="#fig-"]'


def test_links_to_equations_show_them(site: Path, address: str, page: Page) -> None:
    page.goto(address + chapter_with(site, EQUATION))
    link_on(page, EQUATION).hover()
    preview = page.locator(".preview")
    preview.wait_for()
    assert preview.locator(".katex").count() > 0
    page.keyboard.press("Escape")
    assert preview.count() == 0


def test_a_preview_comes_also_where_the_page_scrolls_under_the_pointer(
    site: Path, address: str, page: Page
) -> None:
    page.goto(address + chapter_with(site, EQUATION))
    link_on(page, EQUATION).hover()
    page.evaluate("dispatchEvent(new Event('scroll'))")  # the last of the way here
    preview = page.locator(".preview")
    preview.wait_for(timeout=5000)
    page.mouse.wheel(0, 2)
    preview.wait_for(state="detached", timeout=5000)
    preview.wait_for(timeout=5000)
    page.mouse.move(2, 2)
    preview.wait_for(state="detached", timeout=5000)
    page.evaluate("dispatchEvent(new Event('scroll'))")
    page.wait_for_timeout(600)
    assert preview.count() == 0


def test_links_to_chapters_and_figures_show_title_and_caption(
    site: Path, address: str, page: Page
) -> None:
    page.goto(address)
    link = link_on(page, 'article a.reference.internal[href="chapters/relu.html"]')
    link.hover()
    preview = page.locator(".preview")
    preview.wait_for()
    assert preview.locator("h1").inner_text().endswith("ReLU")
    page.goto(address + chapter_with(site, FIGURE))
    link_on(page, FIGURE).hover()
    preview.wait_for()
    caption = preview.locator("figcaption").bounding_box()
    box = preview.bounding_box()
    assert caption
    assert box
    assert caption["y"] + 20 < box["y"] + box["height"]


ENDS = """() => [...document.querySelectorAll('article span.math')]
    .filter((one) => one.lastChild.nodeType === 3 && one.checkVisibility())
    .map((one) => {
        const base = [...one.querySelectorAll('.base')].at(-1).getBoundingClientRect();
        const range = document.createRange();
        range.selectNodeContents(one.lastChild);
        return [range.getBoundingClientRect().left - base.right, one.textContent.slice(-40)];
    })"""


def test_no_line_begins_with_the_sign_after_a_formula(
    site: Path, address: str, page: Page
) -> None:
    seen = 0
    for name in ("saturation", "how-large", "one-layer"):
        page.goto(f"{address}chapters/{name}.html")
        page.evaluate(
            "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
        )
        for width in range(320, 440, 24):
            page.set_viewport_size({"width": width, "height": 800})
            ends = page.evaluate(ENDS)
            assert not [one for one in ends if one[0] < -1], (name, width)
            seen += len(ends)
    assert seen > 100


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_prose_equations_and_code_end_at_the_same_edge(
    address: str, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}chapters/relu.html")
    edges = page.evaluate("""() => ['section > p', '.math-wrapper', '.eqno', '.literal-block-wrapper', '.cell_input']
        .map((part) => document.querySelector(`article ${part}`).getBoundingClientRect().right)""")
    assert max(edges) - min(edges) <= 1, edges


def test_on_a_phone_the_bar_says_the_chapter_and_asks_the_search(
    address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address + CHAPTER)
    title = page.locator("article h1").inner_text().removesuffix("¶")
    assert page.locator(".mobile-header .brand").inner_text() == title
    page.locator(".header-search").click()
    page.wait_for_url("**/search.html")
    assert page.evaluate("document.activeElement.id") == "search-words"


@pytest.mark.parametrize("menu", ["__navigation", "__toc"])
def test_rows_of_a_phones_menus_are_high_enough_for_fingers(
    address: str, page: Page, menu: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address + CHAPTER)
    page.locator(f"#{menu}").dispatch_event("click")
    rows = (
        ".sidebar-tree a.reference" if menu == "__navigation" else ".toc-tree li li a"
    )
    page.locator(rows).first.wait_for(state="visible")
    heights = page.locator(rows).evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height).filter(Boolean)"
    )
    assert len(heights) > 5
    assert min(heights) >= 24


def test_on_a_phone_links_to_sources_stand_in_their_boxes(
    address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address + "api/activations.html")
    out = page.evaluate("""() => [...document.querySelectorAll('dt.sig:has(.viewcode-link)')].map((one) => {
        const inner = one.querySelector('.viewcode-link').getBoundingClientRect(), outer = one.getBoundingClientRect();
        return Math.max(inner.bottom - outer.bottom, inner.right - outer.right);
    })""")
    assert len(out) > 10
    assert max(out) <= 0


@pytest.mark.parametrize("width", [360, 768, 1200])
def test_links_past_the_largest_table_lead_where_they_should(
    address: str, browser: Browser, width: int
) -> None:
    # With the motion of the way: it ends where the table's height said at the start.
    page = browser.new_page(viewport={"width": width, "height": 800})
    tops = []
    for anchor in ("the-table", "gated-units"):
        page.goto("about:blank")
        page.goto(f"{address}/chapters/family.html#{anchor}")
        page.evaluate(ARRIVED)
        top = "id => document.getElementById(id).getBoundingClientRect().top"
        tops.append(page.evaluate(top, anchor))
    page.close()
    # A line of text is 28 high.
    assert abs(tops[0] - tops[1]) < 28


def test_the_table_of_contents_follows(address: str, page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address + CHAPTER)
    page.evaluate(
        "document.querySelector('article section section:nth-of-type(4)').scrollIntoView({behavior: 'instant'})"
    )
    page.wait_for_function(
        "document.querySelectorAll('.toc-tree .scroll-current').length > 0"
    )


def test_printed_pages_hold_the_text_alone(address: str, page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(address + CHAPTER)
    for menu in (".sidebar-drawer", ".toc-drawer", ".mobile-header", ".related-pages"):
        assert not page.locator(menu).first.is_visible(), menu
    assert page.locator("img.only-light").first.is_visible()
    assert not page.locator("img.only-dark").first.is_visible()
    assert background(page) == "rgb(255, 255, 255)"
    assert page.locator("h1").is_visible()
    for fold in ("solution", "more"):
        assert page.locator(f"details.{fold} p").first.is_visible(), fold
    assert not page.locator(".page-tools").is_visible()


@pytest.mark.parametrize(
    "name",
    [
        "notation.html",
        "chapters/one-layer.html",
        "chapters/products.html",
        "chapters/family.html",
        "chapters/digits.html",
        "api/activations.html",
    ],
)
def test_every_character_of_a_formula_has_a_font_of_the_site(
    address: str, page: Page, name: str
) -> None:
    page.goto(address + name)
    count = page.evaluate(
        """() => {
            document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
            document.querySelector('.activations-box')?.style.setProperty('content-visibility', 'visible');
            const text = (part) => !part.children.length && part.textContent.replace(/\u200b/g, '');
            const parts = [...document.querySelectorAll('.katex-html span')]
                .filter((part) => part.getClientRects().length && text(part));
            const seen = new Set();
            for (const part of parts) {
                const like = part.className + part.parentNode.className + part.textContent;
                if (!seen.has(like)) part.dataset.look = '';
                seen.add(like);
            }
            return document.querySelectorAll('[data-look]').length;
        }"""
    )
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    parts = session.send(
        "DOM.querySelectorAll", {"nodeId": root, "selector": "[data-look]"}
    )["nodeIds"]
    assert len(parts) == count > 20
    for part in parts:
        used = session.send("CSS.getPlatformFontsForNode", {"nodeId": part})["fonts"]
        html = session.send("DOM.getOuterHTML", {"nodeId": part})["outerHTML"]
        assert used, html
        assert all(font["isCustomFont"] for font in used), (html, used)


def test_fonts_hold_what_the_pages_need_and_little_more(
    site: Path, address: str, page: Page
) -> None:
    css = (site / "_static" / "site.css").read_text(encoding="utf8")
    fonts = re.findall(r"font/woff2;base64,([^)]*)\)", css)
    size = sum(len(font) * 3 / 4 for font in fonts)
    whole = Path(__file__).parents[2] / "book" / "_assets" / "katex" / "fonts"
    assert 0 < size < 0.25 * sum(path.stat().st_size for path in whole.iterdir())
    assert len(set(fonts)) == len(fonts)
    page.goto(address + "notation.html", wait_until="networkidle")
    statuses = page.evaluate("[...document.fonts].map((one) => one.status)")
    assert statuses == ["loaded"] * len(fonts)


@pytest.mark.parametrize("width", [412, 1280])
@pytest.mark.parametrize(
    "name",
    [
        "chapters/products.html",
        "chapters/one-layer.html",
        "notes.html",
        "api/losses.html",
        "search.html",
    ],
)
def test_nothing_moves_while_a_page_loads(
    browser: Browser, address: str, name: str, width: int
) -> None:
    moves = []
    while len(moves) < 3 and 0 not in moves:  # browsers wait for fonts, but not long
        page = browser.new_page(viewport={"width": width, "height": 820})
        page.add_init_script(
            """window.moved = 0;
            const add = (list) => list.getEntries().forEach((one) => { window.moved += one.value; });
            new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});"""
        )
        page.goto(address + name, wait_until="networkidle")
        moves.append(page.evaluate("window.moved"))
        page.close()
    assert 0 in moves, moves


def test_a_class_of_the_page_leaves_the_styles_of_its_parts(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """The theme sets one when a reader scrolls: a rule can make that a matter of all elements."""
    page = browser.new_page()
    page.goto(address + "chapters/products.html", wait_until="networkidle")
    path = tmp_path / "trace.json"
    browser.start_tracing(page=page, path=path, categories=["devtools.timeline"])
    page.evaluate(
        "() => { document.documentElement.classList.add('x'); return document.body.offsetHeight; }"
    )
    browser.stop_tracing()
    events = json.loads(path.read_text(encoding="utf8"))["traceEvents"]
    restyled = [
        one["args"]["elementCount"]
        for one in events
        if one["name"] == "UpdateLayoutTree" and "elementCount" in one["args"]
    ]
    assert restyled
    count = page.evaluate("document.querySelectorAll('*').length")
    assert max(restyled) < count / 10, (restyled, count)
    page.close()
