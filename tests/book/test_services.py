"""What stands beside the pages: notebooks, descriptions, addresses, the archive, the server."""

import functools
import gzip
import hashlib
import http.server
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import venv
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import brotli
import nbformat
import pytest
import yaml

import nnnotes
from helpers.books import HEADER, SmallBook
from helpers.cells import cells
from helpers.pages import parsed
from nnbook.site.archive import archive

ROOT = Path(__file__).parents[2]
SERVE = "book/_ext/nnbook/site/serve.py"
CHAPTERS = sorted(path.stem for path in (ROOT / "book" / "chapters").glob("*.md"))


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


def notebooks(site: Path, chapter: str) -> list[nbformat.NotebookNode]:
    """The two notebooks that a chapter's page offers: the chapter's, and that of its solutions."""
    links = parsed(site / "chapters" / f"{chapter}.html").select(
        ".page-tools [download]"
    )
    paths = [(site / "chapters" / link["href"]).resolve() for link in links]
    return [nbformat.read(path, as_version=4) for path in paths]


def codes(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook: nbformat.NotebookNode) -> str:
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return "\n\n".join(texts)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapters_notebooks_have_its_cells_and_plain_markdown(
    site: Path, chapter: str
) -> None:
    both = main, solutions = notebooks(site, chapter)
    text = (ROOT / "book" / "chapters" / f"{chapter}.md").read_text(encoding="utf8")
    install, *shown = [code for code in codes(main) if "# Your answer" not in code]
    again, before, *solved = codes(solutions)
    assert install == again
    assert before == "\n\n".join(["%%capture", *shown])
    # Each cell of the page is in one of the two, and in its order.
    parts = re.split(r"^```\{solution(?:-end)?\}$", text, flags=re.MULTILINE)
    for kind, found in ((0, shown), (1, solved)):
        wanted = [cell.code.strip() for part in parts[kind::2] for cell in cells(part)]
        assert [code.strip() for code in found] == wanted
    for notebook in both:
        nbformat.validate(notebook)
        assert not re.search(
            r"^```\{|^\(.*\)=$|\{[\w:]+\}`|\]\([^)]*\.md|\\<|<div",
            prose(notebook),
            re.MULTILINE,
        )
        assert prose(notebook).count("$$") % 2 == 0
        assert "It needs Jupyter, and Python 3.11 or newer." in prose(notebook)
    exercises = text.count("```{exercise}")
    answers = [
        cell for cell in main.cells if not cell.source or "# Your a" in cell.source
    ]
    assert len(answers) == prose(main).count("**Exercise ") == exercises >= 4
    assert prose(solutions).count("**Solution to exercise ") == exercises
    checks = re.findall(r"^# exercises\.check\(.*\)$", "\n".join(codes(main)), re.M)
    asked = re.sub(r"```\{solution\}.*?\{solution-end\}", "", text, flags=re.DOTALL)
    assert len(checks) == asked.count("exercises.check(")
    headings = re.findall(r"^## (?!#)(.*)", text, re.MULTILINE)
    assert len(re.findall(r"^## (?!#)", prose(main), re.MULTILINE)) == len(headings)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapters_notebooks_show_its_formulas_and_what_its_cells_gave(
    site: Path, chapter: str
) -> None:
    def flat(text: str) -> str:
        return re.sub(r"\s*\n[> ]*", "\n", text)

    both = notebooks(site, chapter)
    page = parsed(site / "chapters" / f"{chapter}.html")
    said = flat("\n".join(map(prose, both)))
    for formula in page.select("article div.math"):
        latex = formula.select_one("annotation").get_text().strip()
        number = formula.select_one(".eqno")
        tag = rf" \tag{{{number.get_text()[1:].split(')')[0]}}}" if number else ""
        assert flat(f"$$\n{latex}{tag}\n$$") in said
    outputs = [
        one
        for notebook in both
        for cell in notebook.cells
        for one in cell.get("outputs", ())
    ]
    figures = [one for one in outputs if "image/svg+xml" in one.get("data", ())]
    assert len(figures) == len(page.select(".cell_output img:not(.only-dark)"))
    printed = {one.text.strip() for one in outputs if one.output_type == "stream"}
    for output in page.select(".cell_output .stream pre"):
        assert output.get_text().strip() in printed


