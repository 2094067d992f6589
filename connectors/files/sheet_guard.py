"""The parts of a zipped workbook → refused if they unpack to more than stated, or if a few cells span a huge sheet.

A reader lays a sheet out as a full rectangle, so two cells at A1 and XFD1048576 would take all memory of the machine.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from config.errors import SourceError
from connectors.files.error_cells import ErrorCells
from connectors.files.limits import MEGABYTE, Limits
from connectors.files.zip_guard import BROKEN

CHUNK_BYTES = MEGABYTE
CELL = re.compile(rb"""<(?:\w+:)?c [^>]*?r=["']([A-Z]{1,3})(\d{1,10})["']""")
FAR = re.compile(rb"""r=["'](?:[A-Z]{2}|[A-Z]?\d{7})""")
"""A column after Z or a row from a million on: only then is the size of the sheet worked out."""
MAX_CELLS_LAID_OUT = 50_000_000
LONGEST_CELL_BYTES = 200


def guard_sheets(path: Path, members: Sequence[zipfile.ZipInfo], name: str, limits: Limits) -> Mapping[str, ErrorCells]:
    """A workbook and its parts in; name of a part, in lower case → its error cells, where it has any, out.

    Raises SourceError for a lie about sizes or a rectangle that no memory holds.
    """
    left = limits.max_unpacked_bytes
    found: dict[str, ErrorCells] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members:
                is_far, errors = False, ErrorCells()
                for chunk in _chunks(archive, member):
                    left -= len(chunk)
                    if left < 0:
                        most = limits.max_unpacked_bytes // MEGABYTE
                        raise SourceError("files.too_big_unpacked", file=name, size_mb=most + 1, most_mb=most)
                    is_far = is_far or bool(FAR.search(chunk))
                    errors.take(chunk)
                errors.end()
                if errors:
                    found[member.filename.casefold()] = errors
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
