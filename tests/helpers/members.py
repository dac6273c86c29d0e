"""Members of a family, and others of their classes, so that a parameter that never reaches the code is seen."""

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import sympy

from nnnotes.activations import Activation
from nnnotes.formula import evaluate
from nnnotes.losses import Loss


def with_variants(family: tuple[Any, ...], *others: Any) -> tuple[Any, ...]:
    """Add members with other numbers: each parameter is three quarters of what it was."""
    variants = []
    for member in family:
        numbers = {
            field.name: 0.75 * getattr(member, field.name)
            for field in dataclasses.fields(member)
            if field.init and isinstance(getattr(member, field.name), float)
        }
        variants += [dataclasses.replace(member, **numbers)] if numbers else []
    return tuple(dict.fromkeys((*family, *variants, *others)))


def sides(g: Activation) -> tuple[list[Any], Any, list[Any]]:
    """The kinks and 0, a symbol p > 0, and the open intervals between them, each as an expression in p."""
    p = sympy.Symbol("p", positive=True)
    ends = [sympy.Rational(end) for end in sorted({0.0, *g.kinks})]
    between = [a + (b - a) * p / (1 + p) for a, b in itertools.pairwise(ends)]
    return ends, p, [ends[0] - p, *between, ends[-1] + p]


def ends(text: str, **numbers: float) -> tuple[float, float]:
    """The least and the greatest number of an interval or a set in braces, such as "[0, oo)"."""
    names = {**numbers, "pi": math.pi, "oo": math.inf}
    low, *_, high = (
        float(evaluate(end, names=names)) for end in text[1:-1].split(", ")
    )
    return low, high


def as_targets(loss: Loss, shares: np.ndarray) -> np.ndarray:
    """Turn numbers from 0 to 1 into targets that a loss takes: its least and its greatest one, and between them."""
    low, high = ends(loss.targets)
    low = low if math.isfinite(low) else min(0.0, high - 1)
    high = high if math.isfinite(high) else low + 1
    if loss.targets[0] == "{":
        shares = shares.round()
    return low + (high - low) * shares


def targets(loss: Loss, rng: np.random.Generator, n: int, m: int) -> np.ndarray:
    """Draw targets that a loss takes, one example per column."""
    if loss.distributions:
        return rng.dirichlet(np.ones(n), m).T
    return as_targets(loss, rng.uniform(size=(n, m)))
