"""References inside a formula's text: the text and what happens to each reference in, the new text out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.helpers.sheets_server.a1 import Bounds, column_index, column_letters, quoted

SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]+"
AREA = rf"{CELL}(?::(?:{CELL}|\$?[A-Za-z]{{1,3}}|\$?[0-9]+))?|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[0-9]+:\$?[0-9]+"
REFERENCE = re.compile(rf"{SHEET}(?P<area>{AREA})(?![\w(!.])")
SKIPPED = re.compile(r'"(?:[^"]|"")*"')
CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([0-9]+)?")


@dataclass(frozen=True)
class Corner:
    """One end of a reference: zero-based row and column (None where open) and whether each is fixed by `$`."""

    column: int | None
    row: int | None
    column_fixed: bool
    row_fixed: bool

    @property
    def text(self) -> str:
        """The corner as it is written."""
        column = "" if self.column is None else ("$" if self.column_fixed else "") + column_letters(self.column)
        return column + ("" if self.row is None else ("$" if self.row_fixed else "") + str(self.row + 1))


@dataclass(frozen=True)
class Reference:
    """A reference: its sheet's title (None: the formula's own) and one or two corners."""

    sheet: str | None
    start: Corner
    end: Corner | None

    @property
    def text(self) -> str:
        """The reference as it is written."""
        prefix = f"{quoted(self.sheet)}!" if self.sheet is not None else ""
        return prefix + self.start.text + (f":{self.end.text}" if self.end else "")

    @property
    def bounds(self) -> Bounds:
        """What it covers, ends exclusive, None where open."""
        end = self.end or self.start
        tops = [row for row in (self.start.row, end.row) if row is not None]
        lefts = [column for column in (self.start.column, end.column) if column is not None]
        return Bounds(
            min(tops) if tops else None,
            max(tops) + 1 if len(tops) == 2 else None,
            min(lefts) if lefts else None,
            max(lefts) + 1 if len(lefts) == 2 else None,
        )


def read_corner(text: str) -> Corner:
    """`$A1` in, the corner out."""
    match = CORNER.fullmatch(text)
    if match is None:
        raise ValueError(text)
    mark, letters, second, digits = match.groups()
    row_fixed = bool(second) or (letters is None and bool(mark))
    return Corner(
        column_index(letters) if letters else None,
        int(digits) - 1 if digits else None,
        bool(mark) and letters is not None,
        row_fixed,
    )


def read_reference(sheet: str | None, area: str) -> Reference:
    """A matched title and area in; the reference out."""
    if sheet is not None and sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    start, colon, end = area.partition(":")
    return Reference(sheet, read_corner(start), read_corner(end) if colon else None)


def rewrite(formula: str, change: Callable[[Reference], str | None]) -> str:
    """A formula and a function from reference to new text (None: as it was) in; the new formula out."""

    def replaced(match: re.Match[str]) -> str:
        before = formula[match.start() - 1] if match.start() else ""
        if before and (before.isalnum() or before in "_.$!'"):
            return match[0]
        changed = change(read_reference(match["sheet"], match["area"]))
        return match[0] if changed is None else changed

    parts, at = [], 0
    for text in SKIPPED.finditer(formula):
        if is_inside_quotes(formula, text.start()):
            continue
        parts.append(rewrite_part(formula, at, text.start(), replaced))
        parts.append(text[0])
        at = text.end()
    parts.append(rewrite_part(formula, at, len(formula), replaced))
    return "".join(parts)


def is_inside_quotes(formula: str, at: int) -> bool:
    """Is the place inside a quoted sheet title, yes or no."""
    return formula[:at].count("'") % 2 == 1


def rewrite_part(formula: str, start: int, end: int, replaced: Callable[[re.Match[str]], str]) -> str:
    """A part of a formula without string literals in; the same with its references replaced out."""
    parts, at = [], start
    for match in REFERENCE.finditer(formula, start, end):
        parts += [formula[at : match.start()], replaced(match)]
        at = match.end()
    return "".join(parts) + formula[at:end]


def moved_by(formula: str, rows: int, columns: int) -> str:
    """A formula and how far it was copied in; the formula with its relative references moved as a fill does out."""

    def shift(corner: Corner) -> Corner | None:
        row = corner.row if corner.row is None or corner.row_fixed else corner.row + rows
        column = corner.column if corner.column is None or corner.column_fixed else corner.column + columns
        if (row is not None and row < 0) or (column is not None and column < 0):
            return None
        return Corner(column, row, corner.column_fixed, corner.row_fixed)

    def change(reference: Reference) -> str | None:
        start = shift(reference.start)
        end = shift(reference.end) if reference.end else None
        if start is None or (reference.end and end is None):
            return "#REF!"
        return Reference(reference.sheet, start, end).text

    return rewrite(formula, change) if rows or columns else formula
