"""Compressed twins beside the files, for hosts that serve them: .gz and .br, the same for the same file.

Only what has changed is compressed. And what pages left behind goes, so that a site built again and again is the site
built from nothing: the files of pages and figures that are no more.
"""

import gzip
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from execution import cores

KINDS = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".ipynb", ".wasm"}
SMALLEST = 1000  # bytes: below, the answer's header is the larger part
SUFFIXES = (".gz", ".br")


def twins(path):
    return [path.with_name(path.name + suffix) for suffix in SUFFIXES]


def compress(path):
    """Write both twins; fonts and pictures, compressed in themselves, are not given."""
    data = path.read_bytes()
    small, smaller = twins(path)
    small.write_bytes(gzip.compress(data, 9, mtime=0))
    smaller.write_bytes(brotli.compress(data))


def compress_what_changed(app, exception):
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    known = out.parent / ".compressed.json"
    old = json.loads(known.read_text(encoding="utf8")) if known.is_file() else {}
    new = {}
    for path in files:
        if path.suffix in KINDS and path.stat().st_size >= SMALLEST:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            new[path.relative_to(out).as_posix()] = digest
    for path in files:
        original = path.relative_to(out).as_posix().removesuffix(path.suffix)
        if path.suffix in SUFFIXES and original not in new:
            path.unlink()
    changed = [
        out / name
        for name, digest in new.items()
        if old.get(name) != digest or not all(t.is_file() for t in twins(out / name))
    ]
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(compress, changed))
    known.write_text(json.dumps(new), encoding="utf8")


def forget_removed_pages(app, env, added, changed, removed):
    if app.builder.format == "html":
        for page in removed:
            for path in (
                Path(app.builder.get_outfilename(page)),
                Path(app.outdir, "_sources", f"{page}.md.txt"),
                Path(app.outdir, "notebooks", f"{page.split('/')[-1]}.ipynb"),
            ):
                path.unlink(missing_ok=True)
    return []


def forget_old_figures(app, exception):
    if exception or app.builder.format != "html":
        return
    shown = {name for _, name in app.env.images.values()}
    for path in Path(app.outdir, app.builder.imagedir).glob("*"):
        if path.name not in shown and path.suffix not in SUFFIXES:
            path.unlink()


def setup(app):
    app.connect("env-get-outdated", forget_removed_pages)
    app.connect("build-finished", forget_old_figures, priority=700)
    app.connect("build-finished", compress_what_changed, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
