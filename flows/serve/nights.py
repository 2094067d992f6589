"""Schedule and the record of nights → which night was missed, told once."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config import schedule
from config.client import Client

NIGHTS_FILE = "nights.json"
GRACE = timedelta(hours=1)
"""A run that starts this late is still the night's own; later the night counts as missed."""


@dataclass(frozen=True)
class Nights:
    """What is known of a client's nights; moments are ISO text with a zone."""

    served_since: str | None = None
    """When `svodka serve` first took the client: nights before it were never promised."""
    started: str | None = None
    """When the last run by schedule or by hand started."""
    told: str | None = None
    """The missed night that was told about last."""


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


def served(data: Path, now: datetime) -> None:
    """Remember that from now on the nights of this client are promised."""
    nights = read_nights(data)
    if nights.served_since is None:
        write_nights(data, replace(nights, served_since=now.isoformat()))


def started(data: Path, now: datetime) -> None:
    """Remember that a run started."""
    write_nights(data, replace(read_nights(data), started=now.isoformat()))


def told(data: Path, night: datetime) -> None:
    """Remember that a missed night was told about."""
    write_nights(data, replace(read_nights(data), told=night.isoformat()))


def missed_night(client: Client, nights: Nights, now: datetime) -> datetime | None:
    """The last night that should have started, did not, and was not told about; None if there is none."""
    due = last_due(client, now - GRACE)
    if nights.served_since is None or datetime.fromisoformat(nights.served_since) > due:
        return None
    if nights.started and datetime.fromisoformat(nights.started) >= due:
        return None
    return None if nights.told and datetime.fromisoformat(nights.told) >= due else due


def last_due(client: Client, before: datetime) -> datetime:
    """The latest moment of the schedule not after `before`, in the client's timezone."""
    return schedule.last_due(client.schedule, client.timezone, before).astimezone(ZoneInfo(client.timezone))
