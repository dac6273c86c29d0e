"""What explorers take from the package as numbers: its data sets, drawn once, and the nodes of its quadrature."""

import json

import numpy as np

from nnnotes import Dense, ShapeError, datasets, identity
from nnnotes.quadrature import legendre

POINTS, NODES = 160, 40


def sets():
    """Draw each data set of the plane, and bring it to the square from -2 to 2."""
    found = {}
    for name in ("xor", "circles", "moons", "flower"):
        X, Y = getattr(datasets, name)(np.random.default_rng(0), POINTS)
        X = X - (X.max(axis=1, keepdims=True) + X.min(axis=1, keepdims=True)) / 2
        X = 1.8 * X / np.abs(X).max()
        found[name] = {"X": X.round(3).tolist(), "y": Y[0].astype(int).tolist()}
    return found


# Sizes that no message holds for another reason.
SIZES = {"n_prev": 1009, "n": 1013, "m": 1019}


def messages():
    """Return what the package says of arrays that do not fit, with the names of the sizes in their places."""
    n_prev, n, m = SIZES.values()
    W, b, X = np.zeros((n, n_prev)), np.zeros((n, 1)), np.zeros((n_prev, m))
    wrong = {
        "W": lambda: Dense(W.T, b, identity),
        "A": lambda: Dense(W, b, identity).forward(X.T),
        "b": lambda: Dense(W, b[:, 0], identity),
    }
    return {name: said(fault) for name, fault in wrong.items()}


def said(fault):
    try:
        fault()
    except ShapeError as error:
        text = str(error)
        for name, size in SIZES.items():
            text = text.replace(str(size), f"{{{name}}}")
        return text
    raise AssertionError("arrays that do not fit were taken")


def data():
    nodes, weights = (array.tolist() for array in legendre(NODES))
    parts = {"SETS": sets(), "NODES": nodes, "WEIGHTS": weights}
    parts["MESSAGES"] = messages()
    lines = [f"export const {name} = {json.dumps(it)};" for name, it in parts.items()]
    return "// Made by nnnotes. Do not edit.\n" + "\n".join(lines) + "\n"
