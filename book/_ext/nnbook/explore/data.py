"""What explorers take from the package as numbers: its data sets, drawn once, and the nodes of its quadrature."""

import json

import numpy as np

from nnnotes import datasets
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


def data():
    nodes, weights = (array.tolist() for array in legendre(NODES))
    parts = {"SETS": sets(), "NODES": nodes, "WEIGHTS": weights}
    lines = [f"export const {name} = {json.dumps(it)};" for name, it in parts.items()]
    return "// Made by nnnotes. Do not edit.\n" + "\n".join(lines) + "\n"
