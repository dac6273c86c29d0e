"""Formulas: one line of Python text, or of code, becomes SymPy or LaTeX.

A formula is written once, in Python's own syntax, beside the code that computes it: ``"1 / (1 + exp(-z))"``.
Everything else is derived from that text. LaTeX is only ever written, never read back.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nnnotes._checks import shown

if TYPE_CHECKING:
    import sympy

__all__ = ["Equation", "equations", "expression", "latex"]

# How a name is typeset where it differs from what SymPy would print.
LETTERS = {
    "std": r"\sigma",
    "gain": r"\gamma",
    "n_in": r"n_{\mathrm{in}}",
    "n_out": r"n_{\mathrm{out}}",
    "lambda_": r"\lambda",
    "lr": r"\eta",
    "momentum": r"\mu",
    "weight_variance": r"\sigma_w^2",
    "bias_variance": r"\sigma_b^2",
}

# The same of functions.
FUNCTIONS = {"mean": r"\operatorname{E}", "slope": "g'"}


class _Sympify(ast.NodeTransformer):
    """Rewrite the two things in Python's syntax that SymPy cannot read."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        cases = []
        rest: ast.expr = node
        while isinstance(
            rest, ast.IfExp
        ):  # a chain of conditions is one Piecewise, not a nest of them
            cases.append(
                f"({ast.unparse(self.visit(rest.body))}, {ast.unparse(rest.test)})"
            )
            rest = rest.orelse
        cases.append(f"({ast.unparse(self.visit(rest))}, True)")
        return ast.parse(f"Piecewise({', '.join(cases)})", mode="eval").body

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if (
            isinstance(node.op, ast.Div)
            and isinstance(node.left, ast.Constant)
            and node.left.value == 1
        ):
            return ast.BinOp(
                node.right, ast.Pow(), ast.Constant(-1)
            )  # else SymPy prints 1 times a fraction
        return node


@cache
def expression(text: str) -> "sympy.Expr":
    """Read a formula as a SymPy expression, in the order in which it is written.

    Args:
        text: an expression in Python's syntax. It may use ``exp log sqrt tanh erf abs max min pi oo``, a conditional
            ``... if ... else ...``, ``z[i]`` for one of n components, and ``sum(...)``, which adds up over the index j
            from 1 to n. Any other function is left as it is, such as ``g(z)``.

    Raises:
        ValueError: if the text is not an expression.

    Example:
        >>> expression("1 / (1 + exp(-z))")
        1/(1 + exp(-z))
    """
    import sympy
    from sympy.parsing.sympy_parser import (
        parse_expr,
        rationalize,
        standard_transformations,
    )

    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise ValueError(
            f"text: expected an expression, but got {shown(text)}"
        ) from error
    i, j, n = sympy.symbols("i j n", integer=True, positive=True)
    names = {
        **{"i": i, "j": j, "n": n, "pi": sympy.pi, "oo": sympy.oo},
        "sum": lambda term: sympy.Sum(term, (j, 1, n)),
    }
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    indexed = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in names.keys() | called:
            kind = sympy.IndexedBase if node.id in indexed else sympy.Symbol
            names[node.id] = kind(node.id, real=True)
    return parse_expr(
        ast.unparse(_Sympify().visit(tree)),
        local_dict=names,
        transformations=(*standard_transformations, rationalize),
        evaluate=False,
    )


