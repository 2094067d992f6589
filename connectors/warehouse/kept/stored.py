"""The rows of `loaded` as Parquet files in a folder that all workers see; the warehouse holds views of them.

Whoever loads a file writes a Parquet file for each of its tables, once; nobody changes it. Which of them count is told
by `ops.stored`, in the transaction of the run, so that a run that fails or is killed leaves the last state as it was;
what no state names any more goes when the next run begins.

A row has a number of its own, `row`: its load times 2³², and its place in it. Which rows are displaced and what their
channels and managers are called stands apart, in `stored.displaced_<table>` and `loaded.names`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from config.client import Engine
from config.errors import TargetError
from config.tables import Table, tables
from connectors.warehouse.kept.history import FORMAT
from connectors.warehouse.kept.undo import BEFORE, FRESH
from connectors.warehouse.store.database import STORED, is_stored, quoted
from connectors.warehouse.store.folders import (
    files_in,
    let_see,
    make_folder,
    make_folders,
    own_folder,
    remove_empty,
    remove_files,
    rows_folder,
    worded,
)
from connectors.warehouse.store.folders import folder as folder_at
from connectors.warehouse.store.memory import drop_meta, keep_meta, meta_of, metas_of
from connectors.warehouse.store.names import DICTIONARIES, renew
from connectors.warehouse.store.schema import columns, create_loaded, create_staged

CREATE = """create schema if not exists stored;
create table if not exists ops.stored (load_id bigint, table_name varchar, path varchar)"""
ROOT = "stored."
"""Begins a key of `ops.meta` for each folder in which rows of this client are, or were."""
OF_LOADS = ("ops.files", "loaded.rejects", "loaded.notices", "loaded.aliases", "loaded.legs", "ops.file_columns")
"""Small tables that come with the rows."""
COUNTED = {f"rows_{fate}" for fate in ("read", "rejected", "skipped", "without_amount", "corrected")} | {
    f"money_{fate}_rub" for fate in ("read", "rejected", "skipped", "corrected")
}
"""Columns of `ops.files` that the pieces of a file add up to."""
SIGNED = "(key_hash::hugeint - (key_hash >> 63)::hugeint * 18446744073709551616)::bigint"
UNSIGNED = "(key_hash::hugeint & 18446744073709551615)::ubigint"
"""SQL of a hash as it is stored, for there are engines that know no numbers without a sign; and of what it was."""
APART = ("channel_alias", "manager_alias", "is_displaced", "key_hash")
"""Columns of `loaded` that are stored otherwise."""


def is_to_be_moved(connection: Any, root: Path | None) -> bool:
    """Where rows are to be written (None: into the warehouse's own tables) in; whether they stand otherwise now."""
    found = meta_of(connection, STORED)
    is_elsewhere = found != (str(root) if root else None)
    return is_elsewhere or (found is not None and bool(_lost(connection)))


def _lost(connection: Any) -> list[int]:
    """Loads whose files are not there, or lack a column: storage emptied, data from a backup, tables that grew."""
    found = connection.execute("select load_id, table_name, path from ops.stored").fetchall()
    grown = _grown(connection)
    there: set[str] = set()
    for root in {folder_at(path).parents[1] for *_, path in found}:
        with worded(root):
            there |= set(files_in(root))
    return [load_id for load_id, name, path in found if name in grown or path not in there]


def _grown(connection: Any) -> set[str]:
    """Tables to which columns were declared since their views were made."""
    shown = set(
        connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'loaded'"
        ).fetchall()
    )
    return {name for name, table in tables().items() if any((name, c) not in shown for c in columns(name, table))}


def forget_lost(connection: Any) -> None:
    """What the files of those loads were made of is to be read again; until then their rows are nowhere."""
    if is_stored(connection) and (lost := _lost(connection)):
        grown = _grown(connection)
        connection.execute("update ops.files set fingerprint = '' where list_contains(?::bigint[], load_id)", [lost])
        for load_id in lost:
            forget_load(connection, load_id)
        renew_views(connection)
        for name in grown:
            create_staged(connection, name)


def move(connection: Any, engine: Engine, data: Path) -> None:
    """Bring the rows where `engine:` wants them, in the caller's transaction; files stay until no state names them.

    Raises TargetError.
    """
    root = rows_folder(engine, data)
    if root is None:
        _move_in(connection)
        return
    make_folders(engine, data)
    let_see(connection, root)
    if not is_stored(connection):
        with worded(root):
            _move_out(connection, root)
    for key in (STORED, f"{ROOT}{root}"):
        keep_meta(connection, key, str(root))


