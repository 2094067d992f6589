"""Cells written: updateCells, repeatCell, appendCells."""

from __future__ import annotations

from tests.helpers.sheets_server.append import grow
from tests.helpers.sheets_server.cells import cell_mask, filled, kept_cell, written
from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.guards import guard_cells
from tests.helpers.sheets_server.masks import Tree, read_update_mask
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.ranges import Rect, sheet_of

from .call import Call


def update_cells(call: Call, sent: Json) -> None:
    """updateCells: rows from `start` on, or a `range` whose cells not covered by rows are cleared. Never grows."""
    mask = cell_mask(read_update_mask(sent.get("fields"), "CellData"))
    if ("start" in sent) == ("range" in sent):
        raise invalid("Exactly one of 'start' or 'range' must be set." if "start" in sent else "No area set.")
    rows = sent.get("rows", [])
    if "range" in sent:
        found = call.editable(sent["range"])
        sheet, limit, target = found.sheet, found.rect, found.rect
    else:
        sheet, limit = started(call, sent["start"])
        width = max((len(row.get("values", ())) for row in rows), default=0)
        target = Rect(limit.top, limit.top + len(rows), limit.left, limit.left + width)
        guard_cells(call.book, sheet, target, call.user)
    check_fits(rows, limit)
    if "range" in sent:
        clear(sheet, limit, rows, mask)
    put_rows(sheet, rows, limit, mask)


def started(call: Call, start: Json) -> tuple[Sheet, Rect]:
    """A GridCoordinate in; its sheet and the rectangle from there to the grid's end out."""
    sheet = sheet_of(call.book, start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    for name, at, count in (("row", top, sheet.row_count), ("column", left, sheet.column_count)):
        if at >= count:
            raise invalid(f"GridCoordinate.{name}Index[{at}] is after last {name} in grid[{count - 1}]")
    return sheet, Rect(top, sheet.row_count, left, sheet.column_count)


def check_fits(rows: list[Json], limit: Rect) -> None:
    """Raises ApiError 400 for rows or columns beyond the rectangle."""
    last_row, last_column = limit.bottom - 1, limit.right - 1
    if limit.top + len(rows) > limit.bottom:
        raise invalid(f"Attempting to write row: {limit.bottom}, beyond the last requested row of: {last_row}")
    if any(limit.left + len(row.get("values", ())) > limit.right for row in rows):
        raise invalid(f"Attempting to write column: {limit.right}, beyond the last requested column of: {last_column}")


def put_rows(sheet: Sheet, rows: list[Json], rect: Rect, mask: Tree) -> None:
    """Writes RowData from the rectangle's corner on."""
    for down, row in enumerate(rows):
        at = rect.top + down
        for column, data in enumerate(row.get("values", ()), rect.left):
            sheet.put(at, column, written(sheet.cell(at, column), kept_cell(data), mask))


def clear(sheet: Sheet, rect: Rect, rows: list[Json], mask: Tree) -> None:
    """Clears the masked fields of the cells that are there and that the rows do not cover."""
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        down = row - rect.top
        covered = rect.left + (len(rows[down].get("values", ())) if down < len(rows) else 0)
        for column in [at for at in sheet.rows[row] if covered <= at < rect.right]:
            sheet.put(row, column, written(sheet.cell(row, column), {}, mask))


def repeat_cell(call: Call, sent: Json) -> None:
    """repeatCell: one CellData over a range; formulas follow as in a fill."""
    mask = cell_mask(read_update_mask(sent.get("fields"), "CellData"))
    found = call.editable(sent.get("range", {}))
    cell = kept_cell(sent.get("cell", {}))
    if not cell:
        clear(found.sheet, found.rect, [], mask)
        return
    for row in range(found.rect.top, found.rect.bottom):
        for column in range(found.rect.left, found.rect.right):
            here = filled(cell, row - found.rect.top, column - found.rect.left)
            found.sheet.put(row, column, written(found.sheet.cell(row, column), here, mask))


def append_cells(call: Call, sent: Json) -> None:
    """appendCells: rows after the last one with anything in it; the grid grows."""
    mask = cell_mask(read_update_mask(sent.get("fields"), "CellData"))
    sheet = sheet_of(call.book, sent.get("sheetId", 0))
    rows = sent.get("rows", [])
    top = max(
        (at + 1 for at, cells in enumerate(sheet.rows) if any(cell.has_value for cell in cells.values())), default=0
    )
    width = max((len(row.get("values", ())) for row in rows), default=0)
    grow(call.book, sheet, top + len(rows), width)
    put_rows(sheet, rows, Rect(top, top + len(rows), 0, width), mask)


HANDLERS = {"updateCells": update_cells, "repeatCell": repeat_cell, "appendCells": append_cells}
