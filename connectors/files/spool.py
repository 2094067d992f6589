"""Rows that come one by one → a RawTable: in memory while they are few, on disk when they are many."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from config.documents import Dialect, RawTable
from connectors.files.on_disk import OnDisk
from connectors.files.opened import HEAD_ROWS, TAIL_ROWS, Kind, Opened

if TYPE_CHECKING:
    from _csv import Writer

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
        for row in _records(narrow):
            writer.writerow(row + [""] * (width - len(row)))
    path.unlink()
    return even


def _records(stream: Iterator[str]) -> Iterator[list[str]]:
    return csv.reader(stream, delimiter=DELIMITER)
