"""Formulas: one line of Python text, or of code, becomes SymPy or LaTeX.

A formula is written once, in Python's own syntax, beside the code that computes it: ``"1 / (1 + exp(-z))"``.
Everything else is derived from that text. LaTeX is only ever written, never read back.
"""

import ast
import inspect
import math
import operator
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nnnotes._checks import check_kind, shown

if TYPE_CHECKING:
    import sympy

__all__ = [
    "Equation",
    "equations",
    "evaluate",
    "expression",
    "latex",
    "names_in_arguments",
]

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
    "dxhat": r"d\hat{x}",
}

# The same of functions.
FUNCTIONS = {
    "mean": r"\operatorname{E}",
    "variance": r"\operatorname{Var}",
    "slope": "g'",
}


# The functions that are known; max and min take two arguments or more, the others one.
ELEMENTARY = ("exp", "log", "sqrt", "tanh", "sin", "cos", "tan", "atan", "sinh", "cosh")
KNOWN = frozenset((*ELEMENTARY, "sign", "erf", "abs", "max", "min", "sum"))
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd)
RELATIONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
# Operations, one inside the other: far more than any formula has, and fewer than Python's limit.
DEEPEST = 100


@cache
def _tree(text: str) -> ast.expr:
    """Parse a formula, and refuse whatever is more than a formula; nothing is run."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(
            f"text: expected an expression, but got {shown(text)}"
        ) from None
    _check(tree, text, 0)
    return tree


def _check(node: ast.expr, text: str, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError(f"text: {shown(text)} is nested too deeply")
    for part in _parts(node, text):
        _check(part, text, depth + 1)


def _parts(node: ast.expr, text: str) -> list[ast.expr]:
    """List what a node of a formula consists of; one that no formula has is an error."""
    match node:
        case ast.Name():
            return []
        case ast.Constant(value=int() | float() as number) if (
            not isinstance(number, bool) and abs(number) != math.inf
        ):
            return []
        case ast.UnaryOp(op=sign, operand=operand) if isinstance(sign, OPERATORS):
            return [operand]
        case ast.BinOp(op=sign) if isinstance(sign, OPERATORS):
            return [node.left, node.right]
        case ast.IfExp(test=ast.Compare(ops=signs) as test) if all(
            isinstance(sign, RELATIONS) for sign in signs
        ):
            return [node.body, test.left, *test.comparators, node.orelse]
        case ast.Subscript(value=ast.Name(), slice=index):
            return [index]
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments, keywords=[]):
            _check_arity(name, len(arguments), text)
            return arguments
    raise ValueError(
        "text: a formula holds names, numbers, + - * / **, conditionals, subscripts and calls of functions, "
        f"but in {shown(text)} there is {shown(ast.unparse(node))}"
    )


def _check_arity(name: str, count: int, text: str) -> None:
    if name in KNOWN and (count > 1) != (name in ("max", "min")):
        expected = "two arguments or more" if name in ("max", "min") else "one argument"
        raise ValueError(
            f"text: {name} takes {expected}, but in {shown(text)} it has {count}"
        )


def _checked(text: str) -> ast.expr:
    check_kind("text", text, str, "a formula as text, such as '1 / z'")
    return _tree(text)


class _Builder:
    """Builds SymPy's objects from a formula that was checked, each as it is written."""

    def __init__(self) -> None:
        import sympy

        self.sympy = sympy
        i, self.j, self.n = sympy.symbols("i j n", integer=True, positive=True)
        self.names = {"i": i, "j": self.j, "n": self.n}
        self.names |= {"pi": sympy.pi, "oo": sympy.oo}
        self.functions = {
            **{
                name: partial(getattr(sympy, name), evaluate=False)
                for name in (*ELEMENTARY, "sign")
            },
            "erf": sympy.erf,
            "abs": sympy.Abs,
            "max": sympy.Max,
            "min": sympy.Min,
            "sum": lambda term: sympy.Sum(term, (self.j, 1, self.n)),
        }

    def build(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int(number)):
                return self.sympy.Integer(number)
            case ast.Constant(value=number):
                # 0.1 is a tenth, and not the nearest float.
                return self.sympy.Rational(repr(number))
            case ast.Name(id=name):
                return self.names.get(name) or self.sympy.Symbol(name, real=True)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return self.sympy.IndexedBase(name, real=True)[self.build(index)]
            case ast.Call(func=ast.Name(id=name), args=arguments):
                function = self.functions.get(name) or self.sympy.Function(name)
                return function(*map(self.build, arguments))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.build(operand)
            case ast.UnaryOp(operand=operand):
                return self.build(operand)
            case ast.IfExp():
                return self.cases(node)
        return self.operation(node)

    def operation(self, node: ast.expr) -> Any:
        match node:
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self.power(self.build(left), self.build(right))
            # Not 1 times the inverse, which SymPy would print as just that.
            case ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=right):
                return self.power(self.build(right), -1)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self.sympy.Add(*self.terms(node), evaluate=False)
        return self.sympy.Mul(*self.factors(node), evaluate=False)

    def power(self, base: Any, exponent: Any) -> Any:
        return self.sympy.Pow(base, exponent, evaluate=False)

    def terms(self, node: ast.expr) -> list[Any]:
        """Return the terms of a sum, of which SymPy makes one object and no nest."""
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [*self.terms(left), *self.terms(right)]
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                minus = self.sympy.Mul(-1, self.build(right), evaluate=False)
                return [*self.terms(left), minus]
        return [self.build(node)]

    def factors(self, node: ast.expr) -> list[Any]:
        match node:
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return [*self.factors(left), *self.factors(right)]
            case ast.BinOp(left=left, op=ast.Div(), right=right) if not (
                isinstance(left, ast.Constant) and left.value == 1
            ):
                return [*self.factors(left), self.power(self.build(right), -1)]
        return [self.build(node)]

    def cases(self, node: ast.expr) -> Any:
        """Build one Piecewise, and no nest, of a chain of conditions."""
        pairs = []
        while isinstance(node, ast.IfExp):
            pairs.append((self.build(node.body), self.condition(node.test)))
            node = node.orelse
        return self.sympy.Piecewise(*pairs, (self.build(node), True), evaluate=False)

    def condition(self, test: ast.expr) -> Any:
        assert isinstance(test, ast.Compare)
        signs = {ast.Lt: "Lt", ast.LtE: "Le", ast.Gt: "Gt", ast.GtE: "Ge"}
        sides = pairwise(map(self.build, (test.left, *test.comparators)))
        relations = [
            getattr(self.sympy, signs[type(sign)])(*pair, evaluate=False)
            for sign, pair in zip(test.ops, sides, strict=True)
        ]
        if len(relations) == 1:
            return relations[0]
        return self.sympy.And(*relations, evaluate=False)


