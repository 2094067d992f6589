"""What is written in a cell: typed values that Google cannot mistake, in as few requests as may be."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from config.documents import Cell, Sheet
from connectors.google_sheets.batch.body import body_of
from connectors.google_sheets.batch.cells import blocks, serialised
from connectors.google_sheets.plan.rows import draft
from connectors.google_sheets.plan.tab import plan_new
from connectors.google_sheets.values import canonical, compact_json, plain
from tests.connectors.google_sheets.report_sheets import channels


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(1899, 12, 31), 1),
        (date(2020, 1, 1), 43831),
        (datetime(2020, 1, 1, 18, 0), 43831.75),
        (Decimal("12.50"), 12.5),
        (True, True),
        (float("nan"), None),
        (None, None),
        ("=1+1", "=1+1"),
    ],
)
def test_values_become_what_google_keeps(value, kept):
    """Dates are days since 1899-12-30: 1 January 2020 is 43831."""
    assert plain(value) == kept


def test_text_longer_than_a_cell_is_cut_with_a_sign():
    """Google refuses the whole report for one text over 50,000 characters."""
    assert plain("я" * 50_001) == "я" * 49_999 + "…"


def test_a_text_is_never_a_formula():
    """`=cmd|…` from an export is a string to Google."""
    rows = draft(Sheet("x", "x", [Cell(0, 0, "=cmd|' /C calc'!A0", "text")])).rows
    assert rows[0][0].value == "=cmd|' /C calc'!A0"
    block = blocks(plan_new(draft(Sheet("x", "x", [Cell(0, 0, "=1+1", "text")]))), {})[0]
    assert json.loads(next(serialised(block)))["values"][0]["userEnteredValue"] == {"stringValue": "=1+1"}


def test_any_text_serialises():
    """Quotes, newlines and controls stay inside their string."""
    text = 'а "б"\n\\ \u2028 \x07 😀'
    block = blocks(plan_new(draft(Sheet("x", "x", [Cell(0, 0, text, "text")]))), {})[0]
    assert json.loads(next(serialised(block)))["values"][0]["userEnteredValue"]["stringValue"] == text
    assert json.loads(body_of([compact_json({"a": text})]))["requests"][0]["a"] == text


def test_a_table_is_one_rectangle():
    """Header and channels stand in the same columns, so one request carries them."""
    sheet = channels({"SEO": (5, 0), "Директ": (7, 3_000)}, sentences=())
    written = blocks(plan_new(draft(sheet)), {})
    assert [(block.row, block.column, len(block.rows), block.width) for block in written] == [
        (0, 0, 2, 3),
        (2, 0, 3, 4),
    ]


def test_rows_are_known_by_key_and_the_rest_by_what_they_are():
    """A header stays a header when a sentence above it goes; a blank row belongs to the row above it."""
    sheet = channels({"SEO": (5, 0), "Директ": (7, 3_000)})
    assert list(draft(sheet).identities) == [
        "~title:1", "~subtitle:1", "~headerleft:1", "channel=SEO", "channel=Директ", "channel=Директ+1", "~text:1",
    ]  # fmt: skip


def test_values_are_compared_as_google_keeps_them():
    """A double that travelled is the same number; blank and absent are the same."""
    assert canonical(0.1 + 0.2) == canonical(0.3)
    assert canonical(5.0) == canonical(5) == "5"
    assert canonical(None) == canonical("") == ""
    assert canonical(plain(-0.0)) == "0"
