"""What a caller may touch: protected ranges, and the limits of a spreadsheet."""

from __future__ import annotations

from .errors import PROTECTED, TOO_MANY_CELLS, TOO_MANY_SHEETS, invalid
from .model import Json, Sheet, Spreadsheet
from .ranges import Rect, rect_of

MAX_CELLS = 10_000_000
MAX_SHEETS = 200  # support.google.com/drive/answer/37603


def may_edit(book: Spreadsheet, protected: Json, user: str) -> bool:
    """A protected range and a caller in; may the caller edit it? The file's owner always may."""
    if user == book.owner or protected.get("warningOnly"):
        return True
    return user in protected.get("editors", {}).get("users", [])


def guard_cells(book: Spreadsheet, sheet: Sheet, rect: Rect, user: str) -> None:
    """Raises ApiError 400 when a part of the rectangle is protected from the caller."""
    for protected in sheet.protected_ranges:
        if may_edit(book, protected, user):
            continue
        area = rect_of(sheet, protected.get("range", {}))
        is_open = any(rect_of(sheet, part).holds(rect) for part in protected.get("unprotectedRanges", []))
        if area.meets(rect) and not is_open:
            raise invalid(PROTECTED)


def guard_size(book: Spreadsheet) -> None:
    """Raises ApiError 400 when there are more than 200 tabs, or all grids together have more than 10 million cells."""
    if len(book.sheets) > MAX_SHEETS:
        raise invalid(TOO_MANY_SHEETS)
    if book.cell_count > MAX_CELLS:
        raise invalid(TOO_MANY_CELLS)
