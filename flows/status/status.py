"""Client folders → what an operator wants to know of each in one look: how it stands, and whether it needs a hand."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.errors import SvodkaError
from config.folder.load import LoadedConsultant, load_client
from config.tables import tables
from flows.run.given.spreadsheets import planned_requests
from flows.run.lock import is_running
from flows.run.told.summary import GOOD, LAST, is_address, read_runs
from flows.say import day, language, moment, plainly, roubles, say, whole
from flows.status.nights import TORN, Nights, missed_night, read_nights

MEGABYTE = 1024 * 1024
GOOGLE_PER_MINUTE = 60  # developers.google.com/sheets/api/limits: reads, and writes, of one account


class Need(IntEnum):
    """How much a client needs a hand, the most first."""

    BROKEN = 0
    """No report: settings that cannot be read, a run that failed, none yet."""
    NIGHT = 1
    """A night was missed or torn off."""
    PART = 2
    """There is a report, but some source could not be read or is old."""
    DOUBT = 3
    """Something of the rows is to be looked into: some were rejected, names are not known, a file grew shorter."""
    NONE = 4


@dataclass(frozen=True)
class MainFigure:
    """A figure of the last whole month, beside the month before."""

    name: str
    unit: str
    value: Decimal | None
    before: Decimal | None
    of: date | None


@dataclass(frozen=True)
class ClientStatus:
    """How one client stands."""

    folder: str
    client: str
    need: Need
    reasons: Sequence[str] = ()
    """In words, what needs a hand; the worst first."""
    last_run: datetime | None = None
    last_status: str | None = None
    """`done`, `partial`, `failed`."""
    is_running: bool = False
    as_of: date | None = None
    """The report stands for the end of this day."""
    sources: Mapping[str, date | None] = field(default_factory=dict)
    """Source → the last day of its data."""
    data_to_on: date | None = None
    """The first of those days, as the report tells it: of fresh sources, if any, whose rows are of days."""
    stale: Sequence[str] = ()
    figure: MainFigure | None = None
    doubts: Sequence[str] = ()
    """In words, what of the rows somebody should look into."""
    rejected_rows: int = 0
    rejected_rub: Decimal = Decimal(0)
    unknown_names: int = 0
    missed_night: datetime | None = None
    disk_bytes: int = 0
    google_reads: int = 0
    """Requests to Google in a night."""
    google_writes: int = 0
    link: str | None = None
    """Where the report stands on the web."""

    def as_json(self) -> dict[str, Any]:
        """Plain values: moments and days ISO, money as text."""
        return {**plainly(asdict(self)), "need": self.need.name.lower()}


def statuses(folders: Sequence[Path], now: datetime) -> list[ClientStatus]:
    """Client folders in; how each stands out, those that need a hand first. Nothing is opened that a run may hold."""
    found = [status_of(folder, now) for folder in folders]
    return sorted(found, key=lambda one: (one.need, one.client.casefold()))


def status_of(folder: Path, now: datetime) -> ClientStatus:
    """A client's folder in; how it stands out. Settings that cannot be read are a status, too."""
    try:
        loaded = load_client(folder)
    except SvodkaError as error:
        line = error.text(language()).splitlines()[0]
        return ClientStatus(str(folder), folder.absolute().name, Need.BROKEN, [line], disk_bytes=_size(folder))
    runs, nights = read_runs(loaded.data), read_nights(loaded.data)
    last, good = runs.get(LAST, {}), runs.get(GOOD, {})
    quota = planned_requests(loaded)
    known = ClientStatus(
        folder=str(folder),
        client=loaded.client.client,
        need=Need.NONE,
        last_run=_moment(last.get("ended_at"), loaded.client.timezone),
        last_status=last.get("status"),
        is_running=is_running(loaded.data),
        as_of=_day(good.get("as_of")),
        sources={one["source"]: _day(one["data_to_on"]) for one in good.get("sources", [])},
        data_to_on=_data_to_on(good.get("sources", [])),
        stale=[one["source"] for one in good.get("sources", []) if one["is_stale"]],
        figure=_figure(good),
        doubts=good.get("doubts", ()),
        rejected_rows=sum(one["rows_rejected"] for one in good.get("sources", [])),
        rejected_rub=sum((Decimal(one["money_rejected_rub"]) for one in good.get("sources", [])), Decimal(0)),
        unknown_names=len(good.get("unmapped", [])),
        missed_night=missed_night(loaded.client, nights, now),
        disk_bytes=_size(loaded.data),
        google_reads=quota.reads,
        google_writes=quota.writes,
        link=next((place for place in good.get("written", []) if is_address(place)), None),
    )
    return _reasoned(known, last, nights)


