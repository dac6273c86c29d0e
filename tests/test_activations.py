"""Activations: their code against their formulas, and their formulas against SymPy."""

import dataclasses
import itertools
import math
import re

import mpmath
import numpy as np
import pytest
import scipy.special
import sympy

import nnnotes
from helpers.members import ends, sides, with_variants
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import gelu, tanh
from nnnotes.activations import (
    ALL,
    BLOCK,
    ELU,
    Activation,
    LeakyReLU,
    identity,
    relu,
    sigmoid,
    silu,
    softmax,
    step,
)
from nnnotes.exactness import exact, grid, ulps
from nnnotes.formula import MATHEMATICS, evaluate, expression

MEMBERS = with_variants(ALL, LeakyReLU(-0.5), LeakyReLU(1.0))
DTYPES = (np.float16, np.float32, np.float64)
Z, A = sympy.symbols("z a", real=True)

each_member = pytest.mark.parametrize("g", MEMBERS, ids=repr)
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


def formulas(g):
    """The value, and the slope in z and a, with the member's parameters as they are."""
    numbers = {
        sympy.Symbol(name, real=True): sympy.Rational(x)
        for name, x in g.parameters.items()
    }
    return [
        expression(text).subs(numbers) for text in (g.formula, g.derivative_formula)
    ]


def spread(text, g, z, numbers):
    """By how many ulps a result moves where z moves to the next number."""
    moved = []
    for end in (-np.inf, np.inf):
        with np.errstate(over="ignore"):
            near = np.nextafter(z, z.dtype.type(end))
        near = np.where(np.isfinite(near), near, z)
        a = exact(g.formula, g.parameters, near)
        pairs = zip(exact(text, g.parameters, near, a=a), numbers, strict=True)
        moved.append([abs(one - other) for one, other in pairs])
    with np.errstate(over="ignore", invalid="ignore"):
        unit = np.spacing(np.abs(np.array(numbers, float).astype(z.dtype)))
        return np.nan_to_num(np.max(np.array(moved, float), axis=0) / unit)


@each_member
@each_dtype
@pytest.mark.no_cover  # of mpmath's calls, which would take twice as long
def test_value_and_derivative_are_the_formulas_to_the_last_digits(g, dtype):
    z = grid(dtype)
    values = exact(g.formula, g.parameters, z)
    slopes = exact(g.derivative_formula, g.parameters, z, a=values)
    away = np.all([z < np.inf, *(abs(z - c) >= 0.5 for c in g.crossings)], axis=0)
    # NumPy's exp errs by up to 2.6 ulp in float32, and by 1 in float64. Two of the
    # latter, or one of the former, and some halves from sums and products: below 4, and
    # where a square doubles it, below 8.
    for function, text, numbers, most, where in (
        (g, g.formula, values, 4, True),
        (g.derivative, g.derivative_formula, slopes, 8, away),
    ):
        fits = [abs(number) <= np.finfo(dtype).max for number in numbers]
        # An argument that is scaled may be beyond the largest number, if the result is not.
        over = "ignore" if g.rescales else "raise"
        with np.errstate(over=over, invalid="raise", divide="raise"):
            function(z[fits])
        with np.errstate(over="ignore"):
            error = ulps(function(z), numbers)
        if g.rescales:
            error -= spread(text, g, z, numbers)
        assert (error <= most)[where].all(), z[error.argmax()]


