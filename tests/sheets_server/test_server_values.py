"""The values collection: RAW and USER_ENTERED, render options, A1 notation, limits of the grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.sheets_server import Book, Server

Refusal = Callable[..., str]


def read(book: Book, a1: str, **options: str) -> Any:
    """The whole answer of values.get."""
    return book.call("GET", f"/values/{a1}", "&".join(f"{name}={value}" for name, value in options.items()))


def test_raw_keeps_formula_like_text_as_text(book: Book) -> None:
    """RAW stores JSON as it is: no formula, no number, no date is made of a string."""
    book.update("A1", [["=1+1", "0042", "2026-10-03", 5, True]], option="RAW")
    assert book.values("A1:E1") == [["=1+1", "0042", "2026-10-03", 5, True]]


def test_user_entered_reads_by_locale(server: Server) -> None:
    """`1,5` is a number where the comma is decimal, and text in the United States."""
    assert typed(server, "ru_RU", "1,5") == [[1.5]]
    assert typed(server, "en_US", "1,5") == [["1,5"]]


def typed(server: Server, locale: str, text: str) -> list[list[Any]]:
    """What a cell holds after someone typed the text."""
    book = server.create("Book", locale=locale)
    book.update("A1", [[text]])
    return book.values("A1")


def test_user_entered_drops_leading_zeros_and_makes_dates(book: Book) -> None:
    """0042 becomes 42; 2020-01-01 becomes day 43831 of Sheets and is shown as it was typed."""
    book.update("A1", [["0042", "2020-01-01", "=4/2", "TRUE", "12%"]])
    assert book.values("A1:E1") == [[42, 43831, 2, True, 0.12]]
    assert book.values("A1:E1", "FORMATTED_VALUE") == [["42", "2020-01-01", "2", "TRUE", "12%"]]


def test_a_phone_with_a_plus_loses_it(book: Book) -> None:
    """USER_ENTERED turns +7… into a number, a trap RAW avoids."""
    book.update("A1", [["+70005550123"]])
    assert book.values("A1") == [[70005550123]]


def test_russian_dates_and_money(server: Server) -> None:
    """Day before month, comma before kopecks, a space between thousands."""
    book = server.create("Book", locale="ru_RU")
    book.update("A1", [["03.10.2026", "1 234,50", "1 500 ₽"]])
    assert book.values("A1:C1") == [[46298, 1234.5, 1500]]
    assert book.values("A1:C1", "FORMATTED_VALUE") == [["03.10.2026", "1\u00a0234,50", "1\u00a0500₽"]]


def test_a_number_with_a_point_is_a_date_in_russia(server: Server) -> None:
    """1.5 typed where days are written with points is the first of May, shown as typed."""
    assert isinstance(typed(server, "ru_RU", "1.5")[0][0], int)
    assert typed(server, "en_US", "1.5") == [[1.5]]
    assert typed(server, "ru_RU", "1234.5") == [["1234.5"]]


def test_null_skips_and_empty_text_empties(book: Book) -> None:
    """Null leaves a cell alone, "" takes its value away; only "" is counted."""
    book.update("A1", [["a", "b", "c"]])
    done = book.update("A1", [[None, "", "d"]])
    assert book.values("A1:C1") == [["a", "", "d"]]
    assert done["updatedCells"] == 2


def test_render_options(book: Book) -> None:
    """Formatted texts, typed values with dates as serials, dates as text, formulas."""
    book.update("A1", [["=4/2", "2020-01-01", 0.5]])
    assert book.values("A1:C1", "FORMATTED_VALUE") == [["2", "2020-01-01", "0.5"]]
    shown = read(book, "A1:C1", valueRenderOption="UNFORMATTED_VALUE", dateTimeRenderOption="FORMATTED_STRING")
    assert shown["values"] == [[2, "2020-01-01", 0.5]]
    assert book.values("A1:C1", "FORMULA") == [["=4/2", 43831, 0.5]]


def test_error_cells_read_as_text_with_a_hash(book: Book) -> None:
    """A formula that fails is a string beginning with #, with its message when unformatted."""
    book.update("A1", [["=1/0", "=A1+1", "=nosuch(1)"]])
    assert book.values("A1:C1")[0][0] == "#DIV/0! (Function DIVIDE parameter 2 cannot be zero.)"
    assert book.values("A1:C1", "FORMATTED_VALUE") == [["#DIV/0!", "#DIV/0!", "#NAME?"]]


