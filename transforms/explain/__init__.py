"""One figure of a report → the SQL of all behind it: rows of files, used and left out, and other figures."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

from config.errors import ConfigError
from config.metrics import MetricColumn, MetricTable, Rows, metrics
from config.nearest import nearest
from transforms.metrics import with_facts
from transforms.metrics.asked import year_back
from transforms.parse.cells import literal

WHOLE, PAID = "Всего", "Всего, платные"
"""Values of a channel or a manager that mean all rows together, or those channels that cost something."""
WITH_WHOLE = frozenset({"chain_period", "unit_economics_period", "satisfaction_period", "plan_period"})
"""Tables that have a row of the whole; of the others it is summed."""
DIMENSIONS = ("channel", "manager", "reason", "partner")
GRAINS = ("day", "week", "month", "year")
PERIODS = ("period_start", "cohort_on")
"""Columns of keys that are the first day of a period."""
RELATION = re.compile(r"\bexplain\.(\w+)")
AMONG = {
    "paid": "channel in (select channel from metrics.channel_period"
    " inner join explained using (grain, period_start) where spend_rub > 0)",
    "clicked": "channel in (select channel from metrics.channel_period"
    " inner join explained using (grain, period_start) where clicks > 0)",
    "taking": "manager in (select manager from metrics.manager_period"
    " inner join explained using (grain, period_start) where calls > 0)",
}
GIVEN = {
    "as_of": "getvariable('as_of')",
    "last_on": "(select last_on from explained)",
    "d_on": "(select d_on from explained)",
    "snapshot_on": "(select snapshot_on from metrics.activity_history)",
    "journal_on": "(select journal_on from metrics.activity_history)",
    "first_deal_on": "(select min(day_on) from metrics.won_deal)",
    "first_cost_on": "(select min(day_on) from metrics.cost_day)",
    "clients": "(select count(*) from metrics.client_segment)",
    "clients_below": "(select count(*) from metrics.client_segment where revenue_rub < (select revenue_rub"
    " from metrics.client_segment where client_key = (select asked_client_key from explained)))",
    "spellings": "(select string_agg(spelling, ', ' order by spelling) from ops.loss_reasons"
    " where reason = (select asked_reason from explained))",
    "share": "(select share from ops.partners where partner = (select asked_partner from explained))",
    "rub_per_client": "(select rub_per_client from ops.partners where partner = (select asked_partner from explained))",
} | {
    f"{money}_before_rub": f"(select sum({money}_rub) from ops.asked_money inner join metrics.before_after as changes"
    " using (channel, manager) where changes.name = (select asked_name from explained)"
    " and grain = concat('before ', changes.name))"
    for money in ("revenue", "cogs", "spend")
}
"""What a figure rests on that is no figure itself: a day, a rule of a dictionary, the money before a change."""


@dataclass(frozen=True)
class Part:
    """One sum that a figure is, or is made of."""

    name: str
    """Column of the metric table, or a figure `behind` its columns."""
    sql: str
    """SELECT of `source, source_file, source_row, day_on, value, is_used, reason`."""
    is_sum: bool = True
    """Whether the values of the used rows add up, or the only used row has the value."""


@dataclass(frozen=True)
class Cells:
    """Figures of metric tables that a figure is computed from, each to be explained in turn."""

    table: str
    column: str
    names: tuple[str, ...]
    """Columns of the key, in the order of the SELECT."""
    sql: str
    """SELECT of the key and the figure, last."""


@dataclass(frozen=True)
class Explanation:
    """A figure, and all that it is made of."""

    table: str
    column: str
    key: Mapping[str, str]
    """The whole key, what was left out filled in; `period_start` may be blank: the latest."""
    figure_sql: str
    """SELECT of the key and the figure: one row, or none if there is no such row."""
    parts: tuple[Part, ...]
    """Sums of rows: the figure itself, above and below the line of a ratio."""
    cells: tuple[Cells, ...] = ()
    settings: tuple[str, ...] = ()
    """`section.key` of the settings that it rests on."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Name → SELECT of one value: days, rules of a dictionary."""


