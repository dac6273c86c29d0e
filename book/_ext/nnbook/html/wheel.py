"""The package, as the site serves it: a wheel of the sources that the pages are made from, built by their own backend.

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
from urllib.parse import urljoin

from sphinx.errors import ConfigError

from nnbook.html.pages import commit
from nnbook.run.cells import ROOT

FOLDER = "files"  # of the site
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
PYTHON = PROJECT["requires-python"].removeprefix(">=")


def wheel(app):
    (path,) = Path(app.outdir).parent.glob(".wheel/*.whl")
    return path


def address(app):
    """Return where a page at the top of the site finds the wheel."""
    return f"{FOLDER}/{wheel(app).name}"


def build(app, config):
    """Build the wheel, the same for the same sources, and say what an installer is to be told."""
    folder = Path(app.outdir).parent / ".wheel"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    addresses = {
        "NNNOTES_REPOSITORY": config.nnnotes_repository,
        "NNNOTES_BASE_URL": config.html_baseurl,
    }
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | addresses, capture_output=True, text=True
    )
    if done.returncode:
        raise ConfigError(f"the package's wheel cannot be built:\n{done.stderr}")
    where = ""
    if config.html_baseurl:
        digest = hashlib.sha256(wheel(app).read_bytes()).hexdigest()
        where = f"{urljoin(config.html_baseurl, address(app))}#sha256={digest}"
    elif config.nnnotes_repository:
        where = (
            f"git+{config.nnnotes_repository}@{commit(app) or config.nnnotes_branch}"
        )
    config.nnnotes_requirement = where and f"{PROJECT['name']}[plots] @ {where}"


def serve(app, exception):
    folder = Path(app.outdir, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(wheel(app), folder)
