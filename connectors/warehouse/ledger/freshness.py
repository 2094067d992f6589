"""Until when the data of every source reach, `ops.sources`, and whether it is late by its own rhythm.

The rhythm: the days of the week on which a source has rows, holidays, and how long it uses to be silent.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

from config.client import Client, SourceConfig
from config.macros import expanded
from config.tables import tables
from connectors.warehouse.figures.build import Maker
from connectors.warehouse.loading.registry import tables_loaded

WEEKS = 8
"""Of them the rhythm is seen, back from the last day of the data."""
FEWEST_WEEKS = 2
"""A day of the week with rows in one week alone is no rhythm."""
PAUSES, FEWEST_PAUSES = 20, 8
"""So many of the last pauses say how long a source is silent; fewer say nothing."""
WEEKEND = frozenset({5, 6})
LONGEST = 31
"""Days without a working day: a country has no longer holidays, and no source a longer pause that needs no word."""
SOURCES = """
insert into ops.sources by name
with asked as (
    select unnest($1::varchar[]) as source, unnest($2::varchar[]) as table_name, unnest($3::varchar[]) as vat,
        unnest($4::integer[]) as stale_days, unnest($5::varchar[]) as problem
)
select asked.source, asked.table_name, max(f.profile) as profile, coalesce(asked.vat, max(f.vat)) as vat,
    max(f.currency) as currency, max(f.timezone) as timezone, asked.stale_days,
    min(f.data_from_on) as data_from_on, max(reach_on) as data_to_on, max(f.loaded_at) as loaded_at,
    coalesce(max(reach_on) < $6::date - asked.stale_days, asked.table_name <> 'plan' or coalesce(sum(staged), 0) = 0)
        and asked.table_name <> 'experiments' as is_stale,
    asked.problem is null as is_available, asked.problem, coalesce(sum(staged), 0) as rows_staged
from asked left join ops.files as f on f.source = asked.source
    left join load_rows using (load_id) left join reaches using (load_id)
