"""Formulas: what SymPy reads, what LaTeX is written, and what it costs to import."""

import ast
import functools
import importlib.machinery
import json
import math
import re
import subprocess
import sys

import numpy as np
import pytest
import sympy

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import activations, initializers, losses, tanh
from nnnotes._checks import shown
from nnnotes.formula import Equation, equations, evaluate, expression, latex
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
        (
            "z - lambda_ if z > lambda_ else z + lambda_ if z < -lambda_ else 0",
            r"\begin{cases} z - \lambda, & z > \lambda \\ z + \lambda, & z < - \lambda \\ "
            r"0, & - \lambda \leq z \leq \lambda \end{cases}",
        ),
        (
            "1 if 0 < z < 6 else 0",
            r"\begin{cases} 1, & 0 < z < 6 \\ 0, & z \geq 6 \vee z \leq 0 \end{cases}",
        ),
        (
            "1 if z > 0 else -1 if z < 0 else 0",
            r"\begin{cases} 1, & z > 0 \\ -1, & z < 0 \\ 0, & z = 0 \end{cases}",
        ),
        (
            "0 if z <= -3 else z / 6 if z < 3 else z",
            r"\begin{cases} 0, & z \leq -3 \\ \frac{z}{6}, & z < 3 \\ z, & z \geq 3 \end{cases}",
        ),
        (
            "0 if x < 1 else 1 if y > 2 else 2",
            r"\begin{cases} 0, & x < 1 \\ 1, & y > 2 \\ 2, & x \geq 1 \wedge y \leq 2 \end{cases}",
        ),
        (
            "a - (b + c) - d / 2 * -z",
            r"a - \left(b + c\right) - \frac{d \left(- z\right)}{2}",
        ),
        (
            "cos(z) + sign(z)",
            r"\cos{\left(z \right)} + \operatorname{sign}{\left(z \right)}",
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


@pytest.fixture(params=[expression, latex, evaluate], ids=lambda f: f.__name__)
def reader(request):
    return request.param


@pytest.mark.parametrize("text", ["", "1 /", "z = 1", "a b", "sum(z", "-" * 9999 + "z"])
def test_what_is_no_expression_is_an_error_that_shows_the_text(text, reader):
    message = "^text: expected an expression, but got " + re.escape(shown(text)) + "$"
    with pytest.raises(ValueError, match=message):
        reader(text)


# A text, and the part of it that is no formula.
MORE_THAN_A_FORMULA = {
    "z + [].append(spy)": "[].append(spy)",
    "__import__('os').getpid()": "__import__('os').getpid()",
    "exp(z.real)": "z.real",
    "f(lambda: z)": "lambda: z",
    "f((y := z))": "(y := z)",
    "sum(x for x in z)": "(x for x in z)",
    "[x for x in z][0]": "[x for x in z][0]",
    "f('z')": "'z'",
    "f(f'{z}')": "f'{z}'",
    "f(b'z')": "b'z'",
    "f(z, key=z)": "f(z, key=z)",
    "f(*z)": "*z",
    "f(z)(z)": "f(z)(z)",
    "f()": "f()",
    "z[0:1]": "0:1",
    "z[0][1]": "z[0][1]",
    "f({z})": "{z}",
    "z, y": "(z, y)",
    "f(...)": "...",
    "f(None)": "None",
    "f(True)": "True",
    "1j * z": "1j",
    "1e309": "1e309",
    "z % 2": "z % 2",
    "z // 2": "z // 2",
    "z @ z": "z @ z",
    "~z": "~z",
    "z > 0": "z > 0",
    "1 if z else 0": "1 if z else 0",
    "1 if z == 0 else 0": "1 if z == 0 else 0",
    "1 if z in y else 0": "1 if z in y else 0",
    "z and y": "z and y",
}


@pytest.mark.parametrize(("text", "part"), MORE_THAN_A_FORMULA.items())
def test_what_is_more_than_a_formula_is_refused_by_name_and_not_run(text, part, reader):
    with pytest.raises(ValueError, match=r"^text: a formula holds names") as error:
        reader(text)
    assert str(error.value).endswith(f"in {text!r} there is {part!r}")


def test_nothing_in_a_text_runs(reader, tmp_path):
    trace = tmp_path / "trace"
    for text in (
        f"__import__('pathlib').Path({str(trace)!r}).touch()",
        f"open({str(trace)!r}, 'w')",
        f"exp(open({str(trace)!r}, 'w'))",
        f"z[open({str(trace)!r}, 'w')]",
        f"1 if open({str(trace)!r}, 'w') > z else 0",
    ):
        with pytest.raises(ValueError, match=r"^text: "):
            reader(text)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exp(z, 2)", "exp takes one argument, but in 'exp(z, 2)' it has 2"),
        ("max(z)", "max takes two arguments or more, but in 'max(z)' it has 1"),
        ("-" * 101 + "z", f"{shown('-' * 101 + 'z')} is nested too deeply"),
    ],
)
def test_wrong_calls_and_towers_are_refused(text, message, reader):
    with pytest.raises(ValueError, match="^text: " + re.escape(message) + "$"):
        reader(text)