@cache
def _printer() -> "type[Any]":
    """Make a printer whose cases hold no words; made late, since it needs SymPy."""
    from sympy import And, Not, Or
    from sympy.printing.latex import LatexPrinter

    class Wordless(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
        def _print_Piecewise(self, piecewise: Any) -> str:
            *cases, (last, _) = piecewise.args
            cases.append(
                (last, Not(Or(*(condition for _, condition in cases))).simplify())
            )
            rows = (
                f"{self._print(value)}, & {self._condition(condition)}"
                for value, condition in cases
            )
            return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

        def _print_AppliedUndef(self, function: Any, exp: str | None = None) -> str:
            name = function.func.__name__
            inside = ", ".join(map(self._print, function.args))
            left, right = "[]" if name == "mean" else "()"
            power = "" if exp is None else f"^{{{exp}}}"
            return (
                rf"{FUNCTIONS.get(name, name)}\left{left} {inside} \right{right}{power}"
            )

        def _condition(self, condition: Any) -> str:
            if isinstance(condition, And) and len(condition.args) == 2:  # -1 <= z <= 1
                # Each is a bound of the same variable, which stands on its left.
                low, high = sorted(
                    (part.canonical for part in condition.args),
                    key=lambda part: part.rhs,
                )
                signs = [
                    r"\leq" if part.rel_op in ("<=", ">=") else "<"
                    for part in (low, high)
                ]
                z, a, b = map(self._print, (low.lhs, low.rhs, high.rhs))
                return f"{a} {signs[0]} {z} {signs[1]} {b}"
            return str(self._print(condition))

    return Wordless


@cache
def latex(text: str) -> str:
    r"""Typeset a formula, without words, in the order in which it is written.

    Args:
        text: a formula as `expression` reads it.

    Raises:
        ValueError: if the text is not an expression.

    Example:
        >>> print(latex("1 / (1 + exp(-z))"))
        \frac{1}{1 + e^{- z}}
        >>> print(latex("1 if z > 0 else 0"))
        \begin{cases} 1, & z > 0 \\ 0, & z \leq 0 \end{cases}
    """
    import sympy

    names = {sympy.Symbol(name, real=True): letter for name, letter in LETTERS.items()}
    printer = _printer()({"ln_notation": True, "order": "none", "symbol_names": names})
    return str(printer.doprint(expression(text)))


@dataclass(frozen=True)
class Equation:
    r"""A formula with a name on its left-hand side.

    Args:
        left: the left-hand side, as text that `expression` reads.
        right: the right-hand side, likewise; ``mean(...)`` is typeset as an expectation, and ``slope(...)`` as g'.

    Raises:
        ValueError: if a side is not an expression; when it is typeset.

    Example:
        >>> print(Equation("chi", "weight_variance * mean(slope(z)**2)")._repr_latex_())
        $\chi = \sigma_w^2 \operatorname{E}\left[ g'\left( z \right)^{2} \right]$
    """

    left: str
    right: str

    def _repr_latex_(self) -> str:
        return f"${latex(self.left)} = {latex(self.right)}$"


# The letters of the code, as the chapters typeset them. [l] is the layer, [l-1] the one before it.
_CODE_LETTERS = {
    **{name: rf"{name}^{{[l]}}" for name in ("W", "b", "Z", "A", "B")},
    **{f"d{name}": rf"d{name}^{{[l]}}" for name in ("W", "b", "Z", "A", "B")},
    **{f"{name}dot": rf"\dot{{{name}}}^{{[l]}}" for name in ("W", "b", "Z", "A")},
    "alpha": r"\alpha^{[l]}",
    "A_prev": "A^{[l-1]}",
    "dA_prev": "dA^{[l-1]}",
    "Adot_prev": r"\dot{A}^{[l-1]}",
    "g": "g^{[l]}",
}


def _typeset(node: ast.expr) -> str:
    match node:
        case (
            ast.Name(id=name)
            | ast.Attribute(
                value=ast.Name(id="self" | "cache" | "layer" | "tangents"), attr=name
            )
        ):
            return _CODE_LETTERS.get(name, name)
        case ast.Attribute(value=matrix, attr="T"):
            return (
                _typeset(matrix).removesuffix("}") + r"\mathsf{T}}"
            )  # into the superscript that is there
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return rf"{_typeset(left)} \, {_typeset(right)}"
        case ast.BinOp(
            left=ast.Attribute(attr="alpha") as scalar, op=ast.Mult(), right=right
        ):
            return rf"{_typeset(scalar)} \, {_typeset(right)}"
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return rf"{_typeset(left)} \odot {_typeset(right)}"
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_typeset(left)} + {_typeset(right)}"
        case ast.Call(
            func=ast.Attribute(value=array, attr="sum"),
            keywords=[ast.keyword("axis", ast.Constant(1)), *_],
        ):
            return rf"\sum_{{k=1}}^{{m}} {_typeset(array)}_{{:,k}}"
        case ast.Call(func=ast.Attribute(value=g, attr="derivative"), args=[z]):
            return _typeset(g).removesuffix("}") + rf"\prime}}({_typeset(z)})"
        case ast.Call(func=g, args=[z]):
            return rf"{_typeset(g)}({_typeset(z)})"
    raise ValueError(f"function: no rule to typeset {ast.unparse(node)!r}")


def equations(function: Callable[..., Any]) -> tuple[str, ...]:
    r"""Typeset the assignments in a function's body, one equation a line of code.

    Args:
        function: a function of `nnnotes.layers`, whose letters are those of the chapters. ``@`` is typeset as the
            matrix product, ``*`` as the elementwise product, or after alpha as that with a number, and
            ``.sum(axis=1)`` as the sum over the examples.

    Raises:
        ValueError: if a line holds an operation that has no rule.

    Example:
        >>> from nnnotes import Dense
        >>> print(equations(Dense.forward)[0])
        Z^{[l]} = W^{[l]} \, A^{[l-1]} + b^{[l]}
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    return tuple(
        f"{_typeset(line.targets[0])} = {_typeset(line.value)}"
        for line in ast.walk(tree)
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
    )
