"""Types: what users call is accepted, and what they should not call is refused, by a type checker as when it runs."""

import re
from pathlib import Path

import pytest

api = pytest.importorskip("mypy.api")

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "typing").glob("*.py")), ids=lambda path: path.stem
)
def test_type_checker_takes_and_refuses_what_the_file_says(path):
    lines = path.read_text("utf-8").splitlines()
    expected = [n for n, line in enumerate(lines, 1) if line.endswith("  # error")]
    options = ["--strict", "--no-error-summary"]
    config = f"--config-file={ROOT / 'pyproject.toml'}"
    out, fault, _ = api.run([config, *options, str(path)])
    assert not fault
    # An error elsewhere is none of a call's.
    found = {
        int(match[1])
        if (match := re.match(rf".*{path.name}:(\d+): error", line))
        else line
        for line in out.splitlines()
        if ": note: " not in line
    }
    assert expected
    assert found == set(expected), out
