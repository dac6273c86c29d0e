"""Figures: small SVG files, each in two renderings, for light pages and for dark ones; no page moves while they load.

A chapter's SVG is rewritten without dates and with fewer digits. The rendering for dark pages has its colours changed
one by one, so that what stands out goes on to stand out: colouring.py. Images inside the SVG, as of a matrix, change in
the same way, so that numbers written on them stay readable. The page shows the one that fits its own colours. A
figure of the class ``as-drawn`` stays as it is on both: give it where the text speaks of what is black, white, dark or
bright in the figure, or where a bar says what the colours of marks mean: bar and marks would change in two ways.
"""

import hashlib
import os
from pathlib import Path

from docutils import nodes

from nnbook.colouring import dark, size, small

AS_DRAWN = "as-drawn"


def render_twice(app, doctree):
    """Give each figure of a cell its two files, and the second a place beside the first."""
    drawn = [
        image
        for image in doctree.findall(nodes.image)
        if "jupyter_execute" in image["uri"] and image["uri"].endswith(".svg")
    ]
    for position, image in enumerate(drawn):
        path = Path(app.srcdir, image["uri"].lstrip("/"))
        svg = small(path.read_text(encoding="utf8"))
        image["size"] = size(svg)
        image["loading"] = "lazy" if position else "eager"
        twin = image.deepcopy()
        place(app, image, svg, svg, "light")
        if AS_DRAWN in image["classes"]:
            continue
        image["classes"].append("only-light")
        place(app, twin, svg, dark(svg), "dark")
        twin["classes"].append("only-dark")
        twin["loading"] = "lazy"
        image.parent.insert(image.parent.index(image) + 1, twin)


def place(app, image, drawn, svg, kind):
    """Write a rendering to a file that is named for what was drawn."""
    folder = Path(app.outdir).parent / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(drawn.encode()).hexdigest()[:16]
    target = folder / f"{name}-{kind}.svg"
    target.write_text(svg, encoding="utf8")
    image["uri"] = "/" + Path(os.path.relpath(target, app.srcdir)).as_posix()


# A phone shows a figure 360 pixels wide. One wider than this would become so small there that its text of 10 points is
# below 9 pixels. So it scrolls in its box, at a width that leaves 9.
WIDE, LEAST = 533, 0.68


def visit_image(self, node):
    type(self).visit_image(self, node)
    if "size" in node:
        width, height = node["size"]
        sized = f'<img width="{width}" height="{height}" decoding="async" '
        if width > WIDE:
            sized += f'style="--least: {round(LEAST * width)}px" '
        self.body[-1] = self.body[-1].replace("<img ", sized, 1)


def depart_image(self, node):
    type(self).depart_image(self, node)


def forget_old(app, exception):
    """Delete the figures that no page shows any more."""
    shown = {name for _, name in app.env.images.values()}
    for path in Path(app.outdir, app.builder.imagedir).glob("*.*"):
        if path.name not in shown:
            path.unlink()