def test_trailing_blanks_are_cut_and_rows_between_are_empty(book: Book) -> None:
    """Answers are ragged: pad before indexing."""
    book.update("A1", [["a", "", ""], ["", "", ""], ["", "b", ""]])
    assert book.values("A1:C9") == [["a"], [], ["", "b"]]
    assert "values" not in read(book, "D1:E5")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Sheet1!D4:A1", "Sheet1!A1:D4"),
        ("Sheet1!A1:C", "Sheet1!A1:C1000"),
        ("Sheet1!A1:1", "Sheet1!A1:Z1"),
        ("Sheet1!A5:A", "Sheet1!A5:A1000"),
        ("Sheet1!1:2", "Sheet1!A1:Z2"),
        ("Sheet1!A:A", "Sheet1!A1:A1000"),
        ("A1:B2", "Sheet1!A1:B2"),
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("'Sheet1'!B2", "Sheet1!B2"),
        ("Sheet1!A990:B2000", "Sheet1!A990:B1000"),
    ],
)
def test_ranges_are_answered_resolved(book: Book, asked: str, answered: str) -> None:
    """Open and reversed ranges come back closed and in order, long ones clipped to the grid."""
    assert read(book, asked)["range"] == answered


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ("D3", "'D3'"),
        ("worksheet 2", "'worksheet 2'"),
        ("Jon's", "'Jon''s'"),
        ("ROI, %", "'ROI, %'"),
        ("CRM26", "'CRM26'"),
        ("01.07-31.07", "'01.07-31.07'"),
        ("Звонки", "Звонки"),
    ],
)
def test_titles_are_quoted_unless_plain(book: Book, title: str, quoted: str) -> None:
    """A title of letters, digits and _ that is no cell stands bare, every other one in quotes."""
    book.batch_update({"updateSheetProperties": {"properties": {"title": title}, "fields": "title"}})
    from urllib.parse import quote

    inner = title.replace("'", "''")
    assert read(book, quote(f"'{inner}'!A1", safe=""))["range"] == f"{quoted}!A1"


def test_unknown_tab_is_named_as_sent(book: Book, refusal: Refusal) -> None:
    """The text of the range comes back."""
    assert refusal(book.values, "'No Tab'!A1:B2") == "Unable to parse range: 'No Tab'!A1:B2"


def test_start_past_the_grid_is_refused(book: Book, refusal: Refusal) -> None:
    """A range that starts outside is an error, one that only ends outside is clipped."""
    text = "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"
    assert refusal(book.values, "Sheet1!A1001") == text


def test_writing_more_than_the_range_writes_nothing(book: Book, refusal: Refusal) -> None:
    """Data wider or higher than the range are refused whole."""
    text = "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]"
    assert refusal(book.update, "Sheet1!A1:B1", [[1, 2, 3]]) == text
    text = "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"
    assert refusal(book.update, "Sheet1!A1:B1", [[1], [2]]) == text
    assert book.values("A1:C2") == []


def test_a_cell_holds_fifty_thousand_characters(book: Book, refusal: Refusal) -> None:
    """One more is refused."""
    book.update("A1", [["x" * 50_000]])
    text = "Your input contains more than the maximum of 50000 characters in a single cell."
    assert refusal(book.update, "A1", [["x" * 50_001]]).endswith(text)


def test_a_list_in_a_cell_is_refused(book: Book, refusal: Refusal) -> None:
    """The place of the cell is named."""
    assert refusal(book.update, "A1", [["a"], [1], [2], [["b"]]]).startswith("Invalid values[3][0]: list_value {")


