"""A sheet's part of an XLSX → what its reader does not tell: errors, formulas, whose money it is, what is hidden.

A formula that failed, or that no program has computed, holds an amount that nobody knows; the reader gives a blank
cell, which holds none. The parts of a workbook go through here while their sizes are counted, so that one without such
cells pays for a search of a few bytes.
"""

import re
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from config.documents import ERROR_MARK
from connectors.a1 import cell_name, column_number
from connectors.files.cells import ERRORS, MarkedCell
from connectors.files.table import MEGABYTE
from connectors.files.zip_guard import BROKEN
from connectors.shown_money import ROUBLES, money_text, shown_currency

LONGEST_TAG_BYTES = 1000
COLUMN_BITS, CODE_BITS = 16, 8
COLUMNS, CODES = 1 << COLUMN_BITS, 1 << CODE_BITS


class OddCells:
    """Takes one part of a workbook, chunk by chunk; then puts what it found into the rows of its sheet."""

    def __init__(self, money: Mapping[str, str]) -> None:
        """Number of a cell's style → the currency it shows."""
        self.formulas, self.hidden = FormulaCells(), HiddenRows()
        self._kinds = (ErrorCells(), self.formulas, MoneyCells(money))

    def __bool__(self) -> bool:
        return any(self._kinds) or len(self.hidden) > 0

    def take(self, chunk: bytes) -> None:
        """The next bytes of the sheet's part."""
        for kind in self._kinds:
            kind.take(chunk)
        self.hidden.take(chunk)

    def end(self) -> None:
        """The part is over."""
        for kind in self._kinds:
            kind.end()

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; they are put right."""
        for kind in self._kinds:
            kind.put_into(rows, first_row, first_column)


class Places:
    """Cells of a sheet, each with a code.

    One is one number (row, column, code), so that a column of a million takes eight megabytes.
    """

    def __init__(self) -> None:
        self._keys = array("Q")

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, row: bytes, letters: bytes, code: int = 0) -> None:
        """A cell as its name tells it."""
        place = max(0, int(row) - 1) << COLUMN_BITS | column_number(letters.decode())
        self._keys.append(place << CODE_BITS | code)

    def sort(self) -> None:
        """All are found."""
        self._keys = array("Q", sorted(self._keys))

    def codes(self) -> set[int]:
        """All codes that there are."""
        return {key % CODES for key in self._keys}

    def within(self, first_row: int, last_row: int) -> Iterator[tuple[int, int, int]]:
        """Rows from the first up to before the last, counted from 0, in; row, column and code of each cell out."""
        start, end = (bisect_left(self._keys, row << COLUMN_BITS + CODE_BITS) for row in (first_row, last_row))
        for key in self._keys[start:end]:
            yield key >> COLUMN_BITS + CODE_BITS, (key >> CODE_BITS) % COLUMNS, key % CODES

    def put_into(self, blank: Sequence[list[Any]], first_row: int, first_column: int, texts: Sequence[str]) -> None:
        """Cells of a sheet that are blank there are filled with what their code means, and their name."""
        for row, column, code in self.within(first_row, first_row + len(blank)):
            cells, place = blank[row - first_row], column - first_column
            if 0 <= place < len(cells) and cells[place] == "":
                cells[place] = MarkedCell(f"{ERROR_MARK}{texts[code]} ({cell_name(row, column)})")


# Error cells: `#N/A`, `#REF!`.

SIGNS = (b't="e"', b"t='e'")
"""The type of an error cell."""
TEXTS = tuple(sorted(ERRORS))
TEXT_CODES = {text.encode(): code for code, text in enumerate(TEXTS)}
OVERLAP_BYTES = 64 * 1024
"""Longer than a cell with its formula: 8,192 characters, each written out as an entity."""
ERROR_CELL = re.compile(
    rb"""<(?>(?:\w+:)?c\s(?:[^<>]*?\s)??r=["']([A-Z]{1,3})(\d{1,7})["'])[^<>]*+>\s*+"""
    rb"(?:<(?:\w+:)?f\b[^<>]*+>(?:[^<]*+</(?:\w+:)?f>)?\s*+)?"
    rb"<(?:\w+:)?v(?:\s[^<>]*+)?>\s*+(#[^<\s]{1,20})\s*+<"
)
"""A cell with its formula and value. Nothing is tried twice, so that a hostile part costs no more than its length."""


class ErrorCells:
    """Takes one part of a workbook, chunk by chunk; then puts the errors it found into the rows of its sheet."""

    def __init__(self) -> None:
        self._found = Places()
        self._rest = b""
        self._is_pending = False

    def __bool__(self) -> bool:
        return len(self._found) > 0

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
        self._found.sort()

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; blank ones that are errors are filled in."""
        self._found.put_into(rows, first_row, first_column, TEXTS)

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
                cell = ERROR_CELL.match(buffer, start, start + OVERLAP_BYTES) if start >= 0 else None
                if cell and cell[3] in TEXT_CODES:
                    self._found.add(cell[2], cell[1], TEXT_CODES[cell[3]])
                following = cell.end() if cell else buffer.find(b"<", position)
                position = buffer.find(sign, following) if following >= 0 else -1
        self._rest = buffer[max(0, limit) :]


def _has_sign(chunk: bytes) -> bool:
    return SIGNS[0] in chunk or (b"'" in chunk and SIGNS[1] in chunk)


# Formulas; what writes workbooks without Excel often leaves their values out.

FORMULA_SIGNS = (b"<f", b":f")
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


class FormulaCells:
    """Takes one part of a workbook, chunk by chunk; then tells its formulas, and puts in those without a value."""

    def __init__(self) -> None:
        self._all, self._uncomputed = Places(), Places()
        self._rest = b""

    def __bool__(self) -> bool:
        return len(self._all) > 0

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part; a row that is not whole waits for what follows."""
        buffer = self._rest + chunk
        end = buffer.rfind(END_OF_ROW) + len(END_OF_ROW)
        whole = end if end >= len(END_OF_ROW) else max(0, len(buffer) - MEGABYTE)
        if any(sign in buffer[:whole] for sign in FORMULA_SIGNS):
            for found, pattern in ((self._all, FORMULA), (self._uncomputed, UNCOMPUTED)):
                for letters, row in pattern.findall(buffer, 0, whole):
                    found.add(row, letters)
        self._rest = buffer[whole:]

    def end(self) -> None:
        """The part is over."""
        self._rest = b""
        self._all.sort()
        self._uncomputed.sort()

    def flags(self, rows: int, width: int) -> list[list[bool]]:
        """How many rows a sheet has from its top, and how wide they are, in; whether each cell has a formula out."""
        found = [[False] * width for _ in range(rows)]
        for row, column, _ in self._all.within(0, rows):
            if column < width:
                found[row][column] = True
        return found

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; blank ones without a value are filled in."""
        self._uncomputed.put_into(rows, first_row, first_column, ("=…",))


# Money of a country. Only where a style of the workbook shows another money than roubles are its parts searched; what
# is shown in roubles is told apart only in a sheet that shows other money too.

STYLES = "xl/styles.xml"
MOST_BYTES = 16 * MEGABYTE


def money_styles(path: Path) -> Mapping[str, str]:
    """A workbook in; number of a cell's style → the currency it shows out; empty unless one is not roubles."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = next((one for one in archive.infolist() if one.filename.casefold() == STYLES), None)
            if part is None or part.file_size > MOST_BYTES:
                return {}
            with archive.open(part) as stream:
                root: Element = defusedxml.ElementTree.fromstring(stream.read(MOST_BYTES), forbid_dtd=True)
    except (*BROKEN, DefusedXmlException, ParseError, LookupError):
        return {}
    codes = {
        one.get("numFmtId"): currency
        for one in root.iter()
        if one.tag.endswith("}numFmt") and (currency := shown_currency(one.get("formatCode") or "")) is not None
    }
    styles = [one for found in root if found.tag.endswith("}cellXfs") for one in found]
    shown = {str(style): codes[known] for style, one in enumerate(styles) if (known := one.get("numFmtId")) in codes}
    return shown if set(shown.values()) - {ROUBLES} else {}


class MoneyCells:
    """Takes one part of a workbook, chunk by chunk; then says in the rows of its sheet which money is which."""

    def __init__(self, styles: Mapping[str, str]) -> None:
        """Number of a cell's style → the currency it shows; none, and nothing is searched for."""
        self._styles = styles
        self._currencies = sorted(set(styles.values()))
        self._found = Places()
        self._rest = b""
        numbers = "|".join(styles).encode()
        self._cell = re.compile(
            rb"""<(?:\w+:)?c\s(?=[^<>]*?\bs=["'](""" + numbers + rb""")["'])"""
            rb"""(?=[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'])"""
        )

    def __bool__(self) -> bool:
        return len(self._found) > 0

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part."""
        if not self._styles:
            return
        buffer = self._rest + chunk
        last = max(buffer.rfind(b"<"), len(buffer) - LONGEST_TAG_BYTES)
        whole = last if buffer[last : last + 1] == b"<" and b">" not in buffer[last:] else len(buffer)
        for style, letters, row in self._cell.findall(buffer, 0, whole):
            self._found.add(row, letters, self._currencies.index(self._styles[style.decode()]))
        self._rest = buffer[whole:]

    def end(self) -> None:
        """The part is over."""
        self._rest = b""
        if {self._currencies[code] for code in self._found.codes()} <= {ROUBLES}:
            self._found = Places()
        self._found.sort()

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; numbers among them get their currency."""
        for row, column, code in self._found.within(first_row, first_row + len(rows)):
            cells, place = rows[row - first_row], column - first_column
            if 0 <= place < len(cells) and type(cells[place]) in (int, float):
                cells[place] = MarkedCell(money_text(cells[place], self._currencies[code]))


# Rows that a filter or a person has hidden: they are read like all others, and told of.

ROW_BYTES = 2000
"""Longer than the tag of a row."""
HIDDEN = re.compile(
    rb"""<(?:\w+:)?row\s(?=[^<>]*?\br=["'](\d{1,7})["'])(?=[^<>]*?\bhidden=["'](?:1|true)["'])[^<>]*+(?<!/)>\s*+<(?:\w+:)?c\b"""
)
"""A hidden row that has cells."""


class HiddenRows:
    """Takes one part of a workbook, chunk by chunk; then tells how many rows are hidden."""

    def __init__(self) -> None:
        self._found: set[bytes] = set()
        self._rest = b""

    def __len__(self) -> int:
        return len(self._found)

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part."""
        buffer = self._rest + chunk
        if b"hidden=" in buffer:
            self._found.update(HIDDEN.findall(buffer))
        self._rest = buffer[-ROW_BYTES:]
