"""SELECTs → tables of the warehouse, each after those it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

import duckdb

from config.tables import tables

NO_CODE = re.compile(r"--[^\n]*|'[^']*'")
"""Comments and texts: what they name is not read."""
VARIABLE = re.compile(r"getvariable\('(\w+)'\)")
VIEW = "\n-- A view.\n"
"""Stands below the first line of a SELECT whose rows are not kept."""
PLACE = {"source": "varchar", "source_file": "varchar", "source_row": "bigint"}
OPS = {
    "sources": "source varchar, table_name varchar, profile varchar, vat varchar, currency varchar, timezone varchar, "
    "stale_days bigint, data_from_on date, data_to_on date, loaded_at timestamp, is_stale boolean, "
    "is_available boolean, problem varchar, rows_staged bigint",
    "snapshots": "source varchar, first_data_on date",
}
"""Columns of the ops tables that metric SQL reads."""


def build(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], schema: str = "metrics") -> None:
    """Name → SELECT in; a table or view `schema.name` for each out, replaced, inside the caller's transaction.

    The variables that the SELECTs read must have been set (see `set_variables`).
    """
    connection.execute(f"create schema if not exists {schema}")
    kinds = kinds_of(connection)
    for name in in_order(queries, schema):
        make(connection, f"{schema}.{name}", queries[name], kinds.get(f"{schema}.{name}"))


def is_view(sql: str) -> bool:
    """Whether a SELECT only shows another table otherwise, so that its rows need not be kept."""
    return VIEW in sql


def kinds_of(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every `schema.name` of the database → `table` or `view`."""
    return dict(
        connection.execute(
            """select schema_name || '.' || table_name, 'table' from duckdb_tables()
            union all select schema_name || '.' || view_name, 'view' from duckdb_views() where not internal"""
        ).fetchall()
    )


def make(connection: duckdb.DuckDBPyConnection, place: str, sql: str, stands: str | None) -> None:
    """`schema.name`, its SELECT and what stands there now (`table`, `view`) in; a table or view there out."""
    kind = "view" if is_view(sql) else "table"
    if stands not in (None, kind):
        connection.execute(f"drop {stands} {place}")
    connection.execute(f"create or replace {kind} {place} as {sql}")


def depending_on(queries: Mapping[str, str], variable: str, schema: str = "metrics") -> frozenset[str]:
    """Name → SELECT and a variable in; those whose SELECT reads it, or reads a table that depends on it, out."""
    found: set[str] = set()
    for name in in_order(queries, schema):
        if variable in variables_of(queries[name]) or read_by(queries[name], schema) & found:
            found.add(name)
    return frozenset(found)


def variables_of(sql: str) -> set[str]:
    """A SELECT in; the names of the variables that it reads out."""
    return set(VARIABLE.findall(sql))


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


def read_by(sql: str, schema: str) -> set[str]:
    """A SELECT in; the names of the tables of that schema that it reads out.

    Found in its text: a parser would cost more than the tables of a small client, and `get_table_names` binds, so it
    fails on `using` a column of a table that is not made yet.
    """
    return set(re.findall(rf"\b{schema}\.(\w+)", NO_CODE.sub(" ", sql)))
