"""Every page of the invented school, compared with the text somebody looked at."""

import pytest

from tests.helpers.golden import FOLDER, pages

PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_as_it_was_looked_at(name):
    """A change is renewed by `python -m tests.helpers.golden`, after a look at it."""
    assert PAGES[name] == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_no_golden_page_is_left_over():
    """A page that went away takes its text with it."""
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(PAGES)
