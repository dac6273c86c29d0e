"""Colours of figures on dark pages, and small files: for what the build draws, and for what a reader's browser does.

Greys from white to black become greys from the dark page's background to its text. Other colours keep their hue and
become as light as a line on a dark page has to be.
"""

import base64
import io
import re

import numpy as np

from nnbook.colours import DARK

BACKGROUND, TEXT = DARK["color-background-primary"], DARK["color-foreground-primary"]
GREY = 0.04  # the chroma below which a colour is taken for a grey
LIGHTEST, DARKEST = 0.86, 0.66  # lightness of other colours on dark pages

COLOUR = re.compile(r"#[0-9a-f]{6}\b")
IMAGE = re.compile(r"data:image/png;base64,\s*([^\"]+)")
NUMBER = re.compile(r"-?\d+\.\d+")
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(rgb):
    """Convert sRGB, from 0 to 1, to lightness and two coordinates of hue and chroma as the eye has them (Oklab)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ TO_LMS.T) @ TO_LAB.T


def srgb(lab):
    linear = (lab @ np.linalg.inv(TO_LAB).T) ** 3 @ np.linalg.inv(TO_LMS).T
    linear = np.clip(linear, 0, 1)
    bright = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.clip(np.where(linear <= 0.0031308, 12.92 * linear, bright), 0, 1)


def parsed(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def darkened(rgb, lines=True):
    """Give the colours of a dark page for those of a light one.

    With lines, colours that are no greys become light enough for lines; without, as in images, all are turned alike,
    so that their order by lightness stays whole.
    """
    lab = oklab(rgb)
    ends = oklab(np.array([parsed(BACKGROUND), parsed(TEXT)]))
    depth = 1 - np.clip(lab[..., :1], 0, 1)
    chroma = np.hypot(lab[..., 1:2], lab[..., 2:])
    turned = ends[0] + depth**0.65 * (ends[1] - ends[0])
    light = DARKEST + (LIGHTEST - DARKEST) * depth if lines else turned[..., :1]
    coloured = np.concatenate([light, lab[..., 1:]], axis=-1)
    return srgb(np.where(chroma < GREY, turned, coloured))


def written(rgb):
    return "#" + "".join(f"{round(255 * float(part)):02x}" for part in rgb)


def darkened_image(match):
    from PIL import Image  # only here: not every figure holds an image

    with Image.open(io.BytesIO(base64.b64decode(match[1]))) as image:
        pixels = np.asarray(image.convert("RGBA")) / 255
    rgb = darkened(pixels[..., :3], lines=False)
    pixels = np.rint(255 * np.concatenate([rgb, pixels[..., 3:]], axis=-1))
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def dark(svg):
    svg = COLOUR.sub(lambda match: written(darkened(parsed(match[0]))), svg)
    svg = IMAGE.sub(darkened_image, svg)
    return svg.replace("<svg ", f'<svg fill="{TEXT}" ', 1)  # what names no colour


def small(svg):
    """Leave out what shows nothing: metadata with the date, comments, line breaks, and digits below 0.005 point."""
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>", "", svg, flags=re.DOTALL)

    def rounded(match):
        return NUMBER.sub(lambda number: f"{float(number[0]):.2f}", match[0])

    svg = re.sub(r' (?:d|x|y)="[^"]*"|translate\([^)]*\)', rounded, svg)
    svg = re.sub(r'(?<=["\d.]) ?\n(?=[A-Zz"])', "", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return re.sub(r"> +<", "><", svg).strip()


def size(svg):
    """Return width and height in pixels; Matplotlib gives them in points."""
    return [
        round(float(re.search(rf'<svg [^>]*\b{name}="([\d.]+)pt"', svg)[1]) * 4 / 3)
        for name in ("width", "height")
    ]
