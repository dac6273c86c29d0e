"""How cells are executed: never from stale results, with warnings as errors, and with figures as SVG.

Notebooks whose results are not in the cache are executed before the pages are read, as many at a time as there are
cores. A cell that fails ends the build, with its line.
"""

import hashlib
import os
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import MystMetadataParsingError, create_nb_reader
from sphinx.errors import ExtensionError
from sphinx.util.logging import getLogger

ROOT = Path(__file__).parents[4]
KEPT = 3  # states of the package whose results are kept, for those who go to and fro between branches
LONGEST = 12  # lines of what a failing cell says

logger = getLogger(__name__)


def sources():
    """List what a cell's result depends on, beside the cell: the package, the locks, the settings."""
    package = (
        path for path in (ROOT / "nnnotes").rglob("*") if path.suffix in {".py", ".npz"}
    )
    settings = [Path(__file__)]
    settings += (ROOT / "book" / "_ipython").rglob("*.py")
    return sorted([*package, *settings, *(ROOT / "requirements").glob("*.txt")])


def key(paths):
    """Return a name for the state of some files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def set_up(app, config):
    build, format = Path(app.outdir).parent, Path(app.outdir).name
    figures = "pdf" if format == "latex" else "svg"
    # Each format keeps its own form of the pages, since their figures are other ones.
    app.doctreedir = build / ".doctrees" / format
    app.doctreedir.mkdir(parents=True, exist_ok=True)
    # The stock cache looks at the cells alone; a folder for each state of the package makes it look at that, too.
    state = f"{config.nnnotes_key}-{figures}"
    config.nb_execution_cache_path = str(build / ".jupyter_cache" / state)
    os.environ |= {
        # Kernels read their settings from here: warnings are errors, figures are SVG, or for LaTeX PDF.
        "IPYTHONDIR": str(ROOT / "book" / "_ipython"),
        "NNNOTES_FIGURES": figures,
        # Where someone has set another backend, cells would run and show no figure.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # The same results in each run and for any number of cores; chapters share these as it is.
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # Nobody debugs these kernels: no warning that a debugger would miss breakpoints.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def notebook(env, page):
    """Read a page's notebook as MyST-NB does; None when it is a plain page."""
    path = env.doc2path(page)
    text = Path(path).read_text(encoding="utf8")
    reader = create_nb_reader(path, env.myst_config, env.mystnb_config, text)
    try:
        return reader and reader.read(text)
    except MystMetadataParsingError as problem:
        raise ExtensionError(f"{path}: {problem}") from None


def execute(path, found, timeout):
    # What a cell prints can come in pieces, now here, now there: they are one output, as it was printed.
    return single_nb_execution(
        found,
        cwd=str(Path(path).parent),
        timeout=timeout,
        allow_errors=False,
        coalesce_streams=True,
    )


def stale(env, pages, cache):
    """Return the notebooks of these pages that have no results."""
    found = {page: notebook(env, page) for page in pages}
    for page in [page for page in found if found[page]]:
        try:
            cache.match_cache_notebook(found[page])
        except KeyError:
            yield page, found[page]


def execute_stale(app, env, pages):
    cache = get_cache(app.config.nb_execution_cache_path)
    limit, failed = env.mystnb_config.execution_timeout, []
    with ThreadPoolExecutor(cores()) as pool:
        running = {
            pool.submit(execute, env.doc2path(page), found, limit): (page, found)
            for page, found in stale(env, pages, cache)
        }
        for future in as_completed(running):
            (page, found), result = running[future], future.result()
            if result.err is not None:
                failed.append(failure(env.doc2path(page), found, result.err, limit))
                continue
            logger.info(f"executed {page} in {result.time:.1f} seconds")
            data = {"execution_seconds": result.time}
            bundle = CacheBundleIn(found, env.doc2path(page), data=data)
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    for location, text in failed:
        logger.error(text, location=location)
    if failed:
        sys.exit(1)  # not an exception, whose traceback would hide what has been said


def failure(path, found, problem, limit):
    """Return where a notebook failed, and what to say about it."""
    outputs = [
        (number, output)
        for number, cell in enumerate(found.cells)
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
    if not outputs:  # too slow, or the kernel has died
        text = f"a cell did not end, within {limit} seconds: {type(problem).__name__}"
        return path, f"{text}\n{shortened(problem)}"
    number, output = outputs[0]
    traceback = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(output.traceback))
    inside = rf"^Cell In\[{found.cells[number].execution_count}\], line (\d+)"
    line = int((re.findall(inside, traceback, re.MULTILINE) or [1])[-1])
    source = found.cells[number].source.splitlines()
    start = first_line(path, found.metadata["source_map"][number], source)
    said = f"{output.ename}: {output.evalue}".removesuffix(": ")
    text = "this cell fails; correct it, or what it calls:\n    {}\n{}"
    return f"{path}:{start + line - 1}", text.format(
        source[line - 1].strip(), shortened(said)
    )


def first_line(path, start, source):
    """Return the number of a cell's first line; above it a fence and options may stand."""
    lines = Path(path).read_text(encoding="utf8").splitlines()
    later = range(start, len(lines) + 1)
    return next((n for n in later if lines[n - 1] == source[0]), start)


def shortened(said):
    lines = str(said).splitlines()
    kept = [line[:200] for line in lines[:LONGEST]]
    return "\n".join([*kept, "..."] if len(lines) > LONGEST else kept)


def forget_old_results(app, exception):
    """Keep the results of the last states of the package, and no others."""
    folder = Path(app.config.nb_execution_cache_path)
    if folder.is_dir():
        os.utime(folder)
        states = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in states[:-KEPT]:
            shutil.rmtree(old)
