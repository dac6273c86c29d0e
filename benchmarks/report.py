"""What was measured, as tables in Markdown."""

import numpy as np
from timing import ratios

PEERS = ("PyTorch", "JAX", "scikit-learn", "textbook")
ELEMENTWISE = ("plain", "SciPy", "PyTorch", "JAX")


def table(results: dict) -> str:
    """Write all results, the goals first."""
    parts = ["# Benchmarks", _about(results), "## Goals", _goals(results)]
    if "steps" in results:
        parts += ["## One training step", STEPS, _steps(results["steps"])]
    if "activations" in results:
        parts += ["## Activations", ACTIVATIONS, _activations(results["activations"])]
    if "errors" in results:
        parts += ["## What the plain formulas leave out", ERRORS]
        parts += [_errors(results["errors"])]
    if "import" in results:
        parts += ["## Import", IMPORT, _import(results["import"])]
    if "memory" in results:
        parts += ["## Memory", MEMORY, *_memory(results["memory"])]
    return "\n\n".join(parts) + "\n"


STEPS = """Forward pass, loss, backward pass and plain gradient descent, from the same weights, checked to give the
same loss and weights. The time of nnnotes is the median, with the quartiles; the others are how many times as long
they take: they take turns, and this is the median of the ratio over the rounds, with its quartiles. The last column
is the share of the matrix products in the step of nnnotes."""
ACTIVATIONS = """The value, or the derivative, at standard normal numbers. Times of nnnotes are medians in
microseconds; the others are how many times as long they take, the median of the ratio over the rounds. A plain
formula is the formula of the activation in NumPy, PyTorch's derivative is by autograd, JAX's is compiled. Where a
library has no such function, there is a gap. Below 1 is bold for the plain formula."""
ERRORS = """At how many of 870 numbers of all sizes a value is off by more than 4 ulps, or a derivative by more than
8: an exponential overflows or vanishes there, or terms cancel. What nnnotes computes beyond the formula keeps it exact
there, and takes time. (A derivative that crosses 0 is off beside the crossing.) Where neither is off anywhere, there is
no row."""
IMPORT = "Fresh interpreters: the median wall time in milliseconds, with the quartiles."
MEMORY = """Activations: the peak beyond input and result at a million numbers, in arrays of that size. Steps: the peak
relative to the bytes of the caches (without X) and the gradients, for the four functions one after the other, and for a
later step of the iterator of `train`. A step leaves the network that it starts from as it is, and makes a new one:
caches, gradients and the new parameters alone take what stands under "at least"."""


def _about(results: dict) -> str:
    about = results["about"]
    versions = ", ".join(f"{k} {v}" for k, v in about["versions"].items())
    threads = ", ".join(f"{k} {v}" for k, v in about["threads"].items())
    quick = (
        " **A quick run: too few rounds to conclude from.**" if results["quick"] else ""
    )
    if about["load"] > 0.5:
        quick += f" **The machine was busy: the load before was {about['load']:.2f}.**"
    return (
        f"{about['date']}; {about['processor']}, {about['cores']} cores, all used by all "
        f"(threads: {threads}). Python {about['python']}, {versions}; "
        f"NumPy's BLAS: {', '.join(about['blas'])}.{quick}"
    )


def _goals(results: dict) -> str:
    rows = []

    def goal(text: str, worst: tuple[float, str], met: bool, note: str = "") -> None:
        value, where = worst
        row = [text, f"{value:.2f} ({where}){note}", "yes" if met else "**no**"]
        rows.append(row)

    if steps := results.get("steps"):
        tiny = [row for row in steps if tuple(row["sizes"]) == (2, 4, 1)]
        for limit, chosen, at in ((1, steps, "every size"), (3, tiny, "2-4-1")):
            for peer in ("PyTorch", "scikit-learn"):
                worst = min((_ratio(row, peer), _title(row)) for row in chosen)
                text = f"{peer} takes {'longer' if limit == 1 else 'at least 3 times as long'} at {at}"
                met = worst[0] > 1 if limit == 1 else worst[0] >= limit
                goal(text, worst, met)
        big = [row for row in steps if tuple(row["sizes"]) == (784, 1024, 1024, 10)]
        worst = min((_ratio(row, "products"), _title(row)) for row in big)
        goal(
            "matrix products at least 0.90 of the largest step", worst, worst[0] >= 0.9
        )
    if rows_ := results.get("activations"):
        slow = [row for row in rows_ if _ratio(row, "plain") < 1]
        clear = [
            row for row in slow if ratios(row["seconds"], "plain", "nnnotes")[2] < 1
        ]
        worst = min((_ratio(row, "plain"), _name(row)) for row in rows_)
        keys = ("activation", "kind", "dtype")
        off = [
            [row[k] for k in keys] for row in results["errors"] if row["off"]["plain"]
        ]
        inexact = [row for row in slow if [row[k] for k in keys] in off]
        note = (
            f"; below 1: {len(slow)} of {len(rows_)}, {len(clear)} with the upper quartile too; "
            f"in {len(inexact)} of them the plain formula is not exact at all numbers"
        )
        goal("activations at least as fast as the plain formula", worst, not slow, note)
    if memory := results.get("memory"):
        worst = max((row["arrays"], _name(row)) for row in memory["activations"])
        goal(
            "activations: at most one array on the way", worst, round(worst[0], 2) <= 1
        )
        row = max(memory["steps"], key=lambda row: row["step"])
        goal(
            "a step: peak at most 1.5 times caches and gradients",
            (row["step"], _title(row)),
            row["step"] <= 1.5,
            f"; at least {row['least']:.2f} with the new parameters",
        )
    if seconds := results.get("import"):
        _, ratio, _ = ratios(seconds, "nnnotes", "numpy")
        goal("import at most 1.3 times NumPy's", (ratio, "median"), ratio <= 1.3)
    return _markdown(["Goal", "Worst", "Met"], rows)


