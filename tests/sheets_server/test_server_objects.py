"""Charts, rules, bandings, protection, filters, groups, developer metadata, tables: made, found, changed, refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.sheets_server import AnswerError, Book, Server

Refusal = Callable[..., str]
RED, GREEN = {"red": 1}, {"green": 1}
SQUARE = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}


def chart(kind: str = "COLUMN", axis: str = "LEFT_AXIS", **more: Any) -> dict[str, Any]:
    """An EmbeddedChart with one series, anchored at E2."""

    def column(at: int) -> dict[str, Any]:
        source = {"startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": at, "endColumnIndex": at + 1}
        return {"sourceRange": {"sources": [source]}}

    basic = {
        "chartType": kind,
        "headerCount": 1,
        "domains": [{"domain": column(0)}],
        "series": [{"series": column(1), "targetAxis": axis}],
    }
    anchor = {"anchorCell": {"rowIndex": 1, "columnIndex": 4}}
    return {"spec": {"title": "Продажи", "basicChart": basic}, "position": {"overlayPosition": anchor}, **more}


def sheet_of(book: Book) -> dict[str, Any]:
    """The first sheet without cells."""
    found: dict[str, Any] = book.metadata("includeGridData=false")["sheets"][0]
    return found


def test_a_chart_keeps_its_id_and_place_when_respecified(book: Book, refusal: Refusal) -> None:
    """UpdateChartSpec replaces the spec; a chosen id that is taken is refused; deleted objects are gone."""
    reply = book.batch_update({"addChart": {"chart": chart(chartId=77)}})[0]["addChart"]["chart"]
    overlay = {"anchorCell": {"rowIndex": 1, "columnIndex": 4}, "widthPixels": 600, "heightPixels": 371}
    assert (reply["chartId"], reply["position"]) == (77, {"overlayPosition": overlay})
    assert "exist" in refusal(book.batch_update, {"addChart": {"chart": chart(chartId=77)}})
    book.batch_update({"updateChartSpec": {"chartId": 77, "spec": chart("LINE")["spec"]}})
    shown = sheet_of(book)["charts"][0]
    assert shown["spec"]["basicChart"]["chartType"] == "LINE"
    assert shown["position"] == {"overlayPosition": overlay}
    moved = {"overlayPosition": {"anchorCell": {"rowIndex": 9}}}
    book.batch_update({"updateEmbeddedObjectPosition": {"objectId": 77, "newPosition": moved, "fields": "anchorCell"}})
    assert sheet_of(book)["charts"][0]["position"]["overlayPosition"] == {**overlay, "anchorCell": {"rowIndex": 9}}
    book.batch_update({"deleteEmbeddedObject": {"objectId": 77}})
    assert "charts" not in sheet_of(book)


def test_chart_refusals(book: Book, refusal: Refusal) -> None:
    """An anchor outside the grid, and a bar chart's series on the left axis."""
    far = chart()
    far["position"]["overlayPosition"]["anchorCell"]["rowIndex"] = 99_998
    text = "Invalid requests[0].addChart: GridCoordinate.rowIndex[99998] is after last row in grid[999]"
    assert refusal(book.batch_update, {"addChart": {"chart": far}}) == text
    text = "Invalid requests[0].addChart: Bar charts series may only target the BOTTOM_AXIS."
    assert refusal(book.batch_update, {"addChart": {"chart": chart("BAR")}}) == text


def rule(value: str) -> dict[str, Any]:
    """A conditional format rule for numbers above a value."""
    condition = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": value}]}
    return {"ranges": [SQUARE], "booleanRule": {"condition": condition, "format": {"backgroundColor": RED}}}


