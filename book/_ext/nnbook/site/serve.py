"""Serve the book while it is written: a change builds it again, and the page in the browser loads itself anew.

The pages are those that are published, with one more script, which comes from this server, as their policy wants it.
"""

import argparse
import contextlib
import functools
import http.server
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
WATCHED = ("_config.yml", "book", "nnnotes")
SCRIPT = b"""new EventSource("/reload/events").onmessage = () => location.reload();\n"""
TAG = b'<script src="/reload/script.js"></script></body>'
changed = threading.Condition()


def state() -> dict[Path, int]:
    """Map each source to the time of its last change."""
    found = {}
    for name in WATCHED:
        top = ROOT / name
        for path in [top, *top.rglob("*")] if top.is_dir() else [top]:
            parts = path.relative_to(ROOT).parts
            ignored = any(
                part.startswith(".") or part == "__pycache__" for part in parts
            )
            if not ignored and path.suffix not in (".swp", ".tmp") and path.is_file():
                try:
                    found[path] = path.stat().st_mtime_ns
                except FileNotFoundError:  # an editor's, gone again
                    continue
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
        if self.path == "/reload/script.js":
            self.answer(SCRIPT, "text/javascript")
        elif self.path == "/reload/events":
            self.wait()
        else:
            path = Path(self.translate_path(self.path))
            page = (
                path / "index.html"
                if path.is_dir() and self.path.endswith("/")
                else path
            )
            missing = not page.exists()
            if missing or page.suffix == ".html":
                text = (SITE / "404.html" if missing else page).read_bytes()
                text = text.replace(b"</body>", TAG)
                self.answer(text, "text/html; charset=utf-8", 404 if missing else 200)
            else:
                super().do_GET()

    def answer(self, data: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def wait(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                with changed:
                    again = changed.wait(timeout=15)
                self.wfile.write(b"data: again\n\n" if again else b": still here\n\n")
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return  # the reader has gone to another page

    def log_message(self, *arguments: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--pause", type=float, default=0.5, help="seconds between looks"
    )
    options = parser.parse_args()
    build()
    handler = functools.partial(Handler, directory=str(SITE))
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", options.port), handler
    ) as server:
        server.daemon_threads = True
        threading.Thread(target=watch, args=(options.pause,), daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
