"""A figure's name and key → its formula, its parts and the rows behind each, as the last run left the warehouse."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from config.errors import ConfigError
from config.folder.load import LoadedClient, load_client
from config.metrics import MetricColumn, metrics
from config.setting_words import setting
from config.tables import tables
from connectors.warehouse import PartBehind, Reading
from flows.explain.key import Asked, asked_figure
from flows.say import hint, plainly, say
from transforms.explain import Cells, explain_query, rows_of
from transforms.mask import mask_text, masked
from transforms.metrics import variables


@dataclass(frozen=True)
class Cell:
    """A figure that another one is computed from."""

    table: str
    column: str
    key: Mapping[str, str]
    value: Any


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
    """Sums of rows that it is, or is made of."""
    cells: Sequence[Cell]
    """Figures of metric tables that it is computed from."""
    rests_on: Mapping[str, Any]
    """What else it rests on: `setting.section.key` or `given.name` → its value."""
    rows_refused: int
    """Rows of the same tables that could not be read at all, whatever their day."""
    as_of: date
    folder: str = ""
    """The client's, as a command takes it."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of a key that was left out, hence a total: the first of the values that it may have."""
    corrections: Sequence[str] = ()
    """Commands that put a row right, of the first row of each part and source: the others take the same."""


def explain(folder: Path, number: str, keys: Sequence[str], most_rows: int) -> Explained:
    """`table.column` or a label, `key=value` words and how many rows to show in; the figure explained out.

    A period that is not named is the last complete one, a channel of a table that has a whole is the whole. Nothing
    changes. Raises ConfigError for what does not exist, TargetError where nothing was computed yet.
    """
    loaded = load_client(folder)
    with Reading.patiently(loaded.data) as warehouse:
        as_of = _as_of(warehouse, loaded)
        warehouse.set_variables(variables(loaded.client.settings, as_of))
        asked = asked_figure(warehouse, number, keys, is_masked=loaded.client.settings.personal_data != "keep")
        explained = replace(_explained(warehouse, asked, loaded, as_of, most_rows), folder=str(folder))
    return replace(explained, corrections=list(_corrections(explained, loaded)))


def explained_as_plain(explained: Explained) -> dict[str, Any]:
    """The same for machines: days ISO, money as text."""
    shown = asdict(explained) | {"described": explained.described.model_dump()}
    return {name: plainly(value) for name, value in shown.items()}


def _as_of(warehouse: Reading, loaded: LoadedClient) -> date:
    last = warehouse.last_good_run()
    if last is None:
        raise ConfigError("cli.explain_no_run", folder=loaded.folder)
    return last.as_of


def _explained(warehouse: Reading, asked: Asked, loaded: LoadedClient, as_of: date, most_rows: int) -> Explained:
    query = explain_query(asked.table, asked.column, asked.key)
    figure = warehouse.figure(query.figure_sql)
    described = metrics().tables[query.table].columns[query.column]
    shown = _Shown(loaded.client.settings.personal_data)
    parts = [warehouse.part(part.name, part.sql, most_rows, is_sum=part.is_sum) for part in query.parts]
    given = {f"given.{name}": warehouse.figure(sql)[0] for name, sql in query.given.items()}
    return Explained(
        table=query.table,
        column=query.column,
        key=shown.key(query.key),
        value=shown.value(query.column, figure[-1]) if figure else None,
        is_found=bool(figure),
        described=described,
        parts=[shown.part(part) for part in parts],
        cells=[cell for cells in query.cells for cell in shown.cells(cells, warehouse.cells(cells.sql))],
        rests_on={f"setting.{name}": setting(loaded.client.settings, name) for name in query.settings} | given,
        rows_refused=warehouse.rows_refused(described.tables),
        as_of=as_of,
        choices=asked.choices,
    )


def _corrections(explained: Explained, loaded: LoadedClient) -> Iterator[str]:
    """What a row adds is put right in its column; a row that is only counted is not to be counted."""
    told = set()
    for part in explained.parts:
        rows = rows_of(metrics().tables[explained.table], part.name)[0]
        adds = rows.pick or rows.sum
        for row in (*part.used, *part.unused):
            source = loaded.client.sources.get(row.source)
            if source is None or not source.files or row.source_row is None:
                continue
            has_column = adds in tables()[source.table].columns
            value = say("explain_correct_value", column=adds) if has_column else "--leave-out"
            if (row.source, value) not in told:
                told.add((row.source, value))
                place = shlex.quote(f"{row.source_file}:{row.source_row}")
                yield f"{hint('correct', explained.folder)} {place} {value}"


@dataclass(frozen=True)
class _Shown:
    """What may be shown of people, as `personal_data:` has it."""

    personal_data: str

    def key(self, key: Mapping[str, str]) -> dict[str, str]:
        """A person is no more than a mask."""
        return {name: self.value(name, value) for name, value in key.items()}

    def value(self, column: str, value: Any) -> Any:
        """A figure, a day or a text; of a text what a report would show."""
        if not isinstance(value, str) or self.personal_data == "keep":
            return value
        return masked(column, value, self.personal_data) if column == "client_key" else mask_text(value)

    def part(self, part: PartBehind) -> PartBehind:
        """A part whose value may be a text."""
        if not isinstance(part.total, str):
            return part
        used = [row.with_value(self.value(part.name, row.value)) for row in part.used]
        unused = [row.with_value(self.value(part.name, row.value)) for row in part.unused]
        return part.with_rows(self.value(part.name, part.total), used, unused)

    def cells(self, cells: Cells, rows: Sequence[tuple[Any, ...]]) -> list[Cell]:
        """The rows of a metric table that a figure is computed from."""
        return [
            Cell(
                cells.table,
                cells.column,
                self.key({name: str(value) for name, value in zip(cells.names, row, strict=False)}),
                self.value(cells.column, row[-1]),
            )
            for row in rows
        ]
