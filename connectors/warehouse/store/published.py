"""ops.published: what was written where, in transactions of its own, so that a human edit is told from ours.

It is kept row by row and told cell by cell: a report of half a million cells is fifty thousand rows of few shapes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

FIELDS = ("sheet_key", "row_key", "row", "values", "notes")
AT_ONCE = 5_000
"""Rows: what is handed over at a time, so that a very large report costs no memory to remember."""
LITTLE = "64MiB"
TABLES = """
create table ops.published_rows (target varchar, stamp varchar, published_at timestamp, sheet_key varchar,
    row_key varchar, cell_row integer, shape integer, cell_values varchar, notes varchar);
create table ops.published_shapes (target varchar, stamp varchar, shape integer, columns varchar, formats varchar);
create view ops.published as
    with cells as (
        select target, sheet_key, row_key, cell_row, unnest(from_json(columns, '["integer"]')) as cell_column,
            unnest(from_json(cell_values, '["varchar"]')) as value, published_at, stamp,
            unnest(from_json(formats, '["varchar"]')) as format, notes
        from ops.published_rows join ops.published_shapes using (target, stamp, shape)
    )
    select * exclude (notes), coalesce(json_extract_string(nullif(notes, ''), '$."' || cell_column || '"'), '') as note
    from cells;
"""
"""`columns`, `formats` and `cell_values` are JSON lists of one length, `notes` maps columns to notes."""

PACK = """
create temporary table packed as
    select target, stamp, max(published_at) as published_at, sheet_key, row_key, cell_row,
        to_json(list(value order by cell_column))::varchar as cell_values,
        coalesce(to_json(map(
            list(cell_column order by cell_column) filter (where note <> ''),
            list(note order by cell_column) filter (where note <> '')
        ))::varchar, '') as notes,
        to_json(list(cell_column order by cell_column))::varchar as columns,
        to_json(list(coalesce(format, '') order by cell_column))::varchar as formats
    from published_cells
    group by target, stamp, sheet_key, row_key, cell_row, cell_column < 0;
insert into ops.published_shapes
    select target, stamp, row_number() over (), columns, formats
    from (select distinct target, stamp, columns, formats from packed);
insert into ops.published_rows
    select target, stamp, published_at, sheet_key, row_key, cell_row, shape, cell_values, notes
    from packed join ops.published_shapes using (target, stamp, columns, formats);
