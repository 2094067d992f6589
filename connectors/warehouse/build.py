"""SELECTs → tables of the warehouse, each after those it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

import duckdb

from config.tables import tables

NO_CODE = re.compile(r"--[^\n]*|'[^']*'")
"""Comments and texts: what they name is not read."""
PLACE = {"source": "varchar", "source_file": "varchar", "source_row": "bigint"}
OPS = {
    "sources": "source varchar, table_name varchar, profile varchar, vat varchar, currency varchar, timezone varchar, "
    "stale_days bigint, data_from_on date, data_to_on date, loaded_at timestamp, is_stale boolean, "
    "is_available boolean, problem varchar, rows_staged bigint",
    "snapshots": "source varchar, first_data_on date",
}
"""Columns of the ops tables that metric SQL reads."""


def build(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], schema: str = "metrics") -> None:
    """Name → SELECT in; a table `schema.name` for each out, replaced, inside the caller's transaction.

    The variables that the SELECTs read must have been set (see `set_variables`).
    """
    connection.execute(f"create schema if not exists {schema}")
    for name in in_order(queries, schema):
        _make(connection, schema, name, queries[name])


def rebuild(
    connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], changed: str, schema: str = "metrics"
) -> None:
    """Name → SELECT and the variable that changed in; only the tables that depend on it are built again.

    A table depends on a variable if its SELECT reads it, or reads a table that does.
    """
    stale: set[str] = set()
    for name in in_order(queries, schema):
        if f"getvariable('{changed}')" in queries[name] or read_by(queries[name], schema) & stale:
            stale.add(name)
            _make(connection, schema, name, queries[name])


def in_order(queries: Mapping[str, str], schema: str = "metrics") -> list[str]:
    """Name → SELECT in; the names out, each after those it reads. Raises graphlib.CycleError if two read each other."""
    reads = {name: read_by(sql, schema) & queries.keys() for name, sql in sorted(queries.items())}
    return list(TopologicalSorter(reads).static_order())


def needed(queries: Mapping[str, str], names: Iterable[str], schema: str = "metrics") -> dict[str, str]:
    """Name → SELECT and some of the names in; those and all that they are made of out."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = queries[name]
            waiting += read_by(queries[name], schema) & queries.keys()
    return found


def set_variables(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, object]) -> None:
    """Name → value in; what `getvariable(name)` answers on this connection from now on."""
    for name, value in variables.items():
        # the type of an empty list cannot be seen from its values
        typed = "cast(? as varchar[])" if isinstance(value, list) else "?"
        connection.execute(f"set variable {name} = {typed}", [value])


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty database in; every staged table and the ops tables that metrics read out, all empty.

    For tests and for checking SQL: in a client's warehouse `staged` holds views that loading makes.
    """
    connection.execute("create schema staged; create schema ops; create schema metrics")
    for name, table in tables().items():
        typed = {column: declared.sql_type for column, declared in table.public_columns.items()} | PLACE
        columns = ", ".join(f"{column} {sql_type}" for column, sql_type in typed.items())
        connection.execute(f"create table staged.{name} ({columns})")
    for name, columns in OPS.items():
        connection.execute(f"create table ops.{name} ({columns})")


def _make(connection: duckdb.DuckDBPyConnection, schema: str, name: str, sql: str) -> None:
    connection.execute(f"create or replace table {schema}.{name} as {sql}")


def read_by(sql: str, schema: str) -> set[str]:
    """A SELECT in; the names of the tables of that schema that it reads out.

    Found in its text: a parser would cost more than the tables of a small client, and `get_table_names` binds, so it
    fails on `using` a column of a table that is not made yet.
    """
    return set(re.findall(rf"\b{schema}\.(\w+)", NO_CODE.sub(" ", sql)))
