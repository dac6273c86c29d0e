"""The pages of a built site, each parsed once."""

import functools
import gc
from pathlib import Path

from bs4 import BeautifulSoup


@functools.cache
def parsed(path: Path) -> BeautifulSoup:
    """Return a page, which serves all tests: none may change it, or parse it before it is built again."""
    page = BeautifulSoup(path.read_text(encoding="utf8"), "html.parser")
    gc.freeze()  # it stays: no more to be looked through
    return page