def explain_query(table: str, column: str, key: Mapping[str, str]) -> Explanation:
    """Metric table, column and key (`grain` month and the latest `period_start` by default) in; its Explanation out.

    Runs on a built warehouse with the variables of its metrics set. Raises ConfigError for what does not exist.
    """
    tables = metrics().tables
    if table not in tables:
        raise ConfigError("explain.unknown_table", table=table, near=_near(table, tables), known=", ".join(tables))
    described = tables[table]
    if column not in described.columns:
        near, known = _near(column, described.columns), ", ".join(described.columns)
        raise ConfigError("explain.unknown_column", table=table, column=column, near=near, known=known)
    asked = _Asked(table, described, _whole_key(table, described.key, key))
    told = described.columns[column]
    if asked.summed and not (told.has_total or column in described.key):
        raise ConfigError("explain.no_total", table=table, column=column, key=asked.summed, known="…")
    names = ((column,) if told.rows else ()) + told.sources
    kinds = [name.partition(".")[0] for name in names]
    return Explanation(
        table=table,
        column=column,
        key=asked.key,
        figure_sql=asked.figure(column),
        parts=tuple(
            Part(name, asked.rows(rows), rows[0].pick is None) for name in names if (rows := rows_of(described, name))
        ),
        cells=tuple(asked.cells(name) for name in names if _is_cell(described, name)),
        settings=tuple(n.partition(".")[2] for n, kind in zip(names, kinds, strict=True) if kind == "setting"),
        given={n.partition(".")[2]: asked.given(n) for n, kind in zip(names, kinds, strict=True) if kind == "given"},
    )


def rows_of(described: MetricTable, name: str) -> Sequence[Rows]:
    """A table and a column, or a figure behind its columns, in; the rows that it sums out, if it does."""
    found: MetricColumn | None = described.columns.get(name)
    return described.behind[name].rows if name in described.behind else found.rows if found else ()


def _is_cell(described: MetricTable, name: str) -> bool:
    return name.partition(".")[0] not in ("setting", "given") and not rows_of(described, name)


def _whole_key(table: str, columns: list[str], given: Mapping[str, str]) -> dict[str, str]:
    for name in given:
        if name not in columns:
            raise ConfigError("explain.unknown_key", table=table, key=name, known=", ".join(columns))
    blank = {"grain": "month", "period_start": "", "cohort_on": ""}
    whole = {name: value for name, value in blank.items() if name in columns} | dict(given)
    for name in columns:
        if name not in whole:
            raise ConfigError("explain.missing_key", table=table, key=name)
    if whole.get("grain", "month") not in GRAINS:
        raise ConfigError("explain.unknown_grain", value=whole["grain"], known=", ".join(GRAINS))
    for name in PERIODS:
        if whole.get(name):
            try:
                date.fromisoformat(whole[name])
            except ValueError as error:
                raise ConfigError("explain.not_a_day", key=name, value=whole[name]) from error
    return whole


@dataclass(frozen=True)
class _Asked:
    """A row of a metric table that is asked about."""

    table: str
    described: MetricTable
    key: Mapping[str, str]

    @property
    def summed(self) -> str | None:
        """The column over whose values its figures are totals, if it is a row that the table does not have."""
        return _summed(self.table, self.key)

    @property
    def period(self) -> str:
        """First day of the period that the row is of; blank: the latest."""
        return next((self.key[name] for name in PERIODS if self.key.get(name)), "")

    def figure(self, column: str) -> str:
        """The SELECT of the row's key and a figure of it."""
        return f"with {self._explained()}\n{_cell_sql(self.table, column, self.key)}"

    def rows(self, relations: Sequence[Rows]) -> str:
        """The SELECT of all rows that a sum looks at."""
        each = "\nunion all\n".join(self._rows_of_one(rows) for rows in relations)
        return (
            f"with {self._explained()}\nselect source, source_file, source_row, day_on, value,"
            f" why_not is null as is_used, why_not as reason\nfrom ({each})"
        )

    def given(self, name: str) -> str:
        """The SELECT of one value."""
        return f"with {self._explained()} select {GIVEN[name.partition('.')[2]]}"

    def cells(self, name: str) -> Cells:
        """`table.column`, a column of this table, one of every `each` value of a dimension, or of a year back."""
        place, _, how = name.format_map(self.key).partition(" ")
        table, _, column = place.rpartition(".")
        table = table or self.table
        columns = metrics().tables[table].columns
        column = column if column in columns else f"{column}_rub"
        key = {one: self._value(one) for one in metrics().tables[table].key}
        where = ""
        if how == "a year back":
            key["period_start"] = year_back(date.fromisoformat(self.period), self.key["grain"]).isoformat()
        elif how == "each period_start":
            del key["period_start"]
            where = (
                " and period_start < (select period_start from explained)"
                " and period_start >= (select period_start from explained) - interval '12' month"
            )
        elif how:
            del key[how.removeprefix("each ")]
        sql = f"with {self._explained()}\n{_cell_sql(table, column, key, where)}"
        return Cells(table, column, tuple(metrics().tables[table].key), sql)

    def _value(self, name: str) -> str:
        """What stands in the key of another table's row: the same as in this one's, or the whole."""
        if name in PERIODS:
            return self.period
        return self.key.get(name, "month" if name == "grain" else WHOLE)

    def _explained(self) -> str:
        """One row: the period and the key that are asked about."""
        types = {"month_number": "bigint"} | dict.fromkeys(PERIODS, "date")
        asked = [
            f"cast({literal(value)} as {types.get(name, 'varchar')}) as asked_{name}"
            for name, value in ({"month_number": "0"} | {**self.key}).items()
            if name not in PERIODS
        ]
        if not {*PERIODS} & {*self.described.key}:
            return f"explained as (select getvariable('as_of') as d_on, {', '.join(asked)})"
        start = f"and period_start = date {literal(self.period)}" if self.period else ""
        return (
            f"explained as (select {', '.join(['periods.*', *asked])} from metrics.period as periods"
            f" where grain = {literal(self.key.get('grain', 'month'))} {start} order by period_start desc limit 1)"
        )

    def _rows_of_one(self, rows: Rows) -> str:
        unless, relation = rows.unless or "cast(null as varchar)", _relation(rows.of)
        is_placed = bool(re.search(r"\bexplained\b", relation))
        within = (
            "true"
            if is_placed
            else "day_on >= (select period_start from explained) and day_on <= (select last_on from explained)"
        )
        wheres = [within, *self._named(rows), *([AMONG[rows.among]] if rows.among else [])]
        if rows.calls_count:
            wheres.append(f"getvariable('calls_count') in ({', '.join(map(literal, rows.calls_count))})")
        return (
            f"select source, source_file, source_row, day_on, adds as value, {self._why_not(rows)} as why_not\n"
            f"from (select *, {rows.pick or rows.sum} as adds, case when day_on > getvariable('as_of')"
            f" and {unless} is distinct from 'other' then 'after_as_of' else {unless} end as lacks\n"
            f"from ({relation}) as looked\nwhere {' and '.join(wheres)})\nwhere lacks is distinct from 'other'"
        )

    def _named(self, rows: Rows) -> Iterator[str]:
        """Only the rows of the channel, manager, … that is asked about."""
        for name in () if rows.is_whole else DIMENSIONS:
            if self.key.get(name, WHOLE) == PAID:
                yield AMONG["paid"]
            elif self.key.get(name, WHOLE) != WHOLE:
                yield f"{name} = {literal(self.key[name])}"

    def _why_not(self, rows: Rows) -> str:
        """In a total a person counts once for each channel or manager, as in the rows that it is the sum of."""
        if rows.once is None:
            return "lacks"
        apart = [
            name
            for name in DIMENSIONS
            if name in self.key and not (self.table in WITH_WHOLE and self.key[name] == WHOLE)
        ]
        place = (
            f"row_number() over (partition by {', '.join([rows.once, *apart])}, lacks is null"
            " order by day_on, source, source_file, source_row)"
        )
        return f"case when lacks is null and {place} > 1 then 'same_person' else lacks end"


