"""What is odd in rows, and what headings and texts say, is declared: each declaration is asked, and no other is."""

import re
from pathlib import Path

import pytest

from config.words import vocabulary
from connectors.warehouse.ledger.notices import OF_FILES, OF_ROWS, OF_SOURCES
from connectors.warehouse.loading.odd import ODD

ROOT = Path(__file__).parents[2]
WAREHOUSE = ROOT / "connectors" / "warehouse"
BY_ITSELF = {"vat_differs", "rows_at_limit", "own_transfers", "odd_days"}
"""Asked of no table, or only where its days are odd."""


def found(chapter: str) -> dict[str, str]:
    """The files of a chapter's `found`."""
    return {path.stem: path.read_text("utf-8") for path in (WAREHOUSE / chapter / "found").glob("*.sql")}


def test_every_file_of_found_is_asked():
    """One that no table is asked would be dead, one that is missing would stop a run."""
    assert found("ledger").keys() == OF_ROWS.keys() | OF_SOURCES.keys() | OF_FILES.keys() | BY_ITSELF
    assert found("loading").keys() == {one.name for one in ODD}


@pytest.mark.parametrize("chapter", ["ledger", "loading"])
def test_every_file_of_found_states_its_grain(chapter: str):
    """As all SQL of the project does."""
    assert [name for name, sql in found(chapter).items() if not sql.startswith("-- One row")] == []


def test_every_kind_of_words_is_asked_about():
    """Words by which nothing is known would be kept up for nobody."""
    code = "\n".join(
        path.read_text("utf-8") for one in ("transforms", "connectors") for path in (ROOT / one).rglob("*.py")
    )
    kinds = {*vocabulary().headings, *vocabulary().says}
    assert [kind for kind in kinds if not re.search(rf"[\"']{kind}[\"']", code)] == []


@pytest.mark.parametrize("alternatives", [*vocabulary().headings.values(), *vocabulary().says.values()])
def test_words_are_patterns(alternatives: list[str]):
    """Each by itself, so that none opens a bracket which another closes."""
    for one in alternatives:
        re.compile(one)
