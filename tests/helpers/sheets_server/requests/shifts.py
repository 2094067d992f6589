"""Ranges inserted and deleted: the cells beside or below give way or move up."""

from __future__ import annotations

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.model import Json
from tests.helpers.sheets_server.moves import Delete, Insert
from tests.helpers.sheets_server.shift import Shift
from tests.helpers.sheets_server.shifting import apply

from .call import Call


def insert_range(call: Call, sent: Json) -> None:
    """insertRange: cells go down or to the right; the grid grows so that none is lost."""
    found = call.editable(sent.get("range", {}))
    sheet, rect = found.sheet, found.rect
    grid = sheet.properties["gridProperties"]
    if by_rows(sent):
        used = any(rect.left <= at < rect.right for cells in sheet.rows[rect.top :] for at in cells)
        grid["rowCount"] += (
            (rect.bottom - rect.top) if used and len(sheet.rows) + rect.bottom - rect.top > sheet.row_count else 0
        )
        shift = Shift(sheet.id, "ROWS", Insert(rect.top, rect.bottom - rect.top), (rect.left, rect.right))
    else:
        widest = max((max(cells, default=-1) + 1 for cells in sheet.rows[rect.top : rect.bottom]), default=0)
        grid["columnCount"] = max(sheet.column_count, widest + rect.right - rect.left)
        shift = Shift(sheet.id, "COLUMNS", Insert(rect.left, rect.right - rect.left), (rect.top, rect.bottom))
    apply(call.book, shift)


def delete_range(call: Call, sent: Json) -> None:
    """deleteRange: cells below go up or cells to the right go left."""
    found = call.editable(sent.get("range", {}))
    rect = found.rect
    if by_rows(sent):
        shift = Shift(found.sheet.id, "ROWS", Delete(rect.top, rect.bottom), (rect.left, rect.right))
    else:
        shift = Shift(found.sheet.id, "COLUMNS", Delete(rect.left, rect.right), (rect.top, rect.bottom))
    apply(call.book, shift)


def by_rows(sent: Json) -> bool:
    """Does the request shift rows? Raises ApiError 400 when it does not say what it shifts."""
    dimension = sent.get("shiftDimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("shiftDimension must be specified.")
    return bool(dimension == "ROWS")


HANDLERS = {"insertRange": insert_range, "deleteRange": delete_range}
