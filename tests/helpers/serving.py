"""A host that keeps to the site's policy, below any path."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder below a path, with the headers that its file of headers names."""

    def __init__(self, *arguments: object, prefix: str, **options: object) -> None:
        self.prefix = prefix
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def log_message(self, *arguments: object) -> None:
        pass

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(self.prefix)
        return super().translate_path(f"/{inside if inside != path else 'nowhere'}")

    def end_headers(self) -> None:
        lines = Path(self.directory, "_headers").read_text(encoding="utf8").splitlines()
        for line in lines[1 : lines.index("/live/*")]:
            self.send_header(*line.strip().split(": ", 1))
        super().end_headers()


@contextmanager
def served(folder: Path, prefix: str) -> Iterator[str]:
    handler = functools.partial(Handler, directory=str(folder), prefix=prefix)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            thread.join()
