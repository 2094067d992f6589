"""values.append: a table is found by proximity, and rows are written below it."""

from __future__ import annotations

from typing import Any

from .a1 import Bounds
from .guards import guard_size
from .model import Json, Sheet, Spreadsheet
from .ranges import Place, Rect, clip, locate
from .shifting import insert_rows
from .values import Written, by_rows, checked_option, write_rows


def append(
    book: Spreadsheet, text: str, sent: Json, option: str | None, insert: str, *, user: str
) -> tuple[Place | None, Written]:
    """A1 text and a ValueRange in; the table found (None if none) and what was written out. Grows the grid."""
    input_option = checked_option(option)
    sheet, bounds = locate(book, text)
    rows = by_rows(sent)
    rect = clip(sheet, bounds)
    table = find_table(sheet, rect)
    top, left = (rect.top, rect.left) if table is None else (table.bottom, table.left)
    height, width = len(rows), max(map(len, rows), default=0)
    if insert == "INSERT_ROWS" and table is not None and top < sheet.row_count:
        insert_rows(book, sheet, top, height)
    grow(book, sheet, top + height, left + width)
    target = Bounds(top, top + max(height, 1), left, left + max(width, 1))
    written = write_rows(book, sheet, target, rows, input_option, user=user)
    return (Place(sheet, table) if table else None), written


def grow(book: Spreadsheet, sheet: Sheet, bottom: int, right: int) -> None:
    """Makes the grid large enough for the rows and columns named."""
    grid = sheet.properties["gridProperties"]
    grid["rowCount"] = max(sheet.row_count, bottom)
    grid["columnCount"] = max(sheet.column_count, right)
    guard_size(book)


def find_table(sheet: Sheet, rect: Rect) -> Rect | None:
    """A rectangle in; the table in it or touching it out: of several, the last one that begins in it."""
    seed = last_filled(sheet, rect)
    return None if seed is None else widen(sheet, seed)


def last_filled(sheet: Sheet, rect: Rect) -> tuple[int, int] | None:
    """A rectangle in; the filled cell of it that lies lowest, then furthest right, out."""
    for row in range(min(rect.bottom, len(sheet.rows)) - 1, rect.top - 1, -1):
        filled = [at for at, cell in sheet.rows[row].items() if cell.has_value and rect.left <= at < rect.right]
        if filled:
            return row, max(filled)
    return None


def widen(sheet: Sheet, seed: tuple[int, int]) -> Rect:
    """A filled cell in; the block of cells that hang together with it, diagonals too, out."""
    block = Rect(seed[0], seed[0] + 1, seed[1], seed[1] + 1)
    while True:
        around = Rect(max(block.top - 1, 0), block.bottom + 1, max(block.left - 1, 0), block.right + 1)
        filled = list(cells_in(sheet, around))
        grown = Rect(
            min(row for row, _ in filled),
            max(row for row, _ in filled) + 1,
            min(column for _, column in filled),
            max(column for _, column in filled) + 1,
        )
        if grown == block:
            return block
        block = grown


def cells_in(sheet: Sheet, rect: Rect) -> Any:
    """A rectangle in; the places of its filled cells out."""
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        for column, cell in sheet.rows[row].items():
            if cell.has_value and rect.left <= column < rect.right:
                yield row, column
