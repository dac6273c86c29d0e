"""Runs the cells of a page, as the build's kernel does, and knows which cells each of them needs.

A cell's result is that of the page from its top: it gets the names that the cells it needs have left, and no others.
What a cell has left is kept, under a key made from its code and from the keys of what it needs, so that nothing runs
twice.
"""

import ast
import builtins
import copy
import functools
import gzip
import hashlib
import importlib
import io
import json
import linecache
import logging
import re
import symtable
import sys
import traceback
import types
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tqdm

from nnbook import colouring

PACKAGES = "/lib/python3.12/site-packages"
SETTINGS = json.loads(Path(PACKAGES, "kernel.json").read_text(encoding="utf8"))
STANDARD = "/lib/python312.zip"  # the standard library, as Python has it on its path
LONGEST = 100_000  # characters that a cell may print
# Methods that change what they belong to.
CHANGING = re.compile(
    "append|extend|insert|add|update|setdefault|pop|popitem|remove|discard|clear|sort|reverse|fill|shuffle"
)
SOURCES_OF_STATE = frozenset({"default_rng", "Generator", "spawn", "iter", "count"})


# What a cell means for others.


@dataclass
class Names:
    """The names of a cell: that it looks up, that it binds, that it changes; and those its functions look up later."""

    reads: set = field(default_factory=set)
    binds: set = field(default_factory=set)
    changes: set = field(default_factory=set)
    later: set = field(default_factory=set)
    generators: set = field(default_factory=set)


@functools.lru_cache(1000)
def names_of(source):
    found = Names()
    try:
        tree, table = ast.parse(source), symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError):  # it says so itself when it is run
        return found
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            found.binds.add(symbol.get_name())
        if symbol.is_referenced():
            found.reads.add(symbol.get_name())
    for inner in table.get_children():
        look_inside(inner, found)
    found.reads |= found.later
    for node in ast.walk(tree):
        look_at(node, found)
    found.reads |= found.changes
    return found


def look_inside(table, found):
    """Collect the globals of functions, comprehensions and classes."""
    for symbol in table.get_symbols():
        if symbol.is_global() and symbol.is_referenced():
            found.later.add(symbol.get_name())
        if symbol.is_declared_global() and symbol.is_assigned():
            found.binds.add(symbol.get_name())
    for inner in table.get_children():
        look_inside(inner, found)


def base(node):
    """Return the name whose part an expression is."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def look_at(node, found):
    if isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node.ctx, ast.Store | ast.Del):
            found.changes.add(base(node))
    elif isinstance(node, ast.AugAssign):
        found.changes.add(base(node.target))
    elif isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Attribute) and CHANGING.fullmatch(called.attr):
            found.changes.add(base(called.value))
        if isinstance(called, ast.Name) and called.id == "next":
            found.changes.add(base(node.args[0]) if node.args else None)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            found.generators |= set(stateful(target, node.value))
    found.changes.discard(None)


def stateful(target, value):
    """Yield the names that an assignment gives to generators, be it of random numbers, or to lists of them."""
    several = (ast.Tuple, ast.List)
    if isinstance(target, several) and isinstance(value, several):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from stateful(one, other)
    elif isinstance(value, ast.GeneratorExp) and isinstance(target, several):
        return  # it is used up at once
    elif makes_state(value):
        yield from (t.id for t in ast.walk(target) if isinstance(t, ast.Name))


def makes_state(value):
    if isinstance(value, ast.Call):
        called = value.func
        return getattr(called, "attr", getattr(called, "id", "")) in SOURCES_OF_STATE
    if isinstance(value, ast.ListComp):
        return makes_state(value.elt)
    return isinstance(value, ast.GeneratorExp)


@dataclass
class Step:
    """What is planned for a cell: which cells before it are needed, and the key of what it leaves."""

    needs: frozenset
    key: str
    leaves: frozenset
    mentions: frozenset


def plan(sources):
    """Say of each cell what it needs; generators of random numbers change wherever they are mentioned."""
    cells = [names_of(source) for source in sources]
    generators = {name for cell in cells for name in cell.generators}
    last, later, steps = {}, {}, []
    for index, cell in enumerate(cells):
        mentioned = set(cell.reads)
        waiting = list(mentioned)
        while waiting:
            new = later.get(waiting.pop(), set()) - mentioned
            mentioned |= new
            waiting += new
        changes = cell.changes | (mentioned & generators)
        direct = sorted({last[name] for name in mentioned | changes if name in last})
        needs = frozenset(direct).union(*(steps[one].needs for one in direct))
        text = "\0".join([sources[index].rstrip(), *(steps[one].key for one in direct)])
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        leaves = frozenset(cell.binds | changes)
        steps.append(Step(needs, key, leaves, frozenset(mentioned)))
        for name in cell.binds | changes:
            last[name] = index
        for name in cell.binds:
            later[name] = cell.later
    return steps


@functools.lru_cache(1000)
def imports_alone(source):
    """Return the imports of a cell that holds nothing else, by the names that they bind; of others, nothing."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return {}
    found = {}
    for one in statements:
        if not isinstance(one, ast.Import | ast.ImportFrom):
            return {}
        for alias in one.names:
            alone = copy.copy(one)
            alone.names = [alias]
            bound = alias.asname or alias.name.partition(".")[0]
            found[bound] = compile(ast.Module([alone], []), "<imports>", "exec")
    return found


