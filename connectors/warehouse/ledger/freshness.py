"""A source's days → whether it is late by its own rhythm: the days of the week on which it has rows, and holidays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

WEEKS = 8
"""Of them the rhythm is seen, back from the last day of the data."""
FEWEST_WEEKS = 2
"""A day of the week with rows in one week alone is no rhythm."""
WEEKEND = frozenset({5, 6})
LONGEST = 31
"""Days without a working day: a country has no longer holidays, and no source a longer pause that needs no word."""


def is_late(days: Collection[date], as_of: date, grace_days: int, country: str | None) -> bool:
    """Days with rows, the day of the report, days of grace and the client's country in; whether the data are old out.

    They are when the next day on which rows are due is past by as much: for a source of every day, the day after its
    last; for one of Monday to Friday, Monday after a Friday, and what is no holiday.
    """
    if not days:
        return True
    reach_on = max(days)
    return next_due(days, reach_on, country) + timedelta(grace_days) <= as_of


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