def test_rules_renumber_when_one_is_deleted(book: Book) -> None:
    """Deleting index 0 answers with that rule, and the next one takes its place."""
    book.batch_update(*({"addConditionalFormatRule": {"rule": rule(str(n)), "index": n}} for n in range(3)))
    reply = book.batch_update({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})[0]
    gone = reply["deleteConditionalFormatRule"]["rule"]["booleanRule"]
    assert gone["condition"]["values"] == [{"userEnteredValue": "0"}]
    assert gone["format"] == {"backgroundColor": RED, "backgroundColorStyle": {"rgbColor": RED}}
    left = [
        item["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
        for item in sheet_of(book)["conditionalFormats"]
    ]
    assert left == ["1", "2"]


def test_rules_take_only_some_formats(book: Book, refusal: Refusal) -> None:
    """A font size or a number format cannot be conditional."""
    big = rule("1")
    big["booleanRule"]["format"] = {"textFormat": {"fontSize": 20}}
    assert "fontSize" in refusal(book.batch_update, {"addConditionalFormatRule": {"rule": big}})


def test_bandings_may_not_overlap(book: Book, refusal: Refusal) -> None:
    """Alternating colours on alternating colours are refused."""
    colors = {"firstBandColor": RED, "secondBandColor": GREEN}
    banding = {"addBanding": {"bandedRange": {"range": SQUARE, "rowProperties": colors}}}
    book.batch_update(banding)
    text = "You cannot add alternating background colors to a range that already has alternating background colors."
    assert refusal(book.batch_update, banding) == f"Invalid requests[0].addBanding: {text}"


def test_protection_stops_others_but_not_the_owner(server: Server, book: Book) -> None:
    """A writer who is no editor is refused; after a warning anyone may write."""
    reader = "robot@example.com"
    book.share(reader)
    protected = {"range": SQUARE, "editors": {"users": ["owner@example.com"]}}
    reply = book.batch_update({"addProtectedRange": {"protectedRange": protected}})[0]
    found = reply["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    robot = Book(server.world, book.id, reader)
    with pytest.raises(AnswerError, match="You are trying to edit a protected cell or object"):
        robot.update("A1", [[1]])
    assert robot.update("C3", [[1]])["updatedCells"] == 1
    assert book.update("A1", [[1]])["updatedCells"] == 1
    change = {"protectedRangeId": found, "warningOnly": True}
    book.batch_update({"updateProtectedRange": {"protectedRange": change, "fields": "warningOnly"}})
    assert robot.update("A1", [[2]])["updatedCells"] == 1


def test_one_filter_a_sheet_bounded(book: Book) -> None:
    """SetBasicFilter replaces; an open range comes back closed."""
    book.batch_update({"setBasicFilter": {"filter": {"range": SQUARE}}})
    book.batch_update({"setBasicFilter": {"filter": {"range": {"startRowIndex": 0, "endColumnIndex": 3}}}})
    area = {"startRowIndex": 0, "endRowIndex": 1000, "startColumnIndex": 0, "endColumnIndex": 3}
    assert sheet_of(book)["basicFilter"] == {"range": area}
    book.batch_update({"clearBasicFilter": {"sheetId": 0}})
    assert "basicFilter" not in sheet_of(book)


def test_filter_hides_rows_in_their_metadata(book: Book) -> None:
    """Rows are hidden, not changed: values.get still returns them."""
    book.update("A1", [["who"], ["Аня"], ["Боря"]])
    area = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
    book.batch_update({"setBasicFilter": {"filter": {"range": area, "criteria": {"0": {"hiddenValues": ["Аня"]}}}}})
    shown = book.metadata("ranges=A1:A3&fields=sheets.data.rowMetadata.hiddenByFilter")
    assert shown["sheets"][0]["data"][0]["rowMetadata"] == [{}, {"hiddenByFilter": True}, {}]
    assert book.values("A1:A3") == [["who"], ["Аня"], ["Боря"]]


def test_groups_nest_and_leave_the_control_after(book: Book) -> None:
    """The first group sets rowGroupControlAfter, which stays when the last group is gone."""
    span = {"dimension": "ROWS", "startIndex": 0, "endIndex": 4}
    inner = {**span, "startIndex": 1, "endIndex": 3}
    reply = book.batch_update({"addDimensionGroup": {"range": span}}, {"addDimensionGroup": {"range": inner}})[1]
    assert reply["addDimensionGroup"]["dimensionGroups"] == [{"range": span, "depth": 1}, {"range": inner, "depth": 2}]
    book.batch_update({"deleteDimensionGroup": {"range": inner}})
    assert book.batch_update({"deleteDimensionGroup": {"range": span}}) == [{"deleteDimensionGroup": {}}]
    assert sheet_of(book)["properties"]["gridProperties"]["rowGroupControlAfter"] is True


def test_developer_metadata_is_found_and_dies_with_its_sheet(book: Book) -> None:
    """A tab is ours by a key on it, whatever its title."""
    book.batch_update({"addSheet": {"properties": {"sheetId": 5}}})
    item = {"metadataId": 9, "metadataKey": "svodka", "metadataValue": "summary", "visibility": "DOCUMENT"}
    sent = {**item, "location": {"sheetId": 5}}
    book.batch_update({"createDeveloperMetadata": {"developerMetadata": sent}})
    kept = {**item, "location": {"locationType": "SHEET", "sheetId": 5}}
    assert book.metadata("fields=sheets.developerMetadata") == {"sheets": [{}, {"developerMetadata": [kept]}]}
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "svodka"}}]}
    found = book.call("POST", "/developerMetadata:search", "", lookup)
    assert [match["developerMetadata"] for match in found["matchedDeveloperMetadata"]] == [kept]
    book.batch_update({"deleteSheet": {"sheetId": 5}})
    assert book.call("POST", "/developerMetadata:search", "", lookup) == {}


