"""Figures as of other days and over other windows: the same SQL over the same rows, beside those of the run."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from config.documents import AskedRun, Planned, Tried
from config.errors import ContractError, SeveralErrors, SvodkaError
from config.metrics import metrics
from connectors.warehouse.figures.build import (
    DUCKDB,
    Maker,
    Unfed,
    in_order,
    is_view,
    make_empty,
    needed,
    read_by,
    set_variables,
    variables_of,
)
from connectors.warehouse.store.schema import ASKED

SCHEMA = "asked_run"
"""Holds the tables of one such run while they are read, and is gone afterwards."""
ALL = "'Всего'"
ASKING = ("plan_period", "plan_day", "before_after")
"""The tables that show the answers: made by `answer_all`, and only there."""
ANSWERED = frozenset(f"metrics.{name}" for name in ASKING)
MONEY_FROM = ("deal", "channel_day")
MONEY = f"""
insert into ops.asked_money
select ?, windows.grain, coalesce(deals.channel, {ALL}), coalesce(deals.manager, {ALL}),
    sum(deals.revenue_rub), sum(deals.cogs_rub), null
from metrics.deal as deals
join ops.asked_windows as windows on deals.day_on between windows.first_on and windows.last_on
where deals.status = 'won'
group by grouping sets ((windows.grain, deals.channel, deals.manager), (windows.grain, deals.channel),
    (windows.grain, deals.manager), (windows.grain));
