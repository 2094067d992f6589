"""Rows and columns come, go and move: everything attached to cells follows, as at Google."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.sheets_server import Book


def area(top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    """A GridRange of the first sheet."""
    return {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}


def lines(dimension: str, start: int, end: int) -> dict[str, Any]:
    """A DimensionRange of the first sheet."""
    return {"dimension": dimension, "startIndex": start, "endIndex": end}


def insert(dimension: str, start: int, count: int, **options: bool) -> dict[str, Any]:
    """An insertDimension request."""
    return {"insertDimension": {"range": lines(dimension, start, start + count), **options}}


def delete(dimension: str, start: int, end: int) -> dict[str, Any]:
    """A deleteDimension request."""
    return {"deleteDimension": {"range": lines(dimension, start, end)}}


@pytest.fixture
def furnished(book: Book) -> Book:
    """A sheet with one of everything on rows 3 to 6 (2 to 5 from zero) of columns B to D."""
    here = area(2, 6, 1, 4)
    color = {"red": 1}
    source = {"sourceRange": {"sources": [area(2, 6, 1, 2)]}}
    series = [{"series": {"sourceRange": {"sources": [area(2, 6, 2, 3)]}}}]
    chart = {"chartType": "LINE", "domains": [{"domain": source}], "series": series}
    anchor = {"anchorCell": {"rowIndex": 7, "columnIndex": 5}}
    greater = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B3>5"}]}
    rule = {"ranges": [here], "booleanRule": {"condition": greater, "format": {"backgroundColor": color}}}
    bands = {"firstBandColor": color, "secondBandColor": {"green": 1}}
    metadata = {"metadataKey": "row", "visibility": "DOCUMENT"}
    cell = {"note": "note", "dataValidation": {"condition": {"type": "BOOLEAN"}}}
    book.update("B3", [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, "=SUM(B3:B6)"]])
    book.update("F1", [["=D6+B3", "=SUM(B3:B6)", "=$B$3", "=B:B"]])
    book.batch_update(
        {"repeatCell": {"range": area(3, 4, 1, 2), "cell": cell, "fields": "note,dataValidation"}},
        {"mergeCells": {"range": area(2, 3, 1, 3), "mergeType": "MERGE_ALL"}},
        {"addNamedRange": {"namedRange": {"name": "Here", "range": here}}},
        {"addProtectedRange": {"protectedRange": {"range": here, "warningOnly": True}}},
        {"setBasicFilter": {"filter": {"range": here, "criteria": {"2": {"hiddenValues": ["5"]}}}}},
        {"addFilterView": {"filter": {"title": "View", "range": here, "sortSpecs": [{"dimensionIndex": 2}]}}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addBanding": {"bandedRange": {"range": here, "rowProperties": bands}}},
        {"addChart": {"chart": {"spec": {"basicChart": chart}, "position": {"overlayPosition": anchor}}}},
        {
            "createDeveloperMetadata": {
                "developerMetadata": {**metadata, "location": {"dimensionRange": lines("ROWS", 3, 4)}}
            }
        },
        {
            "updateDimensionProperties": {
                "range": lines("ROWS", 3, 4),
                "properties": {"pixelSize": 50},
                "fields": "pixelSize",
            }
        },
        {
            "updateDimensionProperties": {
                "range": lines("COLUMNS", 2, 3),
                "properties": {"hiddenByUser": True},
                "fields": "*",
            }
        },
    )
    return book


def ranges(book: Book) -> dict[str, Any]:
    """Where everything attached is."""
    shown = book.metadata("includeGridData=false")
    sheet = shown["sheets"][0]
    chart = sheet["charts"][0]
    basic = chart["spec"]["basicChart"]
    location = book.world.books[book.id].developer_metadata[0]["location"]
    return {
        "named": shown["namedRanges"][0]["range"],
        "protected": sheet["protectedRanges"][0]["range"],
        "filter": sheet["basicFilter"]["range"],
        "view": sheet["filterViews"][0]["range"],
        "rule": sheet["conditionalFormats"][0]["ranges"][0],
        "banding": sheet["bandedRanges"][0]["range"],
        "domain": basic["domains"][0]["domain"]["sourceRange"]["sources"][0],
        "merge": sheet["merges"][0],
        "anchor": chart["position"]["overlayPosition"]["anchorCell"],
        "metadata": location["dimensionRange"]["startIndex"],
    }


def test_rows_inserted_above_move_everything_down(furnished: Book) -> None:
    """Two rows before row 2: every range starts two rows lower."""
    furnished.batch_update(insert("ROWS", 1, 2))
    there = area(4, 8, 1, 4)
    assert ranges(furnished) == {
        **dict.fromkeys(("named", "protected", "filter", "view", "rule", "banding"), there),
        "domain": area(4, 8, 1, 2),
        "merge": area(4, 5, 1, 3),
        "anchor": {"rowIndex": 9, "columnIndex": 5},
        "metadata": 5,
    }
    assert furnished.values("F1:I1", "FORMULA") == [["=D8+B5", "=SUM(B5:B8)", "=$B$5", "=B:B"]]
    assert furnished.values("D8", "FORMULA") == [["=SUM(B5:B8)"]]


def test_rows_inserted_inside_widen_ranges(furnished: Book) -> None:
    """A row between the rows of a range belongs to it, in formulas too."""
    furnished.batch_update(insert("ROWS", 4, 1))
    found = ranges(furnished)
    assert found["named"] == found["filter"] == found["rule"] == area(2, 7, 1, 4)
    assert furnished.values("G1", "FORMULA") == [["=SUM(B3:B7)"]]
    assert found["metadata"] == 3


def test_rows_inserted_at_the_end_of_a_range_stay_outside(furnished: Book) -> None:
    """A row after the last one does not belong to the range."""
    furnished.batch_update(insert("ROWS", 6, 1))
    assert ranges(furnished)["named"] == area(2, 6, 1, 4)
    assert furnished.values("G1", "FORMULA") == [["=SUM(B3:B6)"]]


def test_rows_deleted_narrow_ranges_and_break_references(furnished: Book) -> None:
    """The first row of the range goes: it gets shorter, a reference to a cell in it becomes #REF!."""
    furnished.batch_update(delete("ROWS", 2, 3))
    shown = furnished.metadata("includeGridData=false")
    assert shown["namedRanges"][0]["range"] == area(2, 5, 1, 4)
    assert "merges" not in shown["sheets"][0]
    assert furnished.values("F1:H1", "FORMULA") == [["=D5+#REF!", "=SUM(B3:B5)", "=#REF!"]]
    assert furnished.values("F1") == [["#REF! (Reference does not exist.)"]]


