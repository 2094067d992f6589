"""Rows sorted, shuffled and freed of duplicates."""

from __future__ import annotations

import random
from functools import cmp_to_key
from typing import Any

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.formulas.evaluate import Calculation
from tests.helpers.sheets_server.formulas.plain import ErrorCell
from tests.helpers.sheets_server.formulas.references import moved_by
from tests.helpers.sheets_server.model import Cell, Formula, Json, Sheet
from tests.helpers.sheets_server.moves import Delete
from tests.helpers.sheets_server.ranges import Rect
from tests.helpers.sheets_server.shift import Shift
from tests.helpers.sheets_server.shifting import apply

from .call import Call

Line = dict[int, Cell]


def taken(sheet: Sheet, rect: Rect, row: int) -> Line:
    """A row of a rectangle in; its cells out."""
    cells = sheet.rows[row] if row < len(sheet.rows) else {}
    return {column: cell for column, cell in cells.items() if rect.left <= column < rect.right}


def put_lines(sheet: Sheet, rect: Rect, lines: list[tuple[int, Line]]) -> None:
    """Lines, each with the row it stood in, go into the rows of a rectangle; relative references follow."""
    for row, (old, line) in enumerate(lines, rect.top):
        for column in range(rect.left, rect.right):
            cell = line.get(column, Cell())
            if type(cell.value) is Formula and row != old:
                sheet.put(row, column, cell)
                sheet.update(row, column, value=Formula(moved_by(cell.value, row - old, 0)))
            else:
                sheet.put(row, column, cell)


def key_of(value: Any) -> tuple[int, Any]:
    """A value in; its key in Sheets' order (numbers, texts, truths, errors; blanks last) out."""
    if value is None:
        return 4, 0
    if isinstance(value, ErrorCell):
        return 3, 0
    if isinstance(value, bool):
        return 2, value
    return (1, value.lower()) if isinstance(value, str) else (0, value)


def sort_rows(call: Call, sheet: Sheet, rect: Rect, specs: list[Json]) -> None:
    """Sorts the rows of a rectangle by columns of the sheet."""
    calculation = Calculation(call.book, call.now)
    bottom = min(rect.bottom, len(sheet.rows))
    lines = [(row, taken(sheet, rect, row)) for row in range(rect.top, bottom)]
    keys = {
        row: [key_of(calculation.value(sheet, row, spec.get("dimensionIndex", 0))) for spec in specs]
        for row, _ in lines
    }

    def order(left: tuple[int, Line], right: tuple[int, Line]) -> int:
        for at, spec in enumerate(specs):
            one, other = keys[left[0]][at], keys[right[0]][at]
            if one != other:
                if one[0] == 4 or other[0] == 4:
                    return 1 if one[0] == 4 else -1
                sign = -1 if spec.get("sortOrder") == "DESCENDING" else 1
                return sign if one > other else -sign
        return 0

    put_lines(sheet, rect, sorted(lines, key=cmp_to_key(order)))


def sort_range(call: Call, sent: Json) -> None:
    """SortRange."""
    found = call.editable(sent.get("range", {}))
    if not sent.get("sortSpecs"):
        raise invalid("At least one sortSpec must be specified.")
    sort_rows(call, found.sheet, found.rect, sent["sortSpecs"])


def randomize(call: Call, sent: Json) -> None:
    """RandomizeRange."""
    found = call.editable(sent.get("range", {}))
    lines = [(row, taken(found.sheet, found.rect, row)) for row in range(found.rect.top, found.rect.bottom)]
    random.shuffle(lines)
    put_lines(found.sheet, found.rect, lines)


def delete_duplicates(call: Call, sent: Json) -> Json:
    """deleteDuplicates: of rows alike in the compared columns the first stays, the rest move up."""
    found = call.editable(sent.get("range", {}))
    sheet, rect = found.sheet, found.rect
    calculation = Calculation(call.book, call.now)
    columns = [
        column
        for part in sent.get("comparisonColumns") or [{"startIndex": rect.left, "endIndex": rect.right}]
        for column in range(part.get("startIndex", 0), part["endIndex"])
    ]
    seen: set[tuple[Any, ...]] = set()
    doubled = []
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        key = tuple(str(calculation.value(sheet, row, column)).lower() for column in columns)
        doubled += [row] if key in seen else []
        seen.add(key)
    for row in reversed(doubled):
        apply(call.book, Shift(sheet.id, "ROWS", Delete(row, row + 1), (rect.left, rect.right)))
    return {"duplicatesRemovedCount": len(doubled)} if doubled else {}


HANDLERS = {"sortRange": sort_range, "randomizeRange": randomize, "deleteDuplicates": delete_duplicates}
