"""Schedule and the record of nights → what became of each: it ended, was torn off or missed; each told once."""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from config.client import Client
from config.folder import schedule

NIGHTS_FILE = "nights.json"
GRACE = timedelta(hours=1)
"""A run that starts this late is still the night's own; later the night counts as missed."""
MOST_MISSED = 1000
"""Nights that are counted one by one; a schedule of every minute has more of them in a day."""
EARLY = timedelta(seconds=5)
"""A schedule that counts whole seconds starts a run at most so much before its moment."""
GOOD = ("done", "partial")
SKIPPED = "skipped"
TORN = "torn"


@dataclass(frozen=True)
class Nights:
    """What is known of a client's nights; moments are ISO text with a zone."""

    served_since: str | None = None
    """When `svodka serve` first took the client: nights before it were never promised."""
    started: str | None = None
    """When the last run by schedule or by hand started."""
    ended: str | None = None
    """When the last run ended, and how."""
    outcome: str | None = None
    good: str | None = None
    """When the last run that left a report had started."""
    told: str | None = None
    """The missed night that was told about last."""
    caught_up: str | None = None
    """The night that was last run again after it had been torn off or slept through."""
    under_way: Mapping[str, str] = field(default_factory=dict)
    """Run → when it started; of runs of which no end is known."""


def read_nights(data: Path) -> Nights:
    """The client's data folder in; the record out, an empty one where there is none."""
    try:
        return Nights(**json.loads((data / NIGHTS_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Nights()


def write_nights(data: Path, nights: Nights) -> None:
    """Keep the record; the file is replaced whole."""
    data.mkdir(parents=True, exist_ok=True)
    fresh = data / f"{NIGHTS_FILE}.new"
    fresh.write_text(json.dumps(asdict(nights)), encoding="utf-8")
    fresh.replace(data / NIGHTS_FILE)


@contextmanager
def _changed(data: Path) -> Iterator[list[Nights]]:
    """The record in a list, to be replaced there; runs and the service write it in turn."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / f"{NIGHTS_FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = [read_nights(data)]
        yield known
        write_nights(data, known[0])


def served(data: Path, now: datetime) -> None:
    """Remember that from now on the nights of this client are promised."""
    with _changed(data) as known:
        if known[0].served_since is None:
            known[0] = replace(known[0], served_since=now.isoformat())


def unserved(data: Path) -> None:
    """No night of this client is promised any more: it runs with all the others of its consultant."""
    if (data / NIGHTS_FILE).exists():
        with _changed(data) as known:
            known[0] = Nights()


def started(data: Path, run: str, now: datetime) -> None:
    """Remember that a run started."""
    with _changed(data) as known:
        under_way = {**known[0].under_way, run: now.isoformat()}
        known[0] = replace(known[0], started=now.isoformat(), under_way=under_way)


def ended(data: Path, run: str, now: datetime, outcome: str) -> None:
    """Remember how a run ended: `done`, `partial`, `failed`, `torn`; one that was skipped leaves no trace of an end."""
    with _changed(data) as known:
        nights = known[0]
        began = nights.under_way.get(run)
        left = {name: since for name, since in nights.under_way.items() if name != run}
        known[0] = replace(nights, under_way=left)
        if outcome != SKIPPED:
            good = began if outcome in GOOD and began else nights.good
            known[0] = replace(known[0], ended=now.isoformat(), outcome=outcome, good=good)


def told(data: Path, night: datetime) -> None:
    """Remember that missed nights were told about, up to this one."""
    with _changed(data) as known:
        known[0] = replace(known[0], told=night.isoformat())


def caught_up(data: Path, night: datetime) -> None:
    """Remember that this night is run again, so that it is not once more."""
    with _changed(data) as known:
        known[0] = replace(known[0], caught_up=night.isoformat())


# A record and the moment now → what is to be done and told.


@dataclass(frozen=True)
class Waking:
    """What is to be done after a time in which nothing could run."""

    missed: tuple[datetime, ...] = ()
    """Nights that will not be run any more, to be told of."""
    catch_up: datetime | None = None
    """The latest night, if it is run now."""


def on_waking(client: Client, nights: Nights, now: datetime) -> Waking:
    """After a stop, a restart or a sleep: nights that were slept through are one run, the latest; the others missed."""
    slept = _slept(client, nights, now)
    latest = last_due(client, now)
    is_owed = _is_owed(nights, latest)
    is_wanted = client.catch_up or now - latest <= GRACE
    if is_owed and is_wanted and (nights.caught_up is None or _at(nights.caught_up) < latest):
        return Waking(tuple(night for night in slept if night < latest), latest)
    return Waking(tuple(slept))


def missed_night(client: Client, nights: Nights, now: datetime, awake_since: datetime | None = None) -> datetime | None:
    """The last night that should have started, did not, and was not told about; None if there is none.

    A night that was slept through is given the usual time after waking.
    """
    due = last_due(client, now - GRACE)
    if awake_since is not None and due <= awake_since and now - GRACE < awake_since:
        return None
    if not _is_promised(nights, due) or (nights.started and _at(nights.started) >= due):
        return None
    return None if nights.told and _at(nights.told) >= due else due


def replacing(client: Client, expected: datetime, now: datetime) -> datetime | None:
    """When a run was due, and the moment now; the later night that is due too and makes it needless, if there is one.

    A night that comes more than an hour late counts for nothing where the client does not want to catch up.
    """
    latest = last_due(client, now)
    if latest > expected + timedelta(seconds=1):
        return latest
    if not is_too_late(client, expected, now):
        return None
    return schedule.next_due(client.schedule, client.timezone, now).astimezone(ZoneInfo(client.timezone))


def seconds_early(expected: datetime, now: datetime) -> float:
    """When a run is due, and the moment now; for how long a run that was started a little early waits, else 0.0.

    Begun before its moment it would be nobody's night, and one due at midnight would report of the day before.
    """
    early = expected - now
    return early.total_seconds() if timedelta() < early <= EARLY else 0.0


def is_too_late(client: Client, expected: datetime, now: datetime) -> bool:
    """Whether a night is not run any more, for a client who does not want it late."""
    return not client.catch_up and now - expected > GRACE


def last_due(client: Client, before: datetime) -> datetime:
    """The latest moment of the schedule not after `before`, in the client's timezone."""
    return schedule.last_due(client.schedule, client.timezone, before).astimezone(ZoneInfo(client.timezone))


def _slept(client: Client, nights: Nights, now: datetime) -> list[datetime]:
    """Promised nights of which no run started and nobody was told."""
    if nights.served_since is None:
        return []
    known = [_at(text) for text in (nights.served_since, nights.started, nights.told) if text]
    zone = ZoneInfo(client.timezone)
    found = schedule.dues(client.schedule, client.timezone, max(known), now)
    return [night.astimezone(zone) for night in islice(found, MOST_MISSED)]


def _is_owed(nights: Nights, night: datetime) -> bool:
    """Whether a promised night has neither a report nor a run that ended otherwise, and none is under way."""
    if not _is_promised(nights, night) or nights.under_way:
        return False
    if nights.good and _at(nights.good) >= night:
        return False
    has_started = bool(nights.started) and _at(nights.started or "") >= night
    return not has_started or nights.outcome == TORN


def _is_promised(nights: Nights, night: datetime) -> bool:
    return nights.served_since is not None and _at(nights.served_since) <= night


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
