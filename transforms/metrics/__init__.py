"""Metric tables: one SQL file each, named like the table; and the variables that their SQL reads.

`facts` say what each row of a file counts as, and why not: metric tables sum them, `svodka explain` selects from them.
`spines` are the days and periods that metric tables join, in DuckDB's own SQL; `windows` the same once more, with
windows of days among the periods, each under a grain of its own.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from config.client import ClientSettings
from config.documents import AskedRun, Planned, Tried, Window
from config.macros import expanded
from config.metrics import metrics
from config.setting_words import setting, setting_keys

FACT = re.compile(r"\bmetrics\.(fact_\w+)")
COMMENT = re.compile(r"^ *--[^\n]*\n", re.MULTILINE)
LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}
"""Days of the longest period of a grain."""


@cache
def metric_queries() -> MappingProxyType[str, str]:
    """Every table of schema `metrics` → the SELECT that makes it, spines included, macros written out, in no order."""
    return MappingProxyType({**_queries("spines"), **portable_queries()})


@cache
def portable_queries() -> MappingProxyType[str, str]:
    """The tables whose SQL keeps to what other engines understand too: all but the spines of days and periods."""
    return MappingProxyType(_queries(""))


@cache
def of_today() -> frozenset[str]:
    """The tables that nobody asks of an earlier day: they say so below their first line, or read one that does."""
    found = {name for name, sql in metric_queries().items() if "\n-- Of today alone.\n" in sql}
    while more := {name for name, sql in metric_queries().items() if name not in found and _reads(sql) & found}:
        found |= more
    return frozenset(found)


def _reads(sql: str) -> set[str]:
    return set(re.findall(r"\bmetrics\.(\w+)", sql))


@cache
def fact_queries() -> MappingProxyType[str, str]:
    """Every `fact_…` → the SELECT of its rows: what a row of a file counts as, and why not. Kept nowhere."""
    return MappingProxyType({name: COMMENT.sub("", sql) for name, sql in _written("facts").items()})


def with_facts(sql: str) -> str:
    """SQL that selects from facts in; the same with the SELECT of each in its place out, macros written out too.

    So that what sums the rows of a day can be made again for a day alone, and no row is kept twice.
    """
    return expanded(FACT.sub(lambda found: f"({with_facts(fact_queries()[found[1]])})", sql))


@cache
def window_queries() -> MappingProxyType[str, str]:
    """The same tables with windows of days among their periods: what `ops.asked_windows` holds."""
    plain = metric_queries()
    spines = {
        "plain_day": plain["period_day"],
        "plain_period": plain["period"].replace("metrics.period_day", "metrics.plain_day"),
        "plain_calendar_day": plain["calendar_day"],
    }
    return MappingProxyType({**plain, **spines, **_queries("windows")})


def variables(settings: ClientSettings, as_of: date, planned: Collection[Planned] = ()) -> dict[str, object]:
    """A client's settings, the day, and what a plan sets in; what `getvariable` answers inside metric SQL out."""
    asked = {(one.metric.partition(".")[0], one.grain) for one in planned}
    asked |= {("manager_channel_period", grain) for table, grain in asked if table == "channel_dependence"}
    all_grains = list(dict.fromkeys([*settings.grains, *sorted(grain for _, grain in asked)]))
    values = {variable(key): setting(settings, key) for key in setting_keys()}
    several, many = settings.clients.segment_orders
    return {
        **{name: list(value) if isinstance(value, list | tuple) else value for name, value in values.items()},
        "as_of": as_of,
        "all_grains": all_grains,
        "period_grains": all_grains,
        "plan_grains": sorted(f"{table} {grain}" for table, grain in asked),
        "period_tables": sorted(name for name, table in metrics().tables.items() if "grain" in table.key),
        "near_days": max(settings.calls.unique_days, *(LONGEST[grain] for grain in all_grains)),
        "several_orders": several,
        "many_orders": many,
    }


def variable(key: str) -> str:
    """A setting's `section.key` in, what SQL calls it out: its key, and one of a single word with its section."""
    section, _, name = key.rpartition(".")
    return name if "_" in name or not section else f"{section}_{name}"


def run_variables(built_with: Mapping[str, object], run: AskedRun) -> dict[str, object]:
    """The variables of the figures built and a run of another day in; the variables of that run out."""
    longest = max(window.days for window in run.windows) if run.windows else 0
    return {
        **built_with,
        "as_of": run.as_of,
        "grains": list(run.grains),
        "all_grains": list(run.grains),
        "period_grains": list(run.grains),
        "plan_grains": [],
        "near_days": max(int(str(built_with["near_days"])), longest, *(LONGEST[grain] for grain in run.grains)),
    }


def _queries(chapter: str) -> dict[str, str]:
    return {name: with_facts(sql) for name, sql in _written(chapter).items()}


