"""Formats of few bits: rounding against other libraries and against the definitions."""

import math

import numpy as np
import pytest

from helpers.refusals import check_refusal, wrong_calls
from nnnotes.formats import (
    ALL,
    Format,
    bfloat16,
    e2m1,
    e4m3,
    e5m2,
    float16,
    round_blocks,
    tf32,
)
from nnnotes.special import round_to_bfloat16

each_format = pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)


def members(form, count=2000):
    """Numbers of the format of all sizes, with all of them where there are few."""
    digits = np.arange(2**form.digits) / 2**form.digits
    top = math.frexp(form.largest)[1] - 1
    exponents = np.arange(form.least, top + 1)
    if len(exponents) > 40:
        exponents = np.r_[exponents[:20], -5:5, exponents[-20:]]
    normal = np.ldexp(1 + digits, exponents[:, np.newaxis]).ravel()
    subnormal = np.ldexp(digits, form.least)
    all_ = np.unique(np.r_[subnormal, normal])
    all_ = all_[all_ <= form.largest]
    step = max(1, len(all_) // count)
    return np.unique(np.r_[all_[::step], all_[:8], all_[-8:]]), all_


@each_format
def test_numbers_of_a_format_stay_and_others_go_to_the_nearest_with_ties_to_even(form):
    some, all_ = members(form)
    signed = np.r_[-some, some]
    np.testing.assert_array_equal(form.round(signed), signed)
    assert all_[1] == form.smallest
    assert all_[-1] == form.largest
    assert all_[all_ > 1][0] - 1 == form.epsilon
    below, above = all_[:-1], all_[1:]
    near = np.diff(all_) < np.inf
    if len(all_) > 5000:
        near &= np.arange(len(near)) % 7 == 0
    below, above = below[near], above[near]
    kept = above - below <= np.maximum(below, 2.0**form.least)  # no gap in the sample
    below, above = below[kept], above[kept]
    middle = (below + above) / 2
    places = np.maximum(np.frexp(below)[1] - 1, form.least) - form.digits
    even = np.ldexp(below, -places) % 2 == 0
    np.testing.assert_array_equal(form.round(middle), np.where(even, below, above))
    np.testing.assert_array_equal(form.round(middle * (1 - 2.0**-40)), below)
    np.testing.assert_array_equal(form.round(middle * (1 + 2.0**-40)), above)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (bfloat16, "bfloat16"),
        (e5m2, "float8_e5m2"),
        (e4m3, "float8_e4m3fn"),
        (e2m1, "float4_e2m1fn"),
    ],
)
def test_other_library_rounds_alike(form, name):
    dtype = getattr(pytest.importorskip("ml_dtypes"), name)
    rng = np.random.default_rng(0)
    x = rng.standard_normal(20_000) * 2.0 ** rng.uniform(-20, 20, 20_000)
    x = x[abs(x) <= form.largest].astype(np.float32)
    expected = x.astype(dtype).astype(np.float32)
    np.testing.assert_array_equal(form.round(x), expected)


def test_half_precision_is_numpys_and_bfloat16_that_of_the_bits():
    rng = np.random.default_rng(1)
    x = rng.standard_normal(20_000) * 2.0 ** rng.uniform(-26, 18, 20_000)
    with np.errstate(over="ignore"):
        half = x.astype(np.float16).astype(np.float64)
    np.testing.assert_array_equal(float16.round(x), half)
    info = np.finfo(np.float16)
    assert (float16.largest, float16.smallest) == (info.max, info.smallest_subnormal)
    x = x.astype(np.float32)
    np.testing.assert_array_equal(bfloat16.round(x), round_to_bfloat16(x))
    # TF32 keeps the first 19 bits of a float32.
    kept = (x.view(np.uint32) & np.uint32(0xFFFFE000)).view(np.float32)
    np.testing.assert_array_equal(tf32.round(kept), kept)
    assert (tf32.round(kept + np.spacing(kept)) == kept).all()


