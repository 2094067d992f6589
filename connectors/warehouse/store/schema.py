"""The tables of a warehouse file, and how an older file is brought up to date."""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from typing import Any

import duckdb

from config.errors import TargetError
from config.macros import sql_file
from config.tables import EXTRAS, Table, tables
from connectors.warehouse.store import names, published
from connectors.warehouse.store.memory import keep_meta, meta_of

SCHEMA_VERSION = 3
UNLIKE = frozenset({"id", "phone", "email"})
"""Types of which nearly every row has a text of its own."""
PLAINLY = " using compression uncompressed"
TAGS = {
    "channel_alias": "varchar",
    "manager_alias": "varchar",
    "source": "varchar",
    "source_file": "varchar",
    "source_row": "bigint",
    "source_rows": "integer",
    "key_hash": "ubigint",
    "load_id": "bigint",
    "is_displaced": "boolean",
}
"""What every loaded row carries beside its own columns; `source_rows`: how many rows of the file it stands for;
`_alias`: how the file spells a name, where that is unlike the name."""
FIRST = sql_file(__package__, "first")
ASKED = {
    "asked_metrics": "metric varchar, table_name varchar, is_adding boolean, is_growing boolean, is_state boolean, "
    "is_less_better boolean, is_spend boolean, money varchar",
    "asked_windows": "grain varchar, first_on date, last_on date",
    "asked_figures": "run_on date, grain varchar, period_start date, metric varchar, channel varchar, manager varchar, "
    "value double",
    "asked_starts": "run_on date, table_name varchar, first_on date",
    "asked_money": "run_on date, grain varchar, channel varchar, manager varchar, revenue_rub decimal(18, 2), "
    "cogs_rub decimal(18, 2), spend_rub decimal(18, 2)",
}
"""Table of schema `ops` → its columns: what a plan and experiments ask for, and the answers; made anew by every run."""
LATER = "".join(
    [
        sql_file(__package__, "later"),
        names.CREATE_OPS,
        *(f"create table if not exists ops.{name} ({columns});" for name, columns in ASKED.items()),
    ]
)
"""Tables that came later than version 1: an older file gets them where they are missing."""
PLACE = "source, source_file, source_row"
CORRECTED = "".join(
    f"alter table if exists ops.{name} add column if not exists {column} default 0;"
    for name in ("files", "loads")
    for column in ("rows_corrected bigint", "money_corrected_rub decimal(18,2)")
)
READY = "prepared"
"""Key of `ops.meta`: which tables and columns the file has."""
MIGRATIONS = {1: published.FROM_CELLS, 2: CORRECTED}
"""Version of an older file → what brings it to the next."""


def prepare(connection: Any) -> None:
    """A connection in; a new file gets its tables, an older one is migrated and gets tables and columns that it lacks.

    Raises TargetError for a newer or a foreign file.
    """
    if _is_ready(connection):
        return
    known = {
        row[0] for row in connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    }
    found = _version(connection, known)
    if found is None:
        _create(connection)
        return
    if found > SCHEMA_VERSION:
        raise TargetError("warehouse.newer", found=found, known=SCHEMA_VERSION)
    _migrate(connection, found)
    if lacking := {name for name in tables() if f"loaded.{name}" not in known}:
        shown = connection.execute("select view_name from duckdb_views() where schema_name = 'loaded'").fetchall()
        _add_tables(connection, lacking - {name for (name,) in shown})  # rows of an engine are shown by views
    _add_columns(connection, {name for name in tables() if f"loaded.{name}" in known})
    connection.execute(LATER)
    keep_meta(connection, READY, _mark())


def _is_ready(connection: Any) -> bool:
    """Whether this release brought the file up to date before: to ask so is cheaper than to look at each table."""
    with suppress(duckdb.CatalogException):
        found = connection.execute(
            """select list(value order by key),
                (select count(*) from duckdb_views() where schema_name = 'staged' and not internal)
            from ops.meta where key in ('schema_version', ?)""",
            [READY],
        ).fetchone()
        return bool(found == ([_mark(), str(SCHEMA_VERSION)], len(tables())))
    return False


@cache
def _mark() -> str:
    declared = {name: sorted(columns(name, table)) for name, table in sorted(tables().items())}
    return hashlib.sha256(f"{LATER}{declared}".encode()).hexdigest()[:16]


