"""A Sheet document → the cells to write, row by row, each with its value, its format and the row's identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from config.documents import Sheet
from connectors.google_sheets.drafted import DraftRow, drafted

LARGE_CELLS = 40_000
"""From this many cells on, a tab is written by way of a staging tab, and only its values are read back."""
PIXELS_A_POINT = 4 / 3


@dataclass(frozen=True)
class Draft:
    """A Sheet ready to be written; rows and columns are those of the document."""

    sheet: Sheet
    rows: Sequence[DraftRow]
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
    rows = drafted(sheet.cells)
    columns = 1 + max((row.columns[-1] for row in rows if row.columns), default=0)
    return Draft(sheet, rows, identities(sheet, rows), columns)


def identities(sheet: Sheet, rows: Sequence[DraftRow]) -> list[str]:
    """Rows in; what each is about out, unique in the sheet: its key, else `~look:n`, else the row above and a distance.

    So a header stays a header and a sentence a sentence when tables above them grow.
    """
    seen: Counter[str] = Counter()
    named: list[str] = []
    blanks = 0
    anchor = "~top"
    for number, row in enumerate(rows):
        key = sheet.row_keys.get(number)
        if key is None and all(value is None for value in row.held):
            blanks += 1
            named.append(f"{anchor}+{blanks}")
            continue
        name = key if key is not None else f"~{row.looks[0].partition('.')[0]}"
        seen[name] += 1
        anchor = name if key is not None and seen[name] == 1 else f"{name}:{seen[name]}"
        blanks = 0
        named.append(anchor)
    return named