def expression(text: str) -> "sympy.Expr":
    """Read a formula as a SymPy expression, in the order in which it is written.

    The text is parsed, and never run.

    Args:
        text: an expression in Python's syntax. It may use ``exp log sqrt tanh erf abs max min pi oo``,
            ``sin cos tan atan sinh cosh sign``, a conditional ``... if ... else ...``, ``z[i]`` for one of n
            components, and ``sum(...)``, which adds up over the index j from 1 to n. Any other function is left as it
            is, such as ``g(z)``.

    Raises:
        ValueError: if the text is not an expression, or holds more than a formula does.
        TypeError: if it is not a text.

    Example:
        >>> expression("1 / (1 + exp(-z))")
        1/(1 + exp(-z))
    """
    _checked(text)
    return _expression(text)


@cache
def _expression(text: str) -> "sympy.Expr":
    return _Builder().build(_tree(text))


MATHEMATICS: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in (*ELEMENTARY, "erf")},
    "abs": abs,
    "max": max,
    "min": min,
    "sign": lambda x: (x > 0) - (x < 0),
}
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "oo": math.inf}


def evaluate(
    text: str,
    functions: Mapping[str, Callable[..., Any]] = MATHEMATICS,
    names: Mapping[str, Any] = CONSTANTS,
    number: Callable[[str], Any] = ast.literal_eval,
) -> Any:
    """Compute a formula, and nothing else that its text may hold.

    Args:
        text: a formula as `expression` reads it.
        functions: what its functions are; if not given, those of Python's `math`.
        names: the values of its names, whose operators are used; if not given, pi and oo.
        number: makes a value of each number in the text, as it is written there.

    Raises:
        ValueError: if the text is not a formula, or holds a name or a function that is not given.
        TypeError: if it is not a text.

    Example:
        >>> evaluate("2 / max(n_in, n_out)", {"max": max}, {"n_in": 3, "n_out": 8})
        0.25
    """

    def value(node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=constant):
                return number(repr(constant))
            case ast.Name(id=name):
                return _known(names, "names", name, text)
            case ast.Subscript(value=array, slice=index):
                return value(array)[value(index)]
            case ast.Call(func=ast.Name(id=name), args=arguments):
                function = _known(functions, "functions", name, text)
                return function(*map(value, arguments))
            case ast.UnaryOp(op=sign, operand=operand):
                return _OPERATIONS[type(sign)](value(operand))
            case ast.BinOp(left=left, op=sign, right=right):
                return _OPERATIONS[type(sign)](value(left), value(right))
            case ast.IfExp(test=ast.Compare() as test):
                sides = pairwise(map(value, (test.left, *test.comparators)))
                pairs = zip(test.ops, sides, strict=True)
                holds = all(_OPERATIONS[type(sign)](*pair) for sign, pair in pairs)
                return value(node.body if holds else node.orelse)
        raise ValueError(f"text: {shown(ast.unparse(node))} is not part of a formula")

    return value(_checked(text))