@pytest.mark.parametrize("g", [g for g in MEMBERS if g.crossings], ids=repr)
@each_dtype
def test_close_to_a_crossing_the_slope_errs_by_some_ulps_of_its_terms(g, dtype):
    for crossing in g.crossings:
        beside = np.array([crossing - 1e-4, crossing + 1e-4])
        a = exact(g.formula, g.parameters, beside)
        left, right = exact(g.derivative_formula, g.parameters, beside, a=a)
        assert left * right < 0
        z = grid(dtype)
        z = z[abs(z - crossing) < 0.5]
        a = exact(g.formula, g.parameters, z)
        slopes = exact(g.derivative_formula, g.parameters, z, a=a)
        distances = [
            abs(mpmath.mpf(float(result)) - number)
            for result, number in zip(g.derivative(z), slopes, strict=True)
        ]
        # The terms are up to 1/2, or as large as what they make elsewhere.
        assert max(distances) <= 8 * np.finfo(dtype).eps / 2 * max(1, *map(abs, slopes))
    # What a docstring says of one is true.
    said = re.findall(r"The slope is 0 at z = (-?[\d.]*\d)", g.__doc__)
    assert set(map(float, said)) <= set(g.crossings)


@each_member
def test_derivative_formula_is_the_derivative_on_each_side_of_each_kink(g):
    value, slope = expression(g.formula), expression(g.derivative_formula)
    if set(g.kinks) - {0.0}:  # which a parameter may have moved there
        value, slope = formulas(g)
    _, p, intervals = sides(g)
    for z in intervals:
        a = value.subs(Z, z).doit()
        derivative = sympy.diff(a, p) / sympy.diff(z, p)  # the chain rule
        claimed = slope.subs({Z: z, A: a}).doit()
        assert sympy.simplify(claimed - derivative) == 0, z


@each_member
def test_value_or_slope_jumps_at_the_kinks_only_and_is_there_what_the_formula_says(g):
    value, slope = formulas(g)
    points, p, intervals = sides(g)
    for end, (left, right) in zip(points, itertools.pairwise(intervals), strict=True):
        limits = []
        for z in (left, right):
            a = value.subs(Z, z).doit()
            # An interval between two ends begins at p = 0.
            at = sympy.oo if z is left and z is not intervals[0] else 0
            derivative = sympy.diff(a, p) / sympy.diff(z, p)
            limits.append([sympy.limit(f, p, at) for f in (a, derivative)])
        jumps = any(sympy.simplify(x - y) != 0 for x, y in zip(*limits, strict=True))
        assert jumps == (float(end) in g.kinks)
        a = value.subs(Z, end).doit()
        at = slope.subs({Z: end, A: a}).doit()
        for zero in (1, -1) if end == 0 else (1,):  # minus zero is zero
            assert g(zero * float(end)) == pytest.approx(float(a), rel=1e-15, abs=0)
            assert g.derivative(zero * float(end)) == pytest.approx(
                float(at), rel=1e-15, abs=0
            )


@each_member
def test_smoothness_is_the_number_of_derivatives_that_are_continuous(g):
    value, _ = formulas(g)
    bends = sympy.Piecewise | sympy.Abs | sympy.Max | sympy.Min
    if not any(isinstance(node, bends) for node in sympy.preorder_traversal(value)):
        assert g.smoothness == math.inf  # put together of smooth functions only
        return
    points, p, intervals = sides(g)
    continuous = []
    for end, (left, right) in zip(points, itertools.pairwise(intervals), strict=True):
        limits = []
        for z in (left, right):
            at = sympy.oo if z is left and z is not intervals[0] else 0
            f = value.subs(Z, z).doit()
            limits.append([])
            for _ in range(4):  # the value, and three derivatives
                limits[-1].append(sympy.limit(f, p, at))
                f = sympy.simplify(sympy.diff(f, p) / sympy.diff(z, p))
        same = [sympy.simplify(a - b) == 0 for a, b in zip(*limits, strict=True)]
        continuous.append([*same, False].index(False))
        assert (continuous[-1] < 2) == (float(end) in g.kinks)
    order = min(continuous) - 1
    assert g.smoothness == (math.inf if order == 3 else order)