def _move_out(connection: Any, root: Path) -> None:
    connection.execute(CREATE)
    loads = connection.execute("select load_id, table_name from ops.files").fetchall()
    folder = root / uuid4().hex[:16]
    if loads:
        make_folder(folder)
    for load_id, name in loads:
        write_rows(connection, name, load_id, folder)
    _note_stored(connection, folder, [load_id for load_id, _ in loads])
    renew_views(connection)


def _move_in(connection: Any) -> None:
    renew_views(connection)
    for name, table in tables().items():
        rows = f"select * exclude (rowid) replace ({UNSIGNED} as key_hash) from loaded.{name} order by rowid"
        connection.execute(f"create temp table moved_{name} as {rows}")
        connection.execute(f"drop view loaded.{name}; drop view stored.{name}; drop table stored.displaced_{name}")
        create_loaded(connection, name, table)
        connection.execute(f"insert into loaded.{name} by name from moved_{name}; drop table moved_{name}")
    connection.execute("delete from ops.stored")
    drop_meta(connection, STORED)


# One load → a file of its rows; what was loaded elsewhere → this warehouse.


@dataclass(frozen=True)
class Handed:
    """What one worker loaded of some files, or of a piece of one."""

    folder: Path
    rows: Mapping[int, int]
    """Load → how many rows its file there has."""


def write_rows(connection: Any, name: str, load_id: int, folder: Path, before: int = 0) -> int:
    """A table and a load in; its rows written to `<load>.parquet`; how many they are out.

    `before`: how many rows of the file stand before those that are there.
    """
    own = columns(name, tables()[name])
    spelled = {c: f"coalesce({c}_alias, {c}) as {c}" for c in DICTIONARIES}
    spelled |= {"source_row": f"source_row + {before} as source_row"}
    kept = ", ".join(spelled.get(c, c) for c in own if c not in APART)
    written: tuple[int] = connection.execute(
        f"""copy (
            select {kept}, {SIGNED} as key_hash, {_row(name)} + {before} as row
            from loaded.{name} as rows where load_id = {load_id} order by rowid
        ) to '{quoted(folder)}/{load_id}.parquet' {FORMAT}"""
    ).fetchone()
    return written[0]


def _row(name: str) -> str:
    """The SQL of a row's own number, in a table."""
    first = f"(select min(rowid) from loaded.{name} as first where first.load_id = rows.load_id)"
    return f"(load_id << 32) + rowid - {first}"


def hand_over(connection: Any, folder: Path, before: int) -> dict[int, int]:
    """A warehouse for once and a folder in; all it loaded written there; load → its rows out. `before`: see above."""
    let_see(connection, folder)
    loads = connection.execute("select load_id, table_name from ops.files").fetchall()
    for place in OF_LOADS:
        shown = f"select * replace (source_row + {before} as source_row) from {place}"
        rows = shown if place == "loaded.rejects" else f"from {place}"
        connection.execute(f"copy ({rows}) to '{quoted(folder)}/{place}.parquet' (format parquet)")
    return {load_id: write_rows(connection, name, load_id, folder, before) for load_id, name in loads}


def take_over(connection: Any, handed: Sequence[Handed], names: Mapping[str, Any]) -> None:
    """What workers handed over of the same loads, and the dictionaries, in; this warehouse holds it.

    Raises TargetError if other rows are seen from here than were written.
    """
    for one in handed:
        _check_seen(one)
    connection.execute(f"""delete from ops.file_columns using (select distinct source, file from
        {files_of(handed, "ops.file_columns")}) as fresh
        where fresh.source = file_columns.source and fresh.file = file_columns.file""")
    for place, rows in _summed(connection, handed).items():
        connection.execute(f"insert into {place} by name {rows}")
    for kind in DICTIONARIES.values():
        found = connection.execute(
            f"select distinct load_id, alias from {files_of(handed, 'loaded.aliases')} where dictionary = ?", [kind]
        ).fetchall()
        renew(connection, kind, found, names)
    for one in handed:
        _note_stored(connection, one.folder, one.rows)
        # cells that were refused may tell of somebody
        remove_files([str(one.folder / f"{place}.parquet") for place in OF_LOADS])
    renew_views(connection)


def _check_seen(handed: Handed) -> None:
    seen = files_in(handed.folder)
    for load_id, there in handed.rows.items():
        path = f"{handed.folder}/{load_id}.parquet"
        here = _count(path) if path in seen else 0
        if here != there:
            table = f"{handed.folder.name}/{load_id}"
            raise TargetError("engine.not_shared", storage=handed.folder.parent, table=table, here=here, there=there)


