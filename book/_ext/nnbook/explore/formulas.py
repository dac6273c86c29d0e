"""Activations as JavaScript, printed by SymPy from the formulas of the package.

What would overflow or cancel is rewritten first, by identities: the test that holds the results to the package's shows
that no more are needed.
"""

import json
import re

import sympy
from sympy.printing.jscode import JavascriptCodePrinter

from nnnotes import activations
from nnnotes.formula import expression

HEAD = """// Made from the formulas of nnnotes.activations. Do not edit.
import { erf, hypertangent, softplus } from "./special.js";

"""
z = sympy.Symbol("z", real=True)
x = sympy.Wild("x")


class Printer(JavascriptCodePrinter):
    def _print_Piecewise(self, e):
        *cases, last = e.args
        text = self._print(last.expr)
        for case in reversed(cases):
            text = f"{self._print(case.cond)} ? {self._print(case.expr)} : {text}"
        return f"({text})"

    def _print_Pow(self, e):
        # As a product: exact for squares and cubes.
        if e.exp in (2, 3):
            base = f"({self._print(e.base)})"
            return "(" + "*".join([base] * int(e.exp)) + ")"
        return super()._print_Pow(e)


SOFTPLUS, EXPM1 = sympy.Function("softplus"), sympy.Function("expm1")
HYPERTANGENT = sympy.Function("hypertangent")
FUNCTIONS = {name: name for name in ("softplus", "hypertangent", "erf")}
FUNCTIONS["expm1"] = "Math.expm1"


def stable(formula):
    """Rewrite what overflows, or loses all digits, where the function itself does not."""
    exp, log = sympy.exp, sympy.log
    quotient = (exp(x) - exp(-x)) / (exp(x) + exp(-x))
    e = formula.doit()
    for pattern, made in (
        (log(1 + exp(x)), SOFTPLUS),
        (quotient, HYPERTANGENT),
        (sympy.tanh(x), HYPERTANGENT),
        (exp(x) - 1, EXPM1),
    ):
        e = e.replace(pattern, lambda x, made=made: made(x))
    return e


def code(text):
    return Printer({"user_functions": FUNCTIONS, "full_prec": False}).doprint(
        stable(expression(text))
    )


def names():
    """Return the members by their names in the package."""
    by_member = {id(found): name for name, found in vars(activations).items()}
    return {by_member[id(g)]: g for g in activations.ALL if id(g) in by_member}


def entry(name, g):
    parameters = ", ".join(g.parameters)
    fields = {
        "name": name,
        "title": type(g).__name__,
        "parameters": dict(g.parameters),
        "kinks": list(g.kinks),
    }
    take = f"const {{ {parameters} }} = parameters; " if parameters else ""
    given = "(z, parameters = this.parameters)"
    slope = code(g.derivative_formula)
    result = (
        "const a = this.value(z, parameters); " if re.search(r"\ba\b", slope) else ""
    )
    return (
        f"  {{ ...{json.dumps(fields)},\n"
        f"    value{given} {{ {take}return {code(g.formula)}; }},\n"
        f"    slope{given} {{ {take}{result}return {slope}; }} }},\n"
    )


def module():
    entries = "".join(entry(name, g) for name, g in names().items())
    return f"{HEAD}export const ALL = [\n{entries}];\n"
