"""What every reader is given: one file on disk, what to call it, and how much of it to take."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from glob import escape
from io import TextIOWrapper
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Any

import duckdb

from config.documents import Dialect, Origin, RawTable
from config.errors import SourceError

if TYPE_CHECKING:
    from _csv import Writer

# How much of a file may be taken in before it is refused.

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one file; the client's `settings.loading` sets the first two."""

    max_file_bytes: int = 4096 * MEGABYTE
    max_unpacked_bytes: int = 2048 * MEGABYTE
    """Of everything inside one archive or workbook together."""
    max_ratio: int = 200
    """Unpacked to packed, of one member; ordinary workbooks stay below 60. Only members above 10 MB are judged."""
    max_members: int = 2000
    max_columns: int = 2000
    in_memory_bytes: int = 1 * MEGABYTE
    """A plain text file up to this size is read into rows; a larger one stays on disk."""
    max_document_bytes: int = 64 * MEGABYTE
    """Of containers that cannot be read in parts (JSON, bank statements)."""

    @classmethod
    def of_megabytes(cls, max_file_mb: int, max_unpacked_mb: int) -> Limits:
        """The two settings of a client, in megabytes; Limits out."""
        return cls(max_file_bytes=max_file_mb * MEGABYTE, max_unpacked_bytes=max_unpacked_mb * MEGABYTE)


HEAD_ROWS, TAIL_ROWS = 40, 10


