"""Cells copied, cut, filled and pasted from text."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.formulas.evaluate import Calculation
from tests.helpers.sheets_server.formulas.plain import ErrorCell
from tests.helpers.sheets_server.formulas.references import Reference, moved_by
from tests.helpers.sheets_server.guards import guard_cells
from tests.helpers.sheets_server.model import EMPTY, Cell, Formula, Json, Sheet
from tests.helpers.sheets_server.ranges import Rect, grid_range, rect_of, sheet_of
from tests.helpers.sheets_server.shifting import rewrite_formulas
from tests.helpers.sheets_server.values import write_rows

from .call import Call
from .merges import without

PARTS: dict[str, tuple[str, ...]] = {
    "PASTE_NORMAL": ("value", "format", "validation", "note", "runs", "hyperlink", "other"),
    "PASTE_VALUES": ("value",),
    "PASTE_FORMAT": ("format", "validation"),
    "PASTE_NO_BORDERS": ("value", "format", "validation", "note", "runs", "hyperlink", "other"),
    "PASTE_FORMULA": ("value",),
    "PASTE_DATA_VALIDATION": ("validation",),
    "PASTE_CONDITIONAL_FORMATTING": (),
}


def pasted(old: Cell, new: Cell, kind: str) -> Cell:
    """The cell there, the cell copied and the kind of paste in; the cell afterwards out."""
    cell = replace(old, **{name: getattr(new, name) for name in PARTS[kind]})
    if kind == "PASTE_NO_BORDERS" and cell.format:
        kept = {name: value for name, value in cell.format.items() if name != "borders"}
        borders = (old.format or {}).get("borders")
        cell = replace(cell, format=kept | ({"borders": borders} if borders else {}))
    return cell


def snapshot(call: Call, sheet: Sheet, rect: Rect, kind: str) -> dict[tuple[int, int], Cell]:
    """A rectangle in; its cells by their distance from the corner out, formulas as values for PASTE_VALUES."""
    calculation = Calculation(call.book, call.now)
    cells = {}
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        for column, cell in sheet.rows[row].items():
            if rect.left <= column < rect.right:
                if kind == "PASTE_VALUES" and type(cell.value) is Formula:
                    value: Any = calculation.value(sheet, row, column)
                    cell = replace(cell, value=value.shown if isinstance(value, ErrorCell) else value)  # noqa: PLW2901
                cells[row - rect.top, column - rect.left] = cell
    return cells


def copy_paste(call: Call, sent: Json) -> None:
    """copyPaste: the source is repeated to fill the destination, or spills over a smaller one."""
    source = call.place(sent.get("source", {}))
    target = call.place(sent.get("destination", {}))
    kind = sent.get("pasteType", "PASTE_NORMAL")
    flipped = sent.get("pasteOrientation") == "TRANSPOSE"
    cells = snapshot(call, source.sheet, source.rect, kind)
    height, width = source.rect.bottom - source.rect.top, source.rect.right - source.rect.left
    if flipped:
        cells = {(column, row): cell for (row, column), cell in cells.items()}
        height, width = width, height
    rect = Rect(
        target.rect.top,
        target.rect.top + repeated(target.rect.bottom - target.rect.top, height),
        target.rect.left,
        target.rect.left + repeated(target.rect.right - target.rect.left, width),
    )
    check_room(target.sheet, rect)
    guard_cells(call.book, target.sheet, rect, call.user)
    fill(target.sheet, rect, cells, (height, width), kind, origin=(source.rect.top, source.rect.left))
    if kind == "PASTE_NORMAL":
        copy_merges(source.sheet, source.rect, target.sheet, rect)
    if kind in ("PASTE_NORMAL", "PASTE_FORMAT", "PASTE_CONDITIONAL_FORMATTING"):
        copy_rules(source.sheet, source.rect, target.sheet, rect)


def repeated(room: int, size: int) -> int:
    """A destination's and a source's size in; the size pasted out: the source as often as it fits, at least once."""
    return max(room // size, 1) * size


def check_room(sheet: Sheet, rect: Rect) -> None:
    """Raises ApiError 400 when a paste would not fit the grid."""
    if rect.bottom > sheet.row_count or rect.right > sheet.column_count:
        raise invalid("The copied range does not fit into the destination sheet.")


def fill(
    sheet: Sheet,
    rect: Rect,
    cells: dict[tuple[int, int], Cell],
    size: tuple[int, int],
    kind: str,
    *,
    origin: tuple[int, int],
) -> None:
    """Pastes cells over and over into a rectangle; relative references follow."""
    for row in range(rect.top, rect.bottom):
        for column in range(rect.left, rect.right):
            place = (row - rect.top) % size[0], (column - rect.left) % size[1]
            new = cells.get(place, EMPTY)
            if type(new.value) is Formula:
                moved = moved_by(new.value, row - origin[0] - place[0], column - origin[1] - place[1])
                new = replace(new, value=Formula(moved))
            sheet.put(row, column, pasted(sheet.cell(row, column), new, kind))


def copy_merges(source: Sheet, area: Rect, target: Sheet, rect: Rect) -> None:
    """Merges inside the source are made in the destination."""
    if source is target and area == rect:
        return
    inside = [rect_of(source, merge) for merge in source.merges]
    target.merges = without(target, rect)
    for merge in inside:
        if area.holds(merge):
            down, right = rect.top - area.top, rect.left - area.left
            moved = Rect(merge.top + down, merge.bottom + down, merge.left + right, merge.right + right)
            target.merges.append(grid_range(target, moved))


def copy_rules(source: Sheet, area: Rect, target: Sheet, rect: Rect) -> None:
    """Conditional formats that cover the whole source cover the destination on the same sheet too."""
    for rule in source.conditional_formats if source is target else ():
        covering = [item for item in rule["ranges"] if rect_of(source, item).holds(area)]
        if covering and not any(rect_of(source, item).holds(rect) for item in rule["ranges"]):
            rule["ranges"].append(grid_range(target, rect))


def cut_paste(call: Call, sent: Json) -> None:
    """cutPaste: cells move, and references to them follow."""
    source = call.editable(sent.get("source", {}))
    corner = sent.get("destination", {})
    sheet = sheet_of(call.book, corner.get("sheetId", 0))
    top, left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    area = source.rect
    rect = Rect(top, top + area.bottom - area.top, left, left + area.right - area.left)
    check_room(sheet, rect)
    guard_cells(call.book, sheet, rect, call.user)
    kind = sent.get("pasteType", "PASTE_NORMAL")
    cells = snapshot(call, source.sheet, area, kind)
    for place, cell in cells.items():
        source.sheet.put(area.top + place[0], area.left + place[1], pasted(cell, EMPTY, kind))
    for row in range(rect.top, rect.bottom):
        for column in range(rect.left, rect.right):
            new = cells.get((row - rect.top, column - rect.left), EMPTY)
            sheet.put(row, column, pasted(sheet.cell(row, column), new, kind))
    follow(call, source.sheet, area, sheet, rect)


def follow(call: Call, source: Sheet, area: Rect, target: Sheet, rect: Rect) -> None:
    """References into the cells that were cut point to where these are now."""
    down, right = rect.top - area.top, rect.left - area.left

    def moved(title: str, reference: Reference) -> str | None:
        there = call.book.titled(reference.sheet if reference.sheet is not None else title)
        start, end = reference.start, reference.end or reference.start
        if there is not source or None in (start.row, start.column, end.row, end.column):
            return None
        if not (area.contains(start.row or 0, start.column or 0) and area.contains(end.row or 0, end.column or 0)):
            return None
        changed = [replace(c, row=(c.row or 0) + down, column=(c.column or 0) + right) for c in (start, end)]
        name = reference.sheet if source is target else target.title
        return Reference(name, changed[0], changed[1] if reference.end else None).text

    rewrite_formulas(call.book, moved)


def auto_fill(call: Call, sent: Json) -> None:
    """autoFill: values of the source lines are repeated, two numbers or more go on as a series."""
    spec = sent.get("sourceAndDestination")
    if spec is None:
        raise invalid("sourceAndDestination must be set.")
    source = call.editable(spec.get("source", {}))
    length, rect = spec.get("fillLength", 0), source.rect
    by_rows = spec.get("dimension") == "ROWS"
    size = rect.bottom - rect.top if by_rows else rect.right - rect.left
    for step in range(abs(length)):
        offset = size + step if length > 0 else -1 - step
        for across in range(rect.left, rect.right) if by_rows else range(rect.top, rect.bottom):
            place = offset % size
            origin = (rect.top + place, across) if by_rows else (across, rect.left + place)
            to = (rect.top + offset, across) if by_rows else (across, rect.left + offset)
            cell = source.sheet.cell(*origin)
            if type(cell.value) is Formula:
                cell = replace(cell, value=Formula(moved_by(cell.value, to[0] - origin[0], to[1] - origin[1])))
            source.sheet.put(*to, cell)


def paste_data(call: Call, sent: Json) -> None:
    """pasteData: delimited text, read as if typed in."""
    corner = sent.get("coordinate", {})
    sheet = sheet_of(call.book, corner.get("sheetId", 0))
    if sent.get("html"):
        raise invalid("HTML is not supported by this server.")
    if not sent.get("delimiter"):
        raise invalid("Either html or a delimiter must be specified.")
    rows = list(csv.reader(io.StringIO(sent.get("data", "")), delimiter=sent["delimiter"]))
    top, left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    bounds = Rect(top, top + max(len(rows), 1), left, left + max(map(len, rows), default=1)).bounds
    write_rows(call.book, sheet, bounds, [list(row) for row in rows], "USER_ENTERED", user=call.user)


HANDLERS = {"copyPaste": copy_paste, "cutPaste": cut_paste, "autoFill": auto_fill, "pasteData": paste_data}