# What cells leave.

MAIN = types.ModuleType("__main__")
left = {}  # by key: the names that a cell has left


def copied(value):
    """Copy what a cell can change, and nothing else: objects of the package never change."""
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    if type(value) is np.ndarray and value.dtype != object:
        return value.copy()
    if type(value) in (list, set):
        return type(value)(map(copied, value))
    if type(value) is dict:
        return {key: copied(one) for key, one in value.items()}
    return value


def changeable(sources):
    """Return the names that some cell of the page changes."""
    cells = [names_of(source) for source in sources]
    generators = {name for cell in cells for name in cell.generators}
    return generators.union(*(cell.changes for cell in cells))


def set_stage(steps, index, changing, sources):
    """Let the namespace hold what the cells that a cell needs have left.

    Of cells that only import, nothing is run that is not mentioned: who prints a number need not wait for Matplotlib.
    """
    names = MAIN.__dict__
    names.clear()
    names |= {"__name__": "__main__", "__builtins__": builtins}
    for one in sorted(steps[index].needs):
        for name, statement in imports_alone(sources[one]).items():
            if name in steps[index].mentions:
                exec(statement, names)
        for name, value in left.get(steps[one].key, {}).items():
            names[name] = copied(value) if name in changing else value


def keep(step, changing):
    names = MAIN.__dict__
    left[step.key] = {
        name: copied(names[name]) if name in changing else names[name]
        for name in step.leaves
        if name in names
    }


def forget(steps):
    """Forget what former codes of cells have left, when it becomes much."""
    if len(left) > 4 * len(steps):
        now = {step.key for step in steps}
        for key in [key for key in left if key not in now]:
            del left[key]


# What cells say.


def send(kind, **what):
    """Tell the page; the worker sets it."""


class Stream(io.TextIOBase):
    """What is printed goes to the page line by line."""

    def __init__(self, name):
        self.name, self.waiting, self.sent = name, "", 0

    def writable(self):
        return True

    def write(self, text):
        self.waiting += text
        if "\n" in text or "\r" in text or len(self.waiting) > 1000:
            self.flush()
        return len(text)

    def flush(self):
        text, self.waiting = self.waiting, ""
        room = LONGEST - self.sent
        self.sent += len(text)
        if text and room > 0:
            send("text", stream=self.name, text=text[:room])
            if len(text) > room:
                send("cut", length=LONGEST)


def show(value):
    """Send a value as the page can show it best."""
    flush()
    plain = repr(value)
    made = getattr(value, "_repr_html_", None)
    if isinstance(value, type) or (made is None and not hasattr(value, "_repr_latex_")):
        send("value", text=plain)
    elif made is not None:
        send("html", html=made(), text=plain)
    else:
        send("formula", name=plain, text=plain)


def display(*values):
    for value in values:
        show(value)


def flush():
    sys.stdout.flush()
    sys.stderr.flush()


