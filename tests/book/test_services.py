"""What stands beside the pages: notebooks, descriptions, addresses, compressed twins, the archive, the server."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import brotli
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient

from archive import archive
from helpers.books import HEADER, SmallBook
from helpers.cells import cells

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "book" / "chapters").glob("*.md"))


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf8"), "html.parser")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapters_notebook_has_its_cells_and_plain_markdown(
    site: Path, chapter: str
) -> None:
    link = soup(site / "chapters" / f"{chapter}.html").select_one(".page-tools a")
    path = (site / "chapters" / link["href"]).resolve()
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    text = (ROOT / "book" / "chapters" / f"{chapter}.md").read_text(encoding="utf8")
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.code.strip() for cell in cells(text)] == [c.strip() for c in codes]
    prose = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert not re.search(
        r"^```\{|^\(.*\)=$|\{[\w:]+\}`|\]\([^)]*\.md", prose, re.MULTILINE
    )
    assert prose.count("**Exercise ") == prose.count("**Solution to exercise ") >= 4
    assert prose.count("$$") % 2 == 0
    headings = re.findall(r"^## (?!#)(.*)", text, re.MULTILINE)
    assert len(re.findall(r"^## (?!#)", prose, re.MULTILINE)) == len(headings)
    page = soup(site / "chapters" / f"{chapter}.html")
    for formula in page.select("article div.math annotation"):
        assert formula.get_text().strip()[:20] in prose


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the checkout, with the package as its wheel installs it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    uv = str(Path(sys.executable).with_name("uv"))
    build = [uv, "build", "--wheel", "--offline", "--no-build-isolation", "--quiet"]
    build += ["--python", sys.executable, "--out-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "packages")
    return folder


@pytest.mark.parametrize("chapter", ["relu", "shapes"])
def test_a_downloaded_notebook_runs_elsewhere(
    site: Path, installed: Path, monkeypatch: pytest.MonkeyPatch, chapter: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed / "packages"))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.read(site / "notebooks" / f"{chapter}.ipynb", as_version=4)
    where = nbformat.v4.new_code_cell("import nnnotes\nprint(nnnotes.__file__)")
    notebook.cells.append(where)
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(installed)}}
    )
    client.execute()
    assert notebook.cells[-1].outputs[0].text.startswith(str(installed))
    figures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", ())
    ]
    assert bool(figures) == (chapter == "relu")


def test_each_page_describes_itself_and_makes_up_no_address(site: Path) -> None:
    seen: dict[str, str] = {}
    for path in sorted([*site.glob("*.html"), *site.glob("[ac]*/*.html")]):
        page = soup(path)
        (description,) = page.find_all("meta", attrs={"name": "description"})
        assert 20 < len(description["content"]) <= 210, path
        assert seen.setdefault(description["content"], path.name) == path.name
        assert not page.find("link", rel="canonical"), path
        assert not page.find("meta", property=re.compile("^og:")), path
        assert "Edit this page" not in page.get_text()
        assert "Open in " not in page.get_text()
    assert not (site / "sitemap.xml").exists()
    assert "Sitemap" not in (site / "robots.txt").read_text()


def test_pages_say_when_git_last_saw_them_change(site: Path) -> None:
    command = ["git", "log", "-1", "--format=%cs", "--", "book/chapters/relu.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    (day,) = soup(site / "chapters" / "relu.html").select(".page-tools time")
    assert day["datetime"] == day.get_text() == done.stdout.strip()


def test_a_known_host_gives_addresses_and_old_ones_lead_on(
    small_book: SmallBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = "https://example.org/the/book/"
    monkeypatch.setenv("NNNOTES_BASE_URL", base.rstrip("/"))
    monkeypatch.setenv("NNNOTES_REPOSITORY", "https://example.org/code")
    small_book.set_chapter(
        "# Start\n\nThe first page says what this small book is about.\n"
    )
    small_book.add(
        "chapters/new", HEADER + "# New name\n\n(here)=\n## Here\n\n[](/index.md)\n"
    )
    config = small_book.root / "_config.yml"
    settings = """
    nnnotes_moved: { chapters/old: chapters/new#here, older: index }
    nnnotes_launch: { "a hub": "https://example.org/hub?path={notebook}" }
"""
    text = config.read_text().replace(
        "\n    language: en\n", f"\n    language: en{settings}"
    )
    config.write_text(text)
    small_book.build_well()

    html = small_book.root / "_build" / "html"
    page = soup(html / "chapters" / "new.html")
    assert page.find("link", rel="canonical")["href"] == f"{base}chapters/new.html"
    tags = {
        tag["property"]: tag["content"] for tag in page.find_all("meta", property=True)
    }
    assert tags["og:title"] == "New name"
    assert tags["og:url"] == f"{base}chapters/new.html"
    image = html / tags["og:image"].removeprefix(base)
    assert image.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(image.read_bytes()[16:20]) == 1200
    links = {link.get_text(): link["href"] for link in page.select(".page-tools a")}
    assert (
        links["Edit this page"]
        == "https://example.org/code/edit/main/book/chapters/new.md"
    )
    assert links["Open in a hub"] == "https://example.org/hub?path=notebooks/new.ipynb"
    notebook = (html / "notebooks" / "new.ipynb").read_text()
    assert f"[Start]({base}index.html)" in notebook

    spaces = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    places = ET.parse(html / "sitemap.xml").findall("url/loc", spaces)
    assert [place.text for place in places] == [
        f"{base}chapters/new.html",
        f"{base}index.html",
    ]
    assert f"Sitemap: {base}sitemap.xml" in (html / "robots.txt").read_text()
    missing = soup(html / "404.html")
    assert missing.a["href"] == "/the/book/index.html"
    assert not missing.script

    for old, new in (("chapters/old", "new.html#here"), ("older", "index.html")):
        moved = soup(html / f"{old}.html")
        assert (
            moved.find("meta", attrs={"http-equiv": "refresh"})["content"]
            == f"0; url={new}"
        )
        assert moved.a["href"] == new

    config.write_text(text.replace("older: index", "older: nowhere"))
    done = small_book.build("-W", "-n")
    assert done.returncode != 0
    assert "older should lead to nowhere, which is no page" in done.stdout + done.stderr


def test_the_site_holds_no_file_that_nothing_loads(site: Path) -> None:
    static = site / "_static"
    texts = [path.read_text() for path in site.rglob("*.html")]
    texts += [(static / name).read_text() for name in ("site.css", "search.js")]
    named = set(re.findall(r"[\w.-]+\.\w+", " ".join(texts)))
    for path in static.rglob("*"):
        if path.is_file() and path.suffix not in (".gz", ".br"):
            assert path.name in named or "LICENSE" in path.name, path


def test_compressed_twins_hold_what_the_files_hold(site: Path) -> None:
    checked = 0
    for path in site.rglob("*"):
        if path.suffix in (".gz", ".br"):
            original = path.with_suffix("").read_bytes()
            unpack = gzip.decompress if path.suffix == ".gz" else brotli.decompress
            assert unpack(path.read_bytes()) == original, path
        elif (
            path.suffix in (".html", ".css", ".js", ".svg")
            and path.stat().st_size > 1000
        ):
            for twin in (f"{path}.gz", f"{path}.br"):
                assert Path(twin).stat().st_size < path.stat().st_size
            checked += 1
    assert checked > 50


def test_the_archive_is_the_site_and_the_same_each_time(
    site: Path, tmp_path: Path
) -> None:
    digests = [archive(site, tmp_path / name / "book.zip") for name in "ab"]
    assert digests[0] == digests[1]
    first = tmp_path / "a" / "book.zip"
    assert hashlib.sha256(first.read_bytes()).hexdigest() == digests[0]
    checksum = (tmp_path / "a" / "book.zip.sha256").read_text()
    assert checksum == f"{digests[0]}  book.zip\n"
    with zipfile.ZipFile(first) as file:
        names = file.namelist()
        assert names == sorted(names)
        assert not [name for name in names if name.endswith((".gz", ".br"))]
        page = file.read("nnnotes-book/chapters/relu.html")
    assert page == (site / "chapters" / "relu.html").read_bytes()


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_builds_are_the_same_to_the_last_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two folders, with other orders of sets, executed each time: chapters with figures, and an API page."""
    built = []
    for number, folder in enumerate(("one", "elsewhere/two")):
        book = SmallBook(tmp_path / folder)
        book.set_chapter("# Start\n")
        (book.root / "book" / "chapters").mkdir()
        for page in (
            "chapters/saturation",
            "chapters/why-activations",
            "api/activations",
            "status",
        ):
            book.add(page, (ROOT / "book" / f"{page}.md").read_text(encoding="utf8"))
        shutil.copy(ROOT / "book" / "seconds.json", book.root / "book")
        monkeypatch.setenv("PYTHONHASHSEED", str(number + 1))
        monkeypatch.setenv("TZ", ("UTC", "Asia/Shanghai")[number])
        book.build("-n")  # pages that are linked to are missing here
        html = book.root / "_build" / "html"
        assert len(list((html / "_images").glob("*.svg"))) >= 2
        built.append(files(html))
    different = {
        name for name in built[0] | built[1] if built[0].get(name) != built[1].get(name)
    }
    assert not different
    assert "notebooks/saturation.ipynb" in built[0]


def test_serving_builds_again_what_changed_and_tells_the_page(
    small_book: SmallBook,
) -> None:
    shutil.copytree(ROOT / "book" / "_tools", small_book.root / "book" / "_tools")
    small_book.set_chapter("# Before\n\nSome text.\n")
    server = subprocess.Popen(
        [sys.executable, "book/_tools/serve.py", "--port", "0", "--pause", "0.1"],
        cwd=small_book.root,
        env={**os.environ, "PYTHONPATH": str(small_book.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout
    try:
        address = next(
            line for line in server.stdout if line.startswith("http://")
        ).strip()

        def get(path: str) -> str:
            with urllib.request.urlopen(address + path, timeout=30) as answer:
                return answer.read().decode()

        assert "Before" in get("")
        assert "/reload/script.js" in get("index.html")
        assert "EventSource" in get("reload/script.js")
        with pytest.raises(urllib.error.HTTPError) as missing:
            get("nowhere/at/all")
        assert missing.value.code == 404
        assert "There is no page here" in missing.value.read().decode()
        with urllib.request.urlopen(f"{address}reload/events", timeout=120) as events:
            small_book.set_chapter("# After\n\nSome text.\n")
            line = next(line for line in events if line.startswith(b"data:"))
            assert line == b"data: again\n"
        assert "After" in get("index.html")
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def test_the_searchs_data_hold_every_page_and_every_public_name(site: Path) -> None:
    text = (site / "_static" / "search-data.js").read_text(encoding="utf8")
    data = json.loads(text.removeprefix("const searchData = ").removesuffix(";\n"))
    addresses = [address for address, _ in data["pages"]]
    for path in (ROOT / "book").glob("[!_]*/*.md"):
        assert (
            path.relative_to(ROOT / "book").with_suffix(".html").as_posix() in addresses
        )
    for page, anchor, *_ in data["sections"]:
        if anchor:
            assert soup_ids(site / addresses[page]) >= {anchor}
    words = " ".join(text for *_, text in data["sections"])
    assert "\0" not in words
    assert "blanchard2021" not in words
    for authors in (
        "Glorot and Bengio [2010]",
        "He et al. [2015]",
        "LeCun et al. [1998]",
    ):
        assert authors in words
    names = {
        name: (page, anchor, text) for name, _, page, anchor, text in data["names"]
    }
    page, anchor, text = names["nnnotes.layers.Dense.backward"]
    assert addresses[page] == "api/layers.html"
    assert anchor in soup_ids(site / "api" / "layers.html")
    assert len(text) > 20


def soup_ids(path: Path, known: dict[Path, set[str]] = {}) -> set[str]:  # noqa: B006  # shared on purpose: a page is read once
    if path not in known:
        known[path] = {tag["id"] for tag in soup(path).find_all(id=True)}
    return known[path]
