"""Tables as people keep them → the same, cell by cell, as a program means them.

Formulas filled down below the last row are no rows; a label that is merged over rows of data, or that a pivot table of
Google's shows once, stands for each of them; a tab that is one error is no table.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from config.documents import ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.errors import SourceError
from connectors.a1 import cell_name

Rows = list[list[str]]
Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column, inclusive."""
LOADING = ("loading...", "loading…", "загрузка...", "загрузка…")
SUBTOTAL = re.compile("итог|всего|total", re.IGNORECASE)


@dataclass(frozen=True)
class Broken:
    """A tab that holds nothing but errors."""

    cell: str
    error: str
    is_loading: bool


def broken(rows: Sequence[Sequence[str]]) -> Broken | None:
    """Rows of a tab in; its first error if under at most one row of words there is nothing else, None if it is a table.

    So looks a tab that is one IMPORTRANGE without access, or one that Google is still working out.
    """
    errors = [
        (row, column, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell.startswith(ERROR_MARK) or cell.strip().casefold() in LOADING
    ]
    places = {(row, column) for row, column, _ in errors}
    filled = [
        row for row, cells in enumerate(rows) if any(cell and (row, at) not in places for at, cell in enumerate(cells))
    ]
    if not errors or len(filled) > 1 or (filled and filled[0] > errors[0][0]):
        return None
    row, column, cell = errors[0]
    text = cell.removeprefix(ERROR_MARK).partition(" (")[0]
    return Broken(cell_name(row, column), text, text.casefold() in LOADING)


def cut_filled_down(rows: Rows, computed: Sequence[Sequence[bool]]) -> None:
    """Take away the rows at the end in which formulas, filled down beyond the table, say nothing.

    Such a row has no cell that somebody typed, but for a number that goes on counting; its formulas give zero, nothing,
    no or a day. Above it, somebody typed the rows; a table of nothing but formulas stays as it is.
    """
    end = len(rows)
    while end > 1 and _says_nothing(rows, computed, end - 1):
        end -= 1
    above = [row for row in range(end) if any(rows[row])]
    typed = any(_is_typed(rows, computed, row, column) for row in above[1:] for column in range(len(rows[row])))
    if typed and any(any(flags) for flags in computed[end:]):
        del rows[end:]


def _says_nothing(rows: Rows, computed: Sequence[Sequence[bool]], row: int) -> bool:
    return not any(
        _is_typed(rows, computed, row, column) or not _is_nothing(cell)
        for column, cell in enumerate(rows[row])
        if cell and not _counts_on(rows, row, column)
    )


def _is_typed(rows: Rows, computed: Sequence[Sequence[bool]], row: int, column: int) -> bool:
    """Whether a person typed a cell: a box that is not ticked and a number that goes on counting come by themselves."""
    cell, flags = rows[row][column], computed[row] if row < len(computed) else ()
    is_computed = column < len(flags) and flags[column]
    return bool(cell) and not is_computed and cell != "FALSE" and not _counts_on(rows, row, column)


def _is_nothing(cell: str) -> bool:
    """A result that is zero, no, an error or a day that goes on by itself."""
    return cell.strip() in {"", NUMBER_MARK + "0", "FALSE", "0", "-"} or cell.startswith((ERROR_MARK, MOMENT_MARK))


def _counts_on(rows: Rows, row: int, column: int) -> bool:
    """Whether a number is one more than the number above it, and that one more than the one above it."""
    above = [_number(rows[at][column]) if at >= 0 and column < len(rows[at]) else None for at in (row, row - 1)]
    now, before = above
    return now is not None and before is not None and now - before == 1 and now == now.to_integral_value()


def fill_groups(rows: Rows, merged: Sequence[Merged], is_pivot: bool) -> None:
    """Give every row of a merge over several rows of data, or of a pivot table of Google's, the label of its group."""
    for area in merged:
        _fill_merged(rows, area)
    if is_pivot:
        _fill_pivot(rows)


def _fill_merged(rows: Rows, area: Merged) -> None:
    """A word or a day that is merged over several rows of data is each one's."""
    first, column, last, _ = area
    if last <= first or not _has_number(rows[first] if first < len(rows) else ()) or column < 0:
        return
    word = _cell(rows, first, column)
    if word and not word.startswith((NUMBER_MARK, ERROR_MARK)):
        for row in range(first + 1, min(last + 1, len(rows))):
            if column < len(rows[row]) and not rows[row][column] and any(rows[row]):
                rows[row][column] = word


def _fill_pivot(rows: Rows) -> None:
    """In a pivot table the words left of the first figure stand once for all rows below that leave them blank."""
    for row in range(1, len(rows)):
        for column, cell in enumerate(rows[row]):
            if cell.startswith(NUMBER_MARK):
                break
            above = _cell(rows, row - 1, column)
            is_data = _has_number(rows[row - 1]) and not SUBTOTAL.search(above)
            if cell or not above or above.startswith(NUMBER_MARK) or not is_data or not any(rows[row][column:]):
                break
            rows[row][column] = above


def _cell(rows: Sequence[Sequence[str]], row: int, column: int) -> str:
    return rows[row][column] if column < len(rows[row]) else ""


def _has_number(row: Sequence[str]) -> bool:
    return any(cell.startswith((NUMBER_MARK, MOMENT_MARK)) for cell in row)


def _number(cell: str) -> Decimal | None:
    if not cell.startswith(NUMBER_MARK):
        return None
    try:
        return Decimal(cell[1:].partition(" ")[0])
    except InvalidOperation:
        return None


def tab_error(found: Broken, facts: Mapping[str, object]) -> SourceError:
    """A tab that holds nothing but an error in; what its owner can do about it out."""
    if found.is_loading:
        return SourceError("google.tab_loading", **facts, cell=found.cell)
    key = "google.tab_closed" if found.error == "#REF!" else "google.tab_error"
    return SourceError(key, **facts, cell=found.cell, error=found.error)
