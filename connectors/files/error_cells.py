"""Error cells of an XLSX (`#N/A`, `#REF!`) → their places and texts, which its reader gives out as blank cells.

A formula that failed holds an amount that nobody knows; a blank cell holds none. The parts of a workbook go through
here while their sizes are counted, so that one without such cells pays for a search of a few bytes.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import Any

from config.documents import ERROR_MARK
from connectors.a1 import cell_name
from connectors.files.cells import ERRORS, MarkedError

SIGNS = (b't="e"', b"t='e'")
"""The type of an error cell."""
TEXTS = tuple(sorted(ERRORS))
CODES = {text.encode(): code for code, text in enumerate(TEXTS)}
OVERLAP_BYTES = 64 * 1024
"""Longer than a cell with its formula: 8,192 characters, each written out as an entity."""
LONGEST_TAG_BYTES = 1000
CELL = re.compile(
    rb"""<(?>(?:\w+:)?c\s(?:[^<>]*?\s)??r=["']([A-Z]{1,3})(\d{1,7})["'])[^<>]*+>\s*+"""
    rb"(?:<(?:\w+:)?f\b[^<>]*+>(?:[^<]*+</(?:\w+:)?f>)?\s*+)?"
    rb"<(?:\w+:)?v(?:\s[^<>]*+)?>\s*+(#[^<\s]{1,20})\s*+<"
)
"""A cell with its formula and value. Nothing is tried twice, so that a hostile part costs no more than its length."""
COLUMN_BITS, TEXT_BITS = 16, 8


class ErrorCells:
    """Takes one part of a workbook, chunk by chunk; then puts what it found into the rows of its sheet.

    A cell is one number (row, column, text), so that a column of a million errors takes eight megabytes.
    """

    def __init__(self) -> None:
        self._found = array("Q")
        self._rest = b""
        self._is_pending = False

    def __bool__(self) -> bool:
        return bool(self._found)

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part."""
        if self._is_pending or _has_sign(chunk) or _has_sign(self._rest[-4:] + chunk[:4]):
            self._search(self._rest + chunk, OVERLAP_BYTES)
        elif len(chunk) >= OVERLAP_BYTES:
            self._rest = chunk[-OVERLAP_BYTES:]
        else:
            self._rest = (self._rest + chunk)[-OVERLAP_BYTES:]

    def end(self) -> None:
        """The part is over."""
        if self._is_pending:
            self._search(self._rest, 0)
        self._rest = b""
        self._found = array("Q", sorted(self._found))

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; blank ones that are errors are filled in."""
        bits, mask = COLUMN_BITS + TEXT_BITS, (1 << COLUMN_BITS) - 1
        start, end = (bisect_left(self._found, row << bits) for row in (first_row, first_row + len(rows)))
        for key in self._found[start:end]:
            row, column = key >> bits, key >> TEXT_BITS & mask
            cells, place = rows[row - first_row], column - first_column
            if 0 <= place < len(cells) and cells[place] == "":
                text = TEXTS[key % (1 << TEXT_BITS)]
                cells[place] = MarkedError(f"{ERROR_MARK}{text} ({cell_name(row, column)})")

    def _search(self, buffer: bytes, kept: int) -> None:
        """Note the error cells that begin before the last `kept` bytes, which are searched again with what follows."""
        limit = len(buffer) - kept
        self._is_pending = False
        for sign in SIGNS:
            position = buffer.find(sign) if sign[2:3] in buffer else -1
            while position >= 0:
                start = buffer.rfind(b"<", max(0, position - LONGEST_TAG_BYTES), position)
                if start >= limit:
                    self._is_pending = True
                    break
                cell = CELL.match(buffer, start, start + OVERLAP_BYTES) if start >= 0 else None
                if cell:
                    self._note(*cell.groups())
                following = cell.end() if cell else buffer.find(b"<", position)
                position = buffer.find(sign, following) if following >= 0 else -1
        self._rest = buffer[max(0, limit) :]

    def _note(self, letters: bytes, row: bytes, text: bytes) -> None:
        code = CODES.get(text)
        if code is not None:
            self._found.append((max(0, int(row) - 1) << COLUMN_BITS | _column(letters)) << TEXT_BITS | code)


def _has_sign(chunk: bytes) -> bool:
    return SIGNS[0] in chunk or (b"'" in chunk and SIGNS[1] in chunk)


@cache
def _column(letters: bytes) -> int:
    """`A` → 0, `XFD` → 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
