"""One figure of a report → the SQL of the rows behind it, used and left out, each with its file, row and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files

from config.errors import ConfigError
from config.macros import expanded
from config.metrics import metrics
from transforms.explain.rows import PARTS, ROWS, Rows

WHOLE, PAID = "Всего", "Всего, платные"
"""Values of a channel or a manager that mean all rows together, or those channels that cost something."""
WITH_WHOLE = frozenset({"chain_period", "unit_economics_period", "satisfaction_period"})
"""Tables that have a row of the whole; of the others it is summed."""
CALLED = {"reason": "loss_reason"}
"""Column of a key → how relations call it where they have a column of that name for something else."""
DIMENSIONS = ("channel", "manager", "reason", "partner")
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
    if table not in ROWS:
        raise ConfigError("explain.unknown_table", table=table, known=", ".join(ROWS))
    described = metrics().tables[table]
    if column not in described.columns:
        raise ConfigError("explain.unknown_column", table=table, column=column, known=", ".join(described.columns))
    whole = _whole_key(table, described.key, key)
    summed = _summed(table, whole)
    if summed and column not in ROWS[table] and not described.columns[column].denominator:
        raise ConfigError("explain.no_total", table=table, column=column, key=summed)
    names = (column,) if column in ROWS[table] else PARTS.get((table, column), described.columns[column].parts)
    return Explanation(
        table=table,
        column=column,
        key=whole,
        figure_sql=_total(table, column, summed, whole) if summed else _figure(table, column, described.key, whole),
        parts=tuple(Part(name, _rows(_each(ROWS[table][name], summed), whole)) for name in names),
    )


def _summed(table: str, key: Mapping[str, str]) -> str | None:
    """The column over whose values the figure is a total, if it is one of a table that has no such row."""
    if table in WITH_WHOLE:
        return None
    return next((name for name in DIMENSIONS if key.get(name) in (WHOLE, PAID)), None)


def _each(relations: tuple[Rows, ...], summed: str | None) -> tuple[Rows, ...]:
    """In a total a person counts once for each channel or manager, as in the rows that it is the sum of."""
    if summed is None:
        return relations
    return tuple(replace(rows, person=f"{rows.person}, {summed}") if rows.person else rows for rows in relations)


def _total(table: str, column: str, summed: str, key: Mapping[str, str]) -> str:
    """A sum over the rows of a period; of a ratio the quotient of two sums, as the foot of a page has it."""
    told = metrics().tables[table].columns[column]
    figure = f"sum({column})"
    if told.numerator and told.denominator and column not in ROWS[table]:
        minus = f" - sum({told.minus})" if told.minus else ""
        top = f"cast(sum({told.numerator}){minus} as double)"
        figure = f"{told.times} * {top} / nullif(sum({told.denominator}), 0)"
    paid = " where spend_rub > 0" if key[summed] == PAID else ""
    return (
        f"with explained as ({_period(key)})\n"
        f"select grain, period_start, {_text(key[summed])} as {summed}, {figure} as {column}\n"
        f"from metrics.{table} inner join explained using (grain, period_start){paid}\n"
        "group by grain, period_start"
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
    if relation == "costs":
        return ""
    if key.get("channel") == PAID:
        return (
            " and channel in (select channel from metrics.channel_period"
            " inner join explained using (grain, period_start) where spend_rub > 0)"
        )
    named = (name for name in DIMENSIONS if name in key and key[name] != WHOLE)
    return "".join(f" and {CALLED.get(name, name)} = {_text(key[name])}" for name in named)


def _relation(name: str) -> str:
    return expanded((files(__name__) / f"{name}.sql").read_text(encoding="utf-8"))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
