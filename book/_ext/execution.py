"""How chapters are executed: never from stale results, with warnings as errors, and with figures as SVG.

Chapters whose results are not in the cache are executed before the pages are read, as many at a time as there are
cores. One that fails is left to MyST-NB, which executes it again when it reads the page, and says what failed.
"""

import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.util.logging import getLogger

ROOT = Path(__file__).parents[2]
KEPT = 3  # states of the package whose results are kept, for those who go to and fro between branches

logger = getLogger(__name__)


def sources():
    """List what a cell's result depends on, beside the cell: the package, the locks, the settings."""
    package = (
        path for path in (ROOT / "nnnotes").rglob("*") if path.suffix in {".py", ".npz"}
    )
    settings = [Path(__file__), *(ROOT / "book" / "_ipython").rglob("*.py")]
    return sorted([*package, *settings, *(ROOT / "requirements").glob("*.txt")])


def key(paths):
    digest = hashlib.sha256()
    for path in paths:
        digest.update(
            f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0"
        )
    return digest.hexdigest()[:16]


def set_up(app, config):
    # The stock cache looks at the cells alone; a folder for each state of the package makes it look at that, too.
    config.nb_execution_cache_path = str(
        Path(app.outdir).parent / ".jupyter_cache" / config.nnnotes_key
    )
    os.environ |= {
        # Kernels read their settings from here: warnings are errors, figures are SVG.
        "IPYTHONDIR": str(ROOT / "book" / "_ipython"),
        # Where someone has set another backend, cells would run and show no figure.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # The same results in each run and for any number of cores; chapters share these as it is.
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
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
    return reader and reader.read(text)


def execute(path, found, timeout):
    # What a cell prints can come in pieces, now here, now there: they are one output, as it was printed.
    return single_nb_execution(
        found,
        cwd=str(Path(path).parent),
        timeout=timeout,
        allow_errors=False,
        coalesce_streams=True,
    )


def execute_stale(app, env, pages):
    cache = get_cache(app.config.nb_execution_cache_path)
    stale = {}
    for page in pages:
        found = notebook(env, page)
        if found is not None:
            try:
                cache.match_cache_notebook(found)
            except KeyError:
                stale[page] = found
    if not stale:
        return
    logger.info(f"executing {len(stale)} notebooks, {cores()} at a time")
    with ThreadPoolExecutor(cores()) as pool:
        running = {
            page: pool.submit(
                execute, env.doc2path(page), found, env.mystnb_config.execution_timeout
            )
            for page, found in stale.items()
        }
        for page, future in running.items():
            result = future.result()
            if result.err is None:
                logger.info(f"executed {page} in {result.time:.1f} seconds")
                cache.cache_notebook_bundle(
                    CacheBundleIn(
                        stale[page],
                        env.doc2path(page),
                        data={"execution_seconds": result.time},
                    ),
                    check_validity=False,
                    overwrite=True,
                )


def forget_old_results(app, exception):
    """Keep the results of the last states of the package, and no others."""
    folder = Path(app.config.nb_execution_cache_path)
    if exception is None and folder.is_dir():
        os.utime(folder)
        states = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in states[:-KEPT]:
            shutil.rmtree(old)


def setup(app):
    # Another key, or another extension: all pages are read again.
    app.add_config_value("nnnotes_key", key(sources()), "env")
    extensions = key(sorted(Path(__file__).parent.glob("*.py")))
    app.add_config_value("nnnotes_extensions", extensions, "env")
    app.connect("config-inited", set_up)
    app.connect("env-before-read-docs", execute_stale)
    app.connect("build-finished", forget_old_results)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