def send_figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot else ():
        out = io.StringIO()
        figure = pyplot.figure(number)
        figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
        light = colouring.small(out.getvalue())
        width, height = colouring.size(light)
        dark = colouring.dark(light)
        send("figure", light=light, dark=dark, width=width, height=height)
    close_figures()


def close_figures():
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


# Running.


def is_literal(node):
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


class Sides(ast.NodeTransformer):
    """Has each assertion remember what it compares, so that a false one can show its numbers."""

    def __init__(self):
        self.parts = {}  # by line: groups of expressions and of the names that hold their values
        self.count = 0

    def visit_Assert(self, node):
        self.parts[node.lineno] = []
        node.test = self.watched(node.test, node.lineno)
        return node

    def visit_FunctionDef(self, node):
        return node  # its names are its own

    visit_Lambda = visit_ClassDef = visit_FunctionDef

    def watched(self, test, line):
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            test.values = [self.watched(value, line) for value in test.values]
        elif isinstance(test, ast.Compare):
            group = self.group(ast.unparse(test), line)
            test.left = self.held(test.left, group)
            test.comparators = [self.held(one, group) for one in test.comparators]
        elif isinstance(test, ast.Call) and not any(
            isinstance(one, ast.Starred | ast.GeneratorExp) for one in test.args
        ):
            group = self.group(ast.unparse(test), line)
            test.args = [self.held(one, group) for one in test.args]
        return test

    def group(self, code, line):
        self.parts[line].append((code, []))
        return self.parts[line][-1][1]

    def held(self, node, group):
        if is_literal(node):
            return node
        self.count += 1
        name = f"_side_{self.count}"
        group.append((ast.unparse(node), name))
        target = ast.Name(name, ast.Store())
        return ast.copy_location(ast.NamedExpr(target, node), node)


def sides(parts, line):
    """Return what a false assertion compared, and the values."""
    names = MAIN.__dict__
    reached = [
        (code, [(text, names[name]) for text, name in group if name in names])
        for code, group in parts.get(line, ())
        if any(name in names for _, name in group)
    ]
    if not reached:
        return None
    code, values = reached[-1]
    return {"code": code, "values": [[text, written(value)] for text, value in values]}


def written(value):
    """Write a value in few digits, on few lines."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=6, threshold=20)
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]} ..."


def file_of(index):
    return f"<cell {index}>"


def run_code(index, source):
    """Run one cell in the namespace; return nothing, or what went wrong."""
    name, names = file_of(index), MAIN.__dict__
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    watched = Sides()
    try:
        tree = watched.visit(ast.parse(source, name))
        last = tree.body[-1] if tree.body else None
        value = None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        ast.fix_missing_locations(tree)
        exec(compile(tree, name, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), names)
        if value is not None and not source.rstrip().endswith(";"):
            show(value)
        flush()
        send_figures()
    except BaseException as error:
        flush()
        close_figures()
        return problem(error, watched.parts)
    return None


CELL = re.compile(r"<cell (\d+)>")


def problem(error, parts):
    """Describe an error: its message, and the reader's own lines."""
    lines = [
        {
            "cell": int(cell[1]),
            "line": line,
            "code": linecache.getline(name, line).strip(),
        }
        for name, line in places(error.__traceback__)
        if (cell := CELL.match(name))
    ]
    if isinstance(error, SyntaxError) and CELL.match(error.filename or ""):
        cell = int(CELL.match(error.filename)[1])
        lines = [
            {"cell": cell, "line": error.lineno, "code": (error.text or "").strip()}
        ]
    compared = None
    if isinstance(error, AssertionError) and lines:
        compared = sides(parts, lines[-1]["line"])
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return {
        "kind": type(error).__name__,
        "message": message,
        "lines": lines,
        "compared": compared,
        "trace": trace_of(error),
    }


def places(trace):
    """Yield the files and lines of a traceback."""
    for frame, line in traceback.walk_tb(trace):
        yield frame.f_code.co_filename, line