def extremes(g):
    """The least and the greatest value that g takes near 0, to some fifteen digits."""
    coarse = np.union1d(np.linspace(-12, 12, 481), g.kinks)
    values = exact(g.formula, g.parameters, coarse)
    found = []
    for sign in (1, -1):
        z, numbers = coarse, [sign * value for value in values]
        # The value at a smooth minimum has twice as many right digits as its place.
        for _ in range(5):
            k = int(np.argmin(numbers))
            near = np.linspace(z[max(k - 1, 0)], z[min(k + 1, len(z) - 1)], 21)
            z = np.union1d(near, z[k])
            numbers = [sign * x for x in exact(g.formula, g.parameters, z)]
        found.append(sign * min(numbers))
    return found


@each_member
def test_range_is_the_set_of_values(g):
    first, last = g.range[0], g.range[-1]
    texts = g.range[1:-1].split(", ")
    low, high = ends(g.range, **g.parameters)
    if first == "{":
        z = np.linspace(-12, 12, 481)
        assert set(exact(g.formula, g.parameters, z)) == {low, high}
        return
    assert g.smoothness >= 0  # so that what lies between two values is one, too
    far = exact(g.formula, g.parameters, np.array([-1e30, 1e30, -1e60, 1e60]))
    least, greatest = extremes(g)
    for sign, end, text, reached, most in (
        (1, low, texts[0], first == "[", least),
        (-1, high, texts[1], last == "]", -greatest),
    ):
        worst = min(sign * number for number in far[:2])
        worse = min(sign * number for number in far[2:])
        if math.isinf(end):
            assert (sign * end, reached) == (-math.inf, False)
            # Even a logarithm doubles.
            assert worse < 1.5 * worst < 0
            continue
        if reached:
            # What has no closed form is rounded.
            rounded = re.fullmatch(r"-?\d+\.\d{6}", text)
            close = {"abs": 5e-7} if rounded else {"rel": 1e-15, "abs": 0}
            assert float(most) == pytest.approx(sign * end, **close)
            assert min(worst, worse) >= most
        else:
            assert most > sign * end
            assert sign * end == pytest.approx(float(worst), rel=1e-15, abs=1e-15)


@each_member
def test_latex_of_the_range_holds_its_ends(g):
    assert (g.range_latex[-1], "oo" in g.range_latex) == (g.range[-1], False)
    assert g.range_latex.count(r"\infty") == g.range.count("oo")


def test_latex_of_ranges_of_each_kind():
    assert [h.range_latex for h in (relu, step, silu, ELU(0.3), sigmoid)] == [
        r"[0, \infty)",
        r"\{0, 1\}",
        r"[-0.278465, \infty)",
        r"(- \alpha, \infty)",
        "(0, 1)",
    ]


@each_member
def test_values_at_infinity_are_the_limits(g):
    for text, function in ((g.formula, g), (g.derivative_formula, g.derivative)):
        for sign in (-1, 1):
            # So far out that each of them is its limit, or goes on growing.
            far = sign * np.array([1e30, 1e60])
            a = exact(g.formula, g.parameters, far)
            number, further = exact(text, g.parameters, far, a=a)
            result = function(sign * np.inf)
            if abs(further) > 1.5 * abs(number) > 1:  # even a logarithm doubles
                assert result == np.sign(float(mpmath.sign(number))) * np.inf
            else:
                assert result == pytest.approx(float(number), rel=1e-15, abs=1e-15)


@each_member
@each_dtype
def test_nan_stays_nan_and_nothing_warns(g, dtype):
    z = np.array([np.nan, 1, -np.inf, np.inf, -0.0], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        results = g(z), g.derivative(z)
    assert np.isnan(results[0]).tolist() == [True, False, False, False, False]
    assert np.isnan(results[1]).tolist()[1:] == [False] * 4
    # In the formula of the slope no condition holds for nan.
    functions = {
        **MATHEMATICS,
        "max": lambda *x: np.max(x),
        "min": lambda *x: np.min(x),
    }
    names = {**g.parameters, "z": np.nan, "a": np.nan, "pi": math.pi}
    expected = dtype(evaluate(g.derivative_formula, functions, names))
    assert np.array_equal(results[1][0], expected, equal_nan=True)


@each_member
@each_dtype
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (2, 0)])
def test_dtype_and_shape_stay_and_the_result_is_new(g, dtype, shape):
    z = np.linspace(-2, 2, int(np.prod(shape)), dtype=dtype).reshape(shape)
    before = z.copy()
    z.flags.writeable = False
    for result in (g(z), g.derivative(z)):
        assert (result.dtype, result.shape) == (dtype, shape)
        assert not np.shares_memory(result, z)
    np.testing.assert_array_equal(z, before)


