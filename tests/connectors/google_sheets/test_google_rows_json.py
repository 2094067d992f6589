"""Rows are serialised whole: the same JSON as cell by cell, whatever stands in them."""

import json
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.documents import Cell
from connectors.google_sheets.plan.rows import drafted
from connectors.google_sheets.values import canonical, cells_json, plain, texts_json, values_json

NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.lists(st.none() | st.booleans() | NUMBERS | st.text() | st.sampled_from(["%s", "100%", '"', "\\", "\n"]))
MEMBERS = {str: "stringValue", bool: "boolValue", int: "numberValue", float: "numberValue"}


class Words(StrEnum):
    """A text that is more than a text."""

    SEO = "SEO"


class Places(IntEnum):
    """A number that is more than a number."""

    FIRST = 1


def cell(value):
    """Google's cell as a person would write it."""
    return {} if value is None else {"userEnteredValue": {MEMBERS[type(value)]: value}}


@pytest.mark.slow
@given(VALUES)
def test_values_go_out_as_they_are(values):
    """No text becomes a formula or a number, no percent sign is a template's."""
    assert json.loads(values_json(values)) == {"values": [cell(value) for value in values]}


@given(VALUES)
def test_every_cell_has_its_own_format(values):
    """A pattern may hold a percent sign; `{}` says no format at all."""
    formats = tuple('{"numberFormat":{"pattern":"0.0%s"}}' if number % 2 else "{}" for number in range(len(values)))
    drawn = {"userEnteredFormat": {"numberFormat": {"pattern": "0.0%s"}}}
    wanted = [cell(value) | (drawn if number % 2 else {}) for number, value in enumerate(values)]
    assert json.loads(cells_json(values, formats)) == {"values": wanted}


@given(VALUES)
def test_a_row_is_remembered_by_its_canonical_texts(values):
    """One list of the texts by which values are compared."""
    assert json.loads(texts_json(values)) == [canonical(value) for value in values]


@pytest.mark.parametrize(
    ("value", "text"), [(Words.SEO, '["SEO"]'), (Places.FIRST, '["1"]'), (True, '["TRUE"]'), (2.0, '["2"]')]
)
def test_what_inherits_from_a_text_or_a_number_is_one(value, text):
    """An enumeration's member counts as what it inherits."""
    kept = plain(value)
    assert type(kept) in {str, int, bool, float}
    assert texts_json([kept]) == text


def test_cells_come_in_any_order():
    """Left to right they are; of two in one place the later counts, and a cell wins over what a merge covers."""
    merged = Cell(0, 1, "широкая", columns=3)
    row = drafted([Cell(0, 3, 5), merged, Cell(0, 0, 1), Cell(0, 0, 2)])[0]
    assert row.columns == (0, 1, 2, 3)
    assert [row[column].value for column in row] == [2, "широкая", None, 5]
