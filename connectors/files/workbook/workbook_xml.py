"""The parts of a zipped workbook → refused if they unpack to more than stated, or if a few cells span a huge sheet.

A reader lays a sheet out as a full rectangle, so two cells at A1 and XFD1048576 would take all memory of the machine.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from config.documents import ERROR_MARK
from config.errors import SourceError
from connectors.a1 import cell_name
from connectors.files.cells import ERRORS, MarkedCell
from connectors.files.table import MEGABYTE, Limits
from connectors.files.workbook.hidden_rows import HiddenRows
from connectors.files.workbook.money_cells import MoneyCells, money_styles
from connectors.files.workbook.uncomputed import FormulaCells
from connectors.files.zip_guard import BROKEN

# Error cells of an XLSX (`#N/A`, `#REF!`) → their places and texts, which its reader gives out as blank cells.
#
# A formula that failed holds an amount that nobody knows; a blank cell holds none. The parts of a workbook go through
# here while their sizes are counted, so that one without such cells pays for a search of a few bytes.

SIGNS = (b't="e"', b"t='e'")
"""The type of an error cell."""
TEXTS = tuple(sorted(ERRORS))
CODES = {text.encode(): code for code, text in enumerate(TEXTS)}
OVERLAP_BYTES = 64 * 1024
"""Longer than a cell with its formula: 8,192 characters, each written out as an entity."""
LONGEST_TAG_BYTES = 1000
ERROR_CELL = re.compile(
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
                cells[place] = MarkedCell(f"{ERROR_MARK}{text} ({cell_name(row, column)})")

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
                if cell:
                    self._note(*cell.groups())
                following = cell.end() if cell else buffer.find(b"<", position)
                position = buffer.find(sign, following) if following >= 0 else -1
        self._rest = buffer[max(0, limit) :]

    def _note(self, letters: bytes, row: bytes, text: bytes) -> None:
        code = CODES.get(text)
        if code is not None:
            self._found.append((max(0, int(row) - 1) << COLUMN_BITS | _column_number(letters)) << TEXT_BITS | code)


def _has_sign(chunk: bytes) -> bool:
    return SIGNS[0] in chunk or (b"'" in chunk and SIGNS[1] in chunk)


@cache
def _column_number(letters: bytes) -> int:
    """`A` → 0, `XFD` → 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


CHUNK_BYTES = MEGABYTE
CELL = re.compile(rb"""<(?:\w+:)?c [^>]*?r=["']([A-Z]{1,3})(\d{1,10})["']""")
FAR = re.compile(rb"""r=["'](?:[A-Z]{2}|[A-Z]?\d{7})""")
"""A column after Z or a row from a million on: only then is the size of the sheet worked out."""
MAX_CELLS_LAID_OUT = 50_000_000
LONGEST_CELL_BYTES = 200


class OddCells:
    """What the reader does not tell of a sheet: errors, formulas, whose money it is, what is hidden."""

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


def guard_sheets(path: Path, members: Sequence[zipfile.ZipInfo], name: str, limits: Limits) -> Mapping[str, OddCells]:
    """A workbook and its parts in; name of a part, in lower case → its odd cells, where it has any, out.

    Raises SourceError for a lie about sizes or a rectangle that no memory holds.
    """
    left = limits.max_unpacked_bytes
    found: dict[str, OddCells] = {}
    money = money_styles(path)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members:
                is_far, odd = False, OddCells(money)
                for chunk in _chunks(archive, member):
                    left -= len(chunk)
                    if left < 0:
                        most = limits.max_unpacked_bytes // MEGABYTE
                        raise SourceError("files.too_big_unpacked", file=name, size_mb=most + 1, most_mb=most)
                    is_far = is_far or bool(FAR.search(chunk))
                    odd.take(chunk)
                odd.end()
                if odd:
                    found[member.filename.casefold()] = odd
                if is_far:
                    _measure(archive, member, name)
    except BROKEN as error:
        raise SourceError("files.broken_archive", file=name, problem=str(error)) from error
    return found


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as part:
        while chunk := part.read(CHUNK_BYTES):
            yield chunk


def _measure(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """Work out the rectangle that a sheet's cells span."""
    last_row, last_column = 0, 0
    rest = b""
    for chunk in _chunks(archive, member):
        for letters, row in CELL.findall(rest + chunk):
            last_row = max(last_row, int(row))
            last_column = max(last_column, _column(letters))
        rest = chunk[-LONGEST_CELL_BYTES:]
    if last_row * last_column > MAX_CELLS_LAID_OUT:
        tab, columns = Path(member.filename).stem, f"{last_column} × {last_row}"
        raise SourceError("files.too_wide", file=name, tab=tab, columns=columns, most=MAX_CELLS_LAID_OUT)


def _column(letters: bytes) -> int:
    """`A` → 1, `XFD` → 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# Which part of an XLSX holds which sheet, as the workbook itself says.

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MOST_BYTES = 16 * MEGABYTE
"""Of a part that lists sheets; Excel's own limits keep it far below."""


def sheet_parts(path: Path, name: str) -> dict[str, str]:
    """A workbook in; name of a sheet → name of its part, in lower case, out; empty where the lists cannot be read.

    Raises SourceError for a document type or an entity of its own.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {member.filename.casefold(): member for member in archive.infolist()}
            targets = {one.get("Id"): one.get("Target") or "" for one in _elements(archive, parts.get(RELATIONS))}
            sheets = [one for one in _elements(archive, parts.get(WORKBOOK)) if _local(one.tag) == "sheet"]
    except DefusedXmlException as error:
        raise SourceError("files.xml_entities", file=name) from error
    except (*BROKEN, ParseError, LookupError):
        return {}
    return {sheet.get("name") or "": _part(targets.get(_relation(sheet)) or "") for sheet in sheets}


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo | None) -> Iterator[Element]:
    """Every element of a small part."""
    if part is None or part.file_size > MOST_BYTES:
        return iter(())
    with archive.open(part) as stream:
        root: Element = defusedxml.ElementTree.fromstring(stream.read(MOST_BYTES), forbid_dtd=True)
    return root.iter()


def _relation(sheet: Element) -> str | None:
    return next((value for key, value in sheet.items() if key.startswith("{") and _local(key) == "id"), None)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _part(target: str) -> str:
    """A target, from the root or from the workbook's own folder, in; the part's name out."""
    return posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/"))).lstrip("/").casefold()


FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^<>]*?date1904=["'](?:1|true)["']""")


def counts_from_1904(path: Path, members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a workbook, known to be sound, says that its days are counted from 1904."""
    heart = next((member for member in members if member.filename.casefold() == "xl/workbook.xml"), None)
    if heart is None:
        return False
    with zipfile.ZipFile(path) as archive, archive.open(heart) as part:
        return bool(FROM_1904.search(part.read(MEGABYTE)))