group by asked.source, asked.table_name, asked.vat, asked.stale_days, asked.problem
"""
"""A list of experiments never grows old, nor is a plan that begins later old; every other source may be."""


def write_sources(connection: Any, maker: Maker, client: Client, as_of: date, problems: Mapping[str, str]) -> None:
    """`ops.sources` as it is now: until when the data of each reach, whether they are old, whether it could be read."""
    reaches = " union all ".join(
        f"select load_id, {reach_on} as reach_on from loaded.{name} group by load_id"
        for name, table in tables_loaded(connection).items()
        for reach_on in _reaches(name, table.day, as_of)
    )
    other_way = f"select load_id, day_on as reach_on from loaded.legs where day_on <= date '{as_of}'"  # of statements
    reach = (
        f"select load_id, max(reach_on) as reach_on from ({reaches} union all {other_way}) as spoken group by load_id"
    )
    maker.table(connection, "reaches", reach)
    connection.execute("delete from ops.sources")
    asked = [
        (name, source.table, source.vat, _stale_days(client, source), problems.get(name))
        for name, source in client.sources.items()
    ]
    connection.execute(SOURCES, [*(list(column) for column in zip(*asked, strict=True)), as_of])
    _spare_rhythms(connection, client, as_of)


def _spare_rhythms(connection: Any, client: Client, as_of: date) -> None:
    """Sources behind by days alone, and not by their own rhythm, are not old; `stale_days:` of a source is strict."""
    country = client.country or country_of(client.timezone)
    late = connection.execute("select source, table_name, stale_days from ops.sources where is_stale").fetchall()
    for source, table, grace in late:
        if client.sources[source].stale_days is None and not is_late(
            _days(connection, source, table, as_of), as_of, grace, country
        ):
            connection.execute("update ops.sources set is_stale = false where source = ?", [source])


def _days(connection: Any, source: str, table: str, as_of: date) -> list[date]:
    """The last days, up to the day of the report, on which a source has rows."""
    day = f"coalesce({', '.join(f'{column}::date' for column in tables()[table].day)})"
    found = connection.execute(
        f"""select distinct {day} as day_on from loaded.{table}
        where source = ? and not is_displaced and day_on <= ? order by 1 desc limit {7 * WEEKS}""",
        [source, as_of],
    ).fetchall()
    return [row[0] for row in found if row[0] is not None]


def _stale_days(client: Client, source: SourceConfig) -> int:
    return client.settings.loading.stale_days if source.stale_days is None else source.stale_days


def _reaches(name: str, days: list[str], as_of: date) -> list[str]:
    """The last day of which rows of a load speak: a cost's is its month, a row's of a plan its period, else its day.

    A row about a period that still runs reaches until today: this month's plan is not old before the month is over.
    So does spend of which a file names months alone, «06.2026»: all its days are the first.
    """

    def reach_on(first: str, last: str) -> str:
        return f"max(case when {first} <= date '{as_of}' then least({last}, date '{as_of}') end)"

    if name == "ad_spend":
        of_month, of_day = (reach_on("spend_on", last) for last in ("last_day(spend_on)", "spend_on"))
        is_monthly = "max(day(spend_on)) = 1 and count(distinct spend_on) > 1"
        return [f"case when {is_monthly} then {of_month} else {of_day} end"]
    if name == "costs":
        return [reach_on("month_on", "last_day(month_on)")]
    if name == "plan":
        return [reach_on("period_start", expanded("ends_on(grain, period_start)"))]
    return [reach_on(f"{day}::date", f"{day}::date") for day in days]


def is_late(days: Collection[date], as_of: date, grace_days: int, country: str | None) -> bool:
    """Days with rows, the day of the report, days of grace and the client's country in; whether the data are old out.

    They are when the next day on which rows are due is past by as much: for a source of every day, the day after its
    last; for one of Monday to Friday, Monday after a Friday, and what is no holiday. Nor are they while the pause is
    no longer than its own lately: a list that somebody joins every other week says nothing for days.
    """
    if not days:
        return True
    reach_on = max(days)
    if next_due(days, reach_on, country) + timedelta(grace_days) > as_of:
        return False
    return as_of - reach_on > usual_pause(days)


def usual_pause(days: Collection[date]) -> timedelta:
    """The longest pause between the last days with rows; none where too few are known."""
    last = sorted(days)[-PAUSES - 1 :]
    pauses = [after - before for before, after in pairwise(last)]
    return max(pauses) if len(pauses) >= FEWEST_PAUSES else timedelta(0)


def next_due(days: Collection[date], reach_on: date, country: str | None) -> date:
    """The first day after the last one on which rows are due."""
    rhythm = weekdays(days, reach_on)
    off = holidays_of(country, reach_on.year) if country and not rhythm >= WEEKEND else frozenset()
    for ahead in range(1, LONGEST + 1):
        day = reach_on + timedelta(ahead)
        if day.weekday() in rhythm and day not in off:
            return day
    return reach_on + timedelta(1)


def weekdays(days: Collection[date], reach_on: date) -> frozenset[int]:
    """The days of the week (Monday is 0) on which a source has rows; all of them, while too few weeks are known."""
    first = reach_on - timedelta(weeks=WEEKS) + timedelta(1)
    recent = {day for day in days if first <= day <= reach_on}
    weeks = Counter(day.weekday() for day in recent)
    found = frozenset(weekday for weekday, count in weeks.items() if count >= FEWEST_WEEKS)
    return found or frozenset(range(7))


@lru_cache(maxsize=16)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """Holidays of a country (`RU`) in a year and the next; none of a country that the library does not know."""
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=(year, year + 1)))
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=16)
def country_of(timezone: str) -> str | None:
    """A time zone in; the country that it is of out, as the zone's own table says; None for `UTC` and its like."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            if zone == timezone:
                return country
    return None
