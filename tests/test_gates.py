"""Gated units: their code against their formulas, and their formulas against SymPy."""

import itertools
import re

import mpmath
import numpy as np
import pytest
import sympy

from helpers.members import sides
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import LeakyReLU, identity, numerical_gradient, sigmoid, tanh
from nnnotes.formula import expression
from nnnotes.gates import ALL, Bilinear, Gate, bilinear, geglu, glu, reglu, swiglu

MEMBERS = (*ALL, Gate(LeakyReLU(0.3)), Gate(tanh))
DTYPES = (np.float16, np.float32, np.float64)
U, V, H = sympy.symbols("u v h", real=True)

each_member = pytest.mark.parametrize("gate", MEMBERS, ids=repr)
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


def formula(gate, text):
    """A formula in u, v and h, with the parameters as they are."""
    numbers = {
        sympy.Symbol(name, real=True): sympy.Rational(x)
        for name, x in gate.parameters.items()
    }
    return expression(text).subs(numbers)


@each_member
def test_derivative_formulas_are_the_partial_derivatives_of_the_formula(gate):
    value = formula(gate, gate.formula)
    by_u, by_v = (formula(gate, text) for text in gate.derivative_formulas)
    _, p, intervals = sides(gate.g)
    for v in intervals:
        a, h = value.subs(V, v).doit(), (value / U).subs(V, v).doit()
        assert sympy.simplify(sympy.diff(a, U) - by_u.subs(V, v).doit()) == 0
        derivative = sympy.diff(a, p) / sympy.diff(v, p)  # the chain rule
        claimed = by_v.subs({V: v, H: h}).doit()
        assert sympy.simplify(derivative - claimed) == 0


@each_member
@each_dtype
def test_value_and_derivatives_are_the_formulas_to_the_last_digits(gate, dtype):
    rng = np.random.default_rng(0)
    # Not so far out that a result is subnormal in half precision.
    u, v = (rng.uniform(-3, 3, 200).astype(dtype) for _ in range(2))
    texts = gate.formula, *gate.derivative_formulas
    functions = [
        sympy.lambdify((U, V, H), formula(gate, text), "mpmath") for text in texts
    ]
    by_u = functions[1]
    results = gate(u, v), *gate.derivative(u, v)
    with mpmath.workdps(40):
        for result, function in zip(results, functions, strict=True):
            assert result.dtype == dtype
            exact = [
                function(x, y, by_u(x, y, 0))
                for x, y in mpmath.matrix(np.stack([u, v], 1).tolist()).tolist()
            ]
            error = [
                abs(mpmath.mpf(float(number)) - right)
                for number, right in zip(result, exact, strict=True)
            ]
            # Up to 8 ulp of the slope, whose terms may cancel but are below 1.2, or below
            # the largest result; the product rounds once more. |u| is below 3.
            most = max(3 * 1.2, *map(abs, exact))
            assert max(error) <= 10 * most * np.finfo(dtype).eps


@each_member
def test_derivatives_are_those_by_finite_differences(gate):
    rng = np.random.default_rng(1)
    u, v = rng.standard_normal((2, 3, 4))
    assert all(np.abs(v - kink).min() > 1e-3 for kink in gate.g.kinks)
    by_u, by_v = gate.derivative(u, v)
    # A central difference errs by eps**(2/3) = 4e-11 times a sum of some ten terms.
    most = max(1, np.abs(gate(u, v)).max())
    for approximate, exact in (
        (numerical_gradient(lambda u: float(gate(u, v).sum()), u), by_u),
        (numerical_gradient(lambda v: float(gate(u, v).sum()), v), by_v),
    ):
        assert np.abs(approximate - exact).max() <= 4e-9 * most


