"""XLSX, XLSM and XLS → a RawTable for each sheet, read by calamine; macros and links are never followed."""

import json
import posixpath
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
import python_calamine as calamine
from defusedxml.common import DefusedXmlException

from config.documents import RawTable
from config.errors import SourceError
from connectors.a1 import column_number
from connectors.files.cells import marked
from connectors.files.table import MEGABYTE, Kind, Limits, Opened, Spool
from connectors.files.workbook.odd_cells import OddCells, money_styles
from connectors.files.zip_guard import BROKEN, guard
from connectors.human_tables import cut_filled_down

CHUNK_ROWS = 4096
OTHER_BOOKS = ("xl/workbook.bin", "content.xml")
"""Hearts of XLSB and ODS workbooks, whose size cannot be judged before they are laid out in memory."""
MOST_FILLED_DOWN = 100_000
"""Rows of a sheet that a person fills with formulas beyond its end."""
CELLS_IN_MEMORY = 4_000_000
"""A sheet of 200,000 rows stays in memory; one of a million goes to disk."""

UNREADABLE = (calamine.CalamineError, calamine.ZipError, calamine.XmlError, ValueError, OSError)


def read_xlsx(file: Opened) -> list[RawTable]:
    """A zipped workbook in; its sheets that hold something out. Bombs are refused before anything is unpacked."""
    members = guard(file.path, file.name, file.limits)
    if any(member.filename.casefold() in OTHER_BOOKS for member in members):
        raise SourceError("files.other_workbook", file=file.name)
    found = guard_sheets(file.path, members, file.name, file.limits)
    parts = sheet_parts(file.path, file.name) if found else {}
    odd = {sheet: found[part] for sheet, part in parts.items() if part in found}
    is_1904 = counts_from_1904(file.path, members)
    return [replace(table, is_1904=is_1904) for table in read_sheets(file, Kind.XLSX, CELLS_IN_MEMORY, odd)]


def read_sheets(
    file: Opened, kind: Kind, cells_in_memory: int, odd: Mapping[str, OddCells] | None = None
) -> list[RawTable]:
    """A workbook whose size is known to be bounded, and the odd cells of its sheets; its sheets that hold something.

    The library gives an error cell out as a blank one, and money of any country as a bare number.
    """
    known = odd or {}
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(file.path))
        with workbook:
            sheets = [(name, workbook.get_sheet_by_name(name)) for name in _names(workbook) if file.wants(name)]
            tables = [
                _table(file, sheet, Spool(file, kind, name, cells_in_memory), known.get(name)) for name, sheet in sheets
            ]
            hidden = _hidden(workbook)
    except calamine.PasswordError as error:
        raise SourceError("files.password", file=file.name) from error
    except UNREADABLE as error:
        raise SourceError(
            "files.broken_workbook", file=file.name, problem=str(error).splitlines()[0] if str(error) else ""
        ) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a library in Rust raises where it gives up
            raise
        raise SourceError("files.broken_workbook", file=file.name, problem="") from error
    found = [replace(table, is_hidden=table.origin.tab in hidden) for table in tables if table is not None]
    if not found:
        raise SourceError("files.empty_workbook", file=file.name, sheets=", ".join(workbook.sheet_names))
    return found


def _names(workbook: Any) -> list[str]:
    """Names of worksheets: the visible ones, then the hidden ones; charts and macro sheets are no tables."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    return [
        sheet.name for sheet in sorted(sheets, key=lambda sheet: sheet.visible != calamine.SheetVisibleEnum.Visible)
    ]


def _hidden(workbook: Any) -> set[str]:
    """Names of the sheets that are not shown."""
    return {sheet.name for sheet in workbook.sheets_metadata if sheet.visible != calamine.SheetVisibleEnum.Visible}


def _table(file: Opened, sheet: Any, spool: Spool, odd: OddCells | None) -> RawTable | None:
    if sheet.end is None:
        return None
    if sheet.width > file.limits.max_columns:
        raise SourceError(
            "files.too_wide", file=file.name, tab=sheet.name, columns=sheet.width, most=file.limits.max_columns
        )
    spool.merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    blank = ("",) * sheet.start[1]
    rows = sheet.iter_rows()  # from the first row of the sheet, but from the first column that holds something
    while chunk := list(islice(rows, CHUNK_ROWS)):
        if odd:
            odd.put_into(chunk, spool.count, len(blank))
        found = marked(chunk)
        spool.extend([(*blank, *row) for row in found] if blank else found)
    table = spool.table()
    if table and odd and odd.hidden:
        table = replace(table, hidden_rows=len(odd.hidden))
    return _without_filled_down(table, odd) if table and odd and odd.formulas else table


def _without_filled_down(table: RawTable, odd: OddCells) -> RawTable:
    """A sheet without the rows at its end in which formulas, filled down beyond the table, say nothing."""
    if not table.rows or len(table.rows) > MOST_FILLED_DOWN:
        return table
    rows = [list(row) for row in table.rows]
    cut_filled_down(rows, odd.formulas.flags(len(rows), max(map(len, rows))))
    kept = table.rows[: len(rows)]
    return replace(table, rows=kept, head=kept[: len(table.head)])


# BIFF has no sizes to judge before reading: a few wrong bytes make the reader lay out a sheet of billions of cells.
# So it is read in a process of its own with bounded memory: there the process ends, not ours. It costs a tenth of a
# second, and such files are rare.

MEMORY_BYTES = 3072 * MEGABYTE
SECONDS = 120
CHILD = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from connectors.files.workbook.read_workbook import read_for_parent
read_for_parent()
"""


def read_xls(file: Opened) -> list[RawTable]:
    """A BIFF workbook in; its sheets that hold something out."""
    asked = {"path": str(file.path), "name": file.name, "source": file.source, "sheets": list(file.sheets)}
    command = [sys.executable, "-c", CHILD, json.dumps(sys.path), json.dumps(asked)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603  # our own module
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise SourceError("files.broken_workbook", file=file.name, problem="BIFF") from error
    if "error" in answer:
        raise SourceError(answer["error"], **answer["facts"])
    return [_as_told(file, sheet) for sheet in answer["sheets"]]


def _as_told(file: Opened, sheet: dict[str, Any]) -> RawTable:
    merged = [(area[0], area[1], area[2], area[3]) for area in sheet["merged"]]
    return replace(file.table(sheet["rows"], Kind.XLS, sheet["tab"], merged), is_hidden=sheet["is_hidden"])


def read_for_parent() -> None:
    """What the other process does: read the workbook named in its arguments, print its sheets as JSON."""
    _bound_memory()
    asked = json.loads(sys.argv[2])
    path = Path(asked["path"])
    file = Opened(path, asked["name"], asked["source"], Limits(), path.parent, tuple(asked["sheets"]))
    try:
        found = [replace(table, head=()) for table in read_sheets(file, Kind.XLS, sys.maxsize)]
        sheets = [
            {"tab": one.origin.tab, "rows": one.rows, "merged": list(one.merged), "is_hidden": one.is_hidden}
            for one in found
        ]
        answer: dict[str, Any] = {"sheets": sheets}
    except SourceError as error:
        answer = {"error": error.key, "facts": error.facts}
    json.dump(answer, sys.stdout)


def _bound_memory() -> None:
    """Where the system can: what asks for more ends this process."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# The parts of a zipped workbook → refused if they unpack to more than stated, or if a few cells span a huge sheet: a
# reader lays a sheet out as a full rectangle, so two cells at A1 and XFD1048576 would take all memory of the machine.

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
