"""One wrong file, or one person, in; what they left in the warehouse and its history is gone out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.tables import tables
from connectors.warehouse import activity, history
from connectors.warehouse.database import connect, drop_copy, worded
from connectors.warehouse.renewal import forget_built
from connectors.warehouse.schema import prepare

PERSONAL = ("phone", "email", "client_id", "client_key", "subscriber_id")
"""Columns of a loaded or metric table that tell who somebody is."""
BUILT = ("metrics", "metrics_before")


@dataclass(frozen=True)
class Forgotten:
    """What was found of somebody, and where it came from."""

    rows: int
    """Rows of the warehouse that no longer say who it was; their sums stay."""
    history_rows: int
    files: Sequence[str]
    """Sources' files that held the person when they were last read."""


def forget_file(data: Path, file: str) -> int:
    """A file as the report names it; how many rows it had left in the history out. Rows of other files stay.

    If the file is still there, the next run reads it as if for the first time: what it shows now is history again.
    """
    connection = _opened(data)
    try:
        with worded(data / "svodka.duckdb"):
            gone = history.rewrite(connection, data, "source_file = ?", [file])
            activity.derive(connection)
            if gone:
                forget_built(connection)
            connection.execute("update ops.files set fingerprint = '' where source_file = ?", [file])
            return gone
    finally:
        connection.close()


def forget_person(data: Path, keys: Sequence[str]) -> Forgotten:
    """Every way a person may be written (phone, e-mail, id); nothing tells them any more, in any table or history file.

    Rows stay, so that counts and roubles still balance with the files; a subscriber gets a name of chance.
    """
    connection = _opened(data)
    try:
        with worded(data / "svodka.duckdb"):
            found = _erase(connection, data, keys)
            connection.execute("checkpoint")
    finally:
        connection.close()
    drop_copy(data)
    return found


def _opened(data: Path) -> Any:
    connection = connect(data)
    prepare(connection)
    history.take_in(connection, data)
    return connection


def _erase(connection: Any, data: Path, keys: Sequence[str]) -> Forgotten:
    wanted = [*keys, *_subscribers(connection, keys)]
    files: set[str] = set()
    rows = 0
    gone = history.rewrite(connection, data, "list_contains(?::varchar[], subscriber_id)", [wanted])
    connection.begin()
    for name, table in tables().items():
        columns = [column for column in table.public_columns if column in PERSONAL]
        if columns:
            held, count = _erase_from(connection, f"loaded.{name}", columns, wanted)
            files |= held
            rows += count
    connection.execute(
        "update loaded.rejects set value = '—' where exists"
        " (select 1 from (select unnest(?::varchar[]) as key) where contains(lower(value), key))",
        [[key.lower() for key in keys if len(key) > 3]],
    )
    connection.execute("delete from loaded.departures where list_contains(?::varchar[], subscriber_id)", [wanted])
    activity.derive(connection)
    _erase_built(connection, wanted)
    if rows or gone:
        forget_built(connection)
    connection.commit()
    return Forgotten(rows, gone, sorted(files))


def _subscribers(connection: Any, keys: Sequence[str]) -> list[str]:
    """Ids of the subscribers with this phone or e-mail."""
    found = connection.execute(
        "select distinct subscriber_id from loaded.subscribers"
        " where list_contains(?::varchar[], phone) or list_contains(?::varchar[], email)",
        [list(keys), list(keys)],
    ).fetchall()
    return [row[0] for row in found]


def _erase_from(connection: Any, table: str, columns: Sequence[str], wanted: Sequence[str]) -> tuple[set[str], int]:
    """A loaded table and its personal columns in; the files that held the person, and in how many rows, out."""
    held = " or ".join(f"list_contains(?::varchar[], {_key(column)})" for column in columns)
    parameters = [list(wanted)] * len(columns)
    found = connection.execute(
        f"select source_file, count(*) from {table} where {held} group by 1", parameters
    ).fetchall()
    if found:
        token = f"forgotten-{uuid4().hex}"
        values = ", ".join(f"{column} = {_instead(column, token)}" for column in columns)
        connection.execute(f"update {table} set {values} where {held}", parameters)
    return {row[0] for row in found}, sum(row[1] for row in found)


def _key(column: str) -> str:
    """A client's key may carry its source before the id."""
    return f"regexp_replace({column}, '^[^:@]+:', '')" if column == "client_key" else column


def _instead(column: str, token: str) -> str:
    """A subscriber must have an id; nothing else must tell who it was."""
    return f"'{token}'" if column == "subscriber_id" else "null"


def _erase_built(connection: Any, wanted: Sequence[str]) -> None:
    """Rows about the person in computed tables; the next run computes them anew."""
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " semi join duckdb_tables() using (schema_name, table_name)"
        " where list_contains(?, schema_name) and list_contains(?, column_name)",
        [list(BUILT), list(PERSONAL)],
    ).fetchall()
    for schema, table, column in columns:
        connection.execute(
            f'delete from {schema}."{table}" where list_contains(?::varchar[], {_key(column)})', [list(wanted)]
        )