def test_missing_value_input_option(book: Book, refusal: Refusal) -> None:
    """ValueInputOption has no default."""
    text = "'valueInputOption' is required but not specified"
    assert refusal(book.call, "PUT", "/values/A1", "", {"values": [[1]]}) == text


def test_batch_of_values_is_atomic(book: Book, refusal: Refusal) -> None:
    """One range that cannot be read undoes the others, and its number is named."""
    body = {
        "valueInputOption": "RAW",
        "data": [{"range": "A1", "values": [[1]]}, {"range": "Nowhere!A1", "values": [[2]]}],
    }
    assert (
        refusal(book.call, "POST", "/values:batchUpdate", "", body)
        == "Invalid data[1]: Unable to parse range: Nowhere!A1"
    )
    assert book.values("A1") == []


def test_totals_of_a_batch_count_distinct_columns(book: Book) -> None:
    """Two rows of the same four columns are four columns."""
    rows = [{"range": f"A{row}:D{row}", "values": [[1, 2, 3, 4]]} for row in (1, 2)]
    done = book.call("POST", "/values:batchUpdate", "", {"valueInputOption": "RAW", "data": rows})
    totals = {name: value for name, value in done.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 4,
        "totalUpdatedCells": 8,
        "totalUpdatedSheets": 1,
    }


def test_append_finds_a_table_by_proximity(book: Book) -> None:
    """After x, blank, z an append to the sheet lands under z; where nothing is there is no tableRange."""
    done = append(book, "Sheet1", ["x", "", "z"])
    assert "tableRange" not in done
    done = append(book, "Sheet1", ["a"])
    assert (done["tableRange"], done["updates"]["updatedRange"]) == ("Sheet1!C1", "Sheet1!C2")


def append(book: Book, a1: str, row: list[Any]) -> Any:
    """The answer of values.append."""
    return book.call("POST", f"/values/{a1}:append", "valueInputOption=RAW", {"values": [row]})


def test_append_grows_the_grid(book: Book) -> None:
    """values.append is the one write that adds rows."""
    book.update("A1000", [["last"]])
    append(book, "Sheet1", ["one more"])
    assert book.values("A1000:A1001") == [["last"], ["one more"]]


def test_clear_takes_values_and_leaves_formats(book: Book) -> None:
    """Formats and notes stay when values are cleared."""
    bold = {"userEnteredValue": {"numberValue": 1}, "userEnteredFormat": {"textFormat": {"bold": True}}, "note": "n"}
    cells = {"rows": [{"values": [bold]}], "start": {}, "fields": "*"}
    book.batch_update({"updateCells": cells})
    assert book.call("POST", "/values/A:A:clear")["clearedRange"] == "Sheet1!A1:A1000"
    shown = book.metadata("fields=sheets.data.rowData.values(userEnteredValue,userEnteredFormat,note)")
    cell = shown["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert cell == {"userEnteredFormat": {"textFormat": {"bold": True}}, "note": "n"}


def test_formulas_count_what_stands_beside_them(book: Book) -> None:
    """Enough of a calculator for what an owner writes beside a report."""
    book.update("A1", [[1], [2], [3], ["=SUM(A1:A3)"], ["=A1*2"], ['=IF(A4>5;"много";"мало")'], ['=Sheet1!A4&"!"']])
    assert book.values("A4:A7") == [[6], [2], ["много"], ["6!"]]


def test_formula_refers_to_a_named_range(book: Book) -> None:
    """Names stand for their cells in formulas and in A1 text."""
    area = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    book.batch_update({"addNamedRange": {"namedRange": {"name": "Plan", "range": area}}})
    book.update("A1", [[1], [2]])
    book.update("B1", [["=SUM(Plan)"]])
    assert book.values("B1") == [[3]]
    assert read(book, "Plan")["range"] == "Sheet1!A1:A2"
    assert read(book, "'Sheet1'!Plan")["values"] == [["1"], ["2"]]