def _version(connection: Any, known: Collection[str]) -> int | None:
    """The schema's version, None of an empty file."""
    if not known:
        return None
    if "ops.meta" not in known:
        raise TargetError("warehouse.foreign")
    found = meta_of(connection, "schema_version")
    return int(found) if found else None


def _migrate(connection: Any, found: int) -> None:
    """Bring an older file up to date, all of it or nothing."""
    if found == SCHEMA_VERSION:
        return
    connection.begin()
    for version in range(found, SCHEMA_VERSION):
        connection.execute(MIGRATIONS[version])
    keep_meta(connection, "schema_version", str(SCHEMA_VERSION))
    connection.commit()


def _create(connection: Any) -> None:
    connection.begin()
    connection.execute(new_file())
    connection.commit()


@cache
def new_file() -> str:
    """The statements that make everything a new file has, and say so."""
    marks = f"insert into ops.meta values ('schema_version', '{SCHEMA_VERSION}'), ('{READY}', '{_mark()}');"
    made = [_made(name, table) for name, table in tables().items()]
    return "".join([FIRST, published.TABLES, *made, LATER, marks])


def _add_tables(connection: Any, names: Collection[str]) -> None:
    """Make empty `loaded` tables of those names, and what is staged of them."""
    for name in names:
        connection.execute(_made(name, tables()[name]))


def _add_columns(connection: Any, names: Collection[str]) -> None:
    """Give `loaded` tables of those names the columns declared since; blank until their files are read anew."""
    known = "select table_name, column_name from duckdb_columns() where schema_name = 'loaded'"
    had = set(connection.execute(known).fetchall())
    for name in names:
        lacking = {one: kind for one, kind in columns(name, tables()[name]).items() if (name, one) not in had}
        for column, kind in lacking.items():
            connection.execute(f"alter table loaded.{name} add column {column} {kind}")
        if lacking:
            create_staged(connection, name)


def _made(name: str, table: Table) -> str:
    return f"{_loaded(name, table)};\ncreate view staged.{name} as {_view(name, table)};\n"


def create_loaded(connection: Any, name: str, table: Table) -> None:
    """Make an empty `loaded` table."""
    connection.execute(_loaded(name, table))


def create_staged(connection: Any, name: str) -> None:
    """Make what is staged of a table anew, over its `loaded` rows as they are now."""
    connection.execute(f"create or replace view staged.{name} as {_view(name, tables()[name])}")


def _loaded(name: str, table: Table) -> str:
    kept = ", ".join(f"{column} {kind}" for column, kind in _stored(name, table).items())
    return f"create table loaded.{name} ({kept})"


def _stored(name: str, table: Table) -> dict[str, str]:
    """The same, and how they are kept: to look for a pattern in ids costs more than the room it saves."""
    own = table.public_columns
    unlike = {column for column in own if own[column].type in UNLIKE}
    return {c: kind + PLAINLY if c in unlike else kind for c, kind in columns(name, table).items()}


def columns(name: str, table: Table) -> dict[str, str]:
    """A table's name and declaration in; the columns of its `loaded` table with their types out, tags last."""
    own = {column: declared.sql_type for column, declared in table.public_columns.items()}
    return {**own, **EXTRAS.get(name, {}), **TAGS}


def _view(name: str, table: Table) -> str:
    """The SELECT of a staged table: loaded rows that no other row displaces."""
    own = ", ".join(f"loaded.{column}" for column in table.public_columns)
    if name == "subscribers":
        own = own.replace(
            "loaded.unsubscribed_on",
            """coalesce(loaded.unsubscribed_on, case when loaded.is_departed then departures.departed_on end)
                as unsubscribed_on""",
        )
    plain = f"select {own}, loaded.source, loaded.source_file, loaded.source_row from loaded.{name} as loaded"
    if name == "subscribers":
        plain += """ left join loaded.departures as departures on loaded.is_departed
            and departures.source = loaded.source and departures.subscriber_id = loaded.subscriber_id"""
    plain += " where not loaded.is_displaced"
    if name == "activity":
        return f"{plain} union all select {', '.join(table.public_columns)}, {PLACE} from loaded.activity_derived"
    return plain
