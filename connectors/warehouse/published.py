"""ops.published: what was written where, in transactions of its own, so that a human edit is told from ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

Cell = TypeVar("Cell")
AT_ONCE = 5_000
"""Cells: what is handed over at a time, so that a very large report costs no memory to remember."""
LITTLE = "64MiB"
FIELDS = ("sheet_key", "row_key", "row", "column", "value", "format", "note")
"""Attributes of a cell, in the order of the columns below."""
COLUMNS = "sheet_key, row_key, cell_row, cell_column, value, format, note"


class PublishedMemory(Generic[Cell]):
    """Cells by target and publication (`stamp`); `make` rebuilds a cell from its fields, in the order of FIELDS."""

    def __init__(self, connection: Any, make: Callable[..., Cell], published_at: datetime) -> None:
        self._connection, self._make, self._published_at = connection, make, published_at

    def recall(self, target: str) -> Mapping[str, Iterable[Cell]]:
        """A target in; its publications by stamp, the latest last, each a stream of cells as they were written, out."""
        stamps = self._connection.execute(
            "select stamp from ops.published where target = ? group by stamp order by max(published_at), stamp",
            [target],
        ).fetchall()
        return {stamp: self._cells(target, stamp) for (stamp,) in stamps}

    def _cells(self, target: str, stamp: str) -> Iterator[Cell]:
        """The cells of one publication, equal texts kept once."""
        known: dict[str, str] = {}
        with self._connection.cursor() as cursor:
            found = cursor.execute(
                f"select {COLUMNS} from ops.published where target = ? and stamp = ?", [target, stamp]
            )
            while rows := found.fetchmany(AT_ONCE):
                for key, name, row, column, value, drawn, note in rows:
                    one = (known.setdefault(text, text) for text in (key, drawn or "", note or ""))
                    yield self._make(next(one), name, row, column, value, *one)

    def remember(self, target: str, stamp: str, cells: Iterable[Cell]) -> None:
        """Keep a publication beside the former ones; repeating a stamp replaces it."""
        with _little_memory(self._connection):
            self._write(target, stamp, cells)

    def _write(self, target: str, stamp: str, cells: Iterable[Cell]) -> None:
        self._connection.begin()
        self._connection.execute("delete from ops.published where target = ? and stamp = ?", [target, stamp])
        rest = iter(cells)
        while part := list(islice(rest, AT_ONCE)):
            lists = [[getattr(cell, name) for cell in part] for name in FIELDS]
            self._connection.execute(
                f"insert into ops.published (target, stamp, published_at, {COLUMNS})"
                f" select ?, ?, ?, {', '.join(['unnest(?)'] * len(FIELDS))}",
                [target, stamp, self._published_at, *lists],
            )
        self._connection.commit()

    def settle(self, target: str, stamp: str) -> None:
        """The publication arrived: forget every other one of this target."""
        self._connection.execute("delete from ops.published where target = ? and stamp <> ?", [target, stamp])


@contextmanager
def _little_memory(connection: Any) -> Iterator[None]:
    """DuckDB keeps less in memory meanwhile: the report that is being published stands there already."""
    limit = connection.execute("select current_setting('memory_limit')").fetchone()[0]
    connection.execute(f"set memory_limit = '{LITTLE}'")
    try:
        yield
    finally:
        connection.execute(f"set memory_limit = '{limit}'")