class Kind(StrEnum):
    """Containers, told by content."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    HTML = "html"
    SPREADSHEETML = "spreadsheetml"
    ZIP = "zip"
    BANK = "1c"
    JSON = "json"


@dataclass(frozen=True)
class Opened:
    """One file to read."""

    path: Path
    name: str
    """What people call it: relative to the client's folder, with `!member` inside an archive."""
    source: str
    limits: Limits
    scratch: Path
    """A folder of the caller's for files that must be rewritten; it may be cleared after loading."""
    sheets: Sequence[str] = field(default_factory=tuple)
    """Patterns of sheet names; empty = every sheet."""
    member: str | None = None

    def wants(self, sheet: str) -> bool:
        """Whether a sheet of this name is to be read."""
        return not self.sheets or any(fnmatchcase(sheet.casefold(), pattern.casefold()) for pattern in self.sheets)

    def origin(self, tab: str | None = None) -> Origin:
        """Where a table of this file comes from."""
        return Origin(self.source, f"{self.name}!{tab}" if tab else self.name, tab, member=self.member)

    def whole(self) -> bytes:
        """All of a document that is taken in at once. Raises SourceError for one that is too big for that."""
        size, most = self.path.stat().st_size, self.limits.max_document_bytes
        if size > most:
            raise SourceError("files.too_big", file=self.name, size_mb=size // MEGABYTE, most_mb=most // MEGABYTE)
        return self.path.read_bytes()

    def table(
        self,
        rows: Sequence[Sequence[str]],
        kind: Kind,
        tab: str | None = None,
        merged: Sequence[tuple[int, int, int, int]] = (),
    ) -> RawTable:
        """A table whose every row is in memory."""
        return RawTable(self.origin(tab), rows[:HEAD_ROWS], rows, container=kind.value, merged=merged)


# A text file on disk and how it is read → the SQL that reads it, and answers about rows far below its head.

LONGEST_RECORD = 4 * 1024 * 1024
"""Bytes; DuckDB takes buffers of sixteen times as many for each core."""
SPACES = " \t\r\n\xa0"


def read_csv_sql(dialect: Dialect, names: Sequence[str], first: int, *others: Path) -> str:
    """How to read a file, the names of its columns from the left, and its first record of data; a relation out.

    All text; an empty cell is NULL; a short record is padded, and so is an even file of fewer columns; the order is
    kept. `others` are files that are read the same way and follow it.
    """
    held = names[: dialect.columns] if dialect.is_even else names
    lacking = "".join(f", null::varchar as {name}" for name in names[len(held) :])
    quote = "'\"'" if dialect.has_quotes else "''"
    padding = "" if dialect.is_even else ", null_padding = true"
    there = f"""read_csv({paths_sql([dialect.path, *others])}, header = false, auto_detect = false,
        delim = {quoted(dialect.delimiter)}, quote = {quote}, escape = {quote}, encoding = '{dialect.encoding}',
        skip = {first}, columns = {columns_sql(held)}, strict_mode = false,
        max_line_size = {LONGEST_RECORD}, nullstr = ''{padding})"""
    return f"(select *{lacking} from {there})" if lacking else there


def paths_sql(paths: Sequence[Path]) -> str:
    """Files as read_csv takes them: a name like `calls[1].csv` is no pattern."""
    return f"[{', '.join(quoted(escape(str(path))) for path in paths)}]"


def columns_sql(names: Sequence[str]) -> str:
    """Names of columns; the map of them that read_csv wants, all of them text."""
    return "{" + ", ".join(f"'{name}': 'varchar'" for name in names) + "}"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def meant(text: str, code_page: str | None) -> str:
    """What a file of that code page says where its bytes were read as Latin-1."""
    return text if code_page is None or text.isascii() else text.encode("latin-1").decode(code_page, "replace")


@dataclass(frozen=True)
class OnDisk:
    """Answers about every row of a file; see `Beyond`."""

    dialect: Dialect

    def has_value(self, place: int, first: int) -> bool:
        """Whether some row has a text in this column."""
        return bool(self._rows(f"select 1 from {{}} where {_text(place)} <> '' limit 1", first, place))

    def blanks(self, places: Sequence[int], first: int) -> Sequence[int]:
        """How many rows have no text in each of these columns."""
        counted = ", ".join(f"count(*) filter (where coalesce({_text(place)}, '') = '')" for place in places)
        return self._rows(f"select {counted} from {{}}", first, max(places))[0] if places else ()

    def differ(self, one: int, other: int, first: int) -> bool:
        """Whether some row has a text in the column `other` that is not what stands in `one`."""
        where = f"{_text(other)} <> '' and {_text(other)} is distinct from {_text(one)}"
        return bool(self._rows(f"select 1 from {{}} where {where} limit 1", first, max(one, other)))

    def texts(self, place: int, first: int) -> Iterator[str]:
        """The distinct texts of a column, as meant, up to a thousand of them."""
        found = self._rows(f"select distinct x{place} from {{}} where x{place} is not null limit 1000", first, place)
        return (meant(text, self.dialect.code_page) for (text,) in found)

    def _rows(self, sql: str, first: int, last_place: int) -> list[tuple[Any, ...]]:
        """A question over the file, whose columns are `x0`, `x1` and so on."""
        names = [f"x{place}" for place in range(max(self.dialect.columns, last_place + 1))]
        with duckdb.connect() as connection:
            return connection.execute(sql.format(read_csv_sql(self.dialect, names, first))).fetchall()


def _text(place: int) -> str:
    return f"trim(x{place}, {quoted(SPACES)})"


# Rows that come one by one → a RawTable: in memory while they are few, on disk when they are many.

CELLS_IN_MEMORY = 1_000_000
DELIMITER = "\t"


class Spool:
    """Takes rows; beyond `cells_in_memory` cells it writes them to a file in the scratch folder.

    That file is utf-8, tab-separated, every record of one width and blank rows kept as records, so that the warehouse
    reads it on all cores with the row numbers a person sees.
    """

    def __init__(
        self, file: Opened, kind: Kind, tab: str | None = None, cells_in_memory: int = CELLS_IN_MEMORY
    ) -> None:
        self._file, self._kind, self._tab = file, kind, tab
        self._cells_left = cells_in_memory
        self._rows: list[Sequence[str]] = []
        self._head: list[Sequence[str]] = []
        self._tail: deque[Sequence[str]] = deque(maxlen=TAIL_ROWS)
        self._width = 0
        self._is_even = True
        self._stream: TextIOWrapper | None = None
        self._path = Path()
        self.merged: list[tuple[int, int, int, int]] = []
        self.count = 0

    @property
    def is_spilled(self) -> bool:
        """Whether rows have gone to disk."""
        return self._stream is not None

    def add(self, row: Sequence[str]) -> None:
        """Take the next row."""
        self.count += 1
        self._cells_left -= len(row) + 1
        if self._stream is None:
            self._rows.append(row)
            if self._cells_left < 0:
                self._spill()
        else:
            self._write(row)

    def extend(self, rows: Sequence[Sequence[str]]) -> None:
        """Take many rows at once."""
        if self._stream is None:
            self._rows += rows
            self.count += len(rows)
            self._cells_left -= sum(map(len, rows)) + len(rows)
            if self._cells_left < 0:
                self._spill()
        else:
            for row in rows:
                self.add(row)

    def table(self) -> RawTable | None:
        """The document, or None if nothing was added. The spool is closed."""
        if self._stream is None:
            has_value = any(cell.strip() for row in self._rows for cell in row)
            return self._file.table(self._rows, self._kind, self._tab, self.merged) if has_value else None
        self._stream.close()
        if not self._is_even:
            self._path = _evened(self._path, self._width, self._file.scratch)
        dialect = Dialect(self._path, "utf-8", None, DELIMITER, 0, self._width, is_even=True)
        return RawTable(
            self._file.origin(self._tab),
            self._head,
            dialect=dialect,
            beyond=OnDisk(dialect),
            tail=list(self._tail),
            container=self._kind.value,
            merged=[area for area in self.merged if area[0] < HEAD_ROWS],
        )

    def discard(self) -> None:
        """Close and remove what was written, after an error."""
        if self._stream is not None:
            self._stream.close()
            self._path.unlink(missing_ok=True)

    def _spill(self) -> None:
        self._width = max(map(len, self._rows))
        self._stream, self._path = _new_file(self._file.scratch)
        self._writer = _writer(self._stream)
        rows, self._rows = self._rows, []
        for row in rows:
            self._write(row)

    def _write(self, row: Sequence[str]) -> None:
        if len(row) > self._width:
            self._width, self._is_even = len(row), False
        if "\r" in "".join(row):  # csv.writer would leave a bare carriage return unquoted
            row = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]
        if len(self._head) < HEAD_ROWS:
            self._head.append(row)
        self._tail.append(row)
        self._writer.writerow([*row, *[""] * (self._width - len(row))] if len(row) < self._width else row)


def _new_file(folder: Path) -> tuple[TextIOWrapper, Path]:
    handle, name = mkstemp(suffix=".tsv", dir=folder)
    stream = open(handle, "w", encoding="utf-8", newline="", buffering=1024 * 1024)  # noqa: PTH123, SIM115  # a descriptor
    return stream, Path(name)


def _writer(stream: TextIOWrapper) -> Writer:
    return csv.writer(stream, delimiter=DELIMITER, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)


def _evened(path: Path, width: int, folder: Path) -> Path:
    """A file whose first records are narrower than later ones; a copy in which all are of one width."""
    stream, even = _new_file(folder)
    writer = _writer(stream)
    with stream, path.open(encoding="utf-8", newline="") as narrow:
        for row in csv.reader(narrow, delimiter=DELIMITER):
            writer.writerow(row + [""] * (width - len(row)))
    path.unlink()
    return even