@each_format
def test_what_is_beyond_becomes_infinite_or_the_largest_number(form):
    over = math.inf if form.infinite else form.largest
    x = np.array([math.inf, -math.inf, math.nan, form.largest])
    expected = np.array([over, -over, math.nan, form.largest])
    np.testing.assert_array_equal(form.round(x), expected)
    if form.largest < 1e38:
        np.testing.assert_array_equal(
            form.round(np.array([2.0, -2.0]) * form.largest), [over, -over]
        )


@each_format
def test_rounding_by_chance_takes_a_neighbour_and_is_right_on_average(form):
    rng = np.random.default_rng(2)
    _, all_ = members(form)
    i = np.searchsorted(all_, 1.0)
    low, high = all_[i : i + 2]
    for share in (0.1, 0.5, 0.8):
        x = np.full(40_000, low + share * (high - low))
        rounded = form.round(x, rng)
        assert set(rounded) == {low, high}
        # Four standard errors of a share.
        error = 4 * math.sqrt(share * (1 - share) / len(x))
        assert abs((rounded == high).mean() - share) < error
    np.testing.assert_array_equal(form.round(all_, rng), all_)
    again = form.round(x, np.random.default_rng(3))
    np.testing.assert_array_equal(form.round(x, np.random.default_rng(3)), again)


@pytest.mark.parametrize("scale", [None, e4m3], ids=["MX", "NV"])
def test_blocks_are_rounded_each_with_its_scale(scale):
    rng = np.random.default_rng(4)
    x = rng.standard_normal((3, 64)) * 2.0 ** rng.uniform(-9, 9, (3, 64))
    rounded = round_blocks(x, e2m1, 16, scale)
    greatest = abs(x).max() / (6 * 448)
    for row in range(3):
        for start in range(0, 64, 16):
            part = x[row, start : start + 16]
            most = abs(part).max()
            if scale is None:
                s = 2.0 ** (math.floor(math.log2(most)) - 2)
            else:
                s = greatest * e4m3.round(np.array(most / 6 / greatest))
            expected = s * e2m1.round(part / s)
            np.testing.assert_array_equal(rounded[row, start : start + 16], expected)
    # A power of 2 on everything changes nothing but the size.
    np.testing.assert_array_equal(round_blocks(4 * x, e2m1, 16, scale), 4 * rounded)
    np.testing.assert_array_equal(round_blocks(0 * x, e2m1, 16, scale), 0 * x)


@each_format
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shape_stay_and_nothing_is_changed(form, dtype):
    x = np.linspace(-3, 3, 12, dtype=dtype).reshape(3, 4)
    x.flags.writeable = False
    for result in (
        form.round(x),
        form.round(x, np.random.default_rng(0)),
        round_blocks(x, form, 2),
    ):
        assert (result.dtype, result.shape) == (dtype, (3, 4))


@wrong_calls(
    (
        lambda X: e4m3.round(np.float16(X)),
        "x: expected an array of float32 or float64, but got float16",
    ),
    (lambda X: e4m3.round(X, 0), "rng: expected a numpy.random.Generator"),
    (
        lambda X: round_blocks(X, "e2m1", 2),
        "element: expected a format such as nnnotes.formats.e4m3, but got 'e2m1'",
    ),
    (
        lambda X: round_blocks(X, e2m1, 3),
        "x: expected a last axis that is a multiple of 3, but got (2, 4)",
    ),
    (lambda X: round_blocks(X, e2m1, 0), "block: expected at least 1, but got 0"),
    (lambda X: round_blocks(X, e2m1, 2, 1.0), "scale: expected a format such as"),
    (lambda X: round_blocks(np.inf * X, e2m1, 2), "x: not all numbers are finite"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)


def test_formats_are_values():
    assert Format("FP8 E4M3", 8, 3, -6, 448.0, False) == e4m3 != e5m2
