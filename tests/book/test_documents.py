"""What stands in the repository beside the book and the package."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(ROOT.glob("*.md"))
TEXTS = {".cff", ".css", ".js", ".md", ".py", ".toml", ".yml"}


def anchor(heading):
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_files_lead_somewhere(document):
    for link in re.findall(r"\]\((?!\w+:)([^)]+)\)", document.read_text("utf8")):
        name, _, fragment = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), link
        if fragment:
            headings = re.findall("^#+ (.*)", target.read_text("utf8"), re.M)
            assert fragment in map(anchor, headings), link


def test_nothing_installs_the_strangers_package_of_the_same_name():
    folders = ("book", "nnnotes", "tests", ".github", "benchmarks")
    paths = [path for name in folders for path in (ROOT / name).rglob("*")]
    paths = [path for path in [*paths, *ROOT.iterdir()] if path.suffix in TEXTS]
    assert len(paths) > 100
    # In any words: pip, uv, conda ... install, options, and then the name alone or with extras.
    wrong = re.compile(
        r"\b(?:install|add)\s+(?:-\S+\s+)*['\"]?nnnotes(?:\[|['\"`]|$)", re.M
    )
    assert not [path for path in paths if wrong.search(path.read_text("utf8"))]


def test_the_documents_name_the_version_and_the_distribution():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text("utf8")
    assert f"\nversion: {project['version']}\n" in citation
    assert f"\n## {project['version']}, " in (ROOT / "CHANGELOG.md").read_text("utf8")
    assert f"`{project['name']}`" in (ROOT / "README.md").read_text("utf8")