"""
SPEND = f"""
insert into ops.asked_money
select ?, windows.grain, coalesce(days.channel, {ALL}), {ALL}, null, null, sum(days.spend_rub)
from metrics.channel_day as days
join ops.asked_windows as windows on days.day_on between windows.first_on and windows.last_on
group by grouping sets ((windows.grain, days.channel), (windows.grain));
"""


def planned(connection: Any) -> list[Planned]:
    """Which figures the plan sets, and at which grain, in periods to come too: a grain that it names is built."""
    found = connection.execute("select distinct grain, metric from staged.plan order by all").fetchall()
    return [Planned(*row) for row in found]


def tried(connection: Any, as_of: object) -> list[Tried]:
    """The changes made by that day."""
    found = connection.execute(
        "select name, metric, changed_on, days from staged.experiments where changed_on <= ? order by all", [as_of]
    ).fetchall()
    return [Tried(*row) for row in found]


def unanswered(queries: Mapping[str, str]) -> dict[str, str]:
    """Name → SELECT in; those of the tables that need no answer out."""
    return {name: sql for name, sql in queries.items() if name not in ASKING}


def check_names(connection: Any) -> None:
    """Raise ContractError where two changes bear one name, or two sources plan the same."""
    changes = connection.execute(
        """select name, string_agg(source_file || ':' || source_row, ', ' order by source_file, source_row)
        from staged.experiments group by name having count(*) > 1 order by name"""
    ).fetchall()
    plans = connection.execute(
        """select metric, grain, period_start, string_agg(distinct source, ', ' order by source)
        from staged.plan group by metric, grain, period_start, channel, manager
        having count(distinct source) > 1 order by all"""
    ).fetchall()
    errors: list[SvodkaError] = [
        ContractError("warehouse.change_twice", name=name, places=places) for name, places in changes
    ]
    errors += [
        ContractError("warehouse.plan_twice", metric=metric, grain=grain, period=period, sources=sources)
        for metric, grain, period, sources in plans
    ]
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


def answer_all(
    connection: Any,
    queries: Mapping[str, str],
    runs: Mapping[AskedRun, Mapping[str, object]],
    facts: Sequence[Sequence[object]],
    built_with: Mapping[str, object],
    *,
    maker: Maker = DUCKDB,
) -> None:
    """Runs with their variables, and rows of `ops.asked_metrics`, in; the tables of plans and experiments made anew.

    `queries` has windows among its spines; the figures of the run itself were built with `built_with`, which stand.
    """
    for name in ASKED:
        connection.execute(f"delete from ops.{name}")
    for row in facts:
        connection.execute(f"insert into ops.asked_metrics values ({', '.join('?' for _ in row)})", list(row))
    for run, variables in runs.items():
        answer(connection, queries, run, variables, built_with, maker=maker)
    unfed = Unfed(connection, (queries[name] for name in ASKING) if maker is DUCKDB else ())
    for name in ASKING:
        if unfed.is_empty(queries[name]):
            make_empty(connection, f"metrics.{name}", queries[name])
        else:
            maker.make(connection, f"metrics.{name}", queries[name], "table")


def _set_windows(connection: Any, run: AskedRun) -> None:
    connection.execute("delete from ops.asked_windows")
    for window in run.windows:
        connection.execute(
            "insert into ops.asked_windows values (?, ?, ?)", [window.label, window.first_on, window.last_on]
        )


def answer(
    connection: Any,
    queries: Mapping[str, str],
    run: AskedRun,
    variables: Mapping[str, object],
    built_with: Mapping[str, object],
    *,
    maker: Maker = DUCKDB,
) -> None:
    """A run of another day, its SELECTs (windows among their spines) and variables in; what it would hold, kept.

    What neither the variables that differ from those of the figures built nor a window can change is read from there.
    """
    connection.execute(f"create schema if not exists {SCHEMA}")
    _set_windows(connection, run)
    changed = {name: value for name, value in variables.items() if built_with.get(name) != value}
    set_variables(connection, changed)
    wanted = needed(queries, [*run.tables, *(MONEY_FROM if run.needs_money else ())])
    moved = _moved(wanted, changed.keys())
    for name in in_order(wanted):
        if name in moved:
            maker.make(connection, f"{SCHEMA}.{name}", _placed(wanted[name], moved), None)
    for metric in sorted(run.metrics):
        _keep(connection, run, metric, moved)
    for table in sorted(run.tables):
        place = f"{SCHEMA if table in moved else 'metrics'}.{table}"
        connection.execute(
            f"insert into ops.asked_starts select ?, ?, min(period_start) from {place} where grain = 'day'",
            [run.as_of, table],
        )
    if run.needs_money:
        connection.execute(_placed(MONEY, moved), [run.as_of])
        connection.execute(_placed(SPEND, moved), [run.as_of])
    # dropped one by one: with `cascade` the transaction could not be committed
    for name in reversed(in_order({name: wanted[name] for name in moved})):
        connection.execute(f"drop {'view' if is_view(wanted[name]) else 'table'} {SCHEMA}.{name}")
    connection.execute(f"drop schema {SCHEMA}")
    set_variables(connection, {name: built_with[name] for name in changed})


def _moved(queries: Mapping[str, str], changed: Collection[str]) -> frozenset[str]:
    """The tables that may hold other rows: they read a variable that changed, a window, or such a table."""
    found: set[str] = set()
    for name in in_order(queries):
        sql = queries[name]
        if (
            variables_of(sql).intersection(changed)
            or "asked_windows" in read_by(sql, "ops")
            or read_by(sql, "metrics") & found
        ):
            found.add(name)
    return frozenset(found)


def _placed(sql: str, moved: frozenset[str]) -> str:
    """SQL in which the tables that were made anew, and only those, stand in the schema of the run."""
    return re.sub(r"\bmetrics\.(\w+)", lambda found: f"{SCHEMA}.{found[1]}" if found[1] in moved else found[0], sql)


def _keep(connection: Any, run: AskedRun, metric: str, moved: frozenset[str]) -> None:
    table, _, column = metric.partition(".")
    key = metrics().tables[table].key
    names = (f"{name}" if name in key else ALL for name in ("channel", "manager"))
    place = f"{SCHEMA if table in moved else 'metrics'}.{table}"
    connection.execute(
        f"""insert into ops.asked_figures
        select ?, grain, period_start, ?, {", ".join(names)}, cast({column} as double) from {place}""",
        [run.as_of, metric],
    )
