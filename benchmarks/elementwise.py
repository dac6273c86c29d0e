"""Each activation and its derivative in each library, from the same numbers."""

import ast
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

from nnnotes.activations import Activation
from nnnotes.exactness import exact, grid, ulps

Function = Callable[[], object]

# Under the name of the class; where a library has no such function, there is a gap.
SCIPY = {
    "value": {
        "Sigmoid": scipy.special.expit,
        "Softplus": getattr(scipy.special, "softplus", None),  # since SciPy 1.17
    },
    "derivative": {"Softplus": scipy.special.expit},
}
TORCH = {
    "ReLU": F.relu,
    "LeakyReLU": F.leaky_relu,
    "ELU": F.elu,
    "SELU": F.selu,
    "Softplus": F.softplus,
    "GELU": F.gelu,
    "GELUTanh": lambda z: F.gelu(z, approximate="tanh"),
    "SiLU": F.silu,
    "Mish": F.mish,
    "Sigmoid": F.sigmoid,
    "Tanh": F.tanh,
    "Softsign": F.softsign,
    "HardSigmoid": F.hardsigmoid,
    "HardTanh": F.hardtanh,
}
JAX = {
    "ReLU": jax.nn.relu,
    "LeakyReLU": jax.nn.leaky_relu,
    "ELU": jax.nn.elu,
    "SELU": jax.nn.selu,
    "Softplus": jax.nn.softplus,
    "GELU": lambda z: jax.nn.gelu(z, approximate=False),
    "GELUTanh": lambda z: jax.nn.gelu(z, approximate=True),
    "SiLU": jax.nn.silu,
    "Mish": jax.nn.mish,
    "Sigmoid": jax.nn.sigmoid,
    "Tanh": jax.nn.tanh,
    "Softsign": jax.nn.soft_sign,
    "HardSigmoid": jax.nn.hard_sigmoid,
    "HardTanh": jax.nn.hard_tanh,
}


def contestants(g: Activation, kind: str, z: np.ndarray) -> dict[str, Function]:
    """Return who can compute the value, or the derivative, of g at z, if all get the same.

    Args:
        g: the activation.
        kind: "value" or "derivative".
        z: where.
    """
    name = type(g).__name__
    ours = g if kind == "value" else g.derivative
    formula = plain(g, kind, z.dtype)
    made: dict[str, Function] = {
        "nnnotes": lambda: ours(z),
        "plain": lambda: formula(z),
    }
    if function := SCIPY[kind].get(name):
        made["SciPy"] = lambda: function(z)
    if name in TORCH:
        made["PyTorch"] = _with_torch(TORCH[name], kind, z)
    if name in JAX:
        made["JAX"] = _with_jax(JAX[name], kind, z)
    _verify(f"{name}, {kind}", made, z)
    return made


def _with_torch(function: Callable, kind: str, z: np.ndarray) -> Function:
    tensor = torch.tensor(z)
    if kind == "value":
        return lambda: function(tensor)
    tensor.requires_grad_()
    ones = torch.ones_like(tensor)
    return lambda: torch.autograd.grad(function(tensor), tensor, ones)[0]


def _with_jax(function: Callable, kind: str, z: np.ndarray) -> Function:
    array = jnp.array(z)
    slope = jax.grad(lambda x: jnp.sum(function(x)))
    compiled = jax.jit(function if kind == "value" else slope)
    return lambda: jax.block_until_ready(compiled(array))


def _verify(title: str, made: dict[str, Function], z: np.ndarray) -> None:
    """Stop unless all results have the dtype of z, and agree in half of the digits, since some lose more than others.

    (In float64, PyTorch's slope of the hard sigmoid is 1/6 with the digits of a float32.)
    """
    expected = made["nnnotes"]()
    tolerance = float(np.finfo(z.dtype).eps) ** 0.5
    for name, function in made.items():
        got = np.asarray(function())
        if got.dtype != z.dtype or got.shape != z.shape:
            raise SystemExit(f"{title}: {name} returns {got.dtype}, {got.shape}")
        if not (off := np.abs(got - expected).max()) <= tolerance:
            raise SystemExit(f"{title}: {name} is off by {off:g}")


def errors(g: Activation, kind: str, dtype: np.dtype) -> dict[str, int]:
    """Count the numbers of `grid` at which the package, and a plain formula, are off by more than promised.

    A value is promised to be within 4 ulps, and a slope within 8, where its terms do not cancel.
    """
    z = grid(dtype.type)
    numbers = exact(g.formula, g.parameters, z)
    if kind == "derivative":
        numbers = exact(g.derivative_formula, g.parameters, z, a=numbers)
    with np.errstate(all="ignore"):
        results = {
            "nnnotes": (g if kind == "value" else g.derivative)(z),
            "plain": plain(g, kind, dtype)(z),
        }
    most = 4 if kind == "value" else 8
    return {
        name: int(np.count_nonzero(~(ulps(result, numbers) <= most)))
        for name, result in results.items()
    }


def plain(g: Activation, kind: str, dtype: np.dtype) -> Callable[..., np.ndarray]:
    """Turn a formula of g into NumPy code, and that into a function of z.

    Conditionals become np.where, with constants in the dtype of z. A formula that is only z, or only a constant,
    becomes an array too. A derivative with a in it computes a first.
    """
    names = {
        "exp": np.exp,
        "log": np.log,
        "tanh": np.tanh,
        "abs": np.abs,
        "max": np.maximum,
        "min": np.minimum,
        "erf": scipy.special.erf,
        "sqrt": math.sqrt,  # of constants only
        "pi": math.pi,
        "where": np.where,
        "copy": np.copy,
        "full_like": np.full_like,
        "dtype": dtype.type,
        **g.parameters,
    }
    value = f"lambda z: {_in_numpy(g.formula)}"
    slope = _in_numpy(g.derivative_formula)
    if kind == "value":
        return eval(value, names)
    if not _variables(slope) & {"a"}:
        return eval(f"lambda z: {slope}", names)
    return eval(f"lambda z: (lambda z, a: {slope})(z, ({value})(z))", names)


def _in_numpy(formula: str) -> str:
    tree = _Where().visit(ast.parse(formula, mode="eval"))
    code = ast.unparse(ast.fix_missing_locations(tree))
    if code == "z":
        return "copy(z)"
    return code if _variables(code) else f"full_like(z, {code})"


def _variables(code: str) -> set[str]:
    names = {
        node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)
    }
    return names & {"z", "a"}


class _Where(ast.NodeTransformer):
    """Write `b if t else c` as where(t, b, c)."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        test, body, orelse = map(ast.unparse, (node.test, node.body, node.orelse))
        branches = [b if _variables(b) else f"dtype({b})" for b in (body, orelse)]
        return ast.parse(f"where({test}, {', '.join(branches)})", mode="eval").body
