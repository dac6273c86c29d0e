"""Serve the book while it is written: a change builds it again, and the page in the browser loads itself anew.

The pages are those that are published, with one more script, which comes from this server, as their policy wants it.
"""

import argparse
import contextlib
import functools
import http.server
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[4]
SITE = ROOT / "_build" / "html"
WATCHED = ("_config.yml", "book", "nnnotes")
SCRIPT = b"""new EventSource("/reload/events").onmessage = () => location.reload();\n"""
TAG = b'<script src="/reload/script.js"></script></body>'
IGNORED = re.compile(r"(^|/)(\.|__pycache__)|\.(swp|tmp)$")
changed = threading.Condition()


def state() -> dict[Path, int]:
    """Map each source to the time of its last change."""
    found = {}
    paths = [path for top in WATCHED for path in [ROOT / top, *(ROOT / top).rglob("*")]]
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if IGNORED.search(name) is None and path.is_file():
            with contextlib.suppress(FileNotFoundError):  # an editor's, gone again
                found[path] = path.stat().st_mtime_ns
    return found


def build() -> bool:
    jb = str(Path(sys.executable).with_name("jb"))
    done = subprocess.run([jb, "build", "book", "-n", "--keep-going", "-q"], cwd=ROOT)
    return done.returncode == 0


def watch(pause: float) -> None:
    old = state()
    while True:
        time.sleep(pause)
        new = state()
        if new != old:
            for path in sorted({path for path, _ in new.items() ^ old.items()}):
                print(f"{path.relative_to(ROOT)} changed", flush=True)
            old = new
            if build():
                with changed:
                    changed.notify_all()


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        page = Path(self.translate_path(self.path))
        if page.is_dir() and self.path.endswith("/"):
            page /= "index.html"
        if self.path == "/reload/script.js":
            self.answer(SCRIPT, "text/javascript")
        elif self.path == "/reload/events":
            self.wait()
        elif not page.exists():
            self.answer((SITE / "404.html").read_bytes(), status=404)
        elif page.suffix == ".html":
            self.answer(page.read_bytes())
        else:
            super().do_GET()

    def answer(self, data: bytes, kind: str = "text/html", status: int = 200) -> None:
        data = data.replace(b"</body>", TAG)
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def wait(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # gone to another page
            while True:
                with changed:
                    again = changed.wait(timeout=15)
                self.wfile.write(b"data: again\n\n" if again else b": still here\n\n")
                self.wfile.flush()

    def log_message(self, *arguments: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--pause", type=float, default=0.5, help="seconds between looks"
    )
    options = parser.parse_args()
    handler = functools.partial(Handler, directory=str(SITE))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), handler)
    except OSError as problem:
        sys.exit(
            f"Port {options.port} cannot be used: {problem.strerror}. "
            "Name another one, as in: make serve PORT=8001"
        )
    with server:
        build()
        threading.Thread(target=watch, args=(options.pause,), daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
