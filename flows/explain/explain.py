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
from connectors.warehouse import PartBehind, Reading
from flows.explain.key import asked_key
from transforms.explain import Explanation, explain_query
from transforms.metrics import variables

PATIENCE_SECONDS = 10.0


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
    folder: str
    """The client's, as a command takes it."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of a key that was left out, hence a total: the first of the values that it may have."""


def explain(folder: Path, number: str, keys: Sequence[str], most_rows: int) -> Explained:
    """`table.column`, `key=value` words and how many rows to show in; the figure explained out. Nothing changes.

    A period that is not named is the last complete one, a channel of a table that has a whole is the whole.
    Raises ConfigError for what does not exist, TargetError where nothing was computed yet.
    """
    loaded = load_client(folder, settings().allowed_roots)
    table, _, column = number.partition(".")
    with opened(loaded.data) as warehouse:
        as_of = _as_of(warehouse, loaded)
        warehouse.set_variables(variables(loaded.client.settings, as_of))
        asked = asked_key(warehouse, table, column, keys)
        query = explain_query(table, column, asked.key)
        return replace(_explained(warehouse, query, as_of, most_rows, str(folder)), choices=asked.choices)


def explained_as_plain(explained: Explained) -> dict[str, Any]:
    """The same for machines: days ISO, money as text."""
    shown = asdict(explained) | {"described": explained.described.model_dump()}
    return {name: _plain(value) for name, value in shown.items()}


def opened(data: Path) -> Reading:
    """The warehouse, to be read. A run that changed nothing yet holds the file for seconds: they are waited out."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return Reading.open(data)
        except TargetError as error:
            if error.key != "warehouse.locked" or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _as_of(warehouse: Reading, loaded: LoadedClient) -> date:
    last = warehouse.last_good_run()
    if last is None:
        raise ConfigError("cli.explain_no_run", folder=loaded.folder)
    return last.as_of


def _explained(warehouse: Reading, query: Explanation, as_of: date, most_rows: int, folder: str) -> Explained:
    figure = warehouse.figure(query.figure_sql)
    described = metrics().tables[query.table].columns[query.column]
    return Explained(
        table=query.table,
        column=query.column,
        key=query.key,
        value=figure[-1] if figure else None,
        is_found=bool(figure),
        described=described,
        parts=[warehouse.part(part.name, part.sql, most_rows) for part in query.parts],
        rows_refused=warehouse.rows_refused(described.tables),
        as_of=as_of,
        folder=folder,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
