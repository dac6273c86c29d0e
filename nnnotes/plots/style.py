"""The style of all plots, once: colours that mean the same everywhere, Matplotlib's settings, and the words."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nnnotes._checks import check_kind, shown
from nnnotes.arrays import Array

# Each has a contrast of 3 to white at least. On dark pages they keep their hue.
BLUE, ORANGE, RED, GREEN, PLUM = "#0072b2", "#c65102", "#e0245e", "#005a20", "#9d448c"
OLIVE, CYAN, VIOLET = "#7a6400", "#0f7f8f", "#7a4fb5"
TEXT, MUTED, LIGHT = "#23282c", "#5c666e", "#dde1e4"

# What each colour means in all plots. Most colour-blind readers, too, can tell the meanings apart.
COLOURS: dict[str, str] = {
    "value": BLUE,
    "slope": ORANGE,
    "forward": BLUE,
    "backward": ORANGE,
    "class 0": GREEN,
    "class 1": PLUM,
    "wrong": RED,
    "measured": BLUE,
    "theory": TEXT,
}

# The colours of things that are compared, in their order: none of them says slope or wrong.
SERIES = (BLUE, GREEN, PLUM, OLIVE, CYAN, VIOLET, MUTED, TEXT)

CLASSES = (
    COLOURS["class 0"],
    COLOURS["class 1"],
    BLUE,
    OLIVE,
    ORANGE,
    CYAN,
    VIOLET,
    RED,
    MUTED,
    TEXT,
)
MARKERS = "osD^vP*Xhd"

# Matplotlib's settings for all figures: no box, no numbers hidden in an offset.
STYLE: dict[str, Any] = {
    # Up to 5.4 inches wide, text of 10 points has 9 pixels on a phone.
    "figure.figsize": (5.0, 3.2),
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "axes.titlesize": "medium",
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-99, 99),
    "axes.formatter.use_mathtext": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": f"cycler('color', {list(SERIES)})",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": TEXT,
    "ytick.labelcolor": TEXT,
    "xtick.labelsize": "medium",
    "ytick.labelsize": "medium",
    "grid.color": LIGHT,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}

# All the words that the plots write, whole: an edition in another language puts its own in their place.
WORDS: dict[str, str] = {
    "activation": "activation $a$",
    "back": "← back",
    "forward": "forward →",
    "input": "input",
    "input j": "input $j$",
    "input x_1": "input $x_1$",
    "input x_2": "input $x_2$",
    "layer": "layer $l$",
    "layer number": "layer {number}",
    "loss": "loss $J$",
    "mean of a^2": "mean of $a^2$",
    "pre-activation": "pre-activation $z$",
    "slope": "slope {number}",
    "step": "step $t$",
    "unit i": "unit $i$",
    "units": "units {numbers}",
    "weight": "weight $w$",
    "weight w_1": "weight $w_{i1}$",
    "weight w_2": "weight $w_{i2}$",
}

AN_AXES = "one Axes of Matplotlib, such as plt.figure().add_subplot()"


def check_ax(ax: object) -> None:
    check_kind("ax", ax, Axes, AN_AXES)


def check_axes(axes: object) -> list[Axes]:
    """Return several axes as a list."""
    if isinstance(axes, np.ndarray):
        axes = axes.ravel().tolist()
    if not isinstance(axes, list | tuple):
        raise TypeError(f"axes: expected a list of Axes, but got {shown(axes)}")
    for number, ax in enumerate(axes):
        check_kind(f"axes[{number}]", ax, Axes, AN_AXES)
    return list(axes)


def written(value: float | Array, digits: int = 3) -> str:
    """Write a number with so many significant digits, a true minus sign, and a power of ten where it is far from 1."""
    rounded = float(f"{float(value):.{digits - 1}e}") + 0.0
    exponent = int(f"{rounded:e}".partition("e")[2])
    if -5 < exponent < 5:
        return np.format_float_positional(rounded, trim="-").replace("-", "−")
    mantissa = np.format_float_positional(rounded / 10.0**exponent, digits, trim="-")
    times = "" if abs(float(mantissa)) == 1 else rf"{mantissa}\times"
    sign = "-" if mantissa == "-1" else ""
    return rf"${sign}{times}10^{{{exponent}}}$"


def bracketed(value: float | Array, digits: int = 3) -> str:
    """Write a number as a factor: a negative one in brackets."""
    text = written(value, digits)
    return f"({text})" if value < 0 else text
