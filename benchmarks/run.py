"""Compare nnnotes with other libraries: `make bench`, or `make bench BENCH="--quick --only steps"`.

A whole run writes results.md beside this file; a part, or a quick run, only prints.
"""

import argparse
import datetime
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

CORES = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
# Before they are imported: all libraries may use all cores.
for name in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{name}_NUM_THREADS"] = str(CORES)
os.environ["JAX_PLATFORMS"] = "cpu"

import elementwise
import jax
import memory
import numpy as np
import report
import steps
import torch
from threadpoolctl import threadpool_info
from timing import compare

from nnnotes import activations

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(CORES)

HERE = Path(__file__).parent
PARTS = ("steps", "activations", "import", "memory")


def measure_steps(rng: np.random.Generator, quick: bool) -> list[dict]:
    """Time a training step of each problem in each library, and its matrix products alone."""
    rows = []
    for problem in steps.PROBLEMS:
        print(problem, file=sys.stderr)
        functions = steps.contestants(problem)
        functions["products"] = steps.products(problem)
        # OpenBLAS's threads spin for some 25 ms
        seconds = compare(functions, 3 if quick else 25, rng, settle=0.03)
        if not all(np.isfinite(functions[name]()) for name in steps.MAKERS):
            raise SystemExit(f"{problem}: a loss is no longer finite")
        rows.append({**vars(problem), "seconds": seconds})
    return rows


def measure_activations(rng: np.random.Generator, quick: bool) -> list[dict]:
    """Time each activation and its derivative, for few and for many numbers."""
    rows = []
    for n in (10**3, 10**6):
        for dtype in ("float32", "float64"):
            print(f"activations, {n} numbers, {dtype}", file=sys.stderr)
            z = np.random.default_rng(0).standard_normal(n).astype(dtype)
            for g in activations.ALL:
                for kind in ("value", "derivative"):
                    functions = elementwise.contestants(g, kind, z)
                    rounds = 3 if quick else 17
                    seconds = compare(functions, rounds, rng, settle=0.003)
                    row = {"activation": type(g).__name__, "kind": kind, "n": n}
                    rows.append({**row, "dtype": dtype, "seconds": seconds})
    return rows


def measure_errors() -> list[dict]:
    """Count where each activation and its derivative are off by more than promised."""
    return [
        {
            "activation": type(g).__name__,
            "kind": kind,
            "dtype": dtype,
            "off": elementwise.errors(g, kind, np.dtype(dtype)),
        }
        for dtype in ("float32", "float64")
        for g in activations.ALL
        for kind in ("value", "derivative")
    ]


def measure_import(rng: np.random.Generator, quick: bool) -> dict[str, list[float]]:
    """Time fresh interpreters that import NumPy, or nnnotes, or nothing."""

    def importing(statement: str) -> list[str]:
        return [sys.executable, "-c", statement]

    commands = {
        "nothing": importing("pass"),
        "numpy": importing("import numpy"),
        "nnnotes": importing("import nnnotes"),
    }
    functions = {
        name: lambda command=command: subprocess.run(command, check=True)
        for name, command in commands.items()
    }
    return compare(functions, 5 if quick else 21, rng, settle=0.03)


def measure_memory() -> dict[str, list[dict]]:
    """Measure the peak memory of activations, and of a step."""
    of_activations = []
    for dtype in ("float32", "float64"):
        z = np.random.default_rng(0).standard_normal(10**6).astype(dtype)
        for g in activations.ALL:
            for kind, function in (("value", g), ("derivative", g.derivative)):
                row = {"activation": type(g).__name__, "kind": kind, "dtype": dtype}
                arrays = memory.of_activation(function, z)
                of_activations.append({**row, "arrays": round(arrays, 3)})
    large = [p for p in steps.PROBLEMS if max(p.sizes) >= 784]
    of_steps = [{**vars(problem), **memory.of_step(problem)} for problem in large]
    return {"activations": of_activations, "steps": of_steps}


def about() -> dict[str, object]:
    """Say what was measured where."""
    names = ("numpy", "torch", "jax", "scikit-learn", "scipy")
    pools = threadpool_info()
    blas = [p for p in pools if p["user_api"] == "blas" and "numpy" in p["filepath"]]
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": _processor(),
        "cores": CORES,
        "load": os.getloadavg()[0],
        "threads": {
            "PyTorch": torch.get_num_threads(),
            "NumPy's BLAS": max([p["num_threads"] for p in blas], default=None),
            "JAX": "all cores",
        },
        "python": platform.python_version(),
        "versions": {name: version(name) for name in names},
        "blas": [f"{p['internal_api']} {p['version']}" for p in blas]
        or [np.show_config("dicts")["Build Dependencies"]["blas"]["name"]],
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds: a look only")
    parser.add_argument("--only", choices=PARTS, help="measure one part")
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    quick = arguments.quick
    parts = [arguments.only] if arguments.only else PARTS
    results: dict[str, object] = {"about": about(), "quick": quick}
    if "import" in parts:
        results["import"] = measure_import(rng, quick)
    if "memory" in parts:
        results["memory"] = measure_memory()
    if "activations" in parts:
        results["errors"] = measure_errors()
        results["activations"] = measure_activations(rng, quick)
    if "steps" in parts:
        results["steps"] = measure_steps(rng, quick)
    text = report.table(results)
    print(text)
    if not quick and not arguments.only:
        (HERE / "results.md").write_text(text, encoding="utf8")


if __name__ == "__main__":
    main()