def _summed(table: str, key: Mapping[str, str]) -> str | None:
    if table in WITH_WHOLE:
        return None
    return next((name for name in DIMENSIONS if key.get(name) in (WHOLE, PAID)), None)


def _cell_sql(table: str, column: str, key: Mapping[str, str], where: str = "") -> str:
    """The SELECT of a table's key and a figure of the rows that the key leaves; totals over what it calls the whole."""
    described = metrics().tables[table]
    totals = [name for name in DIMENSIONS if key.get(name) in (WHOLE, PAID)] if _summed(table, key) else []
    columns = [f"{literal(key[name])} as {name}" if name in totals else name for name in described.key]
    chosen = [
        f"{name} = (select period_start from explained)"
        if name in PERIODS and not value
        else f"{name} = {literal(value)}"
        for name, value in key.items()
        if name not in totals
    ]
    if PAID in key.values():
        chosen.append("spend_rub > 0")
    figure = column
    if totals and column not in described.key:
        figure = _total(described.columns[column], column)
    by = f" group by {', '.join(name for name in described.key if name not in totals)}" if totals else ""
    return (
        f"select {', '.join([*columns, figure])} from metrics.{table}"
        f" where {' and '.join(chosen) or 'true'}{where}{by} order by all"
    )


def _total(told: MetricColumn, column: str) -> str:
    """A sum over the rows of a period; of a ratio the quotient of two sums, as the foot of a page has it."""
    if not (told.numerator and told.denominator):
        return f"sum({column})"
    minus = f" - sum({told.minus})" if told.minus else ""
    return f"{told.times} * cast(sum({told.numerator}){minus} as double) / nullif(sum({told.denominator}), 0)"


@cache
def _relation(name: str) -> str:
    """A fact that metric tables sum, or a relation of this package made of facts; macros written out."""
    file = files(__name__) / f"{name}.sql"
    if not file.is_file():
        return with_facts(f"select * from metrics.fact_{name}")
    sql = re.sub(r"^ *--[^\n]*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return with_facts(RELATION.sub(lambda found: f"({_relation(found[1])})", sql))


def _near(word: str, known: Iterable[str]) -> str:
    return ", ".join(nearest(word, known, 0.4, most=3)) or "—"
