"""Valid HTML, and what Lighthouse says of each kind of page."""

import json
import os
import statistics
import subprocess
from pathlib import Path

import pytest

from helpers.browsing import CHROMIUM, NODE, OPTIONS

FLOOR = 95  # a shared machine has slow moments; a quiet one gives 100
KINDS = ["index.html", "chapters/relu.html", "api/layers.html", "search.html"]


def test_every_page_is_valid_html(
    site: Path, names: list[str], tools: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    command = [str(NODE), str(tools / "html-validate" / "bin" / "html-validate.mjs")]
    config = Path(__file__).parent / "htmlvalidate.json"
    done = subprocess.run(
        [*command, "--config", str(config), "--formatter", f"json={report}", *names],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [
        (page["filePath"], one["line"], one["ruleId"], one["message"])
        for page in json.loads(report.read_text(encoding="utf8"))
        for one in page["messages"]
    ]
    assert not found, found[:20]
    assert done.returncode == 0, done.stderr


def scores(address: str, tools: Path, folder: Path) -> dict[str, float]:
    output = folder / "report.json"
    subprocess.run(
        [
            str(NODE),
            str(tools / "lighthouse" / "cli" / "index.js"),
            address,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            f"--output-path={output}",
            f"--chrome-flags=--headless=new {' '.join(OPTIONS)}",
        ],
        env={**os.environ, "CHROME_PATH": str(CHROMIUM)},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(output.read_text(encoding="utf8"))
    return {
        name: 100 * report["categories"][name]["score"]
        for name in ("performance", "accessibility", "best-practices", "seo")
    }


@pytest.mark.quality
@pytest.mark.parametrize("name", KINDS)
def test_lighthouse_is_content(
    address: str, tools: Path, tmp_path: Path, name: str
) -> None:
    """Of three runs the median, as a phone of middling speed would have it."""
    runs = [scores(address + name, tools, tmp_path) for _ in range(3)]
    for category in runs[0]:
        median = statistics.median(run[category] for run in runs)
        assert median >= FLOOR, (category, runs)
