"""Change the package in one place at a time, and see whether a test notices: `python tests/mutate.py [MODULE...]`.

The changes are mutmut's. Its own runner leaves alone decorated functions and everything outside of functions, and so
most activations and all formulas. Here a mutant is a file in a copy of the package, and a forked process tests it.
"""

import argparse
import ast
import collections
import contextlib
import difflib
import importlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst as cst
import libcst.matchers as m
from mutmut.configuration import config
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.pragma_handling import get_ignored_lines

ROOT = Path(__file__).parents[1]

# A module's tests, and the wrong calls, are in the file of its name. What survives them meets the examples, ...
COMMON = ["tests/test_package.py", "tests/test_docstrings.py"]
# ... and the tests of who works with the module.
ALSO = {
    "_checks": "activations datasets initializers layers meanfield networks shapes",
    "activations": "exactness layers networks",
    "arrays": "activations initializers shapes layers networks gradcheck datasets",
    "formula": "activations initializers losses",
    "layers": "networks",
    "losses": "networks",
    "optimizers": "networks",
    "shapes": "layers networks",
    "special": "activations",
    "tables": "shapes networks",
}
# A wheel holds other files than the copy, and whether a cluster survives chaos does not depend on one operator.
WITHOUT = "wheel or killed_worker or broken_executor"

# What takes long to import, and is the same for all.
HEAVY = (
    "beartype hypothesis jaxtyping matplotlib.pyplot mpmath pytest scipy.stats sympy"
)

# The docstrings' tests have each name of `__all__` in their parameters.
NAMES = m.Assign(targets=[m.AssignTarget(m.Name("__all__"))])


def change_text(node: cst.BaseString) -> list[cst.BaseString]:
    """Change a text once: the test that notices this notices other letters, too."""
    return list(operator_string(node))[:1]


OPERATORS = [
    (kind, change_text if operator is operator_string else operator)
    for kind, operator in mutation_operators
]


class Visitor(MutationVisitor):
    """All places, those in decorated functions, too: each mutant is executed from the start.

    But not what an exercise is tried with, and what is wrong in it on purpose: that may be wrong in another way.
    """

    tried: Sequence[cst.Arg] = ()

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if m.matches(node, NAMES):
            return True
        if m.matches(node, m.Call(m.Name("Task"))):
            assert isinstance(node, cst.Call)
            self.tried = node.args[2:4]  # the cases and the mistakes
        if any(node is part for part in self.tried):
            return True
        if isinstance(node, cst.FunctionDef):
            overload = m.Decorator(m.Name("overload"))
            return any(m.matches(decorator, overload) for decorator in node.decorators)
        return super()._skip_node_and_children(node)


def mutants(path: Path) -> Iterator[str]:
    """Yield each changed text of a file, unless it means to Python what another one does."""
    code = path.read_text(encoding="utf8")
    wrapper = cst.MetadataWrapper(cst.parse_module(code))
    visitor = Visitor(OPERATORS, get_ignored_lines(str(path), code, wrapper))
    module = wrapper.visit(visitor)
    seen = {ast.dump(ast.parse(code))}
    for mutation in visitor.mutations:
        changed = deep_replace(module, mutation.original_node, mutation.mutated_node)
        assert isinstance(changed, cst.Module)
        with contextlib.suppress(SyntaxError):  # such as a return outside of a function
            meaning = ast.dump(ast.parse(changed.code))
            if meaning not in seen:
                seen.add(meaning)
                yield changed.code


def outcome(tests: list[str], seconds: int) -> str:
    """Run tests in a process of their own, on the copy in the working directory."""
    child = os.fork()
    if child == 0:
        os.setsid()
        # An endless loop is noticed, too. What waits takes no time of the processor, and gets ten times as long.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(10 * seconds)
        resource.setrlimit(resource.RLIMIT_AS, (2**34, 2**34))
        out = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        import pytest

        options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider"]
        status = pytest.main([*options, "-k", f"not ({WITHOUT})", *tests])
        package = sys.modules.get("nnnotes")
        if package and not str(package.__file__).startswith(os.getcwd()):
            status = 77
        os._exit(status)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what a test left behind
    assert status >> 8 != 77, "the tests import another copy of the package"
    if os.WIFSIGNALED(status):
        clock = os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGKILL, signal.SIGXCPU)
        return "ended by the clock" if clock else "killed"
    return "killed" if status else "survived"


def outcomes(stages: list[list[str]], seconds: int) -> str:
    """Run the stages until a test fails."""
    found = "survived"
    for tests in stages:
        if found == "survived":
            found = outcome(tests, seconds)
    return found


def figures(name: str, count: collections.Counter[str]) -> str:
    """Say how many mutants there were, and what became of them."""
    clock = count["ended by the clock"]
    share = f"{count.total() - count['survived']} of {count.total()} killed"
    return f"{name}: {share}, {clock} of them by the clock"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "mutants")
    parser.add_argument("--at-least", type=float, default=95, metavar="PERCENT")
    parser.add_argument("--some", type=int, metavar="N", help="N a module, at random")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    package = [p for p in Path("nnnotes").glob("*.py") if config().should_mutate(p)]
    modules = arguments.modules or sorted(path.stem for path in package)
    out = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    total = collections.Counter[str]()

    with tempfile.TemporaryDirectory() as copy:
        for folder in ("nnnotes", "tests", "book/chapters", ".github/workflows"):
            shutil.copytree(folder, f"{copy}/{folder}")
        shutil.copy("pyproject.toml", copy)
        os.chdir(copy)
        sys.path.insert(0, copy)
        os.environ.update(PYTHONPATH=copy, MPLBACKEND="Agg")
        for name in HEAVY.split():
            importlib.import_module(name)

        for name in modules:
            path = Path(f"nnnotes/{name}.py")
            others = [f"tests/test_{n}.py" for n in ALSO.get(name, "").split()]
            stages = [[f"tests/test_{name}.py"], [*COMMON, *others]]
            if not Path(stages[0][0]).exists():
                del stages[0]
            sys.dont_write_bytecode = False
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            start = time.monotonic()
            if outcomes(stages, 600) != "survived":
                sys.exit(Path("output.txt").read_text(encoding="utf8"))
            seconds = 10 + round(5 * (time.monotonic() - start))
            # A mutant leaves nothing behind.
            sys.dont_write_bytecode = True
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
            original = path.read_text(encoding="utf8")
            codes = list(mutants(path))
            if arguments.some and arguments.some < len(codes):
                codes = random.Random(0).sample(codes, arguments.some)
            count = collections.Counter[str]()
            with (out / f"{name}.diff").open("w", encoding="utf8") as survivors:
                for code in codes:
                    path.write_text(code, encoding="utf8")
                    found = outcomes(stages, seconds)
                    count[found] += 1
                    if found == "survived":
                        lines = original.splitlines(), code.splitlines()
                        diff = list(difflib.unified_diff(*lines, n=1, lineterm=""))[2:]
                        print(*diff, sep="\n", file=survivors, flush=True)
            path.write_text(original, encoding="utf8")
            print(figures(name, count), flush=True)
            total += count
    print(figures("all", total))
    killed = total.total() - total["survived"]
    sys.exit(100 * killed < arguments.at_least * total.total())


if __name__ == "__main__":
    main()