@each_member
@pytest.mark.parametrize("method", ["__call__", "derivative"])
@pytest.mark.parametrize(
    "z",
    [
        3,
        -2.5,
        True,
        np.int8(-3),
        np.array([-1, 2]),
        np.array([0, 7], np.uint8),
        np.array([False]),
    ],
    ids=repr,
)
def test_python_numbers_integers_and_booleans_are_computed_in_float64(g, method, z):
    result = getattr(g, method)(z)
    assert isinstance(result, np.float64 | np.ndarray)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, getattr(g, method)(np.asarray(z, np.float64)))


@pytest.mark.parametrize("method", ["__call__", "derivative"])
@pytest.mark.parametrize(
    ("z", "got"),
    [
        (1j, "complex128"),
        ("1", "str32"),
        (None, "objects such as None"),
        (object, "objects such as <class 'object'>"),
        (np.array([1j], np.complex64), "complex64"),
        (np.array(["2020"], "datetime64[Y]"), "datetime64"),
    ],
)
def test_what_is_no_real_number_is_an_error_that_names_z(method, z, got):
    with pytest.raises(TypeError) as error:
        getattr(relu, method)(z)
    assert str(error.value).startswith(f"z: expected real numbers, but got {got}")


@pytest.mark.parametrize("alpha", [0, 0.0, -0.0, np.inf, -np.inf, np.nan])
def test_leaky_relu_wants_a_finite_slope_other_than_zero(alpha):
    with pytest.raises(
        ValueError, match=r"^alpha: expected a finite slope other than 0, but got"
    ):
        LeakyReLU(alpha)


def test_parameters_are_those_of_the_papers_if_none_are_given():
    assert (LeakyReLU().alpha, ELU().alpha) == (0.01, 1.0)


@pytest.mark.parametrize("alpha", [-3.0, -0.5, 0.01, 0.5, 1.0, 1.5, 2.0])
def test_leaky_relu_is_a_maximum_for_slopes_up_to_one_only(alpha):
    z = np.linspace(-3, 3, 25)
    assert np.array_equal(LeakyReLU(alpha)(z), np.maximum(alpha * z, z)) == (alpha <= 1)


@pytest.mark.parametrize("g", ALL, ids=repr)
def test_latex_holds_no_words(g):
    for latex in (g.latex, g.derivative_latex):
        letters = re.sub(
            r"\\(begin|end)\{cases\}|\\(operatorname|mathrm)\{\w+\}|\\[A-Za-z]+",
            " ",
            latex,
        )
        assert not re.search("[A-Za-z]{2,}", letters), latex
    assert g._repr_latex_() == f"$g(z) = {g.latex}$"


@each_member
def test_repr_is_the_call_that_makes_an_equal_one(g):
    same = eval(repr(g), vars(nnnotes))
    assert same == g
    assert hash(same) == hash(g)
    assert [other for other in MEMBERS if other == g] == [g]
    assert g.name == repr(g).removesuffix("()")