def _written(chapter: str) -> dict[str, str]:
    """The SQL files of a folder here, or of this one, as they are written."""
    folder = files("transforms.metrics") / chapter
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return {entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8") for entry in found}


# A plan and experiments → what their figures are like, and the runs in which they are to be looked up.

ADDING = frozenset(
    {
        "spend_rub", "impressions", "clicks", "calls", "unique_calls", "target_calls", "missed_calls", "leads",
        "new_clients", "deals_won", "deals_lost", "revenue_rub", "gross_profit_rub", "profit_rub", "ua", "buyers_new",
        "orders", "joined", "unsubscribed", "answers", "csi_answers", "csat_answers", "nps_answers", "promoters",
        "detractors",
    }
)  # fmt: skip
"""Counts and sums of a period that are those of its days."""
GROWING = frozenset(
    {
        "clients", "callers", "converted_callers", "buyers", "joined_active", "returned", "lapsed", "new", "lost",
        "clients_asked", "contribution_margin_rub",
    }
)  # fmt: skip
"""Counts and sums that grow with the days, but are not the sum of what each day holds."""
NOT_OF_DAYS = frozenset({"subscriber_period.orders", "subscriber_period.revenue_rub"})
STATES = frozenset({"total_end", "active_start", "active_end", "clients_start", "clients_end"})
LESS_IS_BETTER = frozenset(
    {
        "missed_calls", "cost_per_call_rub", "cac_rub", "cpa_rub", "cogs_per_order_rub", "drr", "payback_months",
        "churn_rate", "lapsed", "unsubscribed", "lost", "deals_lost", "detractors",
    }
)  # fmt: skip
WORTH = {
    "gross_profit": frozenset(
        {
            "impressions", "clicks", "calls", "unique_calls", "target_calls", "leads", "callers", "converted_callers",
            "conversion", "clients", "new_clients", "clients_per_10_calls", "calls_per_1000_rub", "deals_won", "orders",
            "buyers", "buyers_new", "ua", "c1", "apc", "arppu_rub", "arpu_rub", "revenue_rub", "gross_profit_rub",
        }
    ),
    "revenue": frozenset({"average_check_rub", "av_price_rub"}),
    "cogs": frozenset({"cogs_per_order_rub"}),
    "spend": frozenset({"spend_rub", "cost_per_call_rub", "cac_rub", "cpa_rub"}),
}  # fmt: skip
"""The money that is proportional to a figure → the figures."""
AFTER, BEFORE = "after ", "before "
"""How the windows of an experiment are called: this and its name."""


def metric_facts(planned: Iterable[Planned], tried: Iterable[Tried]) -> list[tuple[object, ...]]:
    """What a plan and experiments ask for in; the rows of `ops.asked_metrics` out."""
    return [_facts(metric) for metric in sorted({one.metric for one in planned} | {one.metric for one in tried})]


def _facts(metric: str) -> tuple[object, ...]:
    table, _, column = metric.partition(".")
    is_adding = column in ADDING and metric not in NOT_OF_DAYS
    is_growing = column in GROWING or metric in NOT_OF_DAYS
    money = next((name for name, columns in WORTH.items() if column in columns), None)
    return (
        metric,
        table,
        is_adding,
        is_growing,
        column in STATES,
        column in LESS_IS_BETTER,
        column == "spend_rub",
        money,
    )


def asked_runs(planned: Iterable[Planned], tried: Sequence[Tried], as_of: date) -> list[AskedRun]:
    """What a plan and experiments ask for and the day in; the runs that answer out, each day once."""
    metrics: dict[date, set[str]] = defaultdict(set)
    grains: dict[date, set[str]] = defaultdict(lambda: {"day", "month"})
    windows: dict[date, list[Window]] = defaultdict(list)
    money: set[date] = set()
    for one in planned:
        for day in (as_of, year_back(as_of, one.grain)):
            metrics[day].add(one.metric)
            grains[day].add(one.grain)
    for change in tried:
        moved_on = max(as_of - timedelta(change.days), change.changed_on - timedelta(1))
        metrics[as_of].add(change.metric)
        metrics[moved_on].add(change.metric)
        last_on = change.changed_on + timedelta(change.days - 1)
        if last_on <= as_of:
            windows[as_of].append(Window(AFTER + change.name, change.changed_on, last_on))
        before = change.changed_on - timedelta(change.days), change.changed_on - timedelta(1)
        windows[moved_on].append(Window(BEFORE + change.name, *before))
        money.add(moved_on)
    return [
        AskedRun(day, frozenset(metrics[day]), tuple(sorted(grains[day])), tuple(windows[day]), day in money)
        for day in sorted(metrics)
    ]


def year_back(day: date, grain: str) -> date:
    """A day in; the same a year before, for weeks and days the same day of the week, out."""
    if grain in ("day", "week"):
        return day - timedelta(364)
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
