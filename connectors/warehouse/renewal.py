"""Metric tables built again only where something they are made of changed, at two days side by side.

A table's *recipe* is all that its rows follow from: its SQL, the variables that the SQL reads, and the contents of the
tables that it reads. The contents of a staged table are known by the run that changed it last, those of a metric table
by a checksum, so a table that comes out as it was makes nothing else stale.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from connectors.warehouse.build import (
    VARIABLE,
    depending_on,
    in_order,
    is_view,
    kinds_of,
    make,
    read_by,
    set_variables,
    variables_of,
)
from connectors.warehouse.by_day import DayStates, Kept, kept_by_day

BUILT, CHANGED = "metrics.made_of", "staged.changed"
"""Keys of `ops.meta`: table → its recipe, checksum and frame; staged table → the run that changed it last."""
DERIVED = {"subscribers": ("activity",), "deals": ("activity",)}
"""Changed table → those that are derived from it."""


def note_changed(connection: Any, changed: Collection[str], run_id: str, renamed: Collection[str] = ()) -> None:
    """Staged tables whose rows this run changed, and those it renamed, in; remembered until the next time."""
    if changed:
        derived = [name for table in changed for name in DERIVED.get(table, ())]
        names = [_names_of(table) for table in renamed]
        _write(connection, CHANGED, _read(connection, CHANGED) | dict.fromkeys([*changed, *derived, *names], run_id))


def forget_built(connection: Any) -> None:
    """Nothing that was built is trusted any more: the next run builds everything."""
    connection.execute("delete from ops.meta where key in ('metrics.built', ?)", [BUILT])


@dataclass(frozen=True)
class Recipe:
    """All that a table follows from, and all of that but the rows of the staged tables."""

    whole: str
    frame: str


class Renewal:
    """All queries of a warehouse, and what is known of the tables that they made."""

    def __init__(self, connection: Any, queries: Mapping[str, str], moving_by: str = "as_of") -> None:
        self._connection, self._queries = connection, queries
        self._reads = {name: sorted(read_by(queries[name], "metrics")) for name in in_order(queries)}
        self._moving = depending_on(queries, moving_by)
        self._steps = {step for read in self._reads.values() for step in read}
        self._built = _read(connection, BUILT)
        self._changed = _read(connection, CHANGED)
        self._contents: dict[str, str] = {}
        self._days = DayStates(connection)

    def build(self, variables: Mapping[str, object], schema: str = "metrics") -> None:
        """Variables in; every table as they say out, in the caller's transaction.

        What depends on the variable that moves is made in `schema`, the rest in `metrics` whatever the schema.
        """
        set_variables(self._connection, variables)
        self._connection.execute(f"create schema if not exists metrics; create schema if not exists {schema}")
        kinds = kinds_of(self._connection)
        for name in self._reads:
            place = self._place(name, schema)
            if place not in self._contents:
                self._renew(name, schema, variables, kinds.get(place))

    def remember(self) -> None:
        """Keep what is known of every table built, for the next run."""
        _write(self._connection, BUILT, {place: self._built[place] for place in self._contents})

    def _renew(self, name: str, schema: str, variables: Mapping[str, object], stands: str | None) -> None:
        """Make a table if it is not there or its recipe is another one."""
        place, sql = self._place(name, schema), self._queries[name]
        recipe = self._recipe(name, schema, variables)
        known, contents, frame = self._built.get(place, ("", "", ""))
        # the ops tables tell of this run: what reads them is small and made every time
        if known != recipe.whole or stands is None or read_by(sql, "ops"):
            is_framed = stands is not None and frame == recipe.frame
            self._make(place, self._shown(sql, schema, variables), stands, kept_by_day(sql, variables), is_framed)
            contents = self._checksum(place) if name in self._steps and not is_view(sql) else recipe.whole
        self._built[place], self._contents[place] = [recipe.whole, contents, recipe.frame], contents

    def _make(self, place: str, sql: str, stands: str | None, kept: Kept | None, is_framed: bool) -> None:
        """Make a table, or only some of its days where all else that it follows from is as it was."""
        if kept is None or not is_framed or not self._days.renew(place, sql, kept):
            make(self._connection, place, sql, stands)
        if kept is not None:
            self._days.keep(place, kept)

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
            "engine": duckdb.__version__,
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
    row = connection.execute("select value from ops.meta where key = ?", [key]).fetchone()
    found: dict[str, Any] = json.loads(row[0]) if row else {}
    return found


def _write(connection: Any, key: str, value: Mapping[str, Any]) -> None:
    connection.execute("insert or replace into ops.meta values (?, ?)", [key, json.dumps(value)])
