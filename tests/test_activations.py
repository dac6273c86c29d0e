"""Activations: their code against their formulas, and their formulas against SymPy."""

import dataclasses
import itertools
import re

import mpmath
import numpy as np
import pytest
import sympy

import nnnotes
from nnnotes.activations import ALL, LeakyReLU, identity, relu
from nnnotes.formula import expression

# One more, so that a parameter that never reaches the code is seen.
MEMBERS = (*ALL, LeakyReLU(-0.5))
DTYPES = (np.float16, np.float32, np.float64)
Z, A = sympy.symbols("z a", real=True)

each_member = pytest.mark.parametrize("g", MEMBERS, ids=repr)
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


def formulas(g):
    """The value, and the slope in z and a, with the member's parameters as they are."""
    fields = {
        sympy.Symbol(name, real=True): sympy.Rational(x) for name, x in vars(g).items()
    }
    return [expression(text).subs(fields) for text in (g.formula, g.derivative_formula)]


def grid(dtype):
    """Numbers of each magnitude; close together where something begins to overflow."""
    info = np.finfo(dtype)
    overflow, underflow = np.log(float(info.max)), -np.log(float(info.tiny))
    lost = -np.log(float(info.eps))  # from here on 1 + exp(-z) is 1
    edges = [lost, overflow, underflow, underflow + lost]
    positive = [
        np.geomspace(float(info.tiny), 1, 60),
        np.linspace(0, 1.2 * (underflow + lost), 120),
        # Squares reach those edges at half the way.
        *(np.linspace(x - 1, x + 1, 11) for edge in edges for x in (edge / 2, edge)),
    ]
    ends = np.array([info.smallest_subnormal, info.tiny, info.max / 2, info.max])
    positive = np.concatenate([np.concatenate(positive), ends]).astype(dtype)
    return np.concatenate([-positive, positive])


def ulps(results, exact):
    """How far results are from exact numbers, in units of the last place.

    The unit is never below the smallest subnormal, whatever the number.
    """
    info = np.finfo(results.dtype)
    distances = []
    for result, number in zip(results, exact, strict=True):
        exponent = mpmath.frexp(number)[1] - 1 if number else info.minexp
        unit = mpmath.ldexp(1, max(exponent, info.minexp) - info.nmant)
        distances.append(float(abs(mpmath.mpf(float(result)) - number) / unit))
    return np.array(distances)


@each_member
@each_dtype
def test_value_and_derivative_are_the_formulas_to_the_last_digits(g, dtype):
    z = grid(dtype)
    value, slope = formulas(g)
    # Near 1 the formulas cancel: slopes of 1e-323 need 323 digits more than the fifty.
    cancelled = -np.log10(float(np.finfo(dtype).smallest_subnormal))
    with mpmath.workdps(50 + int(cancelled) + 1):
        value = sympy.lambdify(Z, value, "mpmath")
        slope = sympy.lambdify((Z, A), slope, "mpmath")
        exact = [mpmath.mpf(float(x)) for x in z]
        values = [value(x) for x in exact]
        slopes = [slope(x, a) for x, a in zip(exact, values, strict=True)]
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            value_error = ulps(g(z), values)
            slope_error = ulps(g.derivative(z), slopes)
    # NumPy's exp errs by up to 2.6 ulp in float32. A sum and a quotient add half a unit
    # each, and squaring doubles the error: below 4, and below 2 * 3.6 + 0.5 < 8.
    assert value_error.max() <= 4, z[value_error.argmax()]
    assert slope_error.max() <= 8, z[slope_error.argmax()]


def sides(g):
    """The open intervals between the kinks, each as an expression in p > 0."""
    p = sympy.Symbol("p", positive=True)
    if not g.kinks:
        return p, [sympy.log(p)]  # all of the real line
    kinks = [sympy.Rational(kink) for kink in sorted(g.kinks)]
    between = [a + (b - a) * p / (1 + p) for a, b in itertools.pairwise(kinks)]
    return p, [kinks[0] - p, *between, kinks[-1] + p]


@each_member
def test_derivative_formula_is_the_derivative_on_each_side_of_each_kink(g):
    value, slope = expression(g.formula), expression(g.derivative_formula)
    p, intervals = sides(g)
    for z in intervals:
        a = value.subs(Z, z).doit()
        derivative = sympy.diff(a, p) / sympy.diff(z, p)  # the chain rule
        claimed = slope.subs({Z: z, A: a}).doit()
        assert sympy.simplify(claimed - derivative) == 0, z


@each_member
def test_slope_jumps_at_the_kinks_and_is_there_what_the_formula_says(g):
    value, slope = formulas(g)
    p, intervals = sides(g)
    for kink, left, right in zip(
        sorted(g.kinks), intervals, intervals[1:], strict=False
    ):
        before, after = (
            slope.subs({Z: z, A: value.subs(Z, z)}).doit().subs(p, 1)
            for z in (left, right)
        )
        assert before != after
        at = slope.subs({Z: kink, A: value.subs(Z, kink)}).doit()
        assert g.derivative(kink) == float(at)
        assert g.derivative(-kink) == float(at)  # minus zero is zero


@each_member
def test_values_at_infinity_are_the_limits(g):
    value, _ = formulas(g)
    p, intervals = sides(g)
    # The first interval leads to minus infinity, the last one to infinity.
    low = 0 if intervals[0] == sympy.log(p) else sympy.oo
    for z, end, at in ((intervals[0], low, -np.inf), (intervals[-1], sympy.oo, np.inf)):
        a = value.subs(Z, z).doit()
        slope = sympy.diff(a, p) / sympy.diff(z, p)
        assert g(at) == float(sympy.limit(a, p, end))
        assert g.derivative(at) == float(sympy.limit(sympy.simplify(slope), p, end))


@each_member
@each_dtype
def test_nan_stays_nan_and_nothing_warns(g, dtype):
    z = np.array([np.nan, 1, -np.inf, np.inf, -0.0], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        results = g(z), g.derivative(z)
    for result in results:
        assert np.isnan(result).tolist() == [True, False, False, False, False]


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


@pytest.mark.parametrize("alpha", [-3.0, -0.5, 0.01, 0.5, 1.0, 1.5, 2.0])
def test_leaky_relu_is_a_maximum_for_slopes_up_to_one_only(alpha):
    z = np.linspace(-3, 3, 25)
    assert np.array_equal(LeakyReLU(alpha)(z), np.maximum(alpha * z, z)) == (alpha <= 1)


@pytest.mark.parametrize("g", ALL, ids=repr)
def test_latex_holds_no_words(g):
    for latex in (g.latex, g.derivative_latex):
        letters = re.sub(r"\\(begin|end)\{cases\}|\\[A-Za-z]+", " ", latex)
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
