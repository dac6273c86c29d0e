"""Peak memory: tracemalloc sees the buffers of NumPy's arrays."""

import gc
import tracemalloc
from collections.abc import Callable

import numpy as np
import steps

import nnnotes


def peak(function: Callable[[], object]) -> int:
    """Return the most bytes that were in use during a call, beyond those before it."""
    function()  # what it does only once
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        function()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return most - before


def of_activation(function: Callable[[np.ndarray], np.ndarray], z: np.ndarray) -> float:
    """Return the peak beyond input and result, in arrays of the size of the input."""
    return (peak(lambda: function(z)) - function(z).nbytes) / z.nbytes


def of_step(problem: steps.Problem) -> dict[str, float]:
    """Return the peak of one step relative to its caches and gradients, without X.

    Once for the four functions one after the other, and once for a later step of the iterator of `train`, which may
    still hold what belongs to the step before. A step leaves the network as it is, so it must make new parameters,
    too: with them alone it would be "least".
    """
    start = steps.draw(problem)
    network, loss = steps.as_network(start), steps.as_loss(start)

    def step() -> nnnotes.Network:
        Z, caches = nnnotes.forward(network, start.X)
        _, dZ = loss.value_and_gradient(Z, start.Y)
        gradients = nnnotes.backward(network, dZ, caches)
        return nnnotes.descend(network, gradients, steps.LR)

    Z, caches = nnnotes.forward(network, start.X)
    gradients = nnnotes.backward(network, Z, caches)
    kept = [a for cache in caches for a in vars(cache).values() if a is not start.X]
    kept += [a for gradient in gradients for a in vars(gradient).values()]
    needed = sum({id(array): array.nbytes for array in kept}.values())
    parameters = sum(layer.W.nbytes + layer.b.nbytes for layer in network)
    del Z, caches, gradients, kept

    iterator = nnnotes.train(network, loss, start.X, start.Y, lr=steps.LR, steps=9)
    gc.collect()
    tracemalloc.start()
    try:
        next(iterator)
        gc.collect()
        tracemalloc.reset_peak()
        next(iterator)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return {
        "least": 1 + parameters / needed,
        "step": peak(step) / needed,
        "train": most / needed,
    }
