"""notices.yaml: every kind that it declares is written somewhere; that what is written is declared, `load` asserts."""

import re
from pathlib import Path
from string import Formatter

import pytest

from config.notices import Kind, checked_key, kinds, why_checked

ROOT = Path(__file__).parents[2]
TOLD = {"source", "file", "rows", "money", "detail", "column"}
SHOWN = {"source", "file", "rows", "rows_of", "money", "detail", "as_of"}


def sources() -> str:
    """All of the product that may write a notice."""
    folders = (ROOT / "connectors", ROOT / "transforms", ROOT / "config", ROOT / "flows")
    return "\n".join(
        path.read_text("utf-8") for one in folders for path in one.rglob("*") if path.suffix in {".py", ".sql"}
    )


def test_what_is_declared_is_written():
    """A kind that nobody writes any more is a sentence that nobody reads."""
    text = sources()
    assert [name for name in kinds() if name != "other" and not re.search(rf"[\"']{name}[\"']", text)] == []


@pytest.mark.parametrize(("name", "kind"), kinds().items())
def test_words_name_facts_that_there_are(name: str, kind: Kind):
    """In both languages the same ones: whatever else stands in braces would stop a report."""
    for text, known in ((kind.told, TOLD), (kind.shown, SHOWN), (kind.shown_of_none, SHOWN)):
        if text is not None:
            ru, en = ({field for _, field, _, _ in Formatter().parse(one) if field} for one in (text.ru, text.en))
            assert ru | en <= known
            assert ru - {"rows_of"} <= en | {"rows", "file"}, name


@pytest.mark.parametrize(
    ("key", "is_checked"),
    [
        ("calls.days_lacking 2026-08-01–2026-08-23", True),
        ("calls.days_lacking", True),
        ("days_lacking", True),
        ("calls.days_lacking 2026-08-01–2026-08-23, 2026-10-05–2026-10-09", False),
        ("leads.days_lacking", False),
        ("calls.odd_days", False),
    ],
)
def test_what_was_looked_into_is_that_notice_and_not_the_next(key, is_checked):
    """Days or a file named under `checked` speak of these alone."""
    why = why_checked({key: "отпуск"}, "days_lacking", "calls", None, "2026-08-01–2026-08-23")
    assert why == ("отпуск" if is_checked else None)


def test_nobodys_name_gets_into_a_key():
    """Details of words may be people; days and counts are not."""
    assert checked_key("names_alike", "calls", None, "Иванов И., Иванов Иван") == "calls.names_alike"
    assert checked_key("odd_days", "calls", "a b.csv", "7") == "calls.odd_days a b.csv"