def loaded_of(handed: Sequence[Handed], load_id: int) -> str:
    """The rows of a load of all of them."""
    return files_of(handed, str(load_id))


def files_of(handed: Sequence[Handed], place: str) -> str:
    """What all of them handed over of a small table."""
    listed = ", ".join(f"'{quoted(one.folder)}/{place}.parquet'" for one in handed)
    return f"read_parquet([{listed}])"


def _summed(connection: Any, handed: Sequence[Handed]) -> dict[str, str]:
    """Small table → the SELECT of its rows: of pieces, as the whole file would have them."""
    rows = {place: f"from {files_of(handed, place)}" for place in OF_LOADS if place != "loaded.aliases"}
    if len(handed) == 1:
        return rows
    known = [row[0] for row in connection.execute("describe ops.files").fetchall()]
    spans = {"data_from_on": "min", "data_to_on": "max"}
    totals = ", ".join(f"{spans.get(c, 'sum' if c in COUNTED else 'any_value')}({c}) as {c}" for c in known)
    return rows | {
        "ops.files": f"select {totals} {rows['ops.files']} as pieces group by pieces.load_id",
        "ops.file_columns": f"select distinct * {rows['ops.file_columns']}",
        "loaded.notices": f"""select load_id, kind, sum(rows) as rows, sum(money_rub) as money_rub, detail
            {rows["loaded.notices"]} group by load_id, kind, detail""",
    }


def _count(path: str) -> int:
    with duckdb.connect() as connection:
        let_see(connection, path)
        return int(connection.execute(f"select count(*) from read_parquet('{quoted(path)}')").fetchall()[0][0])


def _note_stored(connection: Any, folder: Path, loads: Iterable[int]) -> None:
    connection.execute(
        """insert into ops.stored select load_id, table_name, ? || '/' || load_id || '.parquet'
        from ops.files where list_contains(?::bigint[], load_id)""",
        [str(folder), list(loads)],
    )


# The views, made anew whenever files come or go.


def renew_views(connection: Any) -> None:
    """`stored.<table>` shows the files that `ops.stored` names, `loaded.<table>` their rows as ever."""
    found = connection.execute("select table_name from duckdb_tables() where schema_name = 'loaded'").fetchall()
    for (name,) in found:
        if name in tables():
            _make_room(connection, name)
    for name, table in tables().items():
        connection.execute(f"create or replace view stored.{name} as {_stored(name, table, paths(connection, name))}")
        connection.execute(f"create or replace view loaded.{name} as {_loaded(name, table)}")


def _make_room(connection: Any, name: str) -> None:
    """A table whose rows are files from now on, or have been since before it was known, in; the table itself gone."""
    connection.execute(f"create table stored.displaced_{name} (row bigint)")
    displaced = f"from loaded.{name} as rows where is_displaced"
    # to insert nothing here would make DuckDB 2.0 lose what this transaction inserts next, if it is many rows
    if connection.execute(f"select count(*) {displaced}").fetchone()[0]:
        connection.execute(f"insert into stored.displaced_{name} select {_row(name)} as row {displaced} order by 1")
    connection.execute(f"drop table loaded.{name}")


def view_of(connection: Any, place: str) -> list[str] | str | None:
    """A relation over stored rows in; its files, or the SELECT that shows them, out; None for any other."""
    schema, _, name = place.partition(".")
    if schema not in ("stored", "loaded", "staged"):
        return None
    if schema == "stored" and (files := paths(connection, name)):
        return files
    found = connection.execute(
        "select sql from duckdb_views() where schema_name = ? and view_name = ?", [schema, name]
    ).fetchone()
    return found and re.sub(r"^CREATE VIEW .*? AS (?=SELECT|\()", "", found[0]).rstrip(";")


def paths(connection: Any, name: str) -> list[str]:
    """A table in; the files that hold its rows out."""
    found = connection.execute("select path from ops.stored where table_name = ? order by load_id", [name]).fetchall()
    return [path for (path,) in found]


def rows_of(connection: Any, place: str) -> int:
    """`stored.<table>` in; how many rows its files have at most out."""
    found = connection.execute(
        """select coalesce(sum(files.rows_read), 0) from ops.stored as stored join ops.files as files using (load_id)
        where stored.table_name = ?""",
        [place.removeprefix("stored.")],
    ).fetchone()
    return int(found[0])


