"""In the tests each call of the package checks dtypes and shapes as annotated."""

import gc
import importlib.util
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import jaxtyping
import pytest
from hypothesis import settings

assert "nnnotes" not in sys.modules, "imported before the hook that checks it"

# All modules but the checks of arguments. Those are nearly half of all calls, take any object, and their types have no
# shapes: mypy checks them.
found = importlib.util.find_spec("nnnotes")
MODULES = [
    f"nnnotes.{module.name}"
    for module in pkgutil.iter_modules(found.submodule_search_locations)
    if module.name != "_checks"
]
# Where a float is wanted an int will do, as PEP 484 has it.
jaxtyping.install_import_hook(
    MODULES,
    "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))",
)

pytest.register_assert_rewrite("helpers")

os.environ["MPLBACKEND"] = "Agg"

# The same examples in each run: a failure is there again the next time.
settings.register_profile("same", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("same")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    """End the first of two measurements of coverage that pytest-cov starts in each of xdist's processes."""
    plugin = session.config.pluginmanager.get_plugin("_cov")
    if hasattr(session.config, "workerinput") and plugin and plugin.cov_controller:
        plugin.cov_controller.cov.stop()


def pytest_collection_finish():
    """Let the garbage collector not look through what stays anyway, again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def unchecked():
    """Leave wrong arguments to the package's own checks."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the book's pages, built now, once for all processes; quick when nothing has changed."""
    from filelock import FileLock

    root = Path(__file__).parents[1]
    jb = str(Path(sys.executable).with_name("jb"))
    command = [jb, "build", "book", "-W", "-n", "--keep-going"]
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    built = shared / "built"
    with FileLock(shared / "building"):
        if not built.exists():
            done = subprocess.run(
                command, cwd=root, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
            built.touch()
    return root / "_build" / "html"
