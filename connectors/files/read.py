"""A found file → every table in it. The container is chosen by content; READERS is the only list of kinds."""

import errno
from collections.abc import Callable, Sequence
from pathlib import Path

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.find import FoundFile
from connectors.files.kind import kind_of
from connectors.files.read_bank import read_bank
from connectors.files.read_html import read_html
from connectors.files.read_json import read_json
from connectors.files.read_spreadsheetml import read_spreadsheetml
from connectors.files.read_zip import read_zip
from connectors.files.table import Kind, Limits, Opened
from connectors.files.text.read_csv import read_csv
from connectors.files.workbook.read_workbook import read_xls, read_xlsx

READERS: dict[Kind, Callable[[Opened], list[RawTable]]] = {
    Kind.CSV: read_csv,
    Kind.XLSX: read_xlsx,
    Kind.XLS: read_xls,
    Kind.HTML: read_html,
    Kind.SPREADSHEETML: read_spreadsheetml,
    Kind.BANK: read_bank,
    Kind.JSON: read_json,
    Kind.ZIP: lambda file: read_zip(file, read_opened),
}


def read(
    found: FoundFile,
    source: str,
    scratch: Path,
    limits: Limits | None = None,
    sheets: Sequence[str] = (),
) -> list[RawTable]:
    """A found file and the source's name in; every table of the file out: sheets, members of an archive.

    `sheets` are patterns of sheet names (empty = all). `scratch` is a folder where a large file may be rewritten for
    the warehouse; a document may name a file there, so the caller clears it after loading.
    Raises SourceError for what is empty, broken, locked, hostile or no table.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    opened = Opened(found.path, found.file, source, limits or Limits(), scratch, tuple(sheets))
    tables = read_opened(opened)
    if not tables:
        raise SourceError("files.no_such_sheet", file=found.file, wanted=", ".join(sheets))
    return tables


def read_opened(file: Opened) -> list[RawTable]:
    """One file, or one unpacked member of an archive; its tables."""
    try:
        return READERS[kind_of(file.path, file.name)](file)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise SourceError("files.no_room", file=file.name) from error
        raise SourceError("files.unreadable", file=file.name, problem=error) from error
