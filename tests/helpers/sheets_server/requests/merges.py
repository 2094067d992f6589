"""Cells merged and unmerged."""

from __future__ import annotations

from dataclasses import replace

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.ranges import Rect, grid_range, rect_of

from .call import Call

TORN = "You must select all cells in a merged range to merge or unmerge them."


def check_whole(sheet: Sheet, rect: Rect) -> None:
    """Raises ApiError 400 when the rectangle cuts a merge."""
    for merge in sheet.merges:
        area = rect_of(sheet, merge)
        if area.meets(rect) and not rect.holds(area):
            raise invalid(TORN)


def without(sheet: Sheet, rect: Rect) -> list[Json]:
    """The merges outside a rectangle."""
    return [merge for merge in sheet.merges if not rect.holds(rect_of(sheet, merge))]


def merge_cells(call: Call, sent: Json) -> None:
    """mergeCells: as one, row by row or column by column; only the first cell of each keeps its value."""
    found = call.editable(sent.get("range", {}))
    sheet, rect = found.sheet, found.rect
    check_whole(sheet, rect)
    check_frozen(sheet, rect)
    sheet.merges = without(sheet, rect)
    for part in parts(rect, sent.get("mergeType", "MERGE_ALL")):
        if part.bottom - part.top > 1 or part.right - part.left > 1:
            sheet.merges.append(grid_range(sheet, part))
            keep_first(sheet, part)


def check_frozen(sheet: Sheet, rect: Rect) -> None:
    """Raises ApiError 400 when a merge would reach over the edge of the frozen lines."""
    grid = sheet.properties["gridProperties"]
    for noun, frozen, start, end in (
        ("rows", grid.get("frozenRowCount", 0), rect.top, rect.bottom),
        ("columns", grid.get("frozenColumnCount", 0), rect.left, rect.right),
    ):
        if start < frozen < end:
            raise invalid(f"You can't merge frozen and non-frozen {noun}.")


def parts(rect: Rect, kind: str) -> list[Rect]:
    """A rectangle and a kind of merge in; the rectangles to merge out."""
    if kind == "MERGE_ROWS":
        return [replace(rect, top=row, bottom=row + 1) for row in range(rect.top, rect.bottom)]
    if kind == "MERGE_COLUMNS":
        return [replace(rect, left=column, right=column + 1) for column in range(rect.left, rect.right)]
    return [rect]


def keep_first(sheet: Sheet, rect: Rect) -> None:
    """The first value found goes into the corner, the others go away."""
    places = [
        (row, column)
        for row in range(rect.top, min(rect.bottom, len(sheet.rows)))
        for column in sorted(at for at, cell in sheet.rows[row].items() if cell.has_value)
        if rect.left <= column < rect.right
    ]
    if not places:
        return
    value = sheet.cell(*places[0]).value
    for place in places:
        sheet.update(*place, value=None)
    sheet.update(rect.top, rect.left, value=value)


def unmerge_cells(call: Call, sent: Json) -> None:
    """unmergeCells: every merge inside the range."""
    found = call.editable(sent.get("range", {}))
    check_whole(found.sheet, found.rect)
    found.sheet.merges = without(found.sheet, found.rect)


HANDLERS = {"mergeCells": merge_cells, "unmergeCells": unmerge_cells}
