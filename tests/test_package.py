"""The package as a whole: what ships, and what is checked."""

import importlib
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import metadata
from importlib.resources import files
from pathlib import Path

import jaxtyping
import numpy as np
import pytest

import nnnotes
from nnnotes import Cache, Gradients

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_each_module_was_imported_by_the_hook_that_checks_its_calls():
    modules = {
        name: module
        for name, module in sys.modules.items()
        if name.startswith("nnnotes.")
    }
    assert len(modules) >= 13
    checks = modules.pop("nnnotes._checks")
    for module in modules.values():
        if module.__file__:  # the folder of the data is not a module
            assert type(module.__loader__).__module__ == "jaxtyping._import_hook"
    # The types there are without shapes, and so mypy's.
    assert not {"Float", "Integer", "Real"} & set(vars(checks))


def test_hook_sees_a_shape_and_a_dtype_that_the_package_does_not_look_at():
    with pytest.raises(jaxtyping.TypeCheckError):
        Cache(np.zeros((2, 3)), np.zeros((4, 5)))  # not as many examples
    with pytest.raises(jaxtyping.TypeCheckError):
        Gradients(np.zeros((2, 3), int), np.zeros((2, 1)))


@pytest.mark.usefixtures("unchecked")
def test_hook_can_be_turned_off():
    assert Cache(np.zeros((2, 3)), np.zeros((4, 5))).Z.shape == (4, 5)


def test_annotated_array_is_an_array_where_jaxtyping_is_not_wanted(monkeypatch):
    monkeypatch.delitem(sys.modules, "jaxtyping")
    names = runpy.run_path(nnnotes.arrays.__file__)
    for name in ("Float", "Integer", "Real"):
        assert names[name][np.ndarray, "n m"] is np.ndarray
    assert "jaxtyping" not in sys.modules


def test_version_is_the_one_of_the_project():
    assert (
        nnnotes.__version__
        == PROJECT["project"]["version"]
        == metadata(PROJECT["project"]["name"])["Version"]
    )


def test_each_module_is_an_attribute_that_nothing_hides():
    names = {
        path.stem
        for path in (ROOT / "nnnotes").glob("[!_]*")
        if path.suffix in ("", ".py")
    } - {"data"}
    assert names == nnnotes.MODULES <= set(dir(nnnotes))
    for name in names:
        assert getattr(nnnotes, name) is importlib.import_module(f"nnnotes.{name}")
    with pytest.raises(AttributeError, match="no attribute 'plotz'"):
        nnnotes.plotz  # noqa: B018
    # What type checkers are told, who do not look into the folder.
    source = (ROOT / "nnnotes" / "__init__.py").read_text("utf8")
    assert set(re.findall(r"^ +(\w+) as \1,$", source, re.M)) == names


def test_import_loads_neither_matplotlib_nor_sympy_nor_jaxtyping():
    code = "import sys, nnnotes; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = set(run.stdout.split())
    assert "nnnotes.layers" in loaded
    assert not loaded & {"matplotlib", "sympy", "jaxtyping", "joblib", "tqdm"}


def test_public_names_are_sorted_and_there():
    assert nnnotes.__all__ == sorted(nnnotes.__all__)
    namespace = {}
    exec("from nnnotes import *", namespace)
    assert set(nnnotes.__all__) <= set(namespace)


def test_type_checkers_are_told_that_there_are_types():
    assert (files("nnnotes") / "py.typed").is_file()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """What is in the wheel, built as pip builds it: contents by name."""
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(
        directory=str(folder), versions=["standard"]
    )
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_holds_the_package_its_data_and_the_licences(wheel):
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "nnnotes").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {
        "nnnotes/__init__.py",
        "nnnotes/py.typed",
        "nnnotes/data/digits.npz",
    } <= set(sources)
    info = f"first_hour_nn-{nnnotes.__version__}.dist-info"
    licences = {
        f"{info}/licenses/{name}": (ROOT / name).read_bytes()
        for name in PROJECT["project"]["license-files"]
    }
    assert len(licences) == 2
    extra = {f"{info}/{name}" for name in ("METADATA", "RECORD", "WHEEL")}
    assert (
        set(wheel) == set(sources) | set(licences) | extra
    )  # and no book and no tests
    for name, content in (sources | licences).items():
        assert wheel[name] == content
    assert f"Version: {nnnotes.__version__}\n".encode() in wheel[f"{info}/METADATA"]


@pytest.mark.parametrize(
    ("repository", "urls", "readme"),
    [
        ("", [], "a, [b](https://b.org), [c](#c)"),
        (
            "https://d.org/e",
            ["Repository", "Issues", "Changelog"],
            "[a](https://d.org/e/blob/v1/a.md), [b](https://b.org), [c](#c)",
        ),
    ],
)
def test_release_shows_addresses_where_they_are_known(
    repository, urls, readme, tmp_path, monkeypatch
):
    monkeypatch.setenv("NNNOTES_REPOSITORY", repository)
    monkeypatch.delenv("NNNOTES_BASE_URL", raising=False)
    text = "[a](a.md), [b](https://b.org), [c](#c)"
    (tmp_path / "README.md").write_text(text, encoding="utf8")
    metadata = {"version": "1"}
    runpy.run_path(str(ROOT / "hatch_build.py"))["Addresses"](str(tmp_path), {}).update(
        metadata
    )
    assert list(metadata["urls"]) == urls
    assert all(url.startswith(repository) for url in metadata["urls"].values())
    assert metadata["readme"]["text"] == readme