def _ratio(row: dict, peer: str) -> float:
    return ratios(row["seconds"], peer, "nnnotes")[1]


def _title(row: dict) -> str:
    return f"{'-'.join(map(str, row['sizes']))} m={row['m']}, {row['dtype']}"


def _name(row: dict) -> str:
    count = f", {row['n']}" if "n" in row else ""
    return f"{row['activation']} {row['kind']}{count}, {row['dtype']}"


def _steps(rows: list[dict]) -> str:
    cells = []
    for row in rows:
        low, middle, high = np.quantile(row["seconds"]["nnnotes"], [0.25, 0.5, 0.75])
        time = f"{_si(middle)} ({_si(low)} to {_si(high)})"
        peers = [_spread(ratios(row["seconds"], peer, "nnnotes")) for peer in PEERS]
        cells.append([_title(row), time, *peers, f"{_ratio(row, 'products'):.2f}"])
    return _markdown(["Network", "nnnotes", *PEERS, "Products"], cells)


def _activations(rows: list[dict]) -> str:
    tables = []
    for n, dtype in dict.fromkeys((row["n"], row["dtype"]) for row in rows):
        cells = []
        for row in rows:
            if (row["n"], row["dtype"]) != (n, dtype):
                continue
            time = f"{np.median(row['seconds']['nnnotes']) * 1e6:.3g}"
            there = [peer in row["seconds"] for peer in ELEMENTWISE]
            peers = [
                f"{_ratio(row, peer):.2f}" if is_there else ""
                for peer, is_there in zip(ELEMENTWISE, there, strict=True)
            ]
            if _ratio(row, "plain") < 1:
                peers[0] = f"**{peers[0]}**"
            cells.append([row["activation"], row["kind"], time, *peers])
        header = ["Activation", "", "nnnotes, µs", *ELEMENTWISE]
        tables.append(f"{n} numbers, {dtype}:\n\n{_markdown(header, cells)}")
    return "\n\n".join(tables)


def _errors(rows: list[dict]) -> str:
    off: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        cells = off.setdefault((row["activation"], row["kind"]), [])
        cells += [str(row["off"][name]) for name in ("nnnotes", "plain")]
    header = [
        f"{name}, {d}" for d in ("float32", "float64") for name in ("nnnotes", "plain")
    ]
    cells = [[*name, *row] for name, row in off.items() if set(row) != {"0"}]
    return _markdown(["Activation", "", *header], cells)


def _import(seconds: dict[str, list[float]]) -> str:
    cells = []
    for name, times in seconds.items():
        milliseconds = np.quantile(times, [0.25, 0.5, 0.75]) * 1e3
        cells.append(
            [name, _spread(milliseconds), _spread(ratios(seconds, name, "numpy"))]
        )
    return _markdown(["Import", "ms", "Ratio to NumPy"], cells)


def _memory(memory: dict[str, list[dict]]) -> list[str]:
    by_name: dict[str, list[str]] = {}
    for row in memory["activations"]:
        by_name.setdefault(row["activation"], []).append(f"{row['arrays']:.2f}")
    kinds = [
        f"{kind}, {d}"
        for d in ("float32", "float64")
        for kind in ("value", "derivative")
    ]
    activations = _markdown(
        ["Activation", *kinds], [[k, *v] for k, v in by_name.items()]
    )
    names = ("least", "step", "train")
    rows = [[_title(r), *(f"{r[name]:.2f}" for name in names)] for r in memory["steps"]]
    header = ["Network", "At least", "Step", "In train"]
    return [activations, _markdown(header, rows)]


def _spread(quartiles: list[float]) -> str:
    low, middle, high = quartiles
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _si(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def _markdown(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