def _stored(name: str, table: Table, files: Sequence[str]) -> str:
    if files:
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
        return f"select * from read_parquet([{listed}])"
    own = {c: kind for c, kind in columns(name, table).items() if c not in APART}
    typed = {**own, "key_hash": "bigint", "row": "bigint"}
    return f"select {', '.join(f'null::{kind} as {c}' for c, kind in typed.items())} where false"


def _loaded(name: str, table: Table) -> str:
    own = columns(name, table)
    named = [column for column in DICTIONARIES if column in table.public_columns]
    shown = {c: f"stored.{c}" for c in own}
    shown |= {c: f"names_{c}.name" for c in named}
    shown |= {
        f"{c}_alias": f"nullif(stored.{c}, names_{c}.name)" if c in named else "null::varchar" for c in DICTIONARIES
    }
    shown |= {"is_displaced": "displaced.row is not null", "rowid": "stored.row"}
    joins = "".join(
        f""" left join loaded.names as names_{c}
            on names_{c}.dictionary = '{DICTIONARIES[c]}' and names_{c}.alias = stored.{c}"""
        for c in named
    )
    return f"""select {", ".join(f"{sql} as {c}" for c, sql in shown.items())} from stored.{name} as stored
        left join stored.displaced_{name} as displaced on displaced.row = stored.row{joins}"""


def displace(connection: Any, name: str, rows: str) -> bool:
    """A table and the SELECT of the numbers of all its displaced rows in; whether others were displaced before."""
    place = f"stored.displaced_{name}"
    connection.execute(f"create or replace temp table displaced_rows as {rows}")
    differing = connection.execute(f"""select count(*) from (
        (from displaced_rows except from {place}) union all (from {place} except from displaced_rows))""").fetchone()
    if differing[0]:
        connection.execute(f"delete from {place}; insert into {place} from displaced_rows order by row")
    connection.execute("drop table displaced_rows")
    return bool(differing[0])


def forget_load(connection: Any, load_id: int) -> None:
    """The rows of a load are rows no more; its file goes when no state names it."""
    name, *_ = connection.execute("select table_name from ops.stored where load_id = ?", [load_id]).fetchone() or [None]
    if name is not None:
        first = load_id << 32
        connection.execute(f"delete from stored.displaced_{name} where row between {first} and {first + 2**32 - 1}")
        connection.execute("delete from ops.stored where load_id = ?", [load_id])


def replace_rows(connection: Any, name: str, values: Mapping[str, str], held: str, parameters: Sequence[Any]) -> None:
    """A table, the SQL of what its columns are to be where a condition holds in; the files with such rows anew."""
    changed = ", ".join(f"case when {held} then {value} else {c} end as {c}" for c, value in values.items())
    for load_id, path in connection.execute(
        "select load_id, path from ops.stored where table_name = ?", [name]
    ).fetchall():
        rows = f"read_parquet('{quoted(path)}')"
        if connection.execute(f"select count(*) from {rows} where {held}", parameters).fetchone()[0]:
            fresh = path.removesuffix(".parquet") + "_.parquet"
            connection.execute(
                f"copy (select * replace ({changed}) from {rows}) to '{quoted(fresh)}' {FORMAT}",
                list(parameters) * len(values),
            )
            connection.execute("update ops.stored set path = ? where load_id = ?", [fresh, load_id])
    renew_views(connection)


def sweep(connection: Any, data: Path) -> None:
    """Remove the files that neither this state nor the one before the last run names."""
    found = metas_of(connection, ROOT)
    if not found:
        return
    kept = {*_named(connection), *(path for name in (BEFORE, FRESH) for path in _named_in(data / name))}
    for key, root in found.items():
        rows = folder_at(root)
        if own_folder(rows.parents[1], data) != rows.parent:
            continue  # rows of the client whose data this is a copy of
        with worded(rows):
            is_empty = _sweep(rows, kept)
        if is_empty and not is_stored(connection):
            drop_meta(connection, key)


def _sweep(root: Path, kept: Collection[str]) -> bool:
    """Of a folder of rows the files that are not kept go; whether nothing is left."""
    found = files_in(root)
    gone = [path for path in found if path not in kept]
    remove_files(gone)
    remove_empty(root)
    return gone == found


def _named(connection: Any) -> list[str]:
    return [path for (path,) in connection.execute("select path from ops.stored").fetchall()]


def _named_in(copy: Path) -> list[str]:
    if not copy.exists():
        return []
    with duckdb.connect(str(copy), read_only=True) as connection:
        try:
            return _named(connection)
        except duckdb.CatalogException:
            return []  # of a time when rows stood in the warehouse itself
