"""Error cells of an XLSX are told from blank ones, wherever its parts are cut, and never displace a value."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.documents import ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.errors import SourceError
from connectors.files.workbook.odd_cells import OVERLAP_BYTES, ErrorCells
from tests.connectors.files.reading import read_bytes, zipped

SHEET = "xl/worksheets/sheet1.xml"
WAYS = (
    b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="3" t="e"><v>#N/A</v></c></row>'
    b"<row r='2'><x:c t='e' r='A2'><x:f>A1*&quot;2&quot;</x:f><x:v>#VALUE!</x:v></x:c><c r='B2' t='e'/></row>"
    b'<row r="3"><c r="B3" t="e" vm="1"><f t="shared" si="0"/><v>#REF!</v></c></row>'
)
"""Attributes in any order, formulas, prefixes, both quotes, and an error cell without a value."""


def book(*rows: list[object], **sheets: list[list[object]]) -> bytes:
    """An XLSX with these rows, and more sheets by name."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for name, others in sheets.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def changed(folder, content: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with a text of one part replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in members[part]
    members[part] = members[part].replace(old.encode(), new.encode())
    return zipped(folder / "changed.zip", members)


def found(part: bytes, chunk: int) -> list[list[str]]:
    """Three rows of two blank cells, with the error cells of a part that comes in chunks of so many bytes."""
    cells = ErrorCells()
    for start in range(0, len(part), chunk):
        cells.take(part[start : start + chunk])
    cells.end()
    rows: list[list[str]] = [["", ""] for _ in range(3)]
    cells.put_into(rows, 0, 0)
    return rows


def test_every_error_stands_in_its_cell_with_its_address(tmp_path):
    """Among texts, days and amounts; a blank cell stays blank."""
    content = book(
        ["Дата", "Канал", "Расход", "Клики"],
        [date(2026, 8, 1), "SEO", 10.5, None],
        ["#N/A", "#REF!", "#DIV/0!", 3],
        ["#NAME?", "#NUM!", "#NULL!", "#VALUE!"],
    )
    [table] = read_bytes(tmp_path, content, "a.xlsx")
    assert [list(row) for row in table.rows[1:]] == [
        [f"{MOMENT_MARK}2026-08-01", "SEO", f"{NUMBER_MARK}10.5", ""],
        [f"{ERROR_MARK}#N/A (A3)", f"{ERROR_MARK}#REF! (B3)", f"{ERROR_MARK}#DIV/0! (C3)", f"{NUMBER_MARK}3"],
        [
            f"{ERROR_MARK}#NAME? (A4)",
            f"{ERROR_MARK}#NUM! (B4)",
            f"{ERROR_MARK}#NULL! (C4)",
            f"{ERROR_MARK}#VALUE! (D4)",
        ],
    ]


def test_errors_stand_in_their_own_sheet_wherever_it_begins(tmp_path):
    """The workbook says which part is which sheet; empty rows and columns before the table do not shift it."""
    content = book(["a"], ["1"], Второй=[[], [], [None] * 27 + ["Дата", "Сумма"], [None] * 27 + ["x", "#N/A"]])
    first, second = read_bytes(tmp_path, content, "a.xlsx")
    assert [list(row) for row in first.rows] == [["a"], ["1"]]
    assert list(second.rows[3]) == [""] * 27 + ["x", f"{ERROR_MARK}#N/A (AC4)"]
    assert not any(cell.startswith(ERROR_MARK) for row in second.rows[:3] for cell in row)


@pytest.mark.slow
def test_errors_are_found_from_the_first_row_of_a_long_sheet_to_its_last(tmp_path):
    """Rows come in groups of thousands, bytes in megabytes; the two have nothing to do with one another."""
    rows = [[number, "x"] for number in range(70_000)]
    rows[0][1] = rows[-1][1] = "#N/A"
    [table] = read_bytes(tmp_path, book(*rows), "a.xlsx")
    assert (table.rows[0][1], table.rows[-1][1]) == (f"{ERROR_MARK}#N/A (B1)", f"{ERROR_MARK}#N/A (B70000)")
    assert sum(row[1] == "x" for row in table.rows) == 70_000 - 2


@given(st.integers(1, len(WAYS) + 1))
def test_it_does_not_matter_where_a_part_is_cut(chunk):
    """Bytes come in pieces; a cell may lie in two or more of them."""
    assert found(WAYS, chunk) == [
        ["", f"{ERROR_MARK}#N/A (B1)"], [f"{ERROR_MARK}#VALUE! (A2)", ""], ["", f"{ERROR_MARK}#REF! (B3)"],
    ]  # fmt: skip


@given(st.integers(0, 40), st.sampled_from([1000, OVERLAP_BYTES - 7, OVERLAP_BYTES, OVERLAP_BYTES + 11]))
def test_errors_far_apart_are_all_found(shift, chunk):
    """Between them lie more bytes than are kept, and a formula may be as long as Excel lets it be."""
    formula = b"<f>" + b"&quot;" * 8192 + b"</f>"
    part = b" " * shift + WAYS + b"<c/>" * 50_000 + b'<c r="A1" t="e">' + formula + b"<v>#NUM!</v></c>"
    assert found(part, chunk)[0] == [f"{ERROR_MARK}#NUM! (A1)", f"{ERROR_MARK}#N/A (B1)"]


def test_an_error_never_displaces_a_value_nor_stands_outside(tmp_path):
    """What a comment of a hostile part says of filled cells, and of cells far outside, changes nothing."""
    lies = '<!-- <c r="A2" t="e"><v>#N/A</v></c> <c r="ZZ900" t="e"><v>#N/A</v></c> --><row r="2">'
    content = changed(tmp_path, book(["a", "b"], ["x", "#REF!"]), SHEET, '<row r="2">', lies)
    [table] = read_bytes(tmp_path, content, "a.xlsx")
    assert [list(row) for row in table.rows] == [["a", "b"], ["x", f"{ERROR_MARK}#REF! (B2)"]]


def test_entities_in_the_list_of_sheets_are_refused(tmp_path):
    """That list is read by a parser of XML, which must not be made to open or multiply anything."""
    bomb = '<!DOCTYPE workbook [<!ENTITY a "aaaaaaaaaa">]><workbook '
    content = changed(tmp_path, book(["a"], ["#N/A"]), "xl/workbook.xml", "<workbook ", bomb)
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content, "a.xlsx")
    assert error.value.key == "files.xml_entities"


@pytest.mark.parametrize(
    "part",
    [
        b'<c r="A1" t="e"><v>#EXTERNAL</v></c>',
        b'<c r="A0000000000" t="e"><v>#N/A</v></c>',
        b'<c t="e"><v>#N/A</v></c>',
        b'<c r="A1" t="str"><v>#N/A</v></c>',
        b'<is><t>t="e" r="A1" #N/A</t></is>',
        b'<c r="A1" t="e"><v>#N/A',
    ],
)
def test_what_is_no_error_cell_is_none(part):
    """An unknown text, no place, another type, words that look so, a part that breaks off."""
    assert found(part, len(part)) == [["", ""]] * 3
