"""The colours of the book, from ``book/_assets/colours.toml``: of pages, figures, the logo and previews."""

import re
import tomllib
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "_assets"
COLOURS = tomllib.loads((ASSETS / "colours.toml").read_text(encoding="utf8"))
LIGHT, DARK = COLOURS["light"], COLOURS["dark"]


def variables():
    """Return the colours as CSS variables; the dark ones where the system or the reader has chosen them."""

    def declared(*names):
        every = [pair for name in names for pair in COLOURS[name].items()]
        return ";".join(f"--{name}:{value}" for name, value in every)

    dark = declared("dark", "both")
    return (
        f"body{{{declared('light', 'both')}}}"
        f"@media not print{{body[data-theme=dark]{{{dark}}}"
        f"@media(prefers-color-scheme:dark){{body:not([data-theme=light]){{{dark}}}}}}}"
    )


def logo():
    """Return the logo, in which names stand for the colours of light pages."""
    svg = (ASSETS / "logo.svg").read_text(encoding="utf8")
    return re.sub(r'(?<=")(color-[\w-]+)(?=")', lambda name: LIGHT[name[1]], svg)
