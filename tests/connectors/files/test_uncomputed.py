"""A formula that nobody computed is told from a blank cell, wherever its part is cut."""

from __future__ import annotations

import io

import openpyxl
import pytest
import xlsxwriter

from config.documents import ERROR_MARK, NUMBER_MARK
from connectors.files.workbook.odd_cells import FormulaCells
from tests.connectors.files.reading import read_bytes
from tests.helpers.parse import reason

PART = (
    b'<row r="1"><c r="A1"><f>B1*2</f><v></v></c><c r="B1" s="1"><v>5</v></c></row>'
    b"<row r='2'><x:c r='A2'><x:f t='shared' si='0'/></x:c><c t=\"str\" r='B2'><f>IF(1,\"\")</f><v></v></c></row>"
    b'<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" s="2"><f>A3</f><v/></c></row>'
)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_formulas_without_a_value_are_found(chunk):
    """With a prefix, shared, with an empty value; one that gave an empty text was computed."""
    cells = FormulaCells()
    for start in range(0, len(PART), chunk):
        cells.take(PART[start : start + chunk])
    cells.end()
    rows = [["", 5], ["", ""], [2, ""]]
    cells.put_into(rows, 0, 0)
    assert cells.flags(3, 2) == [[True, False], [True, True], [True, True]]
    assert rows == [[f"{ERROR_MARK}=… (A1)", 5], [f"{ERROR_MARK}=… (A2)", ""], [2, f"{ERROR_MARK}=… (B3)"]]


def test_a_workbook_that_no_excel_has_seen(tmp_path):
    """Its amounts are refused like failed ones, not taken for blank."""
    book = openpyxl.Workbook()
    book.active.append(["Дата", "Сумма"])
    book.active.append(["01.08.2026", "=100*2"])
    book.active.append(["02.08.2026", 7])
    stream = io.BytesIO()
    book.save(stream)
    [table] = read_bytes(tmp_path, stream.getvalue(), "a.xlsx")
    assert [row[1] for row in table.rows[1:]] == [f"{ERROR_MARK}=… (B2)", f"{NUMBER_MARK}7"]


def test_formulas_filled_down_below_the_last_row_end_the_table(tmp_path):
    """A number that counts on and =D×E that gives 0 or nothing: forty rows below two; typed zeros stay rows."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["№", "Канал", "Штук", "Цена", "Расход"])
        for row in range(1, 43):
            sheet.write_formula(row, 0, "=ROW()-1", None, row)
            sheet.write_formula(
                row, 4, f"=C{row + 1}*D{row + 1}", None, {1: 200, 2: 150}.get(row, 0 if row % 2 else "")
            )
        sheet.write_row(1, 1, ["SEO", 2, 100])
        sheet.write_row(2, 1, ["VK", 3, 50])
        typed = book.add_worksheet("Введено")
        typed.write_column(0, 0, ["Расход", 5, 0])
    filled, kept = read_bytes(tmp_path, stream.getvalue(), "a.xlsx")
    assert [[cell.lstrip(NUMBER_MARK) for cell in row] for row in filled.rows[1:]] == [
        ["1", "SEO", "2", "100", "200"], ["2", "VK", "3", "50", "150"],
    ]  # fmt: skip
    assert len(kept.rows) == 3


@pytest.mark.parametrize("kind", ["money", "date", "text", "phone", "seconds", "count"])
def test_the_reason_says_what_to_do(kind):
    """In any column."""
    assert reason(kind, f"{ERROR_MARK}=… (B2)") == "not_computed"
    assert reason(kind, f"{ERROR_MARK}#REF! (B2)") == "error_cell"
