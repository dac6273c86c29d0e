"""Timing: contestants take turns, so that what else the machine does meets all of them."""

import gc
import math
import time
from collections.abc import Callable

import numpy as np

SHORTEST = 2e-3  # seconds; a shorter sample would measure the clock
BUDGET = 10.0  # seconds for one comparison; the largest ones get fewer rounds
FEWEST = 7  # rounds


def compare(
    contestants: dict[str, Callable[[], object]],
    rounds: int,
    rng: np.random.Generator,
    settle: float,
) -> dict[str, list[float]]:
    """Time functions round by round, in a new random order each, and return the seconds per call of each round.

    Args:
        contestants: the functions by name; each call is the same work.
        rounds: how often each takes its turn.
        rng: the source of the random order.
        settle: the seconds of rest before each turn, in which the threads of the one before stop spinning.
    """
    gc.collect()
    gc.disable()
    try:
        calls = {name: _calls(function) for name, function in contestants.items()}
        start = time.perf_counter()
        seconds: dict[str, list[float]] = {name: [] for name in contestants}
        for number in range(rounds):
            if number >= FEWEST and time.perf_counter() - start > BUDGET:
                break
            for name in rng.permutation(list(contestants)):
                time.sleep(settle)
                contestants[name]()
                seconds[name].append(_sample(contestants[name], calls[name]))
    finally:
        gc.enable()
    return seconds


def _calls(function: Callable[[], object]) -> int:
    """Warm up, and return the number of calls that a sample needs to be long enough."""
    for _ in range(3):
        function()
    calls = 1
    while (seconds := calls * _sample(function, calls)) < SHORTEST:
        calls = math.ceil(calls * min(10, 1.2 * SHORTEST / seconds))
    return calls


def _sample(function: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def ratios(seconds: dict[str, list[float]], name: str, base: str) -> list[float]:
    """Return how many times as long as the base the named contestant took: quartile, median, quartile."""
    rounds = np.array(seconds[name]) / np.array(seconds[base])
    return [float(x) for x in np.quantile(rounds, [0.25, 0.5, 0.75])]