def outside(trace):
    """Leave out of a traceback what the kernel itself does."""
    while trace and not CELL.match(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def trace_of(error):
    """Write the traceback; for lines of the standard library, its archive has to be there."""
    trace = outside(error.__traceback__)
    before = error.__cause__ or error.__context__
    found = [*places(trace), *(places(before.__traceback__) if before else ())]
    if any(name.startswith(STANDARD) for name, _ in found):
        FETCHED.complete("python_stdlib")
    return "".join(traceback.format_exception(type(error), error, trace))


def settle():
    """Undo what a cell may have set for all."""
    warnings.resetwarnings()
    exec("\n".join(SETTINGS["lines"]), {})


def run(index, sources):
    """Run a cell, and before it those that it needs and that have not run as they stand."""
    steps = plan(sources)
    forget(steps)
    changing = changeable(sources)
    for one in [*sorted(steps[index].needs), index]:
        step = steps[one]
        if one != index and (step.key in left or imports_alone(sources[one])):
            continue
        send("begin", cell=one)
        set_stage(steps, one, changing, sources)
        settle()
        wrong = run_code(one, sources[one])
        # Where a claim is false, what it defines can be of use all the same.
        false = wrong and wrong["kind"] == "AssertionError"
        if false or not wrong:
            keep(step, changing)
        send("end", cell=one, key=step.key, problem=wrong)
        if wrong and (one == index or not false):
            return False
    return True


def check(index, sources, name, variable):
    """Run an answer, the last of the sources, after the cells that it needs, and check it."""
    if not run(index, sources):
        return None
    if variable not in MAIN.__dict__:
        return {"missing": variable}
    from nnnotes import exercises

    try:
        answer = exercises.check(name, MAIN.__dict__[variable])
    except (TypeError, ValueError) as error:
        return {"right": False, "text": str(error)}
    return {"right": answer.right, "text": answer.text}


def planned(sources):
    return [
        {
            "needs": sorted(step.needs),
            "key": step.key,
            "known": step.key in left or bool(imports_alone(source)),
        }
        for step, source in zip(plan(sources), sources, strict=True)
    ]


TASKS = {"plan": planned, "run": run, "check": check}


def do(text):
    """Do what the page asks for: JSON in, JSON out."""
    asked = json.loads(text)
    return json.dumps(TASKS[asked.pop("task")](**asked))


# Starting.


class Fetched:
    """Finds modules that are in archives not fetched yet, and fetches them."""

    def __init__(self):
        self.fetch, self.archives = None, {}

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names:
            top = "python_stdlib"
        self.complete(top)
        return None  # the next finder finds it now

    def complete(self, top):
        """Bring the archive with a package, unless it is there."""
        archive = self.archives.pop(top, None)
        if archive is not None:
            rest = self.archives.items()
            self.archives = {one: where for one, where in rest if where != archive}
            self.bring(archive)
            importlib.invalidate_caches()

    def bring(self, archive):
        flush()
        data = gzip.decompress(self.fetch(archive).to_py())
        if archive == "python_stdlib.zip":
            Path(STANDARD).write_bytes(data)
        else:
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                file.extractall(PACKAGES)


FETCHED = Fetched()


class Pyplot:
    """Sets how figures look as soon as pyplot is imported, as the build's kernel does."""

    def find_spec(self, name, path=None, target=None):
        if name != "matplotlib.pyplot":
            return None
        sys.meta_path.remove(self)
        import matplotlib

        # Fonts that the archive leaves out are no news for a reader.
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        matplotlib.rcParams.update(SETTINGS["figures"])
        return None


ARCHIVES = {"sympy": "sympy.zip", "mpmath": "sympy.zip"}
ARCHIVES |= dict.fromkeys(SETTINGS["matplotlib"], "matplotlib.zip")


def set_up(tell, fetch, missing):
    """Connect the kernel with the page: how to tell it something, how to get an archive, which are not there yet."""

    def send_as_json(kind, **what):
        tell(json.dumps({"kind": kind, **what}))

    globals()["send"] = send_as_json
    tqdm.tqdm.monitor_interval = 0  # there are no threads
    builtins.display = display
    sys.modules["__main__"] = MAIN
    sys.meta_path.insert(0, Pyplot())
    FETCHED.fetch, FETCHED.archives = fetch, ARCHIVES | dict(missing.to_py())
    sys.meta_path.insert(0, FETCHED)