def test_errors_are_as_short_for_a_long_text(reader):
    for text in ("'" + "z" * 5000 + "'", "z" * 5000 + " =", "+".join("z" * 500)):
        with pytest.raises(ValueError, match=r"^text: ") as error:
            reader(text)
        assert len(str(error.value)) < 600


@pytest.mark.parametrize("text", [3, None, ["z"], b"z", ast.parse("z")])
@pytest.mark.usefixtures("unchecked")
def test_what_is_no_text_is_an_error(text, reader):
    with pytest.raises(TypeError, match=r"^text: expected a formula as text, such as "):
        reader(text)


def test_names_of_python_are_letters_and_unknown_functions():
    assert latex("__import__(os)") == r"__import__\left( \mathrm{os} \right)"
    assert expression("S") == sympy.Symbol("S", real=True)  # SymPy has one, too


VALUES = {"z": 0.75, "alpha": 0.3, "pi": math.pi}


@pytest.mark.parametrize(
    "text",
    [
        "-z**2 / 2 + 3 - +alpha * -z",
        "1 / (1 + exp(-z)) - 1 / z",
        "sin(z) + cos(z) * tan(z) - atan(z) / sinh(z) + cosh(z)",
        "sqrt(2 / pi) * erf(z) + tanh(log(z)) + abs(-z) * sign(-z)",
        "min(max(z, -1), 1, alpha)",
        "1 if z > 1 else 2 if alpha <= z < 1 else 3",
        "1 if z >= 0.75 else 2",
        "1 if z < 0.75 else 2",
        "0.1 * z - 7",
    ],
)
def test_a_formula_is_computed_as_sympy_does(text):
    symbols = {sympy.Symbol(name, real=True): x for name, x in VALUES.items()}
    exact = float(expression(text).subs(symbols))
    assert evaluate(text, names=VALUES) == pytest.approx(exact, rel=1e-14, abs=0)


def test_a_formula_is_computed_with_any_functions_names_and_numbers():
    z, numbers = np.arange(3.0), []

    def number(text):
        numbers.append(text)
        return float(text)

    names = {"z": z, "j": slice(None)}
    text = "sum(z[j]) * 0.1 + 2"
    assert evaluate(text, {"sum": np.sum}, names, number) == 0.1 * 3 + 2
    assert numbers == ["0.1", "2"]
    assert evaluate("oo") == math.inf
    assert evaluate("2 / 3") == 2 / 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("z + beta", "names: 'z + beta' holds 'beta', which is not given"),
        ("g(z)", "functions: 'g(z)' holds 'g', which is not given"),
        ("beta[0]", "names: 'beta[0]' holds 'beta', which is not given"),
    ],
)
def test_what_is_not_given_is_named(text, message):
    with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
        evaluate(text, names=VALUES)


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


def test_the_code_behind_a_decorator_is_typeset_and_both_ways_to_call_an_activation():
    def decorated(function):
        @functools.wraps(function)
        def inner(*arguments):
            return function(*arguments)

        return inner

    class Layer:
        @decorated
        @decorated
        def backward(self, dA, Z):
            A = self.g.value(Z)
            dZ = dA * self.g.slope(Z)
            return A, dZ

    layer = Layer()
    layer.g = tanh
    assert len(layer.backward(np.ones(2), np.zeros(2))) == 2
    assert equations(Layer.backward) == (
        r"A^{[l]} = g^{[l]}(Z^{[l]})",
        r"dZ^{[l]} = dA^{[l]} \odot g^{[l]\prime}(Z^{[l]})",
    )


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("thing", [len, "Dense.forward", 3])
def test_what_has_no_source_is_an_error(thing):
    with pytest.raises(TypeError, match=r"^function: expected one whose source can be"):
        equations(thing)


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
