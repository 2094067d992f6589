"""A figure's name and key → its formula, its parts and the rows behind each, as the last run left the warehouse."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from config.errors import ConfigError, TargetError
from config.load import LoadedClient, load_client
from config.metrics import MetricColumn, metrics
from config.settings import settings
from connectors.warehouse.build import set_variables
from connectors.warehouse.database import DATABASE, open_for_reading, worded
from flows.explain.key import asked_key
from transforms.explain import Explanation, explain_query
from transforms.metrics import variables

PATIENCE_SECONDS = 10.0
AS_OF = "select as_of from ops.runs where status in ('done', 'partial') order by run_id desc limit 1"
COUNTED = """
select is_used, reason, count(*) as rows, sum(value) as total
from ({sql})
group by all
order by is_used desc, rows desc, reason
"""
SHOWN = """
select source, source_file, source_row, day_on, value, reason
from ({sql})
where is_used = ?
qualify row_number() over (partition by reason order by day_on, source, source_file, source_row) <= ?
order by reason, day_on, source, source_file, source_row
"""
REFUSED = """
select count(distinct (source_file, source_row))
from ops.rejects
where not is_row_kept
    and run_id = (select max(run_id) from ops.loads)
    and source in (select source from ops.sources where list_contains(?, table_name))
"""


@dataclass(frozen=True)
class RowBehind:
    """One row of a file that a figure looked at."""

    source: str
    source_file: str
    source_row: int | None
    day_on: date | None
    value: Any
    reason: str | None = None


@dataclass(frozen=True)
class PartBehind:
    """One sum that a figure is, or is made of."""

    name: str
    total: Any
    rows_used: int
    left_out: Mapping[str, int]
    """Reason → rows."""
    used: Sequence[RowBehind]
    """The first of them."""
    unused: Sequence[RowBehind]


@dataclass(frozen=True)
class Explained:
    """A figure and everything behind it."""

    table: str
    column: str
    key: Mapping[str, str]
    value: Any
    is_found: bool
    described: MetricColumn
    parts: Sequence[PartBehind]
    rows_refused: int
    """Rows of the same tables that could not be read at all, whatever their day."""
    as_of: date
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of a key that was left out, hence a total: the first of the values that it may have."""


def explain(folder: Path, number: str, keys: Sequence[str], most_rows: int) -> Explained:
    """`table.column`, `key=value` words and how many rows to show in; the figure explained out. Nothing changes.

    A period that is not named is the last complete one, a channel of a table that has a whole is the whole.
    Raises ConfigError for what does not exist, TargetError where nothing was computed yet.
    """
    loaded = load_client(folder, settings().allowed_roots)
    table, _, column = number.partition(".")
    connection = _opened(loaded.data)
    try:
        with worded(loaded.data / DATABASE):
            as_of = _as_of(connection, loaded)
            set_variables(connection, variables(loaded.client.settings, as_of))
            asked = asked_key(connection, table, column, keys)
            query = explain_query(table, column, asked.key)
            return replace(_explained(connection, query, as_of, most_rows), choices=asked.choices)
    finally:
        connection.close()


def explained_as_plain(explained: Explained) -> dict[str, Any]:
    """The same for machines: days ISO, money as text."""
    shown = asdict(explained) | {"described": explained.described.model_dump()}
    return {name: _plain(value) for name, value in shown.items()}


def _opened(data: Path) -> Any:
    """A connection that only reads. A run that changed nothing yet holds the file for seconds: they are waited out."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return open_for_reading(data)
        except TargetError as error:
            if error.key != "warehouse.locked" or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _as_of(connection: Any, loaded: LoadedClient) -> date:
    found = connection.execute(AS_OF).fetchone()
    if found is None:
        raise ConfigError("cli.explain_no_run", folder=loaded.folder)
    day: date = found[0]
    return day


def _explained(connection: Any, query: Explanation, as_of: date, most_rows: int) -> Explained:
    figures = connection.execute(query.figure_sql).fetchall()
    described = metrics().tables[query.table].columns[query.column]
    return Explained(
        table=query.table,
        column=query.column,
        key=query.key,
        value=figures[0][-1] if figures else None,
        is_found=bool(figures),
        described=described,
        parts=[_part(connection, part.name, part.sql, most_rows) for part in query.parts],
        rows_refused=connection.execute(REFUSED, [described.tables]).fetchone()[0],
        as_of=as_of,
    )


def _part(connection: Any, name: str, sql: str, most_rows: int) -> PartBehind:
    counted = connection.execute(COUNTED.format(sql=sql)).fetchall()
    used = [row for row in counted if row[0]]
    return PartBehind(
        name=name,
        total=sum(row[3] or 0 for row in used),
        rows_used=sum(row[2] for row in used),
        left_out={row[1]: row[2] for row in counted if not row[0]},
        used=_rows(connection, sql, True, most_rows),
        unused=_rows(connection, sql, False, most_rows),
    )


def _rows(connection: Any, sql: str, is_used: bool, most: int) -> list[RowBehind]:
    return [RowBehind(*row) for row in connection.execute(SHOWN.format(sql=sql), [is_used, most]).fetchall()]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