def test_a_parameter_is_fixed_and_part_of_the_name():
    g = LeakyReLU(0.3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        g.alpha = 0.2
    assert (g.name, identity.name) == ("LeakyReLU(alpha=0.3)", "Identity")


@pytest.mark.parametrize("alpha", [0, -1.0, np.inf, np.nan])
def test_elu_wants_a_finite_limit_greater_than_zero(alpha):
    with pytest.raises(
        ValueError, match=r"^alpha: expected a finite number greater than 0, but got"
    ):
        ELU(alpha)


def test_elu_and_leaky_relu_have_a_kink_unless_alpha_is_one():
    assert (ELU().kinks, ELU(0.5).kinks) == ((), (0.0,))
    assert (LeakyReLU(1.0).kinks, LeakyReLU(0.5).kinks) == ((), (0.0,))


def test_constants_of_selu_make_mean_zero_and_variance_one_a_fixed_point():
    with mpmath.workdps(30):
        root, half = mpmath.sqrt(mpmath.e), mpmath.erfc(1 / mpmath.sqrt(2))
        # E exp(z) and E exp(2z) over z < 0 complete the square in the normal density.
        mean_left = (root * half - 1) / 2  # of exp(z) - 1
        square = (mpmath.e**2 * mpmath.erfc(mpmath.sqrt(2)) - 2 * root * half + 1) / 2
        alpha = -1 / (mpmath.sqrt(2 * mpmath.pi) * mean_left)  # the mean is 0
        lambda_ = 1 / mpmath.sqrt(mpmath.mpf(1) / 2 + alpha**2 * square)
        assert nnnotes.selu.alpha == float(alpha)
        assert nnnotes.selu.lambda_ == float(lambda_)


@each_member
@each_dtype
def test_large_arrays_are_computed_in_blocks_with_the_same_result(g, dtype):
    z = np.linspace(-9, 9, 2 * BLOCK + 8, dtype=dtype)
    few = np.array_split(z, 5)
    for function in (g, g.derivative):
        expected = np.concatenate([function(part) for part in few])
        np.testing.assert_array_equal(function(z), expected)
        turned = z.reshape(4, -1).T  # not contiguous
        np.testing.assert_array_equal(function(turned), expected.reshape(4, -1).T)


def test_softmax_is_scipys_and_its_product_that_with_the_whole_jacobian():
    rng = np.random.default_rng(0)
    Z, V = 5 * rng.standard_normal((2, 4, 6))
    A = softmax(Z)
    # Some ten roundings, of the exponent and of the sum.
    np.testing.assert_allclose(A, scipy.special.softmax(Z, axis=0), rtol=1e-14)
    for a, v, product in zip(A.T, V.T, softmax.jvp(Z, V).T, strict=True):
        jacobian = np.diag(a) - np.outer(a, a)
        np.testing.assert_allclose(product, jacobian @ v, rtol=0, atol=1e-14)
    for dtype in DTYPES:
        assert softmax.jvp(Z.astype(dtype), V.astype(dtype)).dtype == dtype


def test_formulas_of_softmax_are_its_derivative():
    n = 3
    z, v = sympy.symbols("z1:4", real=True), sympy.symbols("v1:4", real=True)
    i = sympy.Symbol("i", integer=True, positive=True)

    def written_out(text, unit, **arrays):
        formula = expression(text).subs(
            sympy.Symbol("n", integer=True, positive=True), n
        )
        formula = formula.subs(i, unit).doit()
        for name, numbers in arrays.items():
            array = sympy.IndexedBase(sympy.Symbol(name, real=True), real=True)
            formula = formula.subs({array[k + 1]: x for k, x in enumerate(numbers)})
        return formula

    a = [written_out(softmax.formula, k + 1, z=z) for k in range(n)]
    for k in range(n):
        product = sum(sympy.diff(a[k], z[j]) * v[j] for j in range(n))
        claimed = written_out(softmax.derivative_formula, k + 1, a=a, v=v)
        assert sympy.simplify(claimed - product) == 0
    assert softmax._repr_latex_() == f"$a_i = {softmax.latex}$"
    assert softmax.derivative_latex != softmax.latex


@wrong_calls(
    (lambda: relu(None), "z: expected real numbers, but got objects such as None"),
    (
        lambda W: relu(np.ma.array(W, mask=W > 0)),
        "z: expected a plain NumPy array, but got masked_array(",
    ),
    (
        lambda W: softmax(np.ma.array(W, mask=W > 0)),
        "Z: expected a plain NumPy array, but got masked_array(",
    ),
    (lambda: tanh.derivative(1j), "z: expected real numbers, but got complex128"),
    (lambda: LeakyReLU(0), "alpha: expected a finite slope other than 0, but got 0"),
    (
        lambda: LeakyReLU("steep"),
        "alpha: expected a finite slope other than 0, but got 'steep'",
    ),
    (
        lambda: LeakyReLU(None),
        "alpha: expected a finite slope other than 0, but got None",
    ),
    (
        lambda W: LeakyReLU(W),
        "alpha: expected a finite slope other than 0, but got array",
    ),
    (lambda: ELU(-1), "alpha: expected a finite number greater than 0, but got -1"),
    (lambda: ELU(1j), "alpha: expected a finite number greater than 0, but got 1j"),
    (lambda: gelu("1"), "z: expected real numbers, but got str32"),
    (
        lambda X: softmax(X[0]),
        "Z: the number of axes is 1, but must be 2; expected (n_out, m), got (4,)",
    ),
    (lambda X: softmax(X.tolist()), "Z: expected a NumPy array, but got [[1.0"),
    (
        lambda X: softmax(X.astype(int)),
        "Z: expected a floating-point dtype, such as float64, but got int64",
    ),
    (
        lambda X, Y: softmax.jvp(X, Y),
        "V: axis n_out is 1, but Z has n_out = 2; expected (n_out, m), got (1, 4)",
    ),
    (
        lambda X: softmax(X[:, :0]),
        "Z: axis m is empty; expected (n_out, m), got (2, 0)",
    ),
    (
        lambda: relu([[1.0], [1.0, 2.0]]),
        "z: the rows differ in length; got [[1.0], [1.0, 2.0]]",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)


class Scaled(Activation):
    """No dataclass, and so without a comparison of its own."""

    formula = "k * z"
    derivative_formula = "k"

    def __init__(self, k):
        self.k = k

    def value(self, z):
        return self.k * z

    def slope(self, z):
        return np.full_like(z, self.k)


def test_an_activation_that_is_no_dataclass_is_equal_by_its_parameters():
    assert Scaled(2.0) == Scaled(2.0) != Scaled(3.0)
    assert len({Scaled(2.0), Scaled(2.0), Scaled(3.0)}) == 2
    assert Scaled(2.0).parameters == {"k": 2.0}
    assert identity != Scaled(1.0)


def test_parameter_beyond_the_dtype_of_the_numbers_is_an_error():
    z = np.array([-1.0, 0.0, 1.0])
    steep = LeakyReLU(1e39)
    np.testing.assert_array_equal(steep(z), [-1e39, 0, 1])
    for method in (steep, steep.derivative):
        with pytest.raises(ValueError, match=r"^alpha: 1e\+39 is beyond the largest"):
            method(z.astype(np.float32))


@each_member
def test_numbers_whose_bytes_are_in_another_order_are_the_same_numbers(g):
    z = np.array([-1.5, 0.25, 3.0])
    swapped = z.astype(z.dtype.newbyteorder())
    for method in (g, g.derivative):
        assert method(swapped).dtype == np.float64
        np.testing.assert_array_equal(method(swapped), method(z))


def test_nothing_that_is_not_a_number_becomes_one():
    assert np.isnan(step(np.nan))
    assert np.isnan(step(np.array([np.nan, 1.0], np.float16))).tolist() == [True, False]


def test_lists_are_taken_and_must_have_one_length():
    assert relu([[-1, 2], [3, -4]]).tolist() == [[0, 2], [3, 0]]
    with pytest.raises(ValueError, match=r"^z: the rows differ in length"):
        relu([[1.0], [1.0, 2.0]])