def test_validation_set_and_cleared(book: Book) -> None:
    """No rule takes the rule away."""
    choice = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "да"}]}, "strict": True}
    fields = "fields=sheets.data.rowData.values.dataValidation"
    book.batch_update({"setDataValidation": {"range": SQUARE, "rule": choice}})
    assert book.metadata(fields)["sheets"][0]["data"][0]["rowData"][0]["values"][0] == {"dataValidation": choice}
    book.batch_update({"setDataValidation": {"range": SQUARE}})
    assert book.metadata(fields)["sheets"][0]["data"] == [{}]


def test_borders_side_by_side(book: Book) -> None:
    """NONE takes one side away, the others stay."""
    solid = {"style": "SOLID", "colorStyle": {"rgbColor": RED}}
    corner = {**SQUARE, "endRowIndex": 1, "endColumnIndex": 1}
    book.batch_update(
        {"updateBorders": {"range": corner, "top": solid, "bottom": solid}},
        {"updateBorders": {"range": corner, "top": {"style": "NONE"}}},
    )
    shown = book.metadata("fields=sheets.data.rowData.values.userEnteredFormat.borders")
    line = {"style": "SOLID", "width": 1, "color": RED, "colorStyle": {"rgbColor": RED}}
    values = shown["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert values == [{"userEnteredFormat": {"borders": {"bottom": line}}}]


def test_a_duplicated_sheet_has_objects_of_its_own(book: Book) -> None:
    """Cells and charts are copied, ids are new, sources point to the copy."""
    book.update("A1", [[1]])
    book.batch_update({"addChart": {"chart": chart(chartId=77)}})
    book.batch_update(
        {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 8, "newSheetName": "Twin", "insertSheetIndex": 1}}
    )
    twin = book.metadata("includeGridData=false")["sheets"][1]
    source = twin["charts"][0]["spec"]["basicChart"]["domains"][0]["domain"]["sourceRange"]["sources"][0]
    assert twin["charts"][0]["chartId"] != 77
    assert source["sheetId"] == 8
    assert book.values("Twin!A1") == [[1]]


def test_tables_name_their_columns_and_follow_rows(book: Book) -> None:
    """A typed Table has a name that stands for its range."""
    book.update("A1", [["дата", "сумма"], ["2026-10-03", 5]])
    table = {"name": "Calls", "range": SQUARE, "columnProperties": [{"columnIndex": 1, "columnType": "DOUBLE"}]}
    reply = book.batch_update({"addTable": {"table": table}})[0]["addTable"]["table"]
    assert [column["columnName"] for column in reply["columnProperties"]] == ["дата", "сумма"]
    assert isinstance(reply["tableId"], str)
    assert book.values("Calls") == [["дата", "сумма"], [46298, 5]]


def test_find_replace_counts(book: Book) -> None:
    """The answer says how much was changed."""
    book.update("A1", [["aa", "b"], ["a", 1]])
    reply = book.batch_update({"findReplace": {"find": "a", "replacement": "c", "allSheets": True}})[0]["findReplace"]
    assert reply == {"valuesChanged": 2, "rowsChanged": 2, "sheetsChanged": 1, "occurrencesChanged": 3}
    assert book.values("A1:B2") == [["cc", "b"], ["c", 1]]
