"""Print what the changelog says of a version: `python .github/notes.py v0.2.0`. All files must agree on the version."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf8")


tag = sys.argv[1]
found = {
    "pyproject.toml": tomllib.loads(read("pyproject.toml"))["project"]["version"],
    "nnnotes/__init__.py": re.findall(
        r'^__version__ = "(.*)"', read("nnnotes/__init__.py"), re.M
    )[0],
    "CITATION.cff": re.findall(r"^version: (.*)", read("CITATION.cff"), re.M)[0],
}
for name, version in found.items():
    if f"v{version}" != tag:
        sys.exit(f"{name}: expected the version of the tag {tag}, but got {version}")
part = rf"^## {re.escape(tag[1:])}, \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)"
notes = re.search(part, read("CHANGELOG.md"), re.M | re.S)
if not notes:
    sys.exit(
        f"CHANGELOG.md: expected a section '## {tag[1:]}, YYYY-MM-DD', but there is none"
    )
print(notes[1].strip())
