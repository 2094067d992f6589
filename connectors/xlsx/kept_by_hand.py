"""A workbook that a person keeps → the same workbook with one row more, all the rest as they left it."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from config.errors import TargetError
from connectors.files.table import MEGABYTE, Limits
from connectors.files.zip_guard import BROKEN, guard

LIMITS = Limits(max_unpacked_bytes=64 * MEGABYTE)
LOST = re.compile(
    r"xl/(drawings/drawing|charts/|chartsheets/|media/|embeddings/|pivot|slicer|threadedComments/|persons/|vbaProject"
    r"|queryTables/|connections|ctrlProps/|activeX/|model/|externalLinks/)"
)
"""Parts of a workbook that are gone, or only half there, once openpyxl has written it."""
LOST_BELOW = b"<extLst"
"""What newer programs keep at the end of a sheet: rules and lists that openpyxl does not know."""

UNREADABLE = (*BROKEN, AttributeError, IndexError, TypeError, SyntaxError, InvalidFileException)
"""Everything openpyxl raises over a workbook that it does not understand; some other program may."""
LOOKS = ("font", "fill", "border", "alignment", "protection", "number_format")


@dataclass(frozen=True)
class Row:
    """A row of a table in a workbook: how its header is known, and its cells once the header's order is."""

    is_header: Callable[[Sequence[str]], bool]
    cells: Callable[[Sequence[str]], Sequence[str]]
    key: Callable[[Sequence[str]], Sequence[int]]
    """Columns, from 0, in which an earlier row of the same place has the same cells: it is replaced."""


def with_row(path: Path, title: str, header: Sequence[str], row: Row) -> bytes | None:
    """A workbook's path, the title and header of a new one, and a row in; the workbook's bytes with the row out.

    None where the workbook holds something that would not outlive it (pictures, charts, pivot tables, macros), cannot
    be read whole, or has no header of such a table: nothing is written then. Raises TargetError for a workbook that a
    program has open, SourceError for a hostile one.
    """
    if not path.exists():
        return _saved(_new(title, header, row))
    if any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#")):
        raise TargetError("xlsx.open", file=path.name)
    guard(path, path.name, LIMITS)
    try:
        if _loses(path):
            return None
        book = load_workbook(path, rich_text=True)
    except UNREADABLE:
        return None
    for sheet in book.worksheets:
        for number, texts in enumerate(_texts(sheet), 1):
            if row.is_header(texts):
                _put(sheet, number, texts, row)
                return _saved(book)
    return None


def _loses(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        return any(map(LOST.match, names)) or any(LOST_BELOW in archive.read(name) for name in sheets)


def _new(title: str, header: Sequence[str], row: Row) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet.freeze_panes = title, "A2"
    for texts in (header, row.cells(header)):
        _write(sheet, sheet.max_row + (texts is not header), texts)
    for column in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    return book


def _put(sheet: Worksheet, header_at: int, header: Sequence[str], row: Row) -> None:
    """Instead of an earlier row of its place, else below the last one, which looks as the one above it does."""
    wanted, key = row.cells(header), row.key(header)
    rows = list(enumerate(_texts(sheet), 1))[header_at:]
    filled = [number for number, texts in rows if any(texts[: len(header)])]
    last = max(filled, default=header_at)
    for number, texts in rows:
        if number in filled and all(texts[at].strip() == wanted[at] for at in key):
            _write(sheet, number, wanted)
            return
    _write(sheet, last + 1, wanted, like=last if last > header_at else None)
    _extend(sheet, last)


def _texts(sheet: Worksheet) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _write(sheet: Worksheet, number: int, texts: Sequence[str], like: int | None = None) -> None:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(number, column)
        if like is not None:
            for look in LOOKS:
                setattr(cell, look, copy(getattr(sheet.cell(like, column), look)))
        cell.value = text or None
        if text:
            cell.data_type = "s"  # text that begins with = stays text


def _extend(sheet: Worksheet, last: int) -> None:
    """A table or a filter that ended with the last row ends with the new one."""
    for table in sheet.tables.values():
        if range_boundaries(table.ref)[3] == last:
            table.ref = _longer(table.ref, last)
            if table.autoFilter is not None:
                table.autoFilter.ref = table.ref
    if sheet.auto_filter.ref and range_boundaries(sheet.auto_filter.ref)[3] == last:
        sheet.auto_filter.ref = _longer(sheet.auto_filter.ref, last)


def _longer(ref: str, last: int) -> str:
    return re.sub(rf"{last}$", str(last + 1), ref)


def _saved(book: Workbook) -> bytes:
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()
