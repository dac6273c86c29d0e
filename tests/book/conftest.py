"""Small books for the tests of what makes the book."""

from pathlib import Path

import pytest

from helpers.books import SmallBook


@pytest.fixture
def small_book(tmp_path: Path) -> SmallBook:
    return SmallBook(tmp_path)
