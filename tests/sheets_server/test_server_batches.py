"""spreadsheets.batchUpdate: atomic, checked against the real schema, refused in Google's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.sheets_server import AnswerError, Book

Refusal = Callable[..., str]
WHOLE = {"sheetId": 0}


def area(top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    """A GridRange of the first sheet."""
    return {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}


def number(value: float) -> dict[str, Any]:
    """CellData with a number."""
    return {"userEnteredValue": {"numberValue": value}}


def write(row: int, column: int, *values: float) -> dict[str, Any]:
    """An updateCells request for one row of numbers."""
    cells = [{"values": [number(value) for value in values]}]
    start = {"rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}


def test_nothing_is_applied_when_one_request_is_invalid(book: Book, refusal: Refusal) -> None:
    """The first request would do, the second is refused: neither happens, and the place and kind are named."""
    bad = {"updateSheetProperties": {"properties": {"sheetId": 7, "title": "x"}, "fields": "title"}}
    text = "Invalid requests[1].updateSheetProperties: No sheet with id: 7"
    assert refusal(book.batch_update, write(0, 0, 1), bad) == text
    assert book.values("A1") == []


def test_requests_see_what_earlier_ones_did(book: Book) -> None:
    """A sheet added with a chosen id can be written to in the same batch."""
    added = {"addSheet": {"properties": {"sheetId": 42, "title": "Новый"}}}
    cells = write(0, 0, 5)
    cells["updateCells"]["start"]["sheetId"] = 42
    replies = book.batch_update(added, cells)
    assert replies[0]["addSheet"]["properties"]["index"] == 1
    assert replies[1] == {}
    assert book.values("Новый!A1") == [[5]]


@pytest.mark.parametrize(
    ("requests", "text"),
    [
        ([], "Must specify at least one request."),
        (
            [{"addSheet": {"properties": {"title": "Sheet1"}}}],
            'Invalid requests[0].addSheet: A sheet with the name "Sheet1" already exists. Please enter another name.',
        ),
        (
            [{"updateSheetProperties": {"properties": {"index": 0}, "fields": "*"}}],
            "Invalid requests[0].updateSheetProperties: The sheet name cannot be empty.",
        ),
        (
            [{"updateSheetProperties": {"properties": {"hidden": True}, "fields": "hidden"}}],
            "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document.",
        ),
        (
            [{"deleteSheet": {"sheetId": 0}}],
            "Invalid requests[0].deleteSheet: You can't remove all the sheets in a document.",
        ),
        (
            [{"repeatCell": {"range": {"sheetId": 9}, "cell": {}, "fields": "note"}}],
            "Invalid requests[0].repeatCell: No grid with id: 9",
        ),
        (
            [{"repeatCell": {"range": {"startRowIndex": 1000, "endColumnIndex": 2}, "cell": {}, "fields": "note"}}],
            (
                "Invalid requests[0].repeatCell: Range (Sheet1!A1001:B) exceeds grid limits. "
                "Max rows: 1000, max columns: 26"
            ),
        ),
        (
            [{"updateCells": {"range": WHOLE}}],
            (
                "Invalid requests[0].updateCells: At least one field must be listed in 'fields'. "
                "(Use '*' to indicate all fields.)"
            ),
        ),
        (
            [write(0, 25, 1, 2)],
            (
                "Invalid requests[0].updateCells: Attempting to write column: 26, "
                "beyond the last requested column of: 25"
            ),
        ),
        (
            [{"deleteConditionalFormatRule": {"sheetId": 0, "index": 3}}],
            "Invalid requests[0].deleteConditionalFormatRule: No conditional format on sheet: 0 at index: 3",
        ),
        (
            [{"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}}],
            (
                "Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook "
                "above the limit of 10000000 cells."
            ),
        ),
    ],
)
def test_refusals_in_googles_words(book: Book, refusal: Refusal, requests: list[Any], text: str) -> None:
    """Each refusal names the request, its kind and the reason."""
    assert refusal(book.batch_update, *requests) == text


def test_unknown_field_is_refused_with_details(book: Book) -> None:
    """A name the schema does not have is a 400 that says where it stands."""
    with pytest.raises(AnswerError) as caught:
        book.batch_update({"repeatCell": {"range": WHOLE, "cell": {"colour": 1}, "fields": "*"}})
    error = caught.value.body["error"]
    place = "requests[0].repeat_cell.cell"
    text = f"Invalid JSON payload received. Unknown name \"colour\" at '{place}': Cannot find field."
    assert error["message"] == text
    assert error["details"] == [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": place, "description": text}],
        }
    ]


def test_unknown_kind_and_wrong_enum_are_refused(book: Book, refusal: Refusal) -> None:
    """A misspelt request and a merge type that does not exist."""
    text = "Invalid JSON payload received. Unknown name \"mergeCell\" at 'requests[0]': Cannot find field."
    assert refusal(book.batch_update, {"mergeCell": {}}) == text
    text = refusal(book.batch_update, {"mergeCells": {"range": WHOLE, "mergeType": "MERGE_SOME"}})
    assert text.startswith("Invalid value at 'requests[0].merge_cells.merge_type' (type.googleapis.com/")
    assert text.endswith('), "MERGE_SOME"')


def test_bodies_are_read_as_protobuf_json(book: Book) -> None:
    """snake_case, nulls, numbers in quotes and nested lists of requests are taken, as Google takes them."""
    sent = {"update_cells": {"start": {"row_index": "1"}, "rows": {"values": number(1)}, "fields": "userEnteredValue"}}
    body = {"requests": [[sent], [{"addSheet": {"properties": {"title": "B", "hidden": None}}}]]}
    book.call("POST", ":batchUpdate", "", body)
    assert book.values("A2") == [[1]]


def test_update_cells_with_a_range_clears_what_rows_do_not_cover(book: Book) -> None:
    """One cell is written, the rest of the range loses the masked fields; with start only the cells sent change."""
    book.update("A1", [[1, 2], [3, 4], [5, 6]])
    sent = {"range": area(0, 2, 0, 2), "rows": [{"values": [number(9)]}], "fields": "userEnteredValue"}
    book.batch_update({"updateCells": sent})
    assert book.values("A1:B3") == [[9], [], [5, 6]]


def test_mask_leaves_what_it_does_not_name(book: Book) -> None:
    """A new value under a mask of values keeps format, note and validation."""
    cell = {
        "userEnteredFormat": {"textFormat": {"bold": True}},
        "note": "как посчитано",
        "dataValidation": {"condition": {"type": "BOOLEAN"}},
    }
    book.batch_update({"repeatCell": {"range": area(0, 1, 0, 1), "cell": cell, "fields": "*"}})
    book.batch_update(write(0, 0, 7))
    shown = book.metadata("fields=sheets.data.rowData.values(userEnteredValue,userEnteredFormat,note,dataValidation)")
    assert shown["sheets"][0]["data"][0]["rowData"][0]["values"][0] == {**cell, **number(7)}


def test_repeat_cell_clears_fields_named_and_absent_and_moves_formulas(book: Book) -> None:
    """A mask with nothing under it clears; a formula follows as in a fill."""
    book.update("A1", [[1], [2], [3]])
    formula = {"userEnteredValue": {"formulaValue": "=A1*$A$1"}}
    book.batch_update({"repeatCell": {"range": area(0, 3, 1, 2), "cell": formula, "fields": "userEnteredValue"}})
    assert book.values("B1:B3", "FORMULA") == [["=A1*$A$1"], ["=A2*$A$1"], ["=A3*$A$1"]]
    book.batch_update({"repeatCell": {"range": area(0, 2, 0, 2), "cell": {}, "fields": "userEnteredValue"}})
    assert book.values("A1:A3") == [[], [], [3]]


def test_colours_are_floored_to_eight_bits_and_doubled(book: Book) -> None:
    """0.5 is 127 of 255; a colour reads back under its old and its new name; black is an empty object."""
    cell = {
        "userEnteredFormat": {
            "backgroundColor": {"red": 0.5, "green": 0.01, "blue": 0},
            "textFormat": {"foregroundColorStyle": {"rgbColor": {}}},
        }
    }
    book.batch_update({"repeatCell": {"range": area(0, 1, 0, 1), "cell": cell, "fields": "userEnteredFormat"}})
    shown = book.metadata("fields=sheets.data.rowData.values.userEnteredFormat")
    color = {"red": 0.49803922, "green": 0.007843138}
    assert shown["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"] == {
        "backgroundColor": color,
        "backgroundColorStyle": {"rgbColor": color},
        "textFormat": {"foregroundColor": {}, "foregroundColorStyle": {"rgbColor": {}}},
    }


def test_metadata_leaves_out_defaults(book: Book) -> None:
    """No sheetId in ranges of sheet 0, explicit zero starts stay, empty lists are absent."""
    book.batch_update({"mergeCells": {"range": area(0, 2, 0, 2), "mergeType": "MERGE_ALL"}})
    sheet = book.metadata("includeGridData=false")["sheets"][0]
    assert sheet["merges"] == [area(0, 2, 0, 2)]
    assert set(sheet) == {"properties", "merges"}


def test_bad_mask_of_a_get_tells_the_cause_only_in_details(book: Book) -> None:
    """The message says little, the details name the path."""
    with pytest.raises(AnswerError) as caught:
        book.metadata("fields=sheets.colour")
    error = caught.value.body["error"]
    assert error["message"] == "Request contains an invalid argument."
    text = "Error expanding 'fields' parameter. Cannot find matching fields for path 'sheets.colour'."
    assert error["details"][0]["fieldViolations"][0]["description"] == text


def test_everything_masked_out_is_an_empty_object(book: Book) -> None:
    """No named range: {}; no tab colour: a sheet with empty properties."""
    assert book.metadata("fields=namedRanges") == {}
    assert book.metadata("fields=sheets.properties.tabColorStyle") == {"sheets": [{"properties": {}}]}


def test_a_mask_overrides_include_grid_data(book: Book) -> None:
    """fields=sheets.data… gives cells although includeGridData is false."""
    book.update("A1", [[1]])
    shown = book.metadata("includeGridData=false&fields=sheets/data/rowData/values/formatted_value")
    assert shown["sheets"][0]["data"] == [{"rowData": [{"values": [{"formattedValue": "1"}]}]}]


def test_merge_keeps_the_first_value_and_cannot_be_cut(book: Book, refusal: Refusal) -> None:
    """A merge of part of a merge is refused, one around it replaces it."""
    book.update("A1", [["a", "b"], ["c", "d"]])
    book.batch_update({"mergeCells": {"range": area(0, 2, 0, 2), "mergeType": "MERGE_ALL"}})
    assert book.values("A1:B2") == [["a"]]
    text = "You must select all cells in a merged range to merge or unmerge them."
    assert refusal(book.batch_update, {"unmergeCells": {"range": area(0, 1, 0, 1)}}).endswith(text)
    book.batch_update({"mergeCells": {"range": area(0, 3, 0, 3), "mergeType": "MERGE_ROWS"}})
    merges = book.metadata("fields=sheets.merges")["sheets"][0]["merges"]
    assert merges == [area(row, row + 1, 0, 3) for row in range(3)]


def test_frozen_rows_are_judged_as_they_are(book: Book, refusal: Refusal) -> None:
    """Shrinking into the frozen part is refused even if the same request resets it."""

    def grid(**properties: int) -> dict[str, Any]:
        fields = ",".join(f"gridProperties.{name}" for name in properties)
        return {"updateSheetProperties": {"properties": {"gridProperties": properties}, "fields": fields}}

    book.batch_update(grid(frozenRowCount=3))
    text = "Sorry, it is not possible to delete all non-frozen rows."
    assert refusal(book.batch_update, grid(rowCount=3, frozenRowCount=0)).endswith(text)


def test_index_is_counted_before_the_move(book: Book) -> None:
    """Moving a sheet to its own index or one further does nothing."""
    book.batch_update(
        *({"addSheet": {"properties": {"title": title, "sheetId": i}}} for i, title in enumerate("BC", 1))
    )

    def moved(sheet_id: int, index: int) -> list[str]:
        sent = {"properties": {"sheetId": sheet_id, "index": index}, "fields": "index"}
        book.batch_update({"updateSheetProperties": sent})
        shown = book.metadata("fields=sheets.properties.title")
        return [sheet["properties"]["title"] for sheet in shown["sheets"]]

    assert moved(0, 1) == ["Sheet1", "B", "C"]
    assert moved(0, 2) == ["B", "Sheet1", "C"]
    assert moved(2, 0) == ["C", "B", "Sheet1"]
