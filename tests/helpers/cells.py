"""The cells of a page, as its source has them."""

import re
from dataclasses import dataclass

CELL = re.compile(
    r"^```\{code-cell\}\n(?:---\n(.*?)^---\n)?(.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Cell:
    """What a cell says about itself, and its code."""

    settings: str
    code: str


def cells(text: str) -> list[Cell]:
    """Find the cells in the source of a page."""
    return [Cell(settings or "", code) for settings, code in CELL.findall(text)]


def without_cells(text: str) -> str:
    """Leave out the cells."""
    return CELL.sub("", text)
