"""What is remembered from run to run: of each file its rows and columns, so that a loss is told; words by their keys.

Of each file: what it gave when it was last read. By a key of `ops.meta`: whatever is one word, and who wrote it knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb

FILES = """select source, file, sum(rows_read + rows_corrected - rows_skipped)::bigint, any_value(content_hash),
    sum(rows_read)::bigint, max(data_to_on),
    sum(money_read_rub + money_corrected_rub - money_skipped_rub - money_rejected_rub)::double
from ops.files group by all"""
COLUMNS = "select source, file, list(column_name) from ops.file_columns group by all"
NOTICE = """insert into loaded.notices
select min(load_id), ?, ?, ?, ? from ops.files where source = ? and file = ? having count(*) > 0"""


@dataclass(frozen=True)
class Extent:
    """How far a file reached when it was read."""

    content_hash: str
    rows: int
    """All rows below its header."""
    ends_on: date | None
    """The last day of which it spoke."""
    money_rub: float = 0
    """All its roubles."""


@dataclass(frozen=True)
class Memory:
    """What was loaded before this run."""

    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Source → file → its rows of business."""
    columns: Mapping[str, Mapping[str, Collection[str]]] = field(default_factory=dict)
    """Source → file → our columns that it had."""
    extents: Mapping[tuple[str, str], Extent] = field(default_factory=dict)
    """Source and file → how far it reached."""

    def knows(self, source: str) -> bool:
        """Whether anything of a source was loaded before."""
        return source in self.rows or source in self.columns

    def columns_of(self, source: str, file: str) -> set[str]:
        """What a file had; of a file never seen, what all files of its source had."""
        files = self.columns.get(source, {})
        if file in files:
            return set(files[file])
        return set.intersection(*map(set, files.values())) if files else set()

    def of_source(self, source: str) -> Memory:
        """What is remembered of one source."""
        extents = {place: extent for place, extent in self.extents.items() if place[0] == source}
        return Memory({source: self.rows.get(source, {})}, {source: self.columns.get(source, {})}, extents)


def remembered(connection: Any) -> Memory:
    """A warehouse as the last run left it in; what it remembers out."""
    rows: dict[str, dict[str, int]] = {}
    columns: dict[str, dict[str, Collection[str]]] = {}
    extents: dict[tuple[str, str], Extent] = {}
    for source, file, count, *extent in _found(connection, FILES):
        rows.setdefault(source, {})[file] = count
        extents[source, file] = Extent(*extent)
    for source, file, names in _found(connection, COLUMNS):
        columns.setdefault(source, {})[file] = names
    return Memory(rows, columns, extents)


def remember(connection: Any, source: str, file: str, columns: Collection[str]) -> None:
    """The columns that a file was just read with, instead of those it had."""
    connection.execute("delete from ops.file_columns where source = ? and file = ?", [source, file])
    connection.execute(
        "insert into ops.file_columns select ?, ?, unnest(?::varchar[])", [source, file, sorted(columns)]
    )


def forget_files(connection: Any, source: str, files: Collection[str]) -> None:
    """Forget the files of a source that are not among those it has now."""
    connection.execute(
        "delete from ops.file_columns where source = ? and not list_contains(?::varchar[], file)",
        [source, list(files)],
    )


class Notice(NamedTuple):
    """What is to be said of a file, of how many of its rows, and of how many roubles."""

    kind: str
    detail: str
    rows: int = 0
    money_rub: Decimal = Decimal(0)


def note(connection: Any, notice: Notice, source: str, file: str) -> None:
    """A notice that every run gives for as long as the file is loaded as it is."""
    connection.execute(NOTICE, [notice.kind, notice.rows, notice.money_rub, notice.detail, source, file])


def meta_of(connection: Any, key: str) -> str | None:
    """What stands under a key of `ops.meta`, None where nothing does."""
    found = connection.execute("select value from ops.meta where key = ?", [key]).fetchone()
    return found[0] if found else None


def metas_of(connection: Any, begin: str) -> dict[str, str]:
    """Every key of `ops.meta` that begins so → what stands under it."""
    return dict(connection.execute("select key, value from ops.meta where starts_with(key, ?)", [begin]).fetchall())


def keep_meta(connection: Any, key: str, value: str) -> None:
    """What is to stand under a key of `ops.meta` from now on."""
    connection.execute("insert or replace into ops.meta values (?, ?)", [key, value])


def drop_meta(connection: Any, *keys: str) -> None:
    """Nothing stands under these keys of `ops.meta` any more."""
    connection.execute("delete from ops.meta where list_contains(?::varchar[], key)", [list(keys)])


def _found(connection: Any, select: str) -> list[Any]:
    """Rows of a table that a warehouse of an older version may not have."""
    try:
        return list(connection.execute(select).fetchall())
    except duckdb.CatalogException:
        return []
