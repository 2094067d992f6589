"""One figure of a report → the SQL of the rows behind it, used and left out, each with its file, row and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from config.errors import ConfigError
from config.metrics import metrics
from transforms.explain.rows import PARTS, ROWS, Rows

WHOLE = "Всего"
GRAINS = ("day", "week", "month", "year")


@dataclass(frozen=True)
class Part:
    """One sum that a figure is, or is made of."""

    name: str
    """Column of the metric table, or the name of a count that is no column (`known_deals`)."""
    sql: str
    """SELECT of `source, source_file, source_row, day_on, value, is_used, reason`: values of used rows add up."""


@dataclass(frozen=True)
class Explanation:
    """A figure, and the parts that it is made of: itself if rows add up to it, above and below the line of a ratio."""

    table: str
    column: str
    key: Mapping[str, str]
    """The whole key, what was left out filled in; `period_start` may be blank: the latest."""
    figure_sql: str
    """SELECT of the key and the figure: one row, or none if there is no such row."""
    parts: tuple[Part, ...]
    """Empty for a figure that is no count of rows (`is_complete`)."""


def explain_query(table: str, column: str, key: Mapping[str, str]) -> Explanation:
    """Metric table, column and key (`grain` month and the latest `period_start` by default) in; its Explanation out.

    Runs on a built warehouse with the variables of its metrics set. Raises ConfigError for what does not exist.
    """
    described = metrics().tables.get(table)
    if described is None:
        raise ConfigError("explain.unknown_table", table=table, known=", ".join(metrics().tables))
    if column not in described.columns:
        raise ConfigError("explain.unknown_column", table=table, column=column, known=", ".join(described.columns))
    whole = _whole_key(table, described.key, key)
    names = (column,) if column in ROWS[table] else PARTS.get((table, column), described.columns[column].parts)
    return Explanation(
        table=table,
        column=column,
        key=whole,
        figure_sql=_figure(table, column, described.key, whole),
        parts=tuple(Part(name, _rows(ROWS[table][name], whole)) for name in names),
    )


def _whole_key(table: str, columns: list[str], given: Mapping[str, str]) -> dict[str, str]:
    for name in given:
        if name not in columns:
            raise ConfigError("explain.unknown_key", table=table, key=name, known=", ".join(columns))
    whole = {"grain": "month", "period_start": ""} | dict(given)
    for name in columns:
        if name not in whole:
            raise ConfigError("explain.missing_key", table=table, key=name)
    if whole["grain"] not in GRAINS:
        raise ConfigError("explain.unknown_grain", value=whole["grain"], known=", ".join(GRAINS))
    if whole["period_start"]:
        try:
            date.fromisoformat(whole["period_start"])
        except ValueError as error:
            raise ConfigError("explain.not_a_day", value=whole["period_start"]) from error
    return whole


def _figure(table: str, column: str, columns: list[str], key: Mapping[str, str]) -> str:
    chosen = dict.fromkeys([*columns, column])
    named = [f"figures.{name} = {_text(key[name])}" for name in columns if name not in ("grain", "period_start")]
    return (
        f"with explained as ({_period(key)})\n"
        f"select {', '.join(f'figures.{name}' for name in chosen)}\n"
        f"from metrics.{table} as figures\n"
        "inner join explained using (grain, period_start)\n"
        f"where {' and '.join(named) or 'true'}"
    )


def _period(key: Mapping[str, str]) -> str:
    start = f"and period_start = date {_text(key['period_start'])} " if key["period_start"] else ""
    return f"select * from metrics.period where grain = {_text(key['grain'])} {start}order by period_start desc limit 1"


def _rows(relations: tuple[Rows, ...], key: Mapping[str, str]) -> str:
    return (
        f"with explained as ({_period(key)})\n"
        + "\nunion all\n".join(_rows_of_one(rows, key) for rows in relations)
        + "\norder by is_used desc, day_on, source, source_file, source_row"
    )


def _rows_of_one(rows: Rows, key: Mapping[str, str]) -> str:
    cases = " ".join(f"when {condition} then '{reason}'" for reason, condition in rows.reasons)
    reason = f"case {cases} end" if cases else "cast(null as varchar)"
    again = _again(rows)
    return (
        "select source, source_file, source_row, day_on, value, coalesce(again, reason) is null as is_used,"
        " coalesce(reason, again) as reason\n"
        f"from (select *, {again} as again from (select *, {rows.value} as value, {reason} as reason\n"
        f"from ({_relation(rows.relation)}) as looked\n"
        f"where ({rows.where}){_named(rows.relation, key)}))"
    )


def _again(rows: Rows) -> str:
    if rows.person is None:
        return "cast(null as varchar)"
    place = f"row_number() over (partition by {rows.person}, reason is null order by {rows.order})"
    return f"case when reason is null and {place} > 1 then 'same_person' end"


def _named(relation: str, key: Mapping[str, str]) -> str:
    named = (name for name in ("channel", "manager") if name in key and key[name] != WHOLE)
    return "".join(f" and {name} = {_text(key[name])}" for name in named) if relation != "costs" else ""


def _relation(name: str) -> str:
    return (files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
