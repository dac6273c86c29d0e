"""Run before the memory is written down, and after a plain start: what cells are going to import."""
# ruff: noqa: F401

import decimal
import gc
import importlib.resources
import pprint
import shlex

import kernel
import numpy
import numpy.linalg
import numpy.ma
import numpy.polynomial
import numpy.random

import nnnotes
from nnnotes import (
    autodiff,
    checkpointing,
    datasets,
    exercises,
    gates,
    lsuv,
    meanfield,
    moments,
    quadrature,
    residual,
    signals,
    special,
    sweeps,
)

gc.collect()
gc.freeze()