drop table packed;
drop table published_cells;
"""
"""Cells of the temporary table `published_cells` → the tables above."""
FROM_CELLS = f"""
create temporary table published_cells as select * from ops.published;
drop table ops.published;
{TABLES}
{PACK}
"""
"""What was kept cell by cell, in warehouses of version 1, → the tables above."""


@contextmanager
def as_cells(connection: Any) -> Iterator[str]:
    """The name of a table with all of `ops.published`, to be altered at will; it is kept as it then stands."""
    connection.execute("create temporary table published_cells as select * from ops.published")
    yield "published_cells"
    connection.execute("delete from ops.published_rows; delete from ops.published_shapes")
    connection.execute(PACK)


class Shaped(Protocol):
    """A row of cells as it is kept: `sheet_key`, `row_key`, `row`, `values` and `notes` beside its shape."""

    @property
    def columns(self) -> str:
        """Columns of the cells, as a JSON list."""

    @property
    def formats(self) -> str:
        """Their formats, as a JSON list."""


Row = TypeVar("Row", bound=Shaped)


class PublishedMemory(Generic[Row]):
    """Rows by target and publication (`stamp`); `make` rebuilds a row from what it is kept by.

    A row has `sheet_key`, `row_key`, `row`, `columns`, `formats`, `values` and `notes`, and is made of them in that
    order.
    """

    def __init__(self, connection: Any, make: Callable[..., Row], published_at: datetime) -> None:
        self._connection, self._make, self._published_at = connection, make, published_at

    def recall(self, target: str) -> Mapping[str, Iterable[Row]]:
        """A target in; its publications by stamp, the latest last, each a stream of rows as they were written, out."""
        stamps = self._connection.execute(
            "select stamp from ops.published_rows where target = ? group by stamp order by max(published_at), stamp",
            [target],
        ).fetchall()
        return {stamp: self._rows(target, stamp) for (stamp,) in stamps}

    def _rows(self, target: str, stamp: str) -> Iterator[Row]:
        """The rows of one publication; those of one shape share its texts."""
        of = "where target = ? and stamp = ?"
        with self._connection.cursor() as cursor:
            cursor.execute(f"select shape, columns, formats from ops.published_shapes {of}", [target, stamp])
            shapes = {shape: (columns, formats) for shape, columns, formats in cursor.fetchall()}
            fields = "sheet_key, row_key, cell_row, shape, cell_values, notes"
            cursor.execute(f"select {fields} from ops.published_rows {of}", [target, stamp])
            keys: dict[str, str] = {}
            while rows := cursor.fetchmany(AT_ONCE):
                for key, name, row, shape, values, notes in rows:
                    yield self._make(keys.setdefault(key, key), name, row, *shapes[shape], values, notes)

    def remember(self, target: str, stamp: str, rows: Iterable[Row]) -> None:
        """Keep a publication beside the former ones; repeating a stamp replaces it."""
        with _little_memory(self._connection):
            self._connection.begin()
            self._forget("target = ? and stamp = ?", target, stamp)
            self._write(target, stamp, rows)
            self._connection.commit()

    def _write(self, target: str, stamp: str, rows: Iterable[Row]) -> None:
        shapes: dict[tuple[str, str], int] = {}
        rest = iter(rows)
        while part := list(islice(rest, AT_ONCE)):
            lists = [[getattr(row, name) for row in part] for name in FIELDS]
            lists.append([shapes.setdefault((row.columns, row.formats), len(shapes)) for row in part])
            self._connection.execute(
                "insert into ops.published_rows"
                " (target, stamp, published_at, sheet_key, row_key, cell_row, cell_values, notes, shape)"
                f" select ?, ?, ?, {', '.join(['unnest(?)'] * len(lists))}",
                [target, stamp, self._published_at, *lists],
            )
        columns, formats = ([shape[at] for shape in shapes] for at in (0, 1))
        self._connection.execute(
            "insert into ops.published_shapes select ?, ?, unnest(?), unnest(?), unnest(?)",
            [target, stamp, list(shapes.values()), columns, formats],
        )

    def settle(self, target: str, stamp: str) -> None:
        """The publication arrived: forget every other one of this target."""
        self._forget("target = ? and stamp <> ?", target, stamp)

    def _forget(self, condition: str, target: str, stamp: str) -> None:
        for table in ("ops.published_rows", "ops.published_shapes"):
            self._connection.execute(f"delete from {table} where {condition}", [target, stamp])


@contextmanager
def _little_memory(connection: Any) -> Iterator[None]:
    """DuckDB keeps less in memory meanwhile: the report that is being published stands there already."""
    limit = connection.execute("select current_setting('memory_limit')").fetchone()[0]
    connection.execute(f"set memory_limit = '{LITTLE}'")
    try:
        yield
    finally:
        connection.execute(f"set memory_limit = '{limit}'")


# A workbook on disk is known by its hash, kept as the one cell of a publication.


@dataclass(frozen=True)
class _Fingerprint:
    sheet_key: str = "workbook"
    row_key: str = "sha256"
    row: int = 0
    columns: str = "[0]"
    formats: str = '[""]'
    values: str = '[""]'
    notes: str = ""


class WorkbookMemory:
    """Hashes of the workbooks that we wrote, by the place they were written to."""

    def __init__(self, connection: Any, at: datetime) -> None:
        self._rows = PublishedMemory(connection, _Fingerprint, at)

    def is_ours(self, place: str, digest: str) -> bool:
        """Whether the workbook of that hash was written there by us, or was about to be when a run was killed."""
        return _kept(digest) in {row.values for rows in self._rows.recall(place).values() for row in rows}

    def remember(self, place: str, digest: str) -> None:
        """A workbook of that hash is about to be written there."""
        self._rows.remember(place, digest, [_Fingerprint(values=_kept(digest))])

    def settle(self, place: str, digest: str) -> None:
        """It was written: forget the former ones."""
        self._rows.settle(place, digest)


def _kept(digest: str) -> str:
    return f'["{digest}"]'