def test_members_are_the_products_of_the_names():
    u, v = np.linspace(-2, 2, 9), np.linspace(3, -3, 9)
    np.testing.assert_array_equal(bilinear(u, v), u * v)
    np.testing.assert_array_equal(reglu(u, v), u * np.maximum(v, 0))
    cdf = np.array([float(mpmath.ncdf(x)) for x in v])
    np.testing.assert_allclose(geglu(u, v), u * v * cdf, rtol=1e-14)
    logistic = 1 / (1 + np.exp(-v))
    np.testing.assert_allclose(glu(u, v), u * logistic, rtol=1e-14)
    np.testing.assert_allclose(swiglu(u, v), u * v * logistic, rtol=1e-14)
    assert len({gate.formula for gate in ALL}) == len(ALL)


@each_member
def test_first_argument_is_what_passes_and_the_second_one_opens(gate):
    assert gate(0.0, 1.5) == 0
    assert gate(2.0, 1.5) == 2 * gate(1.0, 1.5)
    assert (gate(2.0, -1.5) == gate(-1.5, 2.0)) == (gate.g == identity)
    assert gate.derivative(2.0, 1.5)[0] == gate.g(1.5)
    assert gate.derivative(2.0, 1.5)[1] == 2 * gate.g.derivative(1.5)


@each_member
@each_dtype
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_dtype_and_shape_stay_and_the_results_are_new(gate, dtype, shape):
    u, v = (np.full(shape, x, dtype) for x in (0.5, 1.5))
    u.flags.writeable = v.flags.writeable = False
    for result in (gate(u, v), *gate.derivative(u, v)):
        assert (result.dtype, result.shape) == (dtype, shape)
        assert not any(np.shares_memory(result, w) for w in (u, v))


@each_member
def test_wider_dtype_wins_and_integers_are_computed_in_float64(gate):
    types = (np.float16, np.float32, np.float64, np.int8, bool)
    for one, other in itertools.product(types, repeat=2):
        u, v = np.ones(3, one), np.ones(3, other)
        wider = np.result_type(
            *(t if np.dtype(t).kind == "f" else np.float64 for t in (one, other))
        )
        for result in (gate(u, v), *gate.derivative(u, v)):
            assert result.dtype == wider


@pytest.mark.usefixtures("unchecked")
def test_shapes_that_differ_are_an_error_and_are_not_broadcast():
    for method in (glu, glu.derivative):
        with pytest.raises(
            ValueError, match=r"^v: expected the shape of u, \(3, 1\), but got \(1, 3\)"
        ):
            method(np.ones((3, 1)), np.ones((1, 3)))


@each_member
def test_latex_holds_no_words(gate):
    for latex in (gate.latex, gate.derivatives_latex):
        letters = re.sub(
            r"\\(begin|end)\{(cases|aligned)\}|\\operatorname\{\w+\}|\\\\\[2ex\]|\\[A-Za-z]+",
            " ",
            latex,
        )
        assert not re.search("[A-Za-z]{2,}", letters), latex
    assert gate._repr_latex_() == f"$a = {gate.latex}$"
    assert gate.derivatives_latex.count(r"\frac{\partial a}{\partial") == 2


def test_formula_has_no_factor_of_one():
    assert bilinear.derivative_formulas == ("v", "u")
    assert bilinear.latex == "u v"


def test_repr_is_the_call_that_makes_an_equal_one():
    names = {"Gate": Gate, "Tanh": type(tanh)} | {
        type(g).__name__: type(g) for g in ALL
    }
    for gate in (*ALL, Gate(tanh)):
        assert eval(repr(gate), names) == gate
    assert Bilinear() == bilinear != Gate(sigmoid)


@wrong_calls(
    (
        lambda: Gate("relu"),
        "g: expected an activation such as nnnotes.relu, but got 'relu'",
    ),
    (lambda: glu(None, 1.0), "u: expected real numbers, but got objects such as None"),
    (lambda X: glu.derivative(X, "1"), "v: expected real numbers, but got str32"),
    (lambda X, Y: glu(X, Y), "v: expected the shape of u, (2, 4), but got (1, 4)"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
