"""Which schedules are accepted, and when their nights are due: the same as the scheduler of the nightly runs says."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from config.folder.schedule import dues, flaw_of, last_due, next_due

ZONES = ("Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Almaty", "Australia/Lord_Howe", "Africa/Cairo")


def test_a_plain_schedule_is_accepted():
    """Five fields of numbers, steps, ranges, lists and names of days."""
    for schedule in ("0 3 * * *", "*/15 6-9/2 1,15 * *", "30 4 * * MON-FRI", "0 5 * jan,jul 7"):
        assert flaw_of(schedule) is None


@pytest.mark.parametrize(
    ("schedule", "flaw"),
    [
        ("0 0 3 * * *", "config.schedule_seconds"),
        ("0 3 L * *", "config.schedule_extension"),
        ("0 3 15W * *", "config.schedule_extension"),
        ("0 3 * * 5L", "config.schedule_extension"),
        ("0 3 * * MON#1", "config.schedule_extension"),
        ("0 3-3 * * *", "config.schedule_extension"),
        ("0/20 3 * * *", "config.schedule_extension"),
        ("0 3 1 * MON", "config.schedule_two_days"),
        ("@daily", "config.not_schedule"),
        ("0 25 * * *", "config.not_schedule"),
        ("0 3 30 2 *", "config.not_schedule"),
        ("каждую ночь", "config.not_schedule"),
    ],
)
def test_what_schedulers_read_differently_is_refused(schedule, flaw):
    """Each with its own words and an example."""
    assert flaw_of(schedule) == flaw


def test_a_night_in_the_hour_that_clocks_skip_is_due_an_hour_later():
    """29 March 2026, Berlin: 2:30 does not exist, 3:30 does."""
    [due] = dues(
        "30 2 * * *", "Europe/Berlin", datetime(2026, 3, 29, 0, 0, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    )
    assert due == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_night_in_the_hour_that_clocks_repeat_is_due_once():
    """25 October 2026, Berlin: 2:30 comes twice, the report once, the first time."""
    [due] = dues(
        "30 2 * * *", "Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    )
    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.slow
def test_nights_are_due_when_prefect_says():
    """Random accepted schedules in zones with summer time, around the days on which clocks change, both directions."""
    from prefect.server.schemas.schedules import CronSchedule

    chance = random.Random(20261129)
    checked = 0
    while checked < 250:
        schedule, zone = some_schedule(chance), chance.choice(ZONES)
        if flaw_of(schedule):
            continue
        start = datetime(2026, chance.choice((3, 4, 10, 11)), chance.randint(1, 30), chance.randint(0, 23), tzinfo=UTC)
        asked = CronSchedule(cron=schedule, timezone=zone).get_dates(n=6, start=start + timedelta(seconds=1))
        theirs = [moment.astimezone(UTC) for moment in asyncio.run(asked)]
        ours = list(dues(schedule, zone, start, theirs[-1]))
        assert ours == theirs, (schedule, zone, start)
        assert [last_due(schedule, zone, due - timedelta(seconds=1)) for due in ours[1:]] == ours[:-1]
        assert next_due(schedule, zone, start) == ours[0] == last_due(schedule, zone, ours[0])
        checked += 1


def some_schedule(chance: random.Random) -> str:
    """Five fields, most of them a time of the night."""
    minute = field(chance, 0, 59)
    hour = str(chance.randint(0, 4)) if chance.random() < 0.5 else field(chance, 0, 23)
    day, weekday = chance.choice([("*", "*"), (field(chance, 1, 28), "*"), ("*", field(chance, 0, 7))])
    return f"{minute} {hour} {day} {chance.choice(['*', field(chance, 1, 12)])} {weekday}"


def field(chance: random.Random, low: int, high: int) -> str:
    """One field of a schedule."""
    one, other = sorted((chance.randint(low, high), chance.randint(low, high)))
    step = chance.randint(2, 9)
    return chance.choice([str(one), "*", f"*/{step}", f"{one}-{other}", f"{one}-{other}/{step}", f"{other},{one}"])
