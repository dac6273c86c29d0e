"""Change the package in one place at a time, and list what no test notices.

`python tests/mutate.py [MODULE...] [--part K/N]`: the modules named, or all; of all mutants every N-th alone.

The changes are mutmut's, the runner is not. mutmut run leaves alone decorated functions and everything outside of
functions, and so all formulas: of 870 places in activations it changes 201. It also runs pytest twice in one process,
but the hook that checks the shapes must be there before the package is imported; and where it may not, it imports all
libraries anew for each mutant. Here a mutant is a file in a copy of the package, and a forked process tests it.
"""

import argparse
import ast
import contextlib
import difflib
import importlib
import os
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
OUT = ROOT / "_build" / "mutants"
# Of what the tests let pass, nearly all means the same for every input: another block, copy= or bound of a loop.
LEAST = 90  # per cent

# A module's tests, and the wrong calls, are in the file of its name. What survives them meets the examples, ...
COMMON = ["tests/test_package.py", "tests/test_docstrings.py"]
# ... and the tests of those who work with the module.
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
# A release is made of other files than the copy, and whether a cluster survives chaos does not depend on one operator.
WITHOUT = "wheel or release or killed_worker or broken_executor"
# What takes long to import, and is the same for all.
HEAVY = (
    "beartype hypothesis jaxtyping matplotlib.pyplot mpmath pytest scipy.stats sympy"
)

# The docstrings' tests have each name of `__all__` in their parameters.
NAMES = m.Assign(targets=[m.AssignTarget(m.Name("__all__"))])
OVERLOAD = m.FunctionDef(
    decorators=[m.ZeroOrMore(), m.Decorator(m.Name("overload")), m.ZeroOrMore()]
)
# A text is changed once: the test that notices this notices other letters, too.
OPERATORS = [
    (
        kind,
        (lambda node: list(operator_string(node))[:1]) if op is operator_string else op,
    )
    for kind, op in mutation_operators
]


class Visitor(MutationVisitor):
    """All places, those in decorated functions, too: each mutant is executed from the start.

    But not what an exercise is tried with, and what is wrong in it on purpose: that may be wrong in another way.
    """

    tried: Sequence[cst.Arg] = ()

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call) and m.matches(node, m.Call(m.Name("Task"))):
            words = ("cases", "mistakes")
            self.tried = [
                a for a in node.args if a.keyword and a.keyword.value in words
            ]
        if m.matches(node, NAMES | OVERLOAD) or any(node is arg for arg in self.tried):
            return True
        if isinstance(node, cst.FunctionDef):
            return False
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


def survives(tests: list[str], seconds: int) -> bool:
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
    return status == 0


def stages(path: Path) -> list[list[str]]:
    """Return the tests of a module, and then those of what works with it."""
    exercises = path.parent.name == "exercises"
    names = ["exercises", "tasks"] if exercises else [path.stem, path.parent.name]
    own = [f"tests/test_{name}.py" for name in names]
    others = [f"tests/test_{name}.py" for name in ALSO.get(path.stem, "").split()]
    found = [test for test in own if Path(test).exists()][: 1 + exercises]
    return [*([found] if found else []), [*COMMON, *others]]


def survivors(path: Path, codes: list[str]) -> Iterator[str]:
    """Yield the changes of a module that no test notices, as diffs."""
    tests, original = stages(path), path.read_text(encoding="utf8")
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.monotonic()
    if not all(survives(stage, 600) for stage in tests):
        sys.exit(Path("output.txt").read_text(encoding="utf8"))
    seconds = 10 + round(5 * (time.monotonic() - start))
    # A mutant leaves nothing behind.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    for code in codes:
        path.write_text(code, encoding="utf8")
        if all(survives(stage, seconds) for stage in tests):
            lines = original.splitlines(), code.splitlines()
            yield "\n".join(list(difflib.unified_diff(*lines, n=1, lineterm=""))[2:])
    path.write_text(original, encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--part", default="1/1", metavar="K/N")
    arguments = parser.parse_args()
    part, parts = map(int, arguments.part.split("/"))
    os.chdir(ROOT)
    package = [p for p in Path("nnnotes").rglob("*.py") if config().should_mutate(p)]
    modules = arguments.modules or [p.stem for p in package]
    chosen = [p for p in package if {p.stem, p.parent.name} & {*modules}]
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    tried = killed = 0
    with tempfile.TemporaryDirectory() as copy:
        for folder in ("nnnotes", "tests", "book/chapters"):
            shutil.copytree(folder, f"{copy}/{folder}")
        shutil.copy("pyproject.toml", copy)
        os.chdir(copy)
        sys.path.insert(0, copy)
        os.environ.update(PYTHONPATH=copy, MPLBACKEND="Agg")
        for name in HEAVY.split():
            importlib.import_module(name)
        for path in sorted(chosen):
            codes = list(mutants(path))[part - 1 :: parts]
            found = []
            with (OUT / f"{path.stem}.diff").open("w", encoding="utf8") as diffs:
                for diff in survivors(path, codes):
                    print(diff, file=diffs, flush=True)
                    found.append(diff)
            print(
                f"{path}: {len(codes) - len(found)} of {len(codes)} killed", flush=True
            )
            tried += len(codes)
            killed += len(codes) - len(found)
    print(f"all: {killed} of {tried} killed")
    sys.exit(100 * killed < LEAST * tried)


if __name__ == "__main__":
    main()
