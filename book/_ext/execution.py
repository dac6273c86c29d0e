"""How chapters are executed: never from stale results, with warnings as errors, and with figures as SVG."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def sources():
    """List what a cell's result depends on, beside the cell: the package, the locks, the settings."""
    package = (
        path for path in (ROOT / "nnnotes").rglob("*") if path.suffix in {".py", ".npz"}
    )
    settings = [Path(__file__), *(ROOT / "book" / "_ipython").rglob("*.py")]
    return sorted([*package, *settings, *(ROOT / "requirements").glob("*.txt")])


def key():
    digest = hashlib.sha256()
    for path in sources():
        digest.update(
            f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0"
        )
    return digest.hexdigest()[:16]


def set_up(app, config):
    # The stock cache looks at the cells alone; a folder for each state of the package makes it look at that, too.
    config.nb_execution_cache_path = str(
        Path(app.outdir).parent / ".jupyter_cache" / config.nnnotes_key
    )
    # Kernels read their settings from here: warnings are errors, figures are SVG.
    os.environ["IPYTHONDIR"] = str(ROOT / "book" / "_ipython")
    # Where someone has set another backend, cells would run and show no figure.
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"


def setup(app):
    app.add_config_value(
        "nnnotes_key", key(), "env"
    )  # another key: all pages are read again
    app.connect("config-inited", set_up)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
