"""Metric tables: one SQL file each, named like the table; and the variables that their SQL reads.

`facts` say what each row of a file counts as, and why not: metric tables sum them, `svodka explain` selects from them.
`spines` are the days and periods that metric tables join, in DuckDB's own SQL; `windows` the same once more, with
windows of days among the periods, each under a grain of its own.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from config.client import ClientSettings
from config.documents import AskedRun, Planned
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
