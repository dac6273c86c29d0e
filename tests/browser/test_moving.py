"""Explorers and predictions in a real browser: by mouse, by keyboard, on a phone, from a link."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from helpers.browsing import EXPLORERS


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((address, "data:")) or problems.append(request.url)
        ),
    )
    yield page
    page.close()
    assert not problems


def opened(page: Page, address: str, name: str, query: str = "") -> Locator:
    page.goto(f"{address}{EXPLORERS[name]}{query}")
    box = page.locator(f'.explorer[data-explorer="{name}"]')
    box.scroll_into_view_if_needed()
    expect(box).to_have_class(re.compile("started"))
    return box


def said(box: Locator) -> str:
    return box.locator(".said").inner_text()


@pytest.mark.parametrize("name", EXPLORERS)
@pytest.mark.parametrize("width", [360, 768, 1200])
def test_an_explorer_fits_where_it_stands(
    page: Page, address: str, name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + EXPLORERS[name])
    before = page.locator(f"#explore-{name}").bounding_box()
    box = opened(page, address, name)
    after = box.bounding_box()
    assert before
    assert after
    # Nothing below it moves when it loads, and it is no higher than it needs to be.
    live = box.locator(".live").bounding_box()
    assert live
    assert after["height"] == pytest.approx(before["height"], abs=1)
    assert live["height"] > 0.75 * after["height"]
    assert live["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not box.locator(".still").is_visible()


def test_a_drawing_follows_the_colours_of_the_system(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light")
    canvas = opened(page, address, "plane").locator("canvas").first
    light = canvas.evaluate("""async (one) => {
        for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
        return one.toDataURL();
    }""")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "([canvas, light]) => canvas.toDataURL() !== light",
        arg=[canvas.element_handle(), light],
        timeout=5000,
    )


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_control_has_a_name_and_is_reached_by_keyboard(
    page: Page, address: str, name: str
) -> None:
    box = opened(page, address, name)
    controls = box.locator(
        "button:enabled, select, input"
    )  # a disabled one is left out by the browser
    count = controls.count()
    assert count >= 5
    controls.first.focus()
    for number in range(count):
        assert controls.nth(number).evaluate("one => one === document.activeElement")
        label = controls.nth(number).evaluate(
            "one => one.labels?.[0]?.textContent ?? one.textContent"
        )
        assert label.strip()
        page.keyboard.press("Tab")


def test_backpropagation_goes_forward_and_back(page: Page, address: str) -> None:
    box = opened(page, address, "backprop")
    assert "Step 0 of 10" in said(box)
    for _ in range(4):
        box.get_by_role("button", name="Next").press("Enter")
    assert "(4 − 2)² / 2 = 2" in said(box)
    assert "dz = z − y = 2" in said(box)
    for _ in range(6):
        box.get_by_role("button", name="Next").click()
    text = box.locator("svg").text_content() or ""
    for number in ("dw₁₁ = 2", "dw₁₂ = 4", "dw₂₁ = 0", "dv₁ = 6", "dv₂ = 0"):
        assert number in text  # as in the text of the chapter
    box.locator('input[data-key="x2"]').fill("3")
    assert "dw₁₂ = 9" in (box.locator("svg").text_content() or "")


def test_a_point_is_dragged_along_a_curve(page: Page, address: str) -> None:
    box = opened(page, address, "activation")
    plot = box.locator("svg").bounding_box()
    assert plot
    page.mouse.move(plot["x"] + 0.8 * plot["width"], plot["y"] + 100)
    page.mouse.down()
    page.mouse.move(plot["x"] + 0.2 * plot["width"], plot["y"] + 100, steps=5)
    page.mouse.up()
    expect(box.locator(".said")).to_contain_text("ReLU is 0, and its slope is 0")
    box.get_by_label("z", exact=True).press("End")
    expect(box.locator(".said")).to_contain_text("At z = 5 ReLU is 5")
    box.get_by_label("Activation", exact=True).select_option("leaky_relu")
    box.get_by_label("α").press("End")
    expect(box.locator(".said")).to_contain_text("over 0 % of the way")


def test_training_runs_stops_rewinds_and_is_compared(page: Page, address: str) -> None:
    box = opened(page, address, "plane")
    start = said(box)
    assert start.startswith("After 0 steps the loss is ")
    box.get_by_role("button", name="One step").click()
    expect(box.locator(".said")).to_contain_text("After 1 steps")
    box.get_by_role("button", name="Run", exact=True).click()
    expect(box.locator(".said")).to_contain_text("100 % of the points")
    box.get_by_role("button", name="Stop").click()
    box.get_by_role("button", name="Rewind").click()
    expect(box.locator(".said")).to_have_text(start)
    box.get_by_role("button", name="Keep").click()
    box.get_by_label("Start", exact=True).select_option("constant")
    expect(box.locator(".said")).to_contain_text("units of the first layer are alike")


def test_a_link_keeps_the_state(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box = opened(page, address, "descent")
    box.get_by_label("Unit").select_option("relu")
    box.get_by_label("Start", exact=True).press("Home")
    expect(box.locator(".said")).to_contain_text("w = −8")
    shown = said(box)
    box.get_by_role("button", name="Copy a link").click()
    expect(box.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    page.goto("about:blank")
    page.goto(link)
    expect(box.locator(".said")).to_have_text(shown)
    # What a link says amiss is left aside.
    box = opened(page, address, "descent", "?descent=loss%3Dnone%26rate%3Dx%26w%3D99")
    expect(box.locator(".said")).to_contain_text("With no activation")


def test_a_wider_scale_is_seen_and_said(page: Page, address: str) -> None:
    box = opened(page, address, "depth")
    assert "below 0.001" in said(box)
    box.get_by_role("button", name="LeCun").click()
    expect(box.locator(".said")).to_contain_text("as LeCun's rule has it")
    box.get_by_label("Activation", exact=True).select_option("relu")
    box.get_by_role("button", name="100").click()
    expect(box.locator(".said")).to_contain_text("above 1,000")


def test_a_fault_of_shape_is_told_until_sizes_coincide(
    page: Page, address: str
) -> None:
    box = opened(page, address, "shapes")
    assert said(box).startswith("All fits: (4, 3) times (3, 5) is (4, 5)")
    box.get_by_label("Break").select_option("A")
    expect(box.locator(".said")).to_contain_text("A_prev: axis n_in is 5, but W has")
    box.get_by_label("Inputs").press("ArrowRight")
    box.get_by_label("Inputs").press("ArrowRight")
    expect(box.locator(".said")).to_contain_text("nobody notices")


def test_order_turns_into_chaos(page: Page, address: str) -> None:
    box = opened(page, address, "chaos")
    assert "This is order" in said(box)
    box.get_by_label("Weights").press("End")
    expect(box.locator(".said")).to_contain_text("This is chaos")


def test_without_javascript_and_in_print_the_still_stands(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + EXPLORERS["backprop"])
    assert page.locator(".explorer .still").is_visible()
    context.close()
    page = browser.new_page()
    box = opened(page, address, "backprop")
    page.emulate_media(media="print")
    assert box.locator(".still").is_visible()
    assert not box.locator(".live").is_visible()
    page.close()


def test_the_loader_fetches_nothing_before_an_explorer_is_near(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 500})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address + EXPLORERS["depth"])
    page.wait_for_load_state("networkidle")
    assert not [url for url in requests if "/explore-" in url]
    opened(page, address, "depth")
    assert [url for url in requests if "/explore-" in url]
    page.close()


def test_the_path_shows_what_was_read_until_it_is_forgotten(
    browser: Browser, address: str
) -> None:
    page = browser.new_page()
    page.goto(address)
    assert page.get_by_role("button", name="Forget").count() == 0
    page.goto(address + "chapters/relu.html")
    page.locator("#further-reading").scroll_into_view_if_needed()
    for _ in range(50):
        if page.evaluate("localStorage.length"):
            break
        page.wait_for_timeout(100)
    page.goto(address)
    assert page.locator(".path li.done").all_inner_texts()[0].startswith("ReLU")
    assert page.locator(".path li.done").count() == 1
    page.get_by_role("button", name="Forget").click()
    assert page.locator(".path li.done").count() == 0
    assert page.evaluate("localStorage.length") == 0
    page.close()


SHARE = """() => {
    const high = (one) => one.getBoundingClientRect().height;
    const shown = [...document.querySelectorAll('.cell_input, .literal-block-wrapper')];
    const code = shown.filter((one) => !one.closest('details') && high(one));
    return code.reduce((sum, one) => sum + high(one), 0) / high(document.querySelector('article'));
}"""


@pytest.mark.parametrize("width", [360, 1200])
def test_at_most_a_fifth_of_the_first_hour_is_code(
    browser: Browser, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    steps = page.locator(".path li a").evaluate_all("all => all.map((one) => one.href)")
    assert len(steps) == 8
    for step in steps:
        page.goto(step)
        assert 0.01 < page.evaluate(SHARE) < 0.2, step
    page.close()