EXECUTE = "from nbclient.cli import main; main()"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The Python of an environment with Jupyter's kernel and all that the package needs, but not the package."""
    folder = tmp_path / "elsewhere"
    venv.create(folder, with_pip=True)
    (own,) = folder.glob("lib/python*/site-packages")
    for path in Path(nbformat.__file__).parents[1].iterdir():
        ours = re.match(r"_?(editable_impl_)?first_hour_nn|nnnotes", path.name)
        if not ours and not (own / path.name).exists():
            (own / path.name).symlink_to(path)
    return folder / "bin" / "python"


def test_a_downloaded_notebook_runs_elsewhere(
    small_book: SmallBook,
    elsewhere: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From a site with an address: the first cell brings the package from there, and from nowhere else."""
    html = small_book.root / "_build" / "html"
    handler = functools.partial(Silent, directory=str(html))
    text = (ROOT / "book" / "chapters" / "relu.md").read_text(encoding="utf8")
    small_book.add("chapters/relu", text)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("NNNOTES_BASE_URL", base)
        small_book.build()  # pages that are linked to are missing here
        (wheel,) = (html / "files").glob("first_hour_nn-*.whl")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.delenv("MPLBACKEND", raising=False)
        monkeypatch.delenv("PYTHONPATH", raising=False)
        for notebook in notebooks(html, "relu"):
            asked = f"first-hour-nn[plots] @ {base}/files/{wheel.name}#sha256={digest}"
            assert f'%pip install --quiet "{asked}"' in codes(notebook)[0]
            where = "import nnnotes\nprint(nnnotes.__file__)"
            notebook.cells.append(nbformat.v4.new_code_cell(where))
            path = elsewhere.parents[1] / "downloaded.ipynb"
            nbformat.write(notebook, path)
            done = subprocess.run(
                [elsewhere, "-c", EXECUTE, "--inplace", path],
                cwd=path.parent,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            run = nbformat.read(path, as_version=4)
            assert run.cells[-1].outputs[0].text.startswith(str(path.parent))
            drawn = [one for cell in run.cells for one in cell.get("outputs", ())]
            assert any("image/png" in one.get("data", ()) for one in drawn)
        server.shutdown()


def test_a_site_without_an_address_makes_none_up_for_the_package(site: Path) -> None:
    install = codes(notebooks(site, "relu")[0])[0]
    assert "%pip" not in install
    assert "http" not in install
    (wheel,) = (site / "files").iterdir()
    about = parsed(site / "about.html")
    assert about.find("a", href=f"files/{wheel.name}")
    assert f'pip install "{wheel.name}[plots]"' in about.get_text()
    with zipfile.ZipFile(wheel) as file:
        for name in file.namelist():
            if name.startswith("nnnotes/"):
                assert file.read(name) == (ROOT / name).read_bytes(), name


def test_the_page_about_says_version_commit_licence_and_how_to_cite(site: Path) -> None:
    text = parsed(site / "about.html").select_one("article").get_text()
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf8")
    for said in (
        f"This is version {nnnotes.__version__}.",
        f"It was built from the commit {done.stdout.strip()}.",
        f"title = {{{citation['title']}}}",
        (ROOT / "LICENSE").read_text(encoding="utf8").splitlines()[2],
        re.findall("^## (.*)", changelog, re.M)[-1],
    ):
        assert said in text
    for path in [*site.glob("*.html"), *site.glob("chapters/*.html")]:
        if (
            path.name not in {"404.html", "about.html"}
            and "refresh" not in path.read_text()[:200]
        ):
            assert parsed(path).select_one("footer a[href$='about.html']"), path


def test_each_page_describes_itself_and_makes_up_no_address(site: Path) -> None:
    seen: dict[str, str] = {}
    for path in sorted([*site.glob("*.html"), *site.glob("[ac]*/*.html")]):
        page = parsed(path)
        if page.find("meta", attrs={"http-equiv": "refresh"}):
            continue  # at an old address
        (description,) = page.find_all("meta", attrs={"name": "description"})
        assert 20 < len(description["content"]) <= 210, path
        assert seen.setdefault(description["content"], path.name) == path.name
        assert not page.find("link", rel="canonical"), path
        assert not page.find("meta", property=re.compile("^og:")), path
        assert "Edit this page" not in page.get_text()
        assert "Open in " not in page.get_text()
        assert "Report an error" not in page.get_text()
    assert not (site / "sitemap.xml").exists()
    assert "Sitemap" not in (site / "robots.txt").read_text()


def test_pages_say_when_git_last_saw_them_change(site: Path) -> None:
    command = ["git", "log", "-1", "--format=%cs", "--", "book/chapters/relu.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    (day,) = parsed(site / "chapters" / "relu.html").select(".page-tools time")
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
    small_book.add(
        "api", "# API\n\n```{eval-rst}\n.. automodule:: nnnotes.shapes\n```\n"
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
    page = parsed(html / "chapters" / "new.html")
    assert page.find("link", rel="canonical")["href"] == f"{base}chapters/new.html"
    tags = {
        tag["property"]: tag["content"] for tag in page.find_all("meta", property=True)
    }
    assert tags["og:title"] == "New name"
    assert tags["og:url"] == f"{base}chapters/new.html"
    image = html / tags["og:image"].removeprefix(base)
    assert image.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(image.read_bytes()[16:20]) == 1200
    heading, tools = page.h1, page.select_one(".page-tools")
    assert heading.find_next_sibling("ul") is tools
    links = {link.get_text(): link["href"] for link in tools.select("a")}
    code = "https://example.org/code"
    assert links["Edit this page"] == f"{code}/edit/main/book/chapters/new.md"
    assert links["Open in a hub"] == "https://example.org/hub?path=notebooks/new.ipynb"
    report = urlsplit(links["Report an error"])
    said = parse_qs(report.query)
    assert f"{code}/issues/new" == f"{report.scheme}://{report.netloc}{report.path}"
    assert said["title"] == ["New name: "]
    (commit,) = re.findall("^Commit: (.+)$", said["body"][0], re.M)
    assert f"Page: {base}chapters/new.html\n" in said["body"][0]
    module = parsed(html / "_modules" / "nnnotes" / "shapes.html")
    links = {link.get_text(): link["href"] for link in module.select(".page-tools a")}
    assert links["In the repository"] == f"{code}/blob/{commit}/nnnotes/shapes.py"
    notebook = (html / "notebooks" / "new.ipynb").read_text()
    assert f"[Start]({base}index.html)" in notebook

    spaces = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    places = ET.parse(html / "sitemap.xml").findall("url/loc", spaces)
    assert [place.text for place in places] == [
        f"{base}api.html",
        f"{base}chapters/new.html",
        f"{base}index.html",
    ]
    assert f"Sitemap: {base}sitemap.xml" in (html / "robots.txt").read_text()
    missing = parsed(html / "404.html")
    assert missing.a["href"] == "/the/book/index.html"
    assert not missing.script

    for old, new in (("chapters/old", "new.html#here"), ("older", "index.html")):
        moved = parsed(html / f"{old}.html")
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
    # Explorers are modules, which name each other.
    texts += [path.read_text() for path in static.glob("explore-*/**/*.js")]
    placed = re.findall(r'data-explorer="(\w+)"', " ".join(texts))
    texts += [f"{name}.js" for name in placed]
    named = set(re.findall(r"[\w.-]+\.\w+", " ".join(texts)))
    for path in static.rglob("*"):
        if path.is_file():
            assert path.name in named or "LICENSE" in path.name, path


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


def test_an_archive_for_a_host_that_sends_them_has_compressed_twins(
    tmp_path: Path,
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name in ("page.html", "font.woff2", ".hidden.html"):
        (site / name).write_text("text " * 500)
    archive(site, tmp_path / "book.zip", compressed=True)
    with zipfile.ZipFile(tmp_path / "book.zip") as file:
        found = {name.removeprefix("nnnotes-book/"): name for name in file.namelist()}
        assert set(found) == {"font.woff2", "page.html", "page.html.br", "page.html.gz"}
        text = (site / "page.html").read_bytes()
        assert gzip.decompress(file.read(found["page.html.gz"])) == text
        assert brotli.decompress(file.read(found["page.html.br"])) == text
        assert file.read(found["page.html.gz"])[4:8] == bytes(4)  # no time in it


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


def test_serving_says_that_a_port_is_in_use_before_it_builds(
    small_book: SmallBook,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [sys.executable, SERVE, "--port", port],
            cwd=small_book.root,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} cannot be used: Address already in use." in done.stderr
    assert "make serve PORT=" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (small_book.root / "_build").exists()


def test_serving_builds_again_what_changed_and_tells_the_page(
    small_book: SmallBook,
) -> None:
    small_book.set_chapter("# Before\n\nSome text.\n")
    server = subprocess.Popen(
        [sys.executable, SERVE, "--port", "0", "--pause", "0.1"],
        cwd=small_book.root,
        env={
            **os.environ,
            "PYTHONPATH": str(small_book.root),
            "NNNOTES_LIVE": "0",
        },
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
