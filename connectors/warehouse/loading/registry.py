"""`ops.files`: which files are loaded, with what content and how described; files come and go as units."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from config.draft import Naming, SourceFile
from config.tables import Table, tables
from connectors.warehouse.kept import stored
from connectors.warehouse.loading.load import forget_load, mark
from connectors.warehouse.store.database import is_stored


@dataclass(frozen=True)
class Load:
    """One table of one file, as it is loaded."""

    load_id: int
    table: str


class Registered:
    """The lines of `ops.files`, asked once however many files there are; to be asked again when rows come or go."""

    def __init__(self, connection: Any) -> None:
        self._lines: dict[str, dict[str, list[_Line]]] = {}
        for source, file, *line in connection.execute(
            "select distinct source, file, content_hash, fingerprint, modified_at from ops.files"
        ).fetchall():
            self._lines.setdefault(source, {}).setdefault(file, []).append(_Line(*line))

    def is_unchanged(self, file: SourceFile, fingerprint: str, names: Mapping[str, Naming]) -> bool:
        """Whether the file is loaded with this content, this fingerprint, and (where it matters) these dictionaries."""
        found = self._lines.get(file.source, {}).get(file.file, [])
        marks = {mark(fingerprint, names, uses) for uses in (False, True)} if found else set()
        return bool(found) and all(one.content_hash == file.content_hash and one.fingerprint in marks for one in found)

    def has_others(self, source: str, files: Collection[str]) -> bool:
        """Whether any other file of the source is loaded."""
        return not self._lines.get(source, {}).keys() <= set(files)

    def touched(self, files: Sequence[SourceFile]) -> list[SourceFile]:
        """Files of a source as they are now; those that are loaded with this content and another modified time."""
        loaded = self._lines.get(files[0].source, {})
        return [
            file
            for file in files
            for one in loaded.get(file.file, [])
            if one.content_hash == file.content_hash and one.modified_at != file.modified_at
        ]


class _Line(NamedTuple):
    content_hash: str
    fingerprint: str
    modified_at: float


def holds_days(connection: Any, file: SourceFile, since: date | None, until: date | None) -> bool:
    """Whether the loaded file has data of those days."""
    found = connection.execute(
        """select count(*) from ops.files where source = ? and file = ? and data_from_on is not null
        and coalesce(data_to_on >= ?, true) and coalesce(data_from_on <= ?, true)""",
        [file.source, file.file, since, until],
    ).fetchone()
    return bool(found[0])


TOUCHED = "source = ? and file = ? and content_hash = ? and modified_at <> ?"


def renew_times(connection: Any, files: Sequence[SourceFile]) -> None:
    """Files as they are now; the modified times of those whose content is loaded are theirs."""
    for file in files:
        connection.execute(
            f"update ops.files set modified_at = ? where {TOUCHED}",
            [file.modified_at, file.source, file.file, file.content_hash, file.modified_at],
        )


def tables_loaded(connection: Any) -> dict[str, Table]:
    """The tables of which some file is loaded; all of them where none is."""
    found = {name for (name,) in connection.execute("select distinct table_name from ops.files").fetchall()}
    return {name: table for name, table in tables().items() if name in found or not found}


def loads_of(connection: Any, files: Sequence[SourceFile]) -> list[Load]:
    """What is loaded of files of one source."""
    names = [file.file for file in files]
    return loads(connection, "source = ? and list_contains(?::varchar[], file)", [files[0].source, names])


def loads(connection: Any, condition: str, parameters: list[Any]) -> list[Load]:
    """What is loaded of the files that meet a condition."""
    found = connection.execute(f"select load_id, table_name from ops.files where {condition}", parameters).fetchall()
    return [Load(*row) for row in found]


def loads_with_files(connection: Any, load_ids: Sequence[int]) -> list[tuple[Load, str]]:
    """Numbers of loads in; each with the file that it is of, out."""
    found = connection.execute(
        "select load_id, table_name, file from ops.files where list_contains(?::bigint[], load_id) order by load_id",
        [list(load_ids)],
    ).fetchall()
    return [(Load(load_id, table), file) for load_id, table, file in found]


def forget(connection: Any, gone: Sequence[Load]) -> set[str]:
    """Loads in; they are taken out; the tables that changed out."""
    for load in gone:
        forget_load(connection, load.table, load.load_id)
    if gone and is_stored(connection):
        stored.renew_views(connection)
    return {load.table for load in gone}


# Files that left → how many of their rows and roubles the figures really lost: `vanished_file` of `ops.notices`.
#
# Most rows of a file that is taken away are often in another one: an older export that it had displaced, or its copy
# under another name. Only what no file of the source holds any more has left the figures.

GONE_ROWS = """create temp table if not exists gone_rows (
    source varchar, source_file varchar, key_hash hugeint, copy bigint, rows bigint, money_rub decimal(18, 2))"""
"""Rows that counted until their file left; `copy` numbers those that look alike."""
IS_ANY_GONE = "select count(*) from duckdb_tables() where temporary and table_name = 'gone_rows'"


def note_vanished(connection: Any, run_id: str, condition: str, parameters: list[Any]) -> None:
    """Files of `ops.files` that meet the condition and are about to leave: a notice each, their rows remembered."""
    connection.execute(GONE_ROWS)
    connection.execute(
        f"""insert into ops.notices
        select ?, 'vanished_file', source, source_file, 0, 0, table_name
        from ops.files where {condition} order by source, source_file""",
        [run_id, *parameters],
    )
    for name, table in tables().items():
        copy = "1" if table.is_line_table else "row_number() over (partition by source, key_hash)"
        connection.execute(
            f"""insert into gone_rows
            select source, source_file, key_hash, {copy}, source_rows, {table.money or "0"}
            from loaded.{name}
            where not is_displaced and load_id in (select load_id from ops.files where {condition})""",
            parameters,
        )


def count_left(connection: Any, run_id: str) -> None:
    """Once it is known again which rows count: the rows and roubles of each notice are those that nothing replaced."""
    if not connection.execute(IS_ANY_GONE).fetchone()[0]:
        return
    still_there = " union all ".join(
        f"""select source, key_hash, count(*) as copies from loaded.{name}
        where not is_displaced and key_hash in (select key_hash from gone_rows) group by all"""
        for name in tables()
    )
    connection.execute(
        f"""update ops.notices as n set rows = l.rows, money_rub = l.money_rub
        from (
            select g.source, g.source_file, sum(g.rows) as rows, coalesce(sum(g.money_rub), 0) as money_rub
            from gone_rows as g left join ({still_there}) as s using (source, key_hash)
            where g.copy > coalesce(s.copies, 0) group by all
        ) as l
        where n.run_id = ? and n.kind = 'vanished_file' and n.source = l.source and n.source_file = l.source_file""",
        [run_id],
    )
    connection.execute("drop table gone_rows")
