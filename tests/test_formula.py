"""Formulas: what SymPy reads, what LaTeX is written, and what it costs to import."""

import importlib.machinery
import json
import re
import subprocess
import sys

import numpy as np
import pytest
import sympy

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import activations, initializers, losses
from nnnotes.formula import Equation, equations, expression, latex
from nnnotes.layers import Dense

Z = sympy.Symbol("z", real=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max(0, min(1, z))", sympy.Max(0, sympy.Min(1, Z))),
        ("abs(z) * sqrt(2)", sympy.Abs(Z) * sympy.sqrt(2)),
        (
            "erf(z) + tanh(z) + log(z) + exp(z)",
            sympy.erf(Z) + sympy.tanh(Z) + sympy.log(Z) + sympy.exp(Z),
        ),
        ("0.1 * z / 2", Z / 20),  # a tenth, and not the nearest float
        ("1 / z", 1 / Z),
        ("1 if z > 0 else 0", sympy.Piecewise((1, Z > 0), (0, True))),
    ],
)
def test_text_becomes_the_expression_that_it_says(text, expected):
    assert sympy.simplify(expression(text).doit() - expected) == 0
    assert not expression(text).atoms(sympy.Float)


def test_sums_run_over_j_from_one_to_n():
    z, y = sympy.IndexedBase("z", real=True), sympy.IndexedBase("y", real=True)
    n = sympy.Symbol("n", integer=True, positive=True)
    text = "sum((z[j] - y[j]) ** 2) / n"
    expected = ((z[1] - y[1]) ** 2 + (z[2] - y[2]) ** 2) / 2
    assert sympy.simplify(expression(text).subs(n, 2).doit() - expected) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / x", r"\frac{1}{x}"),
        ("1 / (1 + exp(-z))", r"\frac{1}{1 + e^{- z}}"),
        ("z + 1", "z + 1"),
        ("1 + z", "1 + z"),
        ("b + a", "b + a"),
        ("exp(z) - exp(-z)", "e^{z} - e^{- z}"),
        (
            "1 if z >= 0 else 0",
            r"\begin{cases} 1, & z \geq 0 \\ 0, & z < 0 \end{cases}",
        ),
        (
            "-1 if x < -1 else 1 if x > 1 else x",
            r"\begin{cases} -1, & x < -1 \\ 1, & x > 1 \\ x, & -1 \leq x \leq 1 \end{cases}",
        ),
        (
            "0 if z <= -3 else 1 if z > 3 else 1 / 6",
            r"\begin{cases} 0, & z \leq -3 \\ 1, & z > 3 \\ \frac{1}{6}, & -3 < z \leq 3 \end{cases}",
        ),
        ("lambda_ * z", r"\lambda z"),
        ("g(sqrt(q) * x)**2", r"g\left( \sqrt{q} x \right)^{2}"),
        (
            "weight_variance * mean(slope(z) * f(x, y)) + bias_variance",
            r"\sigma_w^2 \operatorname{E}\left[ g'\left( z \right) f\left( x, y \right) \right] + \sigma_b^2",
        ),
        ("lr - momentum", r"\eta - \mu"),
        ("gain**2 / n_in + std", r"\frac{\gamma^{2}}{n_{\mathrm{in}}} + \sigma"),
        (
            "log(sum(exp(z[j]))) - n_out",
            r"\ln{\left(\sum_{j=1}^{n} e^{{z}_{j}} \right)} - n_{\mathrm{out}}",
        ),
    ],
)
def test_latex_keeps_the_order_and_holds_no_words(text, expected):
    assert latex(text) == expected


def test_equation_has_both_sides():
    assert Equation("xi_c", "-1 / z")._repr_latex_() == r"$\xi_{c} = - \frac{1}{z}$"


