"""Firefox and WebKit as a system has them installed, behind the little that the tests of live cells ask of a browser.

Playwright wants builds of its own of both, or a newer Firefox than the one with long support. So they are asked
directly, in the commands of WebDriver: WebKit by HTTP, through its driver, and Firefox by Marionette, the socket that
its driver would use.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = shutil.which("WebKitWebDriver")
DISPLAY = shutil.which("Xvfb")  # which WebKit shows its pages on
INSTALLED = {"firefox": bool(FIREFOX), "webkit": bool(WEBKIT and DISPLAY)}

PATIENCE = 60  # seconds for a browser to start
LIMIT = 120  # and for a function of a page to end
CAPABILITIES = {"alwaysMatch": {"timeouts": {"script": LIMIT * 1000}}}
CONTROL, RETURN = "\ue009", "\ue006"  # WebDriver's names of keys
# Any port that is free. And when Firefox has time, it fetches the next page ahead, and says that the policy forbids it.
PREFERENCES = """
user_pref("marionette.port", 0);
user_pref("network.prefetch-next", false);
"""
# WebKit's driver does not wait for a page that scrolls smoothly.
SHOW = """css => {
    const found = document.querySelector(css);
    found?.scrollIntoView({behavior: 'instant', block: 'center'});
    return found !== null;
}"""


class Tab:
    """One page of a browser."""

    def __init__(self, version: str, ask: Callable[..., Any]) -> None:
        self.version, self.ask = version, ask

    def open(self, address: str) -> None:
        self.ask("Navigate", url=address)

    def evaluate(self, function: str, *arguments: object) -> Any:
        """Call a function of JavaScript, and wait for what it promises."""
        script = f"return ({function})(...arguments)"
        return self.ask("ExecuteScript", script=script, args=arguments)

    def find(self, css: str) -> str:
        """Return the name of an element, as soon as it is there."""
        until(lambda: self.evaluate(SHOW, css))
        found = self.ask("FindElement", using="css selector", value=css)
        return next(iter(found.values()))

    def click(self, css: str) -> None:
        self.ask("ElementClick", id=self.find(css))

    def write(self, css: str, text: str) -> None:
        """Type text in place of what a field holds."""
        field = self.find(css)
        for keys in (f"{CONTROL}a", text.replace("\n", RETURN)):
            self.ask("ElementSendKeys", id=field, text=keys)


class Marionette:
    """Asks Firefox: [0, number, name, what], with its length before it; the answer is [1, number, error, value]."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 2 * LIMIT)
        self.stream = self.socket.makefile("rb")
        self.receive()  # a greeting
        self.session = self.ask("NewSession", capabilities=CAPABILITIES)

    def receive(self) -> Any:
        length = b""
        while (digit := self.stream.read(1)) != b":":
            length += digit
        return json.loads(self.stream.read(int(length)))

    def ask(self, name: str, **what: object) -> Any:
        message = json.dumps([0, 0, f"WebDriver:{name}", what]).encode()
        self.socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, answer = self.receive()
        if error:
            raise RuntimeError(f"{name}: {error['message']}")
        return answer.get("value", answer)

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


class Driver:
    """Asks a driver, by HTTP."""

    PATHS = {
        "Navigate": "url",
        "ExecuteScript": "execute/sync",
        "FindElement": "element",
        "ElementClick": "element/{id}/click",
        "ElementSendKeys": "element/{id}/value",
    }

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/session"
        self.session = until(lambda: self.send("", capabilities=CAPABILITIES))
        self.address += f"/{self.session['sessionId']}"

    def send(self, path: str, method: str = "POST", **what: object) -> Any:
        request = urllib.request.Request(
            self.address + path, json.dumps(what).encode(), method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=2 * LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(f"{path}: {error.read().decode()}") from None

    def ask(self, name: str, **what: object) -> Any:
        return self.send(f"/{self.PATHS[name].format_map(what)}", **what)

    def close(self) -> None:
        self.send("", "DELETE")


def until(done: Callable[[], Any]) -> Any:
    """Try until something comes of it, such as from what has just been started."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError, ValueError):
            if result := done():
                return result
        assert time.monotonic() < end, "it does not start, or is not there"
        time.sleep(0.05)


@contextmanager
def running(log: Path, *command: str, **options: Any) -> Iterator[None]:
    """Run a program until it is not needed any more."""
    with (
        log.open("w") as output,
        subprocess.Popen(command, stdout=output, stderr=output, **options) as process,
    ):
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def screen(log: Path) -> Iterator[str]:
    """Make a screen that nobody sees; the server chooses a number that is free, and writes it down."""
    with running(log, DISPLAY, "-displayfd", "1", "-nolisten", "tcp"):
        yield f":{until(lambda: log.read_text().strip())}"


@contextmanager
def firefox(folder: Path) -> Iterator[Tab]:
    (folder / "user.js").write_text(PREFERENCES)
    port = folder / "MarionetteActivePort"
    command = [FIREFOX, "--headless", "--marionette", "--profile", str(folder)]
    with running(folder / "log", *command):
        number = until(lambda: int(port.read_text()))
        with closing(Marionette(number)) as browser:
            yield Tab(browser.session["capabilities"]["browserVersion"], browser.ask)


@contextmanager
def webkit(folder: Path) -> Iterator[Tab]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with screen(folder / "screen") as display:
        environment = {**os.environ, "DISPLAY": display}
        command = [WEBKIT, f"--port={port}"]
        with (
            running(folder / "log", *command, env=environment),
            closing(Driver(port)) as browser,
        ):
            yield Tab(browser.session["capabilities"]["browserVersion"], browser.ask)


OPENED = {"firefox": firefox, "webkit": webkit}
