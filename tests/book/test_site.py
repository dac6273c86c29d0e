"""The built pages: what is on them, and that nothing on them comes from elsewhere."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from sphinx.util.inventory import InventoryFile

import nnnotes
from helpers.cells import cells
from helpers.pages import parsed

ROOT = Path(__file__).parents[2]


def modules() -> list[str]:
    found = pkgutil.iter_modules(nnnotes.__path__)
    return [f"nnnotes.{one.name}" for one in found if not one.name.startswith("_")]


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {
        str(path.relative_to(site)): parsed(path)
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }


def test_the_first_hour_is_one(pages: dict[str, BeautifulSoup]) -> None:
    front = pages["index.html"].get_text(" ", strip=True)
    assert int(re.search(r"backpropagation: (\d+) minutes", front)[1]) <= 60
    steps = pages["index.html"].select(".path li")
    assert len(steps) == 8
    for step in steps:
        minutes = int(re.search(r"\((\d+) min\)", step.get_text())[1])
        chapter = pages[step.find("a")["href"]].select_one("p.reading").get_text()
        assert chapter.startswith(f"{minutes} minutes to read. ")
        assert 1 < minutes <= 10


def test_each_chapter_says_how_many_claims_are_checked(
    pages: dict[str, BeautifulSoup],
) -> None:
    chapters = [page for name, page in pages.items() if name.startswith("chapters/")]
    chapters = [page for page in chapters if page.select_one("p.reading")]
    assert len(chapters) > 20
    for page in chapters:
        claims = len(page.select("details.claim"))
        assert (
            f" {claims} claims were checked" in page.select_one("p.reading").get_text()
        )


def test_every_public_name_is_on_an_api_page(site: Path) -> None:
    with (site / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, path: path)
    documented = {
        name
        for role, names in inventory.items()
        if role.startswith("py:")
        for name in names
    }
    for module_name in modules():
        module = importlib.import_module(module_name)
        for name in module.__all__:
            found = getattr(module, name)
            if module_name == "nnnotes.arrays" and not inspect.isfunction(found):
                continue  # names for jaxtyping's and NumPy's types, which the API pages write out
            assert f"{module_name}.{name}" in documented


def test_shapes_and_formulas_are_readable_on_the_api_pages(
    pages: dict[str, BeautifulSoup],
) -> None:
    layers = pages["api/layers.html"].get_text()
    assert "(n_in, m) array" in layers
    assert "jaxtyping" not in layers
    relu = pages["api/activations.html"].find(id="nnnotes.activations.ReLU").parent
    sources = [node.get_text() for node in relu.find_all("annotation")]
    assert any(r"\max" in source for source in sources)
    assert any(r"\begin{cases}" in source for source in sources)
    assert "Used in" in relu.get_text()
    assert relu.find("a", href=re.compile(r"chapters/relu\.html"))
    assert relu.find("a", href=re.compile(r"_modules/nnnotes/activations\.html"))


def test_no_page_shows_an_address_in_memory(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        assert not re.search(r" at 0x[0-9a-f]{6}|<function", page.get_text()), name


def test_every_formula_was_rendered(pages: dict[str, BeautifulSoup]) -> None:
    rendered = 0
    for name, page in pages.items():
        assert not page.find_all(class_="katex-error"), name
        for formula in page.find_all(class_="math"):
            assert formula.find(class_="katex"), (name, formula.get_text())
            rendered += 1
    assert rendered > 500


def test_nothing_that_a_page_loads_is_on_another_host(
    site: Path, pages: dict[str, BeautifulSoup]
) -> None:
    for name, page in pages.items():
        loaded = [
            tag.get("src")
            for tag in page.find_all(["script", "img", "iframe", "source"])
        ]
        links = page.find_all(
            "link", rel=lambda rel: rel not in ("canonical", "next", "prev")
        )
        loaded += [tag.get("href") for tag in links]
        for address in filter(None, loaded):
            assert not re.match(r"(https?:)?//", address), (name, address)
            if not address.startswith("data:"):
                target = (site / name).parent / address.split("?")[0].split("#")[0]
                assert target.exists(), (name, address)


def test_internal_links_lead_somewhere(
    site: Path, pages: dict[str, BeautifulSoup]
) -> None:
    ids = {
        name: {tag["id"] for tag in page.find_all(id=True)}
        for name, page in pages.items()
    }
    checked = 0
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            address, _, anchor = link["href"].partition("#")
            if re.match(r"[a-z]+:", link["href"]):
                continue
            if name == "404.html":  # shown at any address: its links begin at the top
                assert address.startswith("/"), address
                address = address[1:]
            target = (
                ((site / name).parent / address).resolve()
                if address
                else (site / name).resolve()
            )
            assert target.is_file(), (name, link["href"])
            key = str(target.relative_to(site.resolve()))
            if anchor and key in ids:
                assert anchor in ids[key], (name, link["href"])
            checked += 1
    assert checked > 1000


def test_no_printed_text_holds_a_rounding_error_or_an_address_of_this_machine(
    pages: dict[str, BeautifulSoup],
) -> None:
    for name, page in pages.items():
        if not name.startswith("chapters/") or name == "chapters/numbers.html":
            continue  # that one is about such numbers
        for output in page.find_all(class_="cell_output"):
            text = output.get_text()
            assert not re.search(
                r"e-1[4-7]\b|np\.float64|object at 0x|/home/|/root/", text
            ), (name, text)


def test_every_figure_is_there_with_its_alternative_text(
    pages: dict[str, BeautifulSoup],
) -> None:
    for path in sorted((ROOT / "book" / "chapters").glob("*.md")):
        settings = (
            yaml.safe_load(cell.settings) or {}
            for cell in cells(path.read_text(encoding="utf8"))
        )
        announced = [
            found["mystnb"]["image"]["alt"]
            for found in settings
            if "image" in found.get("mystnb", {})
        ]
        images = pages[f"chapters/{path.stem}.html"].select(
            ".cell_output img:not(.only-dark)"
        )
        assert [image["alt"] for image in images] == announced


def test_solutions_fold_without_javascript(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        if name.startswith("chapters/") and page.find("article"):
            solutions = page.find_all("details", class_="solution")
            assert len(solutions) == len(page.find_all(class_="exercise")) >= 4, name
            for solution in solutions:
                assert solution.summary
                assert solution.find(class_="cell_input")


def test_inventory_says_whose_it_is(site):
    lines = (site / "objects.inv").read_bytes().splitlines()
    version = f"# Version: {nnnotes.__version__}".encode()
    assert lines[1:3] == [b"# Project: nnnotes", version]
