"""Rows and columns: inserted, deleted, moved, appended, sized and hidden."""

from __future__ import annotations

from tests.helpers.sheets_server.cells import formatted
from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.formulas.evaluate import Calculation
from tests.helpers.sheets_server.guards import guard_cells, guard_size
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.moves import Delete, Insert, Move
from tests.helpers.sheets_server.ranges import Rect, rect_of, sheet_of
from tests.helpers.sheets_server.shift import Shift
from tests.helpers.sheets_server.shifting import apply, inherit
from tests.helpers.sheets_server.stored import keep

from .call import Call

DEFAULT_SIZE = {"ROWS": 21, "COLUMNS": 100}


def count_of(sheet: Sheet, dimension: str) -> int:
    """How many rows or columns the grid has."""
    return sheet.row_count if dimension == "ROWS" else sheet.column_count


def lines(call: Call, sent: Json, open_ends: bool = True) -> tuple[Sheet, str, int, int]:
    """A DimensionRange in; sheet, dimension, start and end out. Raises ApiError 400."""
    sheet = sheet_of(call.book, sent.get("sheetId", 0))
    dimension = sent.get("dimension")
    if dimension not in DEFAULT_SIZE:
        raise invalid("No dimension specified.")
    total = count_of(sheet, dimension)
    start, end = sent.get("startIndex", 0), sent.get("endIndex", total if open_ends else None)
    if end is None:
        raise invalid("DimensionRange.endIndex must be set.")
    if start < 0 or start >= end:
        raise invalid(f"DimensionRange.startIndex[{start}] must be less than DimensionRange.endIndex[{end}]")
    return sheet, dimension, start, end


def existing(call: Call, sent: Json) -> tuple[Sheet, str, int, int]:
    """A DimensionRange of lines that are there in; sheet, dimension, start and end inside the grid out."""
    sheet, dimension, start, end = lines(call, sent)
    total = count_of(sheet, dimension)
    if start >= total:
        noun = "row" if dimension == "ROWS" else "column"
        raise invalid(f"Cannot access a {noun} that doesn't exist. Tried {noun} {start}, there are {total} {noun}s.")
    return sheet, dimension, start, min(end, total)


def whole_lines(sheet: Sheet, dimension: str, start: int, end: int) -> Rect:
    """Lines in; the rectangle they cover out."""
    if dimension == "ROWS":
        return Rect(start, end, 0, sheet.column_count)
    return Rect(0, sheet.row_count, start, end)


def insert_dimension(call: Call, sent: Json) -> None:
    """insertDimension: before `startIndex`; formats from the line before or after."""
    sheet, dimension, start, end = lines(call, sent.get("range", {}), open_ends=False)
    if start > count_of(sheet, dimension):
        noun = "row" if dimension == "ROWS" else "column"
        raise invalid(f"Cannot insert a {noun} at {start}: there are {count_of(sheet, dimension)} {noun}s.")
    from_before = bool(sent.get("inheritFromBefore"))
    if from_before and start == 0:
        raise invalid("inheritFromBefore cannot be true when inserting at index 0.")
    shift = Shift(sheet.id, dimension, Insert(start, end - start))
    apply(call.book, shift)
    inherit(sheet, shift, from_before)


def delete_dimension(call: Call, sent: Json) -> None:
    """deleteDimension: at least one line that is not frozen must stay."""
    sheet, dimension, start, end = existing(call, sent.get("range", {}))
    guard_cells(call.book, sheet, whole_lines(sheet, dimension, start, end), call.user)
    noun, frozen = ("rows", "frozenRowCount") if dimension == "ROWS" else ("columns", "frozenColumnCount")
    total, held = count_of(sheet, dimension), sheet.properties["gridProperties"].get(frozen, 0)
    if end - start >= total:
        raise invalid(f"You can't delete all the {noun} on the sheet.")
    if held and start <= held and end >= total:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {noun}.")
    apply(call.book, Shift(sheet.id, dimension, Delete(start, end)))


def move_dimension(call: Call, sent: Json) -> None:
    """moveDimension: before `destinationIndex`, counted as before the move."""
    sheet, dimension, start, end = existing(call, sent.get("source", {}))
    to = sent.get("destinationIndex", 0)
    if not 0 <= to <= count_of(sheet, dimension):
        raise invalid(f"destinationIndex[{to}] is outside of the grid.")
    if start <= to <= end:
        return
    check_merges(sheet, dimension, start, end, to)
    apply(call.book, Shift(sheet.id, dimension, Move(start, end, to)))


def check_merges(sheet: Sheet, dimension: str, start: int, end: int, to: int) -> None:
    """Raises ApiError 400 when a move would tear a merge."""
    for merge in sheet.merges:
        rect = rect_of(sheet, merge)
        low, high = (rect.top, rect.bottom) if dimension == "ROWS" else (rect.left, rect.right)
        if (low < end and start < high and not (start <= low and high <= end)) or low < to < high:
            raise invalid("Sorry, it is not possible to move part of a merged cell.")


def append_dimension(call: Call, sent: Json) -> None:
    """appendDimension: lines at the end."""
    sheet = sheet_of(call.book, sent.get("sheetId", 0))
    length = sent.get("length", 0)
    if length < 1:
        raise invalid(f"Invalid length: {length}. Must be at least 1.")
    name = "rowCount" if sent.get("dimension") == "ROWS" else "columnCount"
    sheet.properties["gridProperties"][name] += length
    guard_size(call.book)


def update_properties(call: Call, sent: Json) -> None:
    """updateDimensionProperties: sizes in pixels, hidden lines."""
    mask = read_update_mask(sent.get("fields"), "DimensionProperties")
    sheet, dimension, start, end = existing(call, sent.get("range", {}))
    wanted = keep("DimensionProperties", sent.get("properties", {}))
    if "pixelSize" in mask and wanted.get("pixelSize", 0) < 0:
        raise invalid(f"Invalid pixelSize: {wanted['pixelSize']}.")
    props = sheet.row_props if dimension == "ROWS" else sheet.column_props
    for line in range(start, end):
        changed = write(props.get(line, {}), wanted, mask)
        if changed:
            props[line] = changed
        else:
            props.pop(line, None)


def auto_resize(call: Call, sent: Json) -> None:
    """autoResizeDimensions: columns as wide as about 7 pixels a character, rows of one line's height a line."""
    sheet, dimension, start, end = existing(call, sent.get("dimensions", {}))
    calculation = Calculation(call.book, call.now)
    props = sheet.row_props if dimension == "ROWS" else sheet.column_props
    for line in range(start, end):
        texts = [
            formatted(calculation, sheet, cell, calculation.value(sheet, row, column))
            for row, cells in enumerate(sheet.rows)
            for column, cell in cells.items()
            if cell.value is not None and (row if dimension == "ROWS" else column) == line
        ]
        if texts:
            props[line] = {**props.get(line, {}), "pixelSize": size_of(texts, dimension)}


def size_of(texts: list[str], dimension: str) -> int:
    """The texts of a line in; its size in pixels out."""
    if dimension == "ROWS":
        return max(17 * (text.count("\n") + 1) + 4 for text in texts)
    return max(7 * len(part) + 14 for text in texts for part in text.split("\n"))


HANDLERS = {
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "moveDimension": move_dimension,
    "appendDimension": append_dimension,
    "updateDimensionProperties": update_properties,
    "autoResizeDimensions": auto_resize,
}
