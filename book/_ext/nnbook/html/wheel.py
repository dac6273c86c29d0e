"""The package as the site serves it: a wheel of the sources that the pages are made from, built by their own backend.

Pages and notebooks install it by its address where that of the site is known, with its hash; from the repository where
only that is known. Elsewhere they say what to do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from sphinx.errors import ConfigError

from nnbook.html.pages import commit
from nnbook.run.cells import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
PYTHON = PROJECT["requires-python"].removeprefix(">=")


def address(app):
    """Return where the wheel is in the site."""
    folder = Path(app.outdir).parent / ".wheel"
    (path,) = folder.glob("files/*.whl")
    return path.relative_to(folder).as_posix()


def build(app, config):
    """Build the wheel, the same for the same sources, and say what an installer is to be told."""
    folder, site = Path(app.outdir).parent / ".wheel", config.html_baseurl
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d"]
    told = {"NNNOTES_REPOSITORY": config.nnnotes_repository, "NNNOTES_BASE_URL": site}
    where = {"cwd": ROOT, "env": os.environ | told}
    done = subprocess.run([*command, folder / "files"], **where, capture_output=True)
    if done.returncode:
        said = done.stderr.decode(errors="replace")
        raise ConfigError(f"the package's wheel cannot be built:\n{said}")
    source = ""
    if site:
        digest = hashlib.sha256((folder / address(app)).read_bytes()).hexdigest()
        source = f"{site}{address(app)}#sha256={digest}"
    elif config.nnnotes_repository:
        source = (
            f"git+{config.nnnotes_repository}@{commit(app) or config.nnnotes_branch}"
        )
    config.nnnotes_requirement = source and f"{PROJECT['name']}[plots] @ {source}"


def put_into_site(app, exception):
    """Copy the wheel after each build, also after one that has found nothing to write."""
    files = Path(app.outdir, "files")
    shutil.rmtree(files, ignore_errors=True)
    shutil.copytree(Path(app.outdir).parent / ".wheel" / "files", files)
