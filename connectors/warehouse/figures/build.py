"""SELECTs → tables of the warehouse, each after those it reads."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from config.tables import tables
from connectors.warehouse.figures.by_day import Around, DayStates, UpTo, kept_by_day
from connectors.warehouse.store import names
from connectors.warehouse.store.memory import drop_meta, keep_meta, meta_of
from connectors.warehouse.store.schema import ASKED

NO_CODE = re.compile(r"--[^\n]*|'[^']*'")
"""Comments and texts: what they name is not read."""
VARIABLE = re.compile(r"getvariable\('(\w+)'\)")
VIEW = "\n-- A view.\n"
"""Stands below the first line of a SELECT whose rows are not kept."""
OF_TODAY = "\n-- Of today alone.\n"
"""Stands below the first line of a SELECT that nobody asks of an earlier day."""
PLACE = {"source": "varchar", "source_file": "varchar", "source_row": "bigint"}
OPS = {
    "sources": "source varchar, table_name varchar, profile varchar, vat varchar, currency varchar, timezone varchar, "
    "stale_days bigint, data_from_on date, data_to_on date, loaded_at timestamp, is_stale boolean, "
    "is_available boolean, problem varchar, rows_staged bigint",
    "snapshots": "source varchar, first_data_on date",
    **names.OPS_TABLES,
    **ASKED,
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
    kind = "view" if is_view(sql) else "temp table" if place.startswith("temp.") else "table"
    if stands not in (None, kind):
        connection.execute(f"drop {stands} {place}")
    connection.execute(f"create or replace {kind} {place} as {sql}")


@dataclass(frozen=True)
class Maker:
    """Who computes the rows of tables."""

    name: str
    make: Callable[[Any, str, str, str | None], None]
    """As the function `make`."""
    ask: Callable[[Any, str, str], list[tuple[Any, ...]]]
    """A connection, what is asked about and a SELECT of few rows in; them out."""
    fill: Callable[[Any, str, str], None]
    """A connection, an empty table and a SELECT of its columns in; its rows there."""
    makes_days: bool = True
    """Whether some days of a table may be made again, the rest left as it was."""

    def table(self, connection: Any, name: str, sql: str) -> int:
        """Make a temporary table of the rows of a SELECT, which may read `temp.<name>`; how many they are out."""
        self.make(connection, f"temp.{name}", sql, None)
        return int(connection.execute(f"select count(*) from temp.{name}").fetchone()[0])


def ask(connection: duckdb.DuckDBPyConnection, _name: str, sql: str) -> list[tuple[Any, ...]]:
    """As `Maker.ask`."""
    return connection.execute(sql).fetchall()


def fill(connection: duckdb.DuckDBPyConnection, place: str, sql: str) -> None:
    """As `Maker.fill`."""
    connection.execute(f"insert into {place} by name {sql}")


DUCKDB = Maker(duckdb.__version__, make, ask, fill)


def depending_on(queries: Mapping[str, str], variable: str) -> frozenset[str]:
    """Name → SELECT and a variable in; those whose SELECT reads it, or reads a table that depends on it, out."""
    found: set[str] = set()
    for name in in_order(queries):
        if variable in variables_of(queries[name]) or read_by(queries[name], "metrics") & found:
            found.add(name)
    return frozenset(found)


@cache
def variables_of(sql: str) -> frozenset[str]:
    """A SELECT in; the names of the variables that it reads out."""
    return frozenset(VARIABLE.findall(sql))


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


@cache
def read_by(sql: str, schema: str) -> frozenset[str]:
    """A SELECT in; the names of the tables of that schema that it reads out.

    Found in its text: a parser would cost more than the tables of a small client, and `get_table_names` binds, so it
    fails on `using` a column of a table that is not made yet.
    """
    return frozenset(re.findall(rf"\b{schema}\.(\w+)", NO_CODE.sub(" ", sql)))


# Metric tables built again only where something they are made of changed, at two days side by side.
#
# A table's *recipe* is all that its rows follow from: its SQL, the variables that the SQL reads, and the contents of
# the tables that it reads. The contents of a staged table are known by the run that changed it last, those of a metric
# table by the recipe with which its rows became what they are, so a table that comes out as it was makes nothing else
# stale. Whether it does is asked, by checksums of it before and after, where its readers may stand: a small client's
# checksums cost as much as ten of its tables.

BUILT, CHANGED = "metrics.made_of", "staged.changed"
"""Keys of `ops.meta`: table → its recipe, contents and frame, and schema → the day that it was built of; staged table →
the run that changed it last."""


def note_changed(connection: Any, changed: Collection[str], run_id: str, renamed: Collection[str] = ()) -> None:
    """Staged tables whose rows this run changed, and those it renamed, in; remembered until the next time."""
    if changed:
        derived = [name for table in changed for name in tables()[table].derives]
        names = [_names_of(table) for table in renamed]
        _write(connection, CHANGED, _read(connection, CHANGED) | dict.fromkeys([*changed, *derived, *names], run_id))


def forget_built(connection: Any) -> None:
    """Nothing that was built is trusted any more: the next run builds everything."""
    drop_meta(connection, "metrics.built", BUILT)


@dataclass(frozen=True)
class Recipe:
    """All that a table follows from, and all of that but the rows of the staged tables."""

    whole: str
    frame: str


class Renewal:
    """All queries of a warehouse, and what is known of the tables that they made."""

    def __init__(
        self, connection: Any, queries: Mapping[str, str], maker: Maker = DUCKDB, moving_by: str = "as_of"
    ) -> None:
        self._connection, self._queries, self._maker = connection, queries, maker
        self._reads = {name: sorted(read_by(queries[name], "metrics")) for name in in_order(queries)}
        self._moving_by, self._moving = moving_by, depending_on(queries, moving_by)
        self._steps = {step for read in self._reads.values() for step in read}
        self._of_today = _of_today(self._queries, self._reads)
        self._built = _read(connection, BUILT)
        self._changed = _read(connection, CHANGED)
        self._contents: dict[str, str] = {}
        self._moments: dict[str, str] = {}
        self._variables: dict[str, object] = {}
        self._days = DayStates(connection)
        # an engine that reads the rows from files types columns by itself
        self._unfed = Unfed(connection, queries.values() if maker is DUCKDB else ())
        self.made: set[str] = set()
        """Tables that were made anew."""

    def build(
        self, variables: Mapping[str, object], schema: str = "metrics", only: Collection[str] | None = None
    ) -> None:
        """Variables in; every table, or those asked for with what they read, as they say out.

        What depends on the variable that moves is made in `schema`, the rest in `metrics` whatever the schema.
        """
        standing = self._variables
        set_variables(
            self._connection,
            {name: value for name, value in variables.items() if name not in standing or standing[name] != value},
        )
        self._variables = dict(variables)
        self._connection.execute(f"create schema if not exists metrics; create schema if not exists {schema}")
        kinds = kinds_of(self._connection)
        wanted = self._reads.keys() if only is None else self._with_read(only)
        self._moments[schema] = str(variables.get(self._moving_by))
        for name in self._reads:
            place = self._place(name, schema)
            is_asked = schema == "metrics" or name not in self._of_today
            if name in wanted and is_asked and place not in self._contents:
                self._renew(name, schema, variables, kinds.get(place))

    def _with_read(self, names: Collection[str]) -> set[str]:
        """Tables, and all that they are made of, step by step."""
        wanted: set[str] = set()
        waiting = set(names)
        while waiting:
            wanted |= waiting
            waiting = {read for name in waiting for read in self._reads[name]} - wanted
        return wanted

    def remember(self) -> None:
        """Keep what is known of every table built, for the next run."""
        _write(self._connection, BUILT, self._moments | {place: self._built[place] for place in self._contents})

    def _renew(self, name: str, schema: str, variables: Mapping[str, object], stands: str | None) -> None:
        """Make a table if it is not there or its recipe is another one."""
        place, sql = self._place(name, schema), self._queries[name]
        recipe = self._recipe(name, schema, variables)
        known, contents, frame = self._built.get(place, ("", "", ""))
        # the ops tables tell of this run: what reads them is small and made every time
        if known != recipe.whole or stands is None or read_by(sql, "ops"):
            is_framed, shown = stands is not None and frame == recipe.frame, self._shown(sql, schema, variables)
            before = self._checksum(place) if known and stands == "table" and self._may_spare(name, schema) else None
            if is_empty := self._unfed.is_empty(sql):
                make_empty(self._connection, place, shown)
            else:
                self._make(place, shown, stands, kept_by_day(sql, variables), is_framed)
            self.made.add(place)
            if read_by(sql, "ops") and name in self._steps and not is_view(sql):
                contents = self._checksum(place)
            elif before is None or before != self._checksum(place):
                contents = NO_ROWS if is_empty else recipe.whole
        self._built[place], self._contents[place] = [recipe.whole, contents, recipe.frame], contents

    def _make(self, place: str, sql: str, stands: str | None, kept: Around | UpTo | None, is_framed: bool) -> None:
        """Make a table, or only some of its days where all else that it follows from is as it was."""
        is_kept = kept is not None and self._maker.makes_days
        if kept is None or not is_kept or not is_framed or not self._days.renew(place, sql, kept):
            self._maker.make(self._connection, place, sql, stands)
        if kept is not None and is_kept:
            self._days.keep(place, kept)

    def _may_spare(self, name: str, schema: str) -> bool:
        """Whether tables that read this one may stand if it comes out as it was: of another day all are made anew."""
        is_of_that_day = name not in self._moving or self._built.get(schema) == self._moments[schema]
        return name in self._steps and is_of_that_day and not read_by(self._queries[name], "ops")

    def _place(self, name: str, schema: str) -> str:
        return f"{schema if name in self._moving else 'metrics'}.{name}"

    def _shown(self, sql: str, schema: str, variables: Mapping[str, object]) -> str:
        """The SELECT with the tables of that schema; a view keeps the values of its variables."""
        placed = re.sub(r"\bmetrics\.(\w+)", lambda found: self._place(found[1], schema), sql)
        return VARIABLE.sub(lambda found: _literal(variables[found[1]]), placed) if is_view(sql) else placed

    def _recipe(self, name: str, schema: str, variables: Mapping[str, object]) -> Recipe:
        sql = self._queries[name]
        staged = sorted(read_by(sql, "staged"))
        frame = {
            "engine": self._maker.name,
            "sql": sql,
            "variables": {variable: str(variables[variable]) for variable in sorted(variables_of(sql))},
            "metrics": [self._contents[self._place(read, schema)] for read in self._reads[name]],
            "names": [self._changed.get(_names_of(read)) for read in staged],
        }
        return Recipe(_hash(frame | {"staged": [self._changed.get(read) for read in staged]}), _hash(frame))

    def _checksum(self, place: str) -> str:
        """The rows of a table, whatever their order."""
        found = self._connection.execute(
            f"select count(*), bit_xor(h), sum(h) from (select hash(rows) as h from {place} as rows)"
        ).fetchone()
        return " ".join(map(str, found))


def _of_today(queries: Mapping[str, str], reads: Mapping[str, Sequence[str]]) -> set[str]:
    """Tables, each after those it reads; those that say that they are of today alone, or read one that does."""
    found: set[str] = set()
    for name, read in reads.items():
        if OF_TODAY in queries[name] or found & set(read):
            found.add(name)
    return found


def _names_of(table: str) -> str:
    return f"{table}.names"


def _hash(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _literal(value: object) -> str:
    """A value of a variable as SQL."""
    if isinstance(value, list):
        return f"cast([{', '.join(map(_literal, value))}] as varchar[])"
    if isinstance(value, date):
        return f"date '{value}'"
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def _read(connection: Any, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(meta_of(connection, key) or "{}")
    return found


def _write(connection: Any, key: str, value: Mapping[str, Any]) -> None:
    keep_meta(connection, key, json.dumps(value))


# Tables and rules that have no rows as long as nothing feeds them, known without asking for their rows: such a SELECT
# says so below its first line. What a client does not keep, a plan or a survey, costs nothing.

UNFED = re.compile(r"^-- No rows without (staged|ops)\.(\w+)\.$", re.MULTILINE)
NO_ROWS = "0 None None"
"""The checksum of a table without rows."""
_columns: dict[str, str] = {}
"""SELECT → the columns of its rows, as a table declares them; kept as long as the process lives."""


class Unfed:
    """What of all that SELECTs are made of has no rows now."""

    def __init__(self, connection: Any, queries: Iterable[str]) -> None:
        feeds = sorted({feed for sql in queries if (feed := feed_of(sql))})
        asked = ", ".join(f"exists (from {feed})" for feed in feeds)
        found = connection.execute(f"select {asked}").fetchone() if feeds else ()
        self._dry = {feed for feed, is_fed in zip(feeds, found, strict=True) if not is_fed}

    def is_empty(self, sql: str) -> bool:
        """Whether a SELECT says that it has no rows as it is."""
        return feed_of(sql) in self._dry


def feed_of(sql: str) -> str | None:
    """A SELECT in; the table whose rows all of its own follow from, if it names one, out."""
    found = UNFED.search(sql)
    return found and f"{found[1]}.{found[2]}"


def make_empty(connection: Any, place: str, sql: str) -> None:
    """`schema.name` and a SELECT without rows in; a table of its columns there out, in place of one that may stand."""
    if sql not in _columns:
        connection.execute(f"create or replace table {place} as select * from ({sql}) limit 0")
        described = connection.execute(f"from {place} limit 0").description
        _columns[sql] = ", ".join(f"{name} {kind}" for name, kind, *_ in described)
    else:
        connection.execute(f"create or replace table {place} ({_columns[sql]})")
