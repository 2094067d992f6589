"""A1 notation: `'Лист 1'!B2:D` in, the sheet's title and zero-based bounds out, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass

CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]+)?")
LOOKS_LIKE_CELL = re.compile(r"([A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*)")
PLAIN_TITLE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Bounds:
    """Rows and columns of a range, zero-based, ends exclusive; None where the range is open."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None


@dataclass(frozen=True)
class Address:
    """What A1 text names: a sheet by title ("" for the first one), its part, or a name to be looked up."""

    title: str = ""
    bounds: Bounds | None = None
    name: str = ""


def column_letters(index: int) -> str:
    """A zero-based column in, its letters out: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Letters of a column in, its zero-based number out."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def parse_bounds(text: str) -> Bounds | None:
    """`B2:D`, `A:A`, `1:2` or `C3` in; the bounds out, None for what is no A1 range. Ends may be given in any order."""
    first, colon, last = text.partition(":")
    start, end = CORNER.fullmatch(first), CORNER.fullmatch(last if colon else first)
    if not first or not start or not end or (colon and not last):
        return None
    if not colon and (start[1] is None or start[2] is None):
        return None
    if (start[2] and int(start[2]) == 0) or (end[2] and int(end[2]) == 0):
        return None
    top, bottom = span(row_index(start[2]), row_index(end[2]))
    left, right = span(
        column_index(start[1]) if start[1] else None,
        column_index(end[1]) if end[1] else None,
    )
    if not meets(start, end):
        return None
    return Bounds(top, bottom, left, right)


def row_index(digits: str | None) -> int | None:
    """A row's number in A1 text, None where open, in; its zero-based number out."""
    return int(digits) - 1 if digits else None


def meets(start: re.Match[str], end: re.Match[str]) -> bool:
    """Do two corners name one range? `A:1` does not, `A1:1` and `A5:A` do."""
    return not (
        (start[1] and not start[2] and end[2] and not end[1]) or (start[2] and not start[1] and end[1] and not end[2])
    )


def span(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """Two inclusive ends in any order, either of them perhaps open, in; start and exclusive end out."""
    if start is None and end is None:
        return None, None
    if start is None or end is None:
        return (start if start is not None else end), None
    return min(start, end), max(start, end) + 1


def split_title(text: str) -> tuple[str, str, bool]:
    """`'It''s'!A1` in; title, the rest and whether the title stood in quotes out."""
    if text.startswith("'"):
        match = re.match(r"'((?:[^']|'')*)'(?:!(.*))?$", text, re.DOTALL)
        if match:
            return match[1].replace("''", "'"), match[2] or "", True
    title, mark, rest = text.rpartition("!")
    return (title, rest, False) if mark else ("", text, False)


def quoted(title: str) -> str:
    """A title in; the same as it stands before an exclamation mark out."""
    if PLAIN_TITLE.fullmatch(title) and not LOOKS_LIKE_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def text_of(bounds: Bounds) -> str:
    """Bounds in, A1 text without a title out; open ends are left open: rows from 1001 of A and B are `A1001:B`."""
    start = corner(bounds.left, bounds.top)
    end = corner(
        None if bounds.right is None else bounds.right - 1,
        None if bounds.bottom is None else bounds.bottom - 1,
    )
    if start and not end and bounds.left is not None:
        end = column_letters(bounds.left) if bounds.top is None else end
    is_cell = bounds.left is not None and bounds.top is not None
    if start == end and (is_cell or not start):
        return start
    return f"{start}:{end}" if end else start


def corner(column: int | None, row: int | None) -> str:
    """A column and a row, either of them perhaps open, in; the A1 corner out."""
    return (column_letters(column) if column is not None else "") + (str(row + 1) if row is not None else "")


def full_text(title: str, bounds: Bounds) -> str:
    """A sheet's title and bounds in; `Title!A1:B2` out."""
    text = text_of(bounds)
    return f"{quoted(title)}!{text}" if text else quoted(title)
