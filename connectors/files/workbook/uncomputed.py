"""Formulas of an XLSX that no program has computed → their places, which its reader gives out as blank cells.

What writes workbooks without Excel often leaves the values out. An amount that nobody computed is not a blank one.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from config.documents import ERROR_MARK
from connectors.a1 import cell_name, column_number
from connectors.files.cells import MarkedCell
from connectors.files.table import MEGABYTE

SIGNS = (b"<f", b":f")
"""Of a formula, with and without a prefix."""
UNCOMPUTED = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'])(?![^<>]*?\bt=["']str["'])[^<>]*>\s*"""
    rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v(?:\s[^<>]*)?(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
"""A cell with its formula and no value; one whose type is a text was computed, and its text is empty."""
END_OF_ROW = b"row>"
COLUMN_BITS = 16


class UncomputedCells:
    """Takes one part of a workbook, chunk by chunk; then puts what it found into the rows of its sheet."""

    def __init__(self) -> None:
        self._found = array("Q")
        self._rest = b""

    def __bool__(self) -> bool:
        return bool(self._found)

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part; a row that is not whole waits for what follows."""
        buffer = self._rest + chunk
        end = buffer.rfind(END_OF_ROW) + len(END_OF_ROW)
        whole = end if end >= len(END_OF_ROW) else max(0, len(buffer) - MEGABYTE)
        if any(sign in buffer[:whole] for sign in SIGNS):
            for letters, row in UNCOMPUTED.findall(buffer, 0, whole):
                self._found.append(max(0, int(row) - 1) << COLUMN_BITS | column_number(letters.decode()))
        self._rest = buffer[whole:]

    def end(self) -> None:
        """The part is over."""
        self._rest = b""
        self._found = array("Q", sorted(self._found))

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; blank ones without a value are filled in."""
        start, end = (bisect_left(self._found, row << COLUMN_BITS) for row in (first_row, first_row + len(rows)))
        for key in self._found[start:end]:
            row, column = key >> COLUMN_BITS, key % (1 << COLUMN_BITS)
            cells, place = rows[row - first_row], column - first_column
            if 0 <= place < len(cells) and cells[place] == "":
                cells[place] = MarkedCell(f"{ERROR_MARK}=… ({cell_name(row, column)})")
