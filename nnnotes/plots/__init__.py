"""Plots: each takes the axes first, draws on them what an object holds, and returns them."""

from nnnotes.plots.curves import activation, activation_grid, descent, log_axis, losses
from nnnotes.plots.diagrams import flow, network, shapes, unit
from nnnotes.plots.distributions import histograms, ridges
from nnnotes.plots.nodes import graph
from nnnotes.plots.plane import decision_boundary, symmetry, weights
from nnnotes.plots.style import COLOURS, SERIES, STYLE, WORDS

__all__ = [
    "unit",
    "network",
    "shapes",
    "flow",
    "graph",
    "activation",
    "activation_grid",
    "descent",
    "losses",
    "log_axis",
    "decision_boundary",
    "symmetry",
    "weights",
    "histograms",
    "ridges",
    "COLOURS",
    "SERIES",
    "STYLE",
    "WORDS",
]
