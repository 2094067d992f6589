"""A consultant's clients → «Все клиенты», the workbook, page and spreadsheet of how they stand, written anew."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from config.documents import Sheet
from config.errors import SvodkaError
from config.folder.load import LoadedConsultant
from config.settings import settings
from connectors.xlsx.save import file_hash, keep_edited, replace_file
from flows.say import language, say, speak
from flows.status.status import MEGABYTE, ClientStatus, disk_and_quota, missed_together, statuses
from transforms.layout.clients import ClientLine, lay_out_clients

if TYPE_CHECKING:
    from connectors.google_sheets.known.publication import PublishedRow

MEMORY = "published.json"


@dataclass
class Shown:
    """Where «Все клиенты» stands now, what else is to be said, and what could not be written."""

    places: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[SvodkaError] = field(default_factory=list)


def publish_statuses(loaded: LoadedConsultant, now: datetime) -> Shown:
    """A consultant and the moment in; how the clients stand, written to every place that svodka.yaml names, out.

    What cannot be written to one place does not keep the others from theirs.
    """
    spoken = language()
    speak(loaded.consultant.language)
    try:
        sheet = status_sheet(loaded, statuses(loaded.clients(), now), now)
    finally:
        speak(spoken)
    publication = _Publication(loaded, sheet, _FileMemory(loaded.folder / "data" / MEMORY), _local(loaded, now))
    reports, shown = loaded.consultant.reports, Shown()
    for place, write in ((reports.xlsx, _workbook), (reports.html, _page), (reports.sheet, _spreadsheet)):
        if place:
            try:
                write(publication, place, shown)
            except SvodkaError as error:
                shown.errors.append(error)
    return shown


def status_sheet(loaded: LoadedConsultant, found: Sequence[ClientStatus], now: datetime) -> Sheet:
    """How the clients stand in; the page of them out."""
    title = loaded.consultant.title or say("all_clients")
    told = [f"{_local(loaded, now):%d.%m.%Y %H:%M}", missed_together(loaded, now), disk_and_quota(found, loaded.folder)]
    remark = " · ".join(one for one in told if one)
    return lay_out_clients(title, remark, [_line(one, loaded) for one in found], loaded.consultant.language)


def _line(one: ClientStatus, loaded: LoadedConsultant) -> ClientLine:
    figure = one.figure
    return ClientLine(
        key=os.path.relpath(one.folder, loaded.folder.resolve()),
        client=one.client,
        need=one.need.name.lower(),
        report_on=one.as_of,
        run_at=_local(loaded, one.last_run) if one.last_run else None,
        data_to_on=one.data_to_on,
        figure=figure.name if figure else "",
        unit=figure.unit if figure else "",
        value=figure.value if figure else None,
        before=figure.before if figure else None,
        disk_mb=round(one.disk_bytes / MEGABYTE),
        reasons=one.reasons,
        link=one.link,
    )


def _local(loaded: LoadedConsultant, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(loaded.consultant.timezone)).replace(tzinfo=None, microsecond=0)


# The page → each of its places.


@dataclass(frozen=True)
class _Publication:
    loaded: LoadedConsultant
    sheet: Sheet
    memory: _FileMemory
    updated_at: datetime


def _workbook(publication: _Publication, place: str, shown: Shown) -> None:
    """The workbook on disk; one that somebody edited is kept beside."""
    from connectors.xlsx import workbook_bytes

    path, spoken = publication.loaded.path(place), publication.loaded.consultant.language
    kept = keep_edited(path, publication.memory.workbook(place), publication.updated_at.date(), spoken)
    replace_file(path, workbook_bytes([publication.sheet], spoken))
    publication.memory.remember_workbook(place, file_hash(path))
    shown.places.append(str(path))
    if kept:
        shown.notes.append(say("workbook_kept", place=place, kept=kept.name))


def _page(publication: _Publication, place: str, shown: Shown) -> None:
    from connectors.html import page_bytes

    replace_file(
        publication.loaded.path(place), page_bytes([publication.sheet], publication.loaded.consultant.language)
    )
    shown.places.append(str(publication.loaded.path(place)))


def _spreadsheet(publication: _Publication, place: str, shown: Shown) -> None:
    from connectors.google_sheets.account import account
    from connectors.google_sheets.client import connect
    from connectors.google_sheets.known.publication import Occasion
    from connectors.google_sheets.publish import publish

    client = connect(account(settings()), is_writing=True)
    title = publication.sheet.title
    occasion = Occasion(publication.updated_at, publication.loaded.consultant.language, title)
    shown.places.append(publish(client, place, [publication.sheet], publication.memory, occasion).link)


# What was written last, to tell an edit: a consultant has no warehouse, and one page is little.


@dataclass(frozen=True)
class _FileMemory:
    """Published rows and hashes of workbooks in one small file beside the consultant's svodka.yaml."""

    path: Path

    def recall(self, target: str) -> Mapping[str, Iterable[PublishedRow]]:
        """Every remembered publication of a spreadsheet, by stamp, the last one last."""
        from connectors.google_sheets.known.publication import PublishedRow

        kept = self._read().get("sheets", {}).get(target, {})
        return {stamp: [PublishedRow(*row) for row in rows] for stamp, rows in kept.items()}

    def remember(self, target: str, stamp: str, rows: Iterable[PublishedRow]) -> None:
        """Keep, beside the former ones, what is about to be sent."""
        known = self._read()
        known.setdefault("sheets", {}).setdefault(target, {})[stamp] = [list(row) for row in rows]
        self._write(known)

    def settle(self, target: str, stamp: str) -> None:
        """It arrived: the former ones are forgotten."""
        known = self._read()
        known["sheets"][target] = {stamp: known["sheets"][target][stamp]}
        self._write(known)

    def workbook(self, place: str) -> str | None:
        """The hash of the workbook that was written there last."""
        found: str | None = self._read().get("workbooks", {}).get(place)
        return found

    def remember_workbook(self, place: str, digest: str) -> None:
        """Keep the hash of a workbook just written."""
        known = self._read()
        known.setdefault("workbooks", {})[place] = digest
        self._write(known)

    def _read(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads(self.path.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}

    def _write(self, known: Mapping[str, Any]) -> None:
        replace_file(self.path, json.dumps(known, ensure_ascii=False).encode())
