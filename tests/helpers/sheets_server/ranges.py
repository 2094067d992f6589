"""Ranges of a spreadsheet: GridRange or A1 text in, a sheet and a rectangle inside its grid out."""

from __future__ import annotations

from dataclasses import dataclass

from . import a1
from .a1 import Bounds
from .errors import invalid
from .model import Json, Sheet, Spreadsheet

INDEXES = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")


@dataclass(frozen=True)
class Rect:
    """A rectangle of cells, zero-based, ends exclusive."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def bounds(self) -> Bounds:
        """The same as bounds."""
        return Bounds(self.top, self.bottom, self.left, self.right)

    def meets(self, other: Rect) -> bool:
        """Do the two share a cell, yes or no."""
        return (
            self.top < other.bottom and other.top < self.bottom and self.left < other.right and other.left < self.right
        )

    def holds(self, other: Rect) -> bool:
        """Does this one contain the other whole, yes or no."""
        return (
            self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )

    def contains(self, row: int, column: int) -> bool:
        """Is the cell inside, yes or no."""
        return self.top <= row < self.bottom and self.left <= column < self.right


@dataclass(frozen=True)
class Place:
    """A rectangle on a sheet."""

    sheet: Sheet
    rect: Rect

    @property
    def text(self) -> str:
        """The place in A1 notation, as answers write it."""
        return a1.full_text(self.sheet.title, self.rect.bounds)


def sheet_of(book: Spreadsheet, sheet_id: int) -> Sheet:
    """A sheetId from a range in; its sheet out. Raises ApiError 400."""
    sheet = book.find(sheet_id)
    if sheet is None or sheet.properties.get("sheetType", "GRID") != "GRID":
        raise invalid(f"No grid with id: {sheet_id}")
    return sheet


def bounds_of(grid_range: Json) -> Bounds:
    """A GridRange in; its bounds out. Raises ApiError 400 for ends before starts."""
    top, bottom, left, right = (grid_range.get(name) for name in INDEXES)
    for start, end, names in ((top, bottom, INDEXES[:2]), (left, right, INDEXES[2:])):
        for name, index in zip(names, (start, end), strict=True):
            if index is not None and index < 0:
                raise invalid(f"GridRange.{name}[{index}] is before first index[0]")
        if end is not None and end <= (start or 0):
            raise invalid(f"GridRange.{names[0]}[{start or 0}] cannot be greater than or equal to {names[1]}[{end}]")
    return Bounds(top, bottom, left, right)


def clip(sheet: Sheet, bounds: Bounds) -> Rect:
    """A sheet and bounds in; the part inside the grid out. Raises ApiError 400 when the start is outside."""
    top, left = bounds.top or 0, bounds.left or 0
    if top >= sheet.row_count or left >= sheet.column_count:
        raise exceeds(sheet, bounds)
    bottom = sheet.row_count if bounds.bottom is None else min(bounds.bottom, sheet.row_count)
    right = sheet.column_count if bounds.right is None else min(bounds.right, sheet.column_count)
    return Rect(top, bottom, left, right)


def exceeds(sheet: Sheet, bounds: Bounds) -> Exception:
    """A sheet and bounds that start past its grid in; the refusal out."""
    top = 0 if bounds.top is None and bounds.bottom is not None else bounds.top
    left = 0 if bounds.left is None and bounds.right is not None else bounds.left
    shown = Bounds(top, bounds.bottom, left, bounds.right)
    return invalid(
        f"Range ({a1.full_text(sheet.title, shown)}) exceeds grid limits. "
        f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    )


def place(book: Spreadsheet, grid_range: Json) -> Place:
    """A GridRange in; its place on the grid out. Raises ApiError 400."""
    sheet = sheet_of(book, grid_range.get("sheetId", 0))
    return Place(sheet, clip(sheet, bounds_of(grid_range)))


def grid_range(sheet: Sheet, rect: Rect) -> Json:
    """A place in; the GridRange the API shows out, without the sheetId of sheet 0."""
    shown: Json = {"sheetId": sheet.id} if sheet.id else {}
    return shown | dict(zip(INDEXES, (rect.top, rect.bottom, rect.left, rect.right), strict=True))


def rect_of(sheet: Sheet, shown: Json) -> Rect:
    """A stored GridRange in; its rectangle on the sheet as it is now out."""
    top, bottom, left, right = (shown.get(name) for name in INDEXES)
    return Rect(
        top or 0,
        sheet.row_count if bottom is None else bottom,
        left or 0,
        sheet.column_count if right is None else right,
    )


def bounded(book: Spreadsheet, sent: Json) -> Json:
    """A GridRange in; the same with every end written out out."""
    found = place(book, sent)
    return grid_range(found.sheet, found.rect)


def locate(book: Spreadsheet, text: str) -> tuple[Sheet, Bounds]:
    """A1 text or the name of a named range in; the sheet and the bounds out. Raises ApiError 400."""
    title, rest, is_quoted = a1.split_title(text)
    if not title:
        found = without_title(book, rest)
    elif not rest and is_quoted:
        found = whole(book, title)
    else:
        found = with_title(book, title, rest)
    if found is None:
        raise invalid(f"Unable to parse range: {text}")
    return found


def without_title(book: Spreadsheet, text: str) -> tuple[Sheet, Bounds] | None:
    """A1 text without a title in: a sheet's title, a named range or a range of the first visible sheet; place out."""
    named = whole(book, text) if not a1.parse_bounds(text) else None
    if named is None:
        named = named_range(book, text)
    if named is not None:
        return named
    bounds = a1.parse_bounds(text)
    if bounds is None:
        return None
    first = next((sheet for sheet in book.sheets if not sheet.properties.get("hidden")), book.sheets[0])
    return first, bounds


def with_title(book: Spreadsheet, title: str, rest: str) -> tuple[Sheet, Bounds] | None:
    """A sheet's title and what follows the mark in; the place out."""
    sheet = book.titled(title)
    if sheet is None:
        return None
    bounds = a1.parse_bounds(rest)
    return (sheet, bounds) if bounds is not None else named_range(book, rest)


def whole(book: Spreadsheet, title: str) -> tuple[Sheet, Bounds] | None:
    """A title in; the whole sheet out."""
    sheet = book.titled(title)
    return None if sheet is None else (sheet, Bounds())


def named_range(book: Spreadsheet, name: str) -> tuple[Sheet, Bounds] | None:
    """A named range's (or a table's) name in; its place out."""
    for named in book.named_ranges:
        if named["name"].lower() == name.lower():
            return sheet_of(book, named["range"].get("sheetId", 0)), bounds_of(named["range"])
    for sheet in book.sheets:
        for table in sheet.tables:
            if table["name"].lower() == name.lower():
                return sheet, bounds_of(table["range"])
    return None


def find_range(book: Spreadsheet, text: str) -> Place:
    """A1 text in; its place on the grid out. Raises ApiError 400."""
    sheet, bounds = locate(book, text)
    return Place(sheet, clip(sheet, bounds))
