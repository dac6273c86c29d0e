"""Figures for light and dark pages, and the files that are made from what Matplotlib writes."""

import base64
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from nnbook import colouring


@pytest.fixture
def svg() -> str:
    figure, ax = plt.subplots()
    ax.plot([0, 1, 3], [0.123456, 2, 1], color="#0072b2")
    ax.imshow([[0, 1], [2, 3]], cmap="gray")
    file = io.StringIO()
    figure.savefig(file, format="svg")
    plt.close(figure)
    return file.getvalue()


def test_white_becomes_the_dark_page_and_black_its_text() -> None:
    assert colouring.dark("#ffffff") == colouring.BACKGROUND
    assert colouring.dark("#000000") == colouring.TEXT


def test_greys_keep_their_order_turned() -> None:
    greys = np.repeat(np.linspace(0, 1, 50)[:, None], 3, axis=1)
    turned = colouring.oklab(colouring.darkened(greys))[:, 0]
    assert (np.diff(turned) < 0).all()


def test_colours_keep_their_hue() -> None:
    """To 2 degrees: 8 bits of a colour of chroma 0.1 leave half a degree, and what the screen cannot show, the rest."""
    for colour in ("#0072b2", "#007a5a", "#b0508c"):
        before = colouring.oklab(colouring.parsed(colour))
        after = colouring.oklab(colouring.parsed(colouring.dark(colour)))
        angles = np.degrees(np.arctan2([before[2], after[2]], [before[1], after[1]]))
        assert abs(angles[0] - angles[1]) < 2
        assert after[0] >= colouring.DARKEST - 0.01


def test_a_small_figure_has_no_date_and_shows_the_same(svg: str) -> None:
    small = colouring.small(svg)
    assert len(small) < 0.9 * len(svg)
    assert "date" in svg
    assert "date" not in small
    before = [float(number) for number in re.findall(r"[ML] ([\d.]+)", svg)]
    after = [float(number) for number in re.findall(r"[ML] ([\d.]+)", small)]
    np.testing.assert_allclose(after, before, atol=0.005 + 1e-9, rtol=0)
    assert colouring.size(small) == [614, 461]


def test_an_image_in_a_figure_is_turned_too(svg: str) -> None:
    def pixels(text: str) -> np.ndarray:
        found = colouring.IMAGE.search(text)
        assert found
        with Image.open(io.BytesIO(base64.b64decode(found[1]))) as image:
            return np.asarray(image.convert("L")).astype(int)

    light, dark = pixels(svg), pixels(colouring.dark(colouring.small(svg)))
    assert light.shape == dark.shape
    order = np.argsort(light, axis=None, kind="stable")
    assert (np.diff(dark.ravel()[order]) <= 0).all()
