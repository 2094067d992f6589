"""A finished report → the morning digest: kept beside the warehouse by the run, sent at the client's own time."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from config.documents import Sheet
from config.errors import SvodkaError
from config.folder.load import LoadedClient
from config.messages import Language, message

FOLDER, TEXT, PICTURE, STATE = "digest", "digest.txt", "digest.png", "digest.json"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Sent(StrEnum):
    """What became of a digest."""

    WHOLE = "digest_sent"
    LINE = "digest_line_sent"
    NOTHING_NEW = "digest_nothing_new"
    NOTHING_MADE = "digest_nothing_made"


@dataclass(frozen=True)
class Made:
    """What is known of the digest that lies ready, and of the one sent last."""

    made: str = ""
    """Checksum of its figures and sentences; the stamp of the update does not count."""
    sent: str = ""
    places: tuple[str, ...] = ()
    """Where the report stands."""
    told_on: str = ""
    """The client's day on which the last digest, or the line that nothing is new, was sent."""


def make_digest(loaded: LoadedClient, sheets: Sequence[Sheet], places: Sequence[str]) -> str | None:
    """The finished report in; words and picture kept in data/digest/. What went wrong out, in words, None if nothing.

    A digest that cannot be made keeps nobody from the report.
    """
    summary = next((sheet for sheet in sheets if sheet.key == "summary"), None)
    if not loaded.client.digest.to or summary is None:
        return None
    try:
        _keep(loaded, summary, places)
    except (SvodkaError, OSError, ValueError) as error:
        return message("cli.digest_not_made", loaded.client.language, problem=str(error).splitlines()[0])
    return None


def _keep(loaded: LoadedClient, summary: Sheet, places: Sequence[str]) -> None:
    from connectors.html import picture, plain_text

    folder, language = loaded.data / FOLDER, loaded.client.language
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / PICTURE, picture(summary, language))
    _write(folder / TEXT, plain_text(summary, language).encode())
    lasting = replace(summary, cells=[cell for cell in summary.cells if not cell.look.startswith("subtitle")])
    checksum = hashlib.sha256(plain_text(lasting, language).encode()).hexdigest()
    _write_state(folder, replace(read_state(folder), made=checksum, places=tuple(places)))


def send_digest(loaded: LoadedClient, environment: Mapping[str, str], now: datetime, *, again: bool = False) -> Sent:
    """Send what lies ready to the addresses of `digest:`; nothing where the owner has it already, unless asked again.

    On the days that `digest.quiet_days` names, one line says that nothing is new. Raises Unavailable, ConfigError.
    """
    folder, state = loaded.data / FOLDER, read_state(loaded.data / FOLDER)
    if not state.made:
        return Sent.NOTHING_MADE
    client, language = loaded.client, loaded.client.language
    if state.made == state.sent and not again:
        day = WEEKDAYS[_local(loaded, now).weekday()]
        if day not in client.digest.quiet_days:
            return Sent.NOTHING_NEW
        _tell(loaded, environment, message("cli.digest_quiet", language), None)
        _write_state(folder, replace(state, told_on=_day(loaded, now)))
        return Sent.LINE
    text = (folder / TEXT).read_text(encoding="utf-8")
    _tell(loaded, environment, "\n\n".join([text, *_links(state.places, language)]), folder / PICTURE)
    _write_state(folder, replace(state, sent=state.made, told_on=_day(loaded, now)))
    return Sent.WHOLE


def send_due(loaded: LoadedClient, environment: Mapping[str, str], now: datetime) -> Sent | None:
    """The digest once its time of the client's day has come: sent once a day, as soon as there is something new.

    None before that time, on a day that was told already, and for a client that names nobody. Raises as `send_digest`.
    """
    digest = loaded.client.digest
    if not digest.to or f"{_local(loaded, now):%H:%M}" < digest.at:
        return None
    if read_state(loaded.data / FOLDER).told_on == _day(loaded, now):
        return None
    return send_digest(loaded, environment, now)


def _local(loaded: LoadedClient, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(loaded.client.timezone))


def _day(loaded: LoadedClient, now: datetime) -> str:
    return _local(loaded, now).date().isoformat()


def _tell(loaded: LoadedClient, environment: Mapping[str, str], text: str, picture: Path | None) -> None:
    from connectors.notify import DIGEST, notify

    notify(loaded.client.digest.to, environment, loaded.client.client, text, picture, setting=DIGEST)


def _links(places: Sequence[str], language: Language) -> list[str]:
    """Where the report stands on the web; a file of the operator's machine is no link for an owner."""
    return [message("cli.digest_link", language, link=place) for place in places if place.startswith("https://")]


def read_state(folder: Path) -> Made:
    """The digest's folder in; what is known of it out, nothing where there is none."""
    try:
        known = json.loads((folder / STATE).read_text(encoding="utf-8"))
        return Made(known["made"], known["sent"], tuple(known["places"]), known.get("told_on", ""))
    except (OSError, ValueError, KeyError, TypeError):
        return Made()


def _write_state(folder: Path, state: Made) -> None:
    _write(folder / STATE, json.dumps(asdict(state), ensure_ascii=False).encode())


def _write(path: Path, content: bytes) -> None:
    """Replace a file whole: whoever reads it finds the former one or this."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
