"""`schedule:` of a client → the moments at which its nights are due, as the scheduler of the nightly runs has them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FIELDS = 5
ITEM = re.compile(r"\*(?:/\d+)?|(?P<first>\w+)(?:-(?P<last>\w+)(?:/\d+)?)?")
"""`*`, `*/5`, `3`, `1-5`, `1-5/2`, `MON-FRI`."""
NAMES = ("SUN MON TUE WED THU FRI SAT", "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
SHIFT = timedelta(hours=3)
"""Clocks are never put forward or back by more."""


def flaw_of(schedule: str) -> str | None:
    """A cron schedule in; the key of what is wrong with it out, None if every cron reads it alike.

    Seconds, `L`, `W` and `#` are extensions that each scheduler takes its own way; a day of the month beside a day of
    the week is «or» to one of them and «and» to the other.
    """
    from cronsim import CronSim, CronSimError

    fields = schedule.split()
    if len(fields) == FIELDS + 1:
        return "config.schedule_seconds"
    if len(fields) != FIELDS:
        return "config.not_schedule"
    if not all(_is_plain(field) for field in fields):
        return "config.schedule_extension"
    if fields[2] != "*" and fields[4] != "*":
        return "config.schedule_two_days"
    try:
        CronSim(schedule, datetime(2026, 1, 1))
    except CronSimError:
        return "config.not_schedule"
    return None


def _is_plain(field: str) -> bool:
    """Whether a field is a list of what every cron knows; a range of one, or that begins with its end, is not."""
    for item in field.split(","):
        found = ITEM.fullmatch(item)
        if found is None:
            return False
        if found["first"] is not None:
            first, last = _place(found["first"]), _place(found["last"] or found["first"])
            if first is None or last is None or (found["last"] and first >= last):
                return False
    return True


def _place(word: str) -> int | None:
    """A number, or the place of a name of a day or month."""
    places = [names.split().index(word.upper()) for names in NAMES if word.upper() in names.split()]
    return int(word) if word.isdecimal() else places[0] if places else None


def next_due(schedule: str, timezone: str, after: datetime) -> datetime:
    """The first due moment after a moment, in UTC.

    A time that the clocks skip is due as much later as they skip; one that they repeat is due the first time.
    """
    near = _near(schedule, timezone, after, is_back=False)
    return min(moment for moment in near if moment > after)


def last_due(schedule: str, timezone: str, before: datetime) -> datetime:
    """The latest due moment that is not after a moment, in UTC."""
    near = _near(schedule, timezone, before, is_back=True)
    return max(moment for moment in near if moment <= before)


def dues(schedule: str, timezone: str, after: datetime, until: datetime) -> Iterator[datetime]:
    """The due moments after one moment and not after another, in order."""
    moment = next_due(schedule, timezone, after)
    while moment <= until:
        yield moment
        moment = next_due(schedule, timezone, moment)


def _near(schedule: str, timezone: str, moment: datetime, *, is_back: bool) -> Iterator[datetime]:
    """Due moments from a little on the wrong side of a moment to a little beyond the first on the right one."""
    from cronsim import CronSim

    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
    start = local + SHIFT if is_back else local - SHIFT
    last = None
    for wall in CronSim(schedule, start, reverse=is_back):
        due = wall.replace(tzinfo=zone).astimezone(UTC)  # moments of one zone are compared by their walls
        yield due
        if last is not None and abs(wall - last) > SHIFT:
            return
        if last is None and (due <= moment if is_back else due > moment):
            last = wall