def test_no_formula_of_the_package_prints_one_times_a_fraction_or_a_word():
    members = (*activations.ALL, *losses.ALL, *initializers.ALL)
    texts = [
        getattr(g, name) for g in members for name in dir(g) if name.endswith("latex")
    ]
    assert len(texts) >= 2 * len(activations.ALL) + 3 * len(losses.ALL) + len(
        initializers.ALL
    )
    for text in texts:
        assert r"1 \frac" not in text
        assert not re.search("otherwise|text|for", text.replace(r"\operatorname", ""))


@pytest.mark.parametrize("text", ["", "1 /", "z = 1", "a b", "sum(z"])
def test_what_is_no_expression_is_an_error_that_shows_the_text(text):
    for function in (expression, latex):
        with pytest.raises(
            ValueError,
            match="^text: expected an expression, but got " + re.escape(repr(text)),
        ):
            function(text)


def test_forward_pass_is_typeset_line_by_line():
    assert equations(Dense.forward) == (
        r"Z^{[l]} = W^{[l]} \, A^{[l-1]} + b^{[l]}",
        r"A^{[l]} = g^{[l]}(Z^{[l]})",
    )


def test_backward_pass_is_typeset_line_by_line():
    assert equations(Dense.backward) == (
        r"dZ^{[l]} = dA^{[l]} \odot g^{[l]\prime}(Z^{[l]})",
        r"dW^{[l]} = dZ^{[l]} \, A^{[l-1]\mathsf{T}}",
        r"db^{[l]} = \sum_{k=1}^{m} dZ^{[l]}_{:,k}",
        r"dA^{[l-1]} = W^{[l]\mathsf{T}} \, dZ^{[l]}",
    )


def test_forward_mode_is_typeset_with_dots_for_velocities():
    assert equations(Dense.jvp) == (
        r"\dot{Z}^{[l]} = W^{[l]} \, \dot{A}^{[l-1]} + \dot{W}^{[l]} \, A^{[l-1]} + \dot{b}^{[l]}",
        r"\dot{A}^{[l]} = g^{[l]\prime}(Z^{[l]}) \odot \dot{Z}^{[l]}",
    )


def test_a_name_that_is_no_letter_of_a_layer_stays_as_it_is():
    def function(W, x):
        Z = W @ x
        return Z

    assert function(np.eye(2), np.ones(2)).tolist() == [1, 1]
    assert equations(function) == (r"Z^{[l]} = W^{[l]} \, x",)


def test_an_operation_without_a_rule_is_an_error_that_shows_it():
    def function(Z, A):
        dZ = Z - A
        return dZ

    assert function(3, 1) == 2
    with pytest.raises(ValueError, match=r"^function: no rule to typeset 'Z - A'"):
        equations(function)


IMPORT = """
import json, sys
before = set(sys.modules)
import nnnotes
new = {name: getattr(sys.modules[name], "__file__", None) for name in set(sys.modules) - before}
nnnotes.relu.latex
print(json.dumps({"new": new, "late": "sympy" in sys.modules}))
"""


@pytest.fixture(scope="module")
def imported():
    """What a new interpreter loads for the package."""
    run = [sys.executable, "-c", IMPORT]
    return json.loads(
        subprocess.run(run, capture_output=True, check=True, text=True).stdout
    )


def test_import_is_light_and_latex_imports_sympy(imported):
    roots = {name.partition(".")[0] for name in imported["new"]}
    assert {"nnnotes", "numpy"} <= roots
    assert not roots & {"sympy", "matplotlib", "tqdm", "jaxtyping", "scipy"}
    assert imported["late"]


def test_numpy_is_the_only_compiled_dependency(imported):
    compiled = [
        name
        for name, file in imported["new"].items()
        if file and file.endswith(tuple(importlib.machinery.EXTENSION_SUFFIXES))
    ]
    assert any(name.startswith("numpy.") for name in compiled)
    others = [
        name
        for name in compiled
        if name.partition(".")[0] not in sys.stdlib_module_names | {"numpy"}
    ]
    assert others == []


@wrong_calls(
    (lambda: expression("1 +"), "text: expected an expression, but got '1 +'"),
    (lambda: latex("for z"), "text: expected an expression, but got 'for z'"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
