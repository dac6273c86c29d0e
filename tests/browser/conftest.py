"""The built site served to a real browser; and where the tools from the npm registry are."""

import functools
import gzip
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from helpers.browsing import CHROMIUM, OPTIONS, TOOLS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where a reader's machine lacks a browser that can be driven; CI may lack nothing."""
    if CHROMIUM is None and not os.environ.get("CI"):
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed"))


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves as a host does that compresses."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in {".html", ".css", ".js", ".svg", ".json", ".txt"}:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(Server, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "Chromium is needed for the tests of the pages"
    # Of a busy machine more is asked than it takes here.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder of what is installed from tests/browser/package-lock.json; make test does it."""
    if not TOOLS.is_dir() and not os.environ.get("CI"):
        pytest.skip("make .venv/npm/ready installs the tools")
    return TOOLS


@pytest.fixture(scope="session")
def names(site: Path) -> list[str]:
    """All pages, by their place below the site's folder, without those that lead on from old addresses."""
    return sorted(
        path.relative_to(site).as_posix()
        for path in site.rglob("*.html")
        if site / "_static" not in path.parents
        if 'http-equiv="refresh"' not in path.read_text(encoding="utf8")
    )
