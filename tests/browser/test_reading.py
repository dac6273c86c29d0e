"""In a real browser: the search, the page for what is missing, and the book from files."""

import functools
import http.server
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nnbook.site.archive import archive


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning") and problems.append(message.text)
        ),
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert not problems


@pytest.fixture(scope="session")
def unpacked(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked, with spaces")
    archive(site, folder / "book.zip")
    with zipfile.ZipFile(folder / "book.zip") as file:
        file.extractall(folder)
    return folder / "nnnotes-book"


def found(page: Page, start: str, query: str) -> list[str]:
    page.goto(f"{start}search.html")
    page.fill("#search-words", query)
    page.press("#search-words", "Enter")
    page.locator("#search-status", has_text=re.compile("places?")).wait_for()
    links = page.locator("#search-results li > a")
    return [link.get_attribute("href") or "" for link in links.all()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("leaky", "chapters/leaky-relu.html"),
        ("broadcasting", "chapters/shapes.html#"),
        ("Dense.backward", "api/layers.html#nnnotes.layers.Dense.backward"),
        (
            "numerical_gradient",
            "api/gradcheck.html#nnnotes.gradcheck.numerical_gradient",
        ),
        (
            "η",
            "glossary.html#term-learning-rate",
        ),  # a symbol, by itself and by its name
        ("eta", "glossary.html#term-learning-rate"),
        ("symetry", "chapters/why-not-zero.html"),  # mistyped
        ("initialization", "chapters/how-large.html"),  # American
        ("gradient checking", "chapters/gradient-checking.html"),
    ],
)
def test_the_search_finds(page: Page, address: str, query: str, expected: str) -> None:
    addresses = found(page, address, query)
    assert any(one.startswith(expected) for one in addresses[:8]), addresses
    assert page.locator("#search-results mark").count() > 0
    assert page.locator("article h1").count() == 1


def test_the_searchs_words_are_loaded_when_something_is_asked(
    page: Page, address: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}search.html", wait_until="networkidle")
    assert asked
    assert not [url for url in asked if "search-data" in url]
    page.goto(f"{address}search.html?q=leaky", wait_until="networkidle")
    assert len([url for url in asked if "search-data" in url]) == 1
    assert page.locator("#search-results li").count() > 3


def test_what_the_search_finds_is_there(page: Page, address: str) -> None:
    for one in found(page, address, "saturation"):
        path, _, anchor = one.partition("#")
        answer = page.request.get(address + path)
        assert answer.ok
        assert not anchor or f'id="{anchor}"' in answer.text(), one
    assert found(page, address, "qqqq") == []
    assert page.locator("#search-status").inner_text() == "No places"


def test_the_search_finds_words_of_a_language_without_spaces(
    page: Page, address: str
) -> None:
    page.goto(f"{address}search.html")
    titles = page.evaluate(
        """() => {
            const index = new Index({
                pages: [["a.html", "激活函数", 0, []], ["b.html", "反向传播", 0, []]],
                entries: [
                    [0, "", "激活函数", "激活函数把负数变成零。", ""],
                    [1, "", "反向传播", "反向传播算法计算梯度。", ""],
                ],
                aliases: {},
            });
            return ["传播算法", "梯度", "负数", "激活", "函数变化"]
                .map((query) => index.search(query).entries.map(({ title }) => title));
        }"""
    )
    assert titles == [
        ["反向传播"],
        ["反向传播"],
        ["激活函数"],
        ["激活函数"],
        ["激活函数"],
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_the_search_found(
    page: Page, address: str, tools: Path, width: int, scheme: str
) -> None:
    page.add_init_script((tools / "axe-core" / "axe.min.js").read_text("utf8"))
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert len(found(page, address, "dead relu")) > 10
    answer = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    nodes = [(one["id"], one["nodes"][0]["html"]) for one in answer["violations"]]
    assert nodes == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_keys_ask_the_search_and_turn_pages(page: Page, address: str) -> None:
    field = "document.activeElement.matches('.sidebar-search, #search-words')"
    for key in ("/", "Control+k"):
        page.goto(f"{address}chapters/relu.html")
        page.keyboard.press(key)
        assert page.evaluate(field), key
        page.keyboard.type("a/b")
        page.keyboard.press("ArrowLeft")
        assert page.locator(".sidebar-search").input_value() == "a/b"
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/search\.html\?q=a%2Fb"))
    page.goto(f"{address}chapters/relu.html")
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/chapters/sigmoid-and-tanh.html")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/chapters/relu.html")
    link = page.locator("article p a").first
    link.focus()
    expect(link).to_be_focused()
    page.evaluate("() => { navigation.onnavigate = () => { self.turned = true; }; }")
    page.keyboard.press("ArrowRight")
    assert not page.evaluate("self.turned")
    page.set_viewport_size({"width": 700, "height": 800})
    page.reload()
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")
    assert page.evaluate(field)


def test_without_javascript_the_search_says_so(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}search.html?q=leaky")
    hint = page.locator("noscript p")
    assert hint.is_visible()
    assert hint.inner_text().startswith("The search needs JavaScript")
    context.close()


def test_the_archive_is_read_from_files(page: Page, unpacked: Path) -> None:
    start = unpacked.as_uri() + "/"
    page.goto(f"{start}index.html")
    page.locator("article a[href='chapters/relu.html']").first.click()
    page.wait_for_url("**/chapters/relu.html")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") > 0
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")
    image = page.locator("article img:visible").first
    image.scroll_into_view_if_needed()
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") > 100
    addresses = found(page, start, "leaky")
    assert addresses[0].startswith("chapters/leaky-relu.html")
    page.locator("#search-results li > a").first.click()
    page.wait_for_url("**/chapters/leaky-relu.html*")


def test_the_page_for_what_is_missing_leads_home_from_any_depth(
    browser: Browser,
    site: Path,
) -> None:
    class Below(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            inside = path.removeprefix("/some/where/")
            return super().translate_path(
                "/" + inside if inside != path else "/nowhere"
            )

        def send_error(self, code: int, *more: object) -> None:
            text = (site / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: object) -> None:
            pass

    handler = functools.partial(Below, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        top = f"http://127.0.0.1:{server.server_port}/some/where/"
        context = browser.new_context()
        page = context.new_page()
        for path in ("no.html", "chapters/no.html", "a/b/c/no"):
            page.goto(top + path)
            page.locator("a[href*='/some/']").first.wait_for()
            page.get_by_role("link", name="the front page").click()
            page.wait_for_url(f"{top}index.html")
        context.close()
        server.shutdown()