def test_what_lies_only_in_deleted_rows_goes_with_them(furnished: Book) -> None:
    """Named range, filter, rules, banding and row metadata vanish; a chart stays without its sources."""
    furnished.batch_update(delete("ROWS", 2, 6))
    shown = furnished.metadata("includeGridData=false")
    assert "namedRanges" not in shown
    assert set(shown["sheets"][0]) == {"properties", "charts"}
    assert furnished.world.books[furnished.id].developer_metadata == []


def test_columns_move_filters_notes_and_widths(furnished: Book) -> None:
    """A column before the second: filter criteria, sort orders, hidden columns, notes and validation follow."""
    furnished.batch_update(insert("COLUMNS", 1, 1))
    sheet = furnished.metadata("includeGridData=false")["sheets"][0]
    assert sheet["basicFilter"]["criteria"] == {"3": {"hiddenValues": ["5"]}}
    assert sheet["filterViews"][0]["sortSpecs"] == [{"dimensionIndex": 3}]
    fields = "sheets.data(rowData.values(note,dataValidation),columnMetadata.hiddenByUser)"
    data = furnished.metadata(f"ranges=C4:D4&fields={fields}")["sheets"][0]["data"][0]
    assert data["rowData"] == [{"values": [{"note": "note", "dataValidation": {"condition": {"type": "BOOLEAN"}}}]}]
    assert data["columnMetadata"] == [{}, {"hiddenByUser": True}]
    assert sheet["conditionalFormats"][0]["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "=$C3>5"}]


def test_rows_moved_take_everything_along(furnished: Book) -> None:
    """Row 4 goes below row 6: its height and metadata go with it, sums over all the rows stay."""
    furnished.batch_update({"moveDimension": {"source": lines("ROWS", 3, 4), "destinationIndex": 6}})
    assert furnished.values("B3:B6") == [[1], [7], [10], [4]]
    assert ranges(furnished)["metadata"] == 5
    assert furnished.values("G1", "FORMULA") == [["=SUM(B3:B6)"]]
    rows = furnished.metadata("ranges=A6&fields=sheets.data.rowMetadata.pixelSize")["sheets"][0]["data"][0]
    assert rows == {"rowMetadata": [{"pixelSize": 50}]}


def test_columns_moved_carry_formulas(book: Book) -> None:
    """References follow the column they name."""
    book.update("A1", [[1, 2, 3, "=A1+B1*10+C1*100"]])
    book.batch_update({"moveDimension": {"source": lines("COLUMNS", 0, 1), "destinationIndex": 3}})
    assert book.values("A1:D1", "FORMULA") == [[2, 3, 1, "=C1+A1*10+B1*100"]]
    assert book.values("D1") == [[321]]


def test_new_rows_take_formats_of_a_neighbour(book: Book) -> None:
    """InheritFromBefore decides which."""
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    request = {"range": area(0, 1, 0, 1), "cell": bold, "fields": "userEnteredFormat"}
    book.batch_update({"repeatCell": request}, insert("ROWS", 1, 1, inheritFromBefore=True))
    shown = book.metadata("ranges=A2&fields=sheets.data.rowData.values.userEnteredFormat")
    assert shown["sheets"][0]["data"][0]["rowData"][0]["values"] == [bold]


def test_insert_range_moves_only_its_columns(book: Book) -> None:
    """Cells below give way in the columns of the range, the others stay."""
    book.update("A1", [[1, 2], [3, 4]])
    book.batch_update({"insertRange": {"range": area(0, 1, 0, 1), "shiftDimension": "ROWS"}})
    assert book.values("A1:B3") == [["", 2], [1, 4], [3]]
    book.batch_update({"deleteRange": {"range": area(0, 1, 0, 1), "shiftDimension": "ROWS"}})
    assert book.values("A1:B3") == [[1, 2], [3, 4]]


def test_cut_cells_keep_their_references(book: Book) -> None:
    """A formula that pointed at a cut cell points at where it is now."""
    book.update("A1", [[5], ["=A1*2"]])
    cut = {"source": area(0, 1, 0, 1), "destination": {"rowIndex": 4, "columnIndex": 2}, "pasteType": "PASTE_NORMAL"}
    book.batch_update({"cutPaste": cut})
    assert book.values("A2", "FORMULA") == [["=C5*2"]]
    assert book.values("C5") == [[5]]


def test_copied_cells_repeat_over_the_destination(book: Book) -> None:
    """Values, formats and relative formulas fill a larger range."""
    book.update("A1", [[1, "=A1*2"]])
    copy = {"source": area(0, 1, 0, 2), "destination": area(1, 3, 0, 2), "pasteType": "PASTE_NORMAL"}
    book.batch_update({"copyPaste": copy})
    assert book.values("A1:B3", "FORMULA") == [[1, "=A1*2"], [1, "=A2*2"], [1, "=A3*2"]]


def test_sheet_renamed_and_deleted_in_formulas(book: Book) -> None:
    """References by title follow a rename and break when the sheet goes."""
    book.batch_update({"addSheet": {"properties": {"sheetId": 5, "title": "Other"}}})
    book.update("Other!A1", [[3]])
    book.update("Sheet1!A1", [["=Other!A1+1"]])
    renamed = {"properties": {"sheetId": 5, "title": "План 2"}, "fields": "title"}
    book.batch_update({"updateSheetProperties": renamed})
    assert book.values("Sheet1!A1", "FORMULA") == [["='План 2'!A1+1"]]
    book.batch_update({"deleteSheet": {"sheetId": 5}})
    assert book.values("Sheet1!A1", "FORMULA") == [["=#REF!+1"]]


def test_shrinking_the_grid_loses_what_is_cut_off(furnished: Book) -> None:
    """Rows and what lies in them go; ranges that reach over the edge get shorter."""
    sent = {"properties": {"gridProperties": {"rowCount": 4, "columnCount": 26}}, "fields": "gridProperties"}
    furnished.batch_update({"updateSheetProperties": sent})
    assert ranges(furnished)["named"] == area(2, 4, 1, 4)
    assert furnished.values("B3:D9") == [[1, "", 3], [4, 5, 6]]


def test_sorting_moves_rows_whole(book: Book) -> None:
    """Cells of the range are sorted by a column, blanks last; formulas follow their row."""
    book.update("A1", [["b", 2, "=B1*10"], ["", 3, "=B2*10"], ["a", 1, "=B3*10"]])
    specs = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    book.batch_update({"sortRange": {"range": area(0, 3, 0, 3), "sortSpecs": specs}})
    assert book.values("A1:C3") == [["a", 1, 10], ["b", 2, 20], ["", 3, 30]]
