"""A small table that a terminal prints in columns and a notebook as HTML."""

from dataclasses import dataclass
from html import escape

__all__ = ["Table"]

SHORT = 14  # characters


@dataclass(frozen=True)
class Table:
    """A table of text: one row of headings, then rows whose first cell names them.

    Args:
        head: the headings.
        rows: the rows, each as long as the head.

    Raises:
        ValueError: if a row is not as long as the head.

    Example:
        >>> print(Table(("g", "mean"), (("relu", "0.40"), ("tanh", "0.00"))))
        g     mean
        relu  0.40
        tanh  0.00
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.head):
                raise ValueError(
                    f"rows[{number}]: expected {len(self.head)} cells, but got {len(row)}"
                )

    def __str__(self) -> str:
        lines = (self.head, *self.rows)
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(map(str.ljust, line, widths)).rstrip() for line in lines
        )

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in self.head)
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>{"".join(map(_cell, row[1:]))}</tr>'
            for row in self.rows
        )
        return f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cell(text: str) -> str:
    # Numbers are not to be broken, such as after the sign of an exponent.
    short = ' class="short"' if len(text) <= SHORT else ""
    return f"<td{short}>{escape(text)}</td>"
