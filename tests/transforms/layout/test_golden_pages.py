"""Every page of the invented school, compared with the text somebody looked at."""

import pytest

from tests.helpers.golden import FOLDER, pages

NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def drawn():
    """Every page as it is now."""
    return pages()


def test_each_page_has_its_golden_text_and_no_text_is_left_over(drawn):
    """A page that went away takes its text with it."""
    assert sorted(drawn) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_page_is_as_it_was_looked_at(drawn, name):
    """A change is renewed by `python -m tests.helpers.golden`, after a look at it."""
    assert drawn[name] == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
