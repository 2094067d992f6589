"""The parts of a zipped workbook → refused if they unpack to more than stated, or if a few cells span a huge sheet.

A reader lays a sheet out as a full rectangle, so two cells at A1 and XFD1048576 would take all memory of the machine.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from config.errors import SourceError
from connectors.a1 import column_number
from connectors.files.table import MEGABYTE, Limits
from connectors.files.workbook.odd_cells import OddCells, money_styles
from connectors.files.zip_guard import BROKEN

CHUNK_BYTES = MEGABYTE
CELL = re.compile(rb"""<(?:\w+:)?c [^>]*?r=["']([A-Z]{1,3})(\d{1,10})["']""")
FAR = re.compile(rb"""r=["'](?:[A-Z]{2}|[A-Z]?\d{7})""")
"""A column after Z or a row from a million on: only then is the size of the sheet worked out."""
MAX_CELLS_LAID_OUT = 50_000_000
LONGEST_CELL_BYTES = 200


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
            last_column = max(last_column, column_number(letters.decode()) + 1)
        rest = chunk[-LONGEST_CELL_BYTES:]
    if last_row * last_column > MAX_CELLS_LAID_OUT:
        tab, columns = Path(member.filename).stem, f"{last_column} × {last_row}"
        raise SourceError("files.too_wide", file=name, tab=tab, columns=columns, most=MAX_CELLS_LAID_OUT)


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
