"""How smoothly explorers follow a slider: frames a second while each of their sliders moves, on a slowed-down machine.

    python benchmarks/explorers.py [FOLDER_OF_A_SITE] [SLOWDOWN]

It serves the site from this machine, drives an installed Chromium, and has it compute so many times more slowly. A
slider is moved once a frame, through its whole range and back, as a finger would; what has no slider has its first
number changed.
"""

import platform
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))
from helpers.browsing import CHROMIUM, EXPLORERS, OPTIONS  # noqa: E402  # found from here on
from helpers.serving import served  # noqa: E402

SECONDS = 3
MOVE = """async ([name, seconds]) => {
    const box = document.querySelector(`.explorer[data-explorer="${name}"]`);
    const frame = () => new Promise(requestAnimationFrame);
    const found = {};
    const sliders = [...box.querySelectorAll('input[type=range]')];
    for (const input of sliders.length ? sliders : [box.querySelector('input[type=number]')]) {
        const start = input.value;
        const [low, high] = sliders.length ? [+input.min, +input.max] : [-4, 4];
        const times = [await frame()];
        while (times.at(-1) - times[0] < 1000 * seconds) {
            const part = ((times.at(-1) - times[0]) / 1000) % 2;
            input.value = low + (high - low) * (part < 1 ? part : 2 - part);
            input.dispatchEvent(new Event('input', { bubbles: true }));
            times.push(await frame());
        }
        input.value = start;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        const gaps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
        const label = box.querySelector(`label[for="${input.id}"]`) ?? input.closest('label');
        const rate = (1000 * gaps.length) / (times.at(-1) - times[0]);
        found[label.textContent] = [rate, gaps[Math.floor(0.95 * gaps.length)]];
    }
    return found;
}"""


def main(folder: str, slowdown: float) -> None:
    with served(Path(folder), "/") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        print(
            f"{platform.processor() or platform.machine()}, {slowdown:g} times slower"
        )
        print("explorer    slider                  frames a second   95 % within, ms")
        for name, path in EXPLORERS.items():
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.goto(address + path)
            box = page.locator(f'.explorer[data-explorer="{name}"]')
            box.scroll_into_view_if_needed()
            page.wait_for_selector(f'.explorer.started[data-explorer="{name}"]')
            client = page.context.new_cdp_session(page)
            client.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
            for label, (rate, slow) in page.evaluate(MOVE, [name, SECONDS]).items():
                print(f"{name:10}  {label[:22]:22}  {rate:15.1f}   {slow:15.1f}")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(
        sys.argv[1] if sys.argv[1:] else str(ROOT / "_build" / "html"),
        float(sys.argv[2]) if sys.argv[2:] else 4.0,
    )