def disk_and_quota(found: Sequence[ClientStatus], folder: Path) -> str:
    """How all stand, and a folder on their disk, in; clients, hands, room, and what a night asks of Google, out."""
    hands, doubts = sum(one.need < Need.DOUBT for one in found), sum(one.need == Need.DOUBT for one in found)
    told = [
        say("status_all", clients=whole(len(found)), hands=whole(hands), doubts=whole(doubts)),
        say(
            "status_room",
            used=whole(sum(one.disk_bytes for one in found) / MEGABYTE),
            free=whole(shutil.disk_usage(folder).free / MEGABYTE / 1024),
        ),
    ]
    reads, writes = (sum(getattr(one, name) for one in found) for name in ("google_reads", "google_writes"))
    if reads:
        minutes = -(-max(reads, writes) // GOOGLE_PER_MINUTE)
        told.append(say("status_quota", reads=whole(reads), writes=whole(writes), minutes=whole(minutes)))
    return " · ".join(told)


def missed_together(loaded: LoadedConsultant, now: datetime) -> str:
    """A consultant whose clients run as one in; the night that was missed, in words, out; empty if none was."""
    if loaded.consultant.schedule is None:
        return ""
    whole = loaded.as_client()
    night = missed_night(whole.client, read_nights(whole.data), now)
    return say("status_missed", moment=moment(night)) if night else ""


def _reasoned(known: ClientStatus, last: Mapping[str, Any], nights: Nights) -> ClientStatus:
    """What is known of a client in; the same with how much it needs a hand and why out."""
    found = sorted(_reasons(known, last, nights), key=lambda one: one[0])
    return replace(known, need=found[0][0] if found else Need.NONE, reasons=[text for _, text in found])


def _reasons(known: ClientStatus, last: Mapping[str, Any], nights: Nights) -> Iterator[tuple[Need, str]]:
    if known.last_status is None and not known.is_running:
        yield Need.BROKEN, say("status_no_run")
    problems = last.get("problems") or [""]
    if known.last_status == "failed":
        yield Need.BROKEN, say("status_failed", why=problems[0])
    if nights.outcome == TORN:
        yield Need.NIGHT, say("status_torn")
    if known.missed_night is not None:
        yield Need.NIGHT, say("status_missed", moment=moment(known.missed_night))
    if known.last_status == "partial":
        yield Need.PART, say("status_partial", why=problems[0])
    for source in known.stale:
        to_on = known.sources[source]
        yield Need.PART, say("stale" if to_on else "stale_never", source=source, day=day(to_on))
    yield from ((Need.DOUBT, line) for line in known.doubts)
    if known.rejected_rows:
        money = f", {roubles(known.rejected_rub)}" if known.rejected_rub else ""
        yield Need.DOUBT, say("status_rejected", rows=whole(known.rejected_rows), money=money)
    if known.unknown_names:
        yield Need.DOUBT, say("status_names", names=whole(known.unknown_names))


def _figure(run: Mapping[str, Any]) -> MainFigure | None:
    """Revenue, or what stands first where there is none."""
    figures = run.get("figures") or []
    roubles = [one for one in figures if one["unit"] == "rub"]
    for one in [*reversed(roubles), *figures]:
        return MainFigure(
            one["name"], one["unit"], _number(one["value"]), _number(one["before"]), _day(run["figures_of"])
        )
    return None


def _data_to_on(sources: Sequence[Mapping[str, Any]]) -> date | None:
    known = [one for one in sources if one["data_to_on"] and one.get("table") in tables()]
    dated = [one for one in known if tables()[one["table"]].tells_days]
    fresh = [one for one in dated if not one["is_stale"]] or dated
    return min((date.fromisoformat(one["data_to_on"]) for one in fresh), default=None)


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None, zone: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)) if text else None


def _size(folder: Path) -> int:
    return sum(_sizes(folder))


def _sizes(folder: Path) -> Iterator[int]:
    """Bytes of each file of a folder; one that goes away meanwhile has none."""
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield path.stat().st_size
        except OSError:
            continue