_OPERATIONS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _known(values: Mapping[str, Any], where: str, name: str, text: str) -> Any:
    if name not in values:
        raise ValueError(
            f"{where}: {shown(text)} holds {shown(name)}, which is not given"
        )
    return values[name]


def names_in_arguments(*texts: str) -> set[str]:
    """Find the names that stand in arguments of functions such as exp, but not of abs, max and the like.

    Args:
        texts: formulas as `expression` reads them.

    Raises:
        ValueError: if one is not an expression, or holds more than a formula does.
        TypeError: if one is not a text.

    Example:
        >>> sorted(names_in_arguments("alpha * exp(z / beta)", "max(0, gamma)"))
        ['beta', 'z']
    """
    calls = [
        node
        for text in texts
        for node in ast.walk(_checked(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return {
        part.id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in (*ELEMENTARY, "erf")
        for argument in call.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Name)
    }


@cache
def _printer() -> "type[Any]":
    """Make a printer whose cases hold no words; made late, since it needs SymPy."""
    from sympy.printing.latex import LatexPrinter

    class Wordless(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
        def _print_Piecewise(self, piecewise: Any) -> str:
            *cases, (last, _) = piecewise.args
            cases.append((last, _otherwise([condition for _, condition in cases])))
            rows = (
                f"{self._print(value)}, & {self._condition(condition)}"
                for value, condition in cases
            )
            return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

        def _print_Symbol(self, symbol: Any, style: str = "plain") -> str:
            text = super()._print_Symbol(symbol, style)
            if symbol in self._settings["symbol_names"]:
                return str(text)
            # Letters side by side would be a product.
            return re.sub(r"(?<![\\A-Za-z])[A-Za-z]{2,}", r"\\mathrm{\g<0>}", text)

        def _print_AppliedUndef(self, function: Any, exp: str | None = None) -> str:
            name = function.func.__name__
            inside = ", ".join(map(self._print, function.args))
            left, right = "[]" if name in ("mean", "variance") else "()"
            power = "" if exp is None else f"^{{{exp}}}"
            return (
                rf"{FUNCTIONS.get(name, name)}\left{left} {inside} \right{right}{power}"
            )

        def _condition(self, condition: Any) -> str:
            between = _between(condition)
            if between is None:
                return str(self._print(condition))
            z, low, high = between
            signs = [
                r"\leq" if part.rel_op in ("<=", ">=") else "<" for part in (low, high)
            ]
            a, z, b = map(self._print, (_bound(low, z), z, _bound(high, z)))
            return f"{a} {signs[0]} {z} {signs[1]} {b}"

    return Wordless


def _otherwise(conditions: list[Any]) -> Any:
    """Return where none of the conditions holds, as a reader would write it."""
    import sympy

    def negated(condition: Any) -> Any:
        if isinstance(condition, sympy.And):
            return sympy.Or(*map(negated, condition.args), evaluate=False)
        relation = condition.negated
        turned = relation.rhs.is_Symbol and not relation.lhs.is_Symbol
        return relation.reversed if turned else relation

    rest = sympy.And(*map(negated, conditions), evaluate=False)
    # A single bound, or one from each side, stays as it is. SymPy merges others, but
    # errs where an Or is among them, such as in Not(And(0 < z, z < 6)).simplify().
    plain = all(condition.is_Relational for condition in conditions)
    simple = len(conditions) == 1 or _between(rest)
    return rest.simplify() if plain and not simple else rest


def _bound(relation: Any, z: Any) -> Any:
    return relation.rhs if relation.lhs == z else relation.lhs


def _between(condition: Any) -> tuple[Any, Any, Any] | None:
    """Return the symbol that a condition bounds from both sides, the lower bound and the upper one, if it is so."""
    import sympy

    relations = condition.args
    if (
        not isinstance(condition, sympy.And)
        or len(relations) != 2
        or not all(part.is_Relational for part in relations)
    ):
        return None
    sides = [{relation.lhs, relation.rhs} for relation in relations]
    symbols = [side for side in sides[0] & sides[1] if side.is_Symbol]
    if len(symbols) != 1:
        return None
    (z,) = symbols
    # z > a and a < z are below, z < a and a > z above.
    below = [part for part in relations if (part.lhs == z) == (part.rel_op[0] == ">")]
    above = [part for part in relations if part not in below]
    if len(below) != 1 or _bound(below[0], z) == _bound(above[0], z):
        return None
    return z, below[0], above[0]


def latex(text: str) -> str:
    r"""Typeset a formula, without words, in the order in which it is written.

    Args:
        text: a formula as `expression` reads it.

    Raises:
        ValueError: if the text is not an expression, or holds more than a formula does.
        TypeError: if it is not a text.

    Example:
        >>> print(latex("1 / (1 + exp(-z))"))
        \frac{1}{1 + e^{- z}}
        >>> print(latex("1 if z > 0 else 0"))
        \begin{cases} 1, & z > 0 \\ 0, & z \leq 0 \end{cases}
    """
    _checked(text)
    return _latex(text)


@cache
def _latex(text: str) -> str:
    import sympy

    names = {sympy.Symbol(name, real=True): letter for name, letter in LETTERS.items()}
    printer = _printer()({"ln_notation": True, "order": "none", "symbol_names": names})
    return str(printer.doprint(_expression(text)))


@dataclass(frozen=True)
class Equation:
    r"""A formula with a name on its left-hand side.

    Args:
        left: the left-hand side, as text that `expression` reads.
        right: the right-hand side, likewise; ``mean(...)`` is typeset as an expectation, ``variance(...)`` as a
            variance, and ``slope(...)`` as g'.

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
            # into the superscript that is there
            return _typeset(matrix).removesuffix("}") + r"\mathsf{T}}"
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
        case ast.Call(
            func=ast.Attribute(value=g, attr="derivative" | "slope"), args=[z]
        ):
            return _typeset(g).removesuffix("}") + rf"\prime}}({_typeset(z)})"
        case ast.Call(func=ast.Attribute(value=g, attr="value"), args=[z]):
            return rf"{_typeset(g)}({_typeset(z)})"
        case ast.Call(func=g, args=[z]):
            return rf"{_typeset(g)}({_typeset(z)})"
    raise ValueError(f"function: no rule to typeset {shown(ast.unparse(node))}")


def equations(function: Callable[..., Any]) -> tuple[str, ...]:
    r"""Typeset the assignments in a function's body, one equation a line of code.

    Args:
        function: a function of `nnnotes.layers`, whose letters are those of the chapters; its decorators are left out.
            ``@`` is typeset as the matrix product, ``*`` as the elementwise product, or after alpha as that with a
            number, ``.sum(axis=1)`` as the sum over the examples, ``g.value`` as g, and ``g.derivative`` or ``g.slope``
            as its slope.

    Raises:
        ValueError: if a line holds an operation that has no rule.
        TypeError: if function is not one whose source can be read.

    Example:
        >>> from nnnotes import Dense
        >>> print(equations(Dense.forward)[0])
        Z^{[l]} = W^{[l]} \, A^{[l-1]} + b^{[l]}
    """
    try:
        source = inspect.getsource(inspect.unwrap(function))
    except (TypeError, OSError):
        raise TypeError(
            f"function: expected one whose source can be read, but got {shown(function)}"
        ) from None
    tree = ast.parse(textwrap.dedent(source))
    return tuple(
        f"{_typeset(line.targets[0])} = {_typeset(line.value)}"
        for line in ast.walk(tree)
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
    )
