"""Calls that a type checker must take, and, with an `# error` at their end, calls that it must refuse.

This file is checked, and never run. Add a line for each way to call that a user may try.
"""

import matplotlib.pyplot as plt
import numpy as np

from nnnotes import (
    LogisticLoss,
    datasets,
    dense,
    descend,
    leaky_relu,
    mlp,
    plots,
    relu,
    tanh,
    train,
)
from nnnotes.autodiff import gradients, total, variable
from nnnotes.exactness import exact, grid, ulps
from nnnotes.formula import evaluate, expression, latex
from nnnotes.gates import swiglu
from nnnotes.layers import gated
from nnnotes.meanfield import MeanField, pair_mean
from nnnotes.moments import moments_table
from nnnotes.quadrature import gaussian_mean, legendre
from nnnotes.reproduced import compare_mean
from nnnotes.residual import Residual

rng = np.random.default_rng(0)
network = mlp(rng, [2, 4, 1], tanh)
X, Y = datasets.moons(rng)
ax = plt.figure().add_subplot()
axes = plt.figure().subplots(2, 2)

plots.losses(ax, {"a list": [1.0, 0.5]})
plots.losses(ax, {"a tuple": (1.0, 0.5)})
plots.losses(ax, {"an array": np.array([1.0, 0.5])})
plots.losses(ax, {"integers": [3, 2, 1]})
plots.losses(ax, [1.0, 0.5])  # error
plots.losses({"tanh": [1.0]}, ax)  # error
plots.losses(ax, {"texts": ["1.0"]})  # error
plots.activation(ax, relu, edge=3)
plots.activation(ax, "relu")  # error
plots.activation_grid(axes, [relu, tanh])
plots.activation_grid(list(axes.flat), (relu, tanh))
plots.activation_grid([ax], [relu]).append(ax)  # error
plots.activation_grid(ax, [relu])  # error
plots.activation_grid([ax], ["relu"])  # error
plots.histograms(axes, network, X)
plots.histograms([ax], network, X)
plots.histograms(ax, network, X)  # error
plots.decision_boundary(ax, network, X, Y)
plots.weights(ax, np.eye(3))
plots.weights(ax, [[1.0]])  # error

a = variable(np.ones((2, 2)), "a")
total(-a / 2 + 3 * a - np.float32(2) / a @ a)
gradients(total(1 - a))
a - "1"  # error
a @ 2  # error

exact("exp(z)", {"alpha": 1}, grid(np.float32))
exact("exp(z)", {}, grid("float32"))
ulps(np.ones(2), [1, 1.0])
grid(32)  # error
latex("1 / z"), expression("1 / z"), evaluate("1 / n", names={"n": 3})
latex(3)  # error
gaussian_mean(np.square, [0.0, 1])
gaussian_mean(np.square, kinks=(0.0,))
gaussian_mean(np.square, 0.0)  # error
legendre(3)
pair_mean(np.square, 0.5, [0.0], (1.0,))
MeanField(tanh, 2, 1).network(rng, [2, 3])
MeanField(tanh, 2, 1).network(rng, (2, 3))
MeanField(tanh, 2, 1).network(rng, np.array([2, 3]))
MeanField("tanh", 2)  # error
moments_table({relu, tanh})
moments_table(relu)  # error
compare_mean(1, [1, 2.0])
compare_mean(1, np.ones(3))
datasets.moons(0)  # error

relu([1.0]), relu([[1, 2], [3, 4]]), relu(3), relu(np.float32(1)), relu(np.ones(3, int))
leaky_relu.derivative([0.5, -1]), leaky_relu.alpha
relu(1j)  # error
mlp(rng, np.array([2, 4, 1]), tanh, dtype="float32")
mlp(rng, (2, 4, 1), tanh, dtype=np.float32)
mlp(rng, [2, 4, 1], "tanh")  # error
dense(rng, 3, 2, tanh, dtype="float32").W
mixed = (dense(rng, 4, 2, tanh), Residual((gated(rng, 4, 4, swiglu),)))
train(mixed, LogisticLoss(), X, Y, lr=0.1, steps=1).run().network[0].parameters
train(network, LogisticLoss(), X, Y, lr=0.1, steps=1).run().network[0].W
descend(network, (), 0.1)[0].W
train(network, LogisticLoss, X, Y, lr=0.1, steps=1)  # error
