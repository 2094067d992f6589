"""A Sheet document → the cells to write, row by row, each with its value, its format and the row's identity."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from math import isfinite
from typing import NamedTuple

from config.documents import Cell, Sheet, Value
from connectors.google_sheets.formats import cell_format

SHEETS_EPOCH = date(1899, 12, 30)  # developers.google.com/sheets/api/guides/formats
SECONDS_A_DAY = 86_400
LONGEST_TEXT = 50_000  # developers.google.com/sheets/api/limits
LARGE_CELLS = 40_000
"""From this many cells on, a tab is written by way of a staging tab, and only its values are read back."""
PIXELS_A_POINT = 4 / 3


class Written(NamedTuple):
    """One cell as it is to stand: a value that JSON can carry, the look that draws it, a note, a link.

    A tuple, because there may be half a million of them and making one must be cheap.
    """

    value: str | float | bool | None
    look: str
    note: str = ""
    link: str | None = None
    drawn: str = ""
    """The CellFormat as JSON, where it is not simply that of the look."""


@dataclass(frozen=True)
class Draft:
    """A Sheet ready to be written; rows and columns are those of the document."""

    sheet: Sheet
    rows: Sequence[Mapping[int, Written]]
    """Row → column → cell; cells under a merge are there too, blank and formatted."""
    identities: Sequence[str]
    columns: int

    @property
    def key(self) -> str:
        """The sheet's stable name."""
        return self.sheet.key

    @cached_property
    def cell_count(self) -> int:
        """How many cells there are to write."""
        return sum(map(len, self.rows))

    def heights_px(self) -> dict[str, int]:
        """Identity of each row whose height the document sets → pixels."""
        pixels = {row: round(points * PIXELS_A_POINT) for row, points in self.sheet.heights.items()}
        return {self.identities[row]: height for row, height in pixels.items() if row < len(self.identities)}


def draft(sheet: Sheet) -> Draft:
    """A Sheet document in; its cells by row, with the rows' identities, out."""
    count = 1 + max((cell.row + cell.rows - 1 for cell in sheet.cells), default=-1)
    rows: list[dict[int, Written]] = [{} for _ in range(count)]
    for cell in sheet.cells:
        _place(cell, rows)
    columns = 1 + max((column for row in rows for column in row), default=0)
    return Draft(sheet, rows, identities(sheet, rows), columns)


def identities(sheet: Sheet, rows: Sequence[Mapping[int, Written]]) -> list[str]:
    """Rows in; what each is about out, unique in the sheet: its key, else `~look:n`, else the row above and a distance.

    So a header stays a header and a sentence a sentence when tables above them grow.
    """
    seen: Counter[str] = Counter()
    named: list[str] = []
    blanks = 0
    anchor = "~top"
    for number, row in enumerate(rows):
        key = sheet.row_keys.get(number)
        if key is None and not any(cell.value is not None for cell in row.values()):
            blanks += 1
            named.append(f"{anchor}+{blanks}")
            continue
        name = key if key is not None else f"~{row[min(row)].look.partition('.')[0]}"
        seen[name] += 1
        anchor = name if key is not None and seen[name] == 1 else f"{name}:{seen[name]}"
        blanks = 0
        named.append(anchor)
    return named


def plain(value: Value) -> str | float | bool | None:
    """A value of a document in; the same as JSON and Google keep it out: dates as days since 1899-12-30."""
    if isinstance(value, float):
        return value + 0.0 if isfinite(value) else None  # minus zero becomes zero; JSON knows no infinity
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else value[: LONGEST_TEXT - 1] + "…"
    if isinstance(value, datetime):
        midnight = value.replace(hour=0, minute=0, second=0, microsecond=0)
        return (value.date() - SHEETS_EPOCH).days + (value - midnight).total_seconds() / SECONDS_A_DAY
    if isinstance(value, date):
        return (value - SHEETS_EPOCH).days
    return float(value) + 0.0


def canonical(value: str | float | bool | None) -> str:
    """A plain value in; the text by which two of them are compared out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else f"{value:.12g}"


@cache
def format_json(look: str, is_text: bool) -> str:
    """A look's name, and whether a text stands in it, in; its CellFormat as compact JSON out."""
    return json.dumps(cell_format(look, is_text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _place(cell: Cell, rows: list[dict[int, Written]]) -> None:
    """Put a cell, and the blank ones that its merge covers, into their rows."""
    rows[cell.row][cell.column] = Written(plain(cell.value), cell.look, cell.note or "", cell.link)
    if cell.rows > 1 or cell.columns > 1:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                rows[row].setdefault(column, Written(None, cell.look))
