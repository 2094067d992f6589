"""Formulas of an XLSX → their places; those that no program has computed its reader gives out as blank cells.

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
FORMULA = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'])[^<>]*>\s*<(?:\w+:)?f[\s/>]""")
"""A cell with a formula, computed or not."""
END_OF_ROW = b"row>"
COLUMN_BITS = 16


class FormulaCells:
    """Takes one part of a workbook, chunk by chunk; then tells its formulas, and puts those without a value into rows.

    A cell is one number (row, column), so that a column of a million formulas takes eight megabytes.
    """

    def __init__(self) -> None:
        self._all, self._uncomputed = array("Q"), array("Q")
        self._rest = b""

    def __bool__(self) -> bool:
        return bool(self._all)

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part; a row that is not whole waits for what follows."""
        buffer = self._rest + chunk
        end = buffer.rfind(END_OF_ROW) + len(END_OF_ROW)
        whole = end if end >= len(END_OF_ROW) else max(0, len(buffer) - MEGABYTE)
        if any(sign in buffer[:whole] for sign in SIGNS):
            for found, pattern in ((self._all, FORMULA), (self._uncomputed, UNCOMPUTED)):
                found.extend(_key(row, letters) for letters, row in pattern.findall(buffer, 0, whole))
        self._rest = buffer[whole:]

    def end(self) -> None:
        """The part is over."""
        self._rest = b""
        self._all, self._uncomputed = array("Q", sorted(self._all)), array("Q", sorted(self._uncomputed))

    def flags(self, rows: int, width: int) -> list[list[bool]]:
        """How many rows a sheet has from its top, and how wide they are, in; whether each cell has a formula out."""
        found = [[False] * width for _ in range(rows)]
        for key in self._all[: bisect_left(self._all, rows << COLUMN_BITS)]:
            if (column := key % (1 << COLUMN_BITS)) < width:
                found[key >> COLUMN_BITS][column] = True
        return found

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; blank ones without a value are filled in."""
        known = self._uncomputed
        start, end = (bisect_left(known, row << COLUMN_BITS) for row in (first_row, first_row + len(rows)))
        for key in known[start:end]:
            row, column = key >> COLUMN_BITS, key % (1 << COLUMN_BITS)
            cells, place = rows[row - first_row], column - first_column
            if 0 <= place < len(cells) and cells[place] == "":
                cells[place] = MarkedCell(f"{ERROR_MARK}=… ({cell_name(row, column)})")


def _key(row: bytes, letters: bytes) -> int:
    return max(0, int(row) - 1) << COLUMN_BITS | column_number(letters.decode())
