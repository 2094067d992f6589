"""Finished sheets → the workbook on disk and the owner's spreadsheet, as the request and the client say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.documents import Sheet
from config.errors import SvodkaError
from config.load import LoadedClient
from config.paths import inside
from connectors.warehouse import Warehouse
from flows.progress import Step, Verb
from flows.request import RunRequest, Target


@dataclass(frozen=True)
class Written:
    """Where the report stands now, the human edits that were found and kept, and what could not be written."""

    places: Sequence[str] = ()
    kept_edits: int = 0
    notes: Sequence[str] = ()
    errors: Sequence[SvodkaError] = ()


@dataclass(frozen=True)
class Publication:
    """A finished report on its way out."""

    sheets: Sequence[Sheet]
    loaded: LoadedClient
    warehouse: Warehouse
    """Remembers what was published, to tell a human edit."""
    updated_at: datetime
    """Local time of the client, as the report's stamp says."""


def publish(publication: Publication, asked: RunRequest, step: Step) -> Written:
    """Write every target that was asked for; one that fails does not keep the others from the report."""
    done = [_one(target, publication, step) for target in asked.to]
    return Written(
        places=[place for one in done for place in one.places],
        kept_edits=sum(one.kept_edits for one in done),
        notes=[note for one in done for note in one.notes],
        errors=[error for one in done for error in one.errors],
    )


def _one(target: Target, publication: Publication, step: Step) -> Written:
    reports = publication.loaded.client.reports
    place = reports.xlsx if target == "xlsx" else reports.sheet
    if place is None:
        return Written()
    try:
        return step(Verb.WRITE, place, lambda: WRITERS[target](publication, place))
    except SvodkaError as error:
        return Written(errors=[error])


def _workbook(publication: Publication, place: str) -> Written:
    from connectors.xlsx import write_workbook

    loaded = publication.loaded
    write_workbook(publication.sheets, inside(loaded.folder, place, loaded.allowed_roots))
    return Written([place])


def _spreadsheet(publication: Publication, place: str) -> Written:
    raise NotImplementedError


WRITERS: dict[Target, Callable[[Publication, str], Written]] = {"xlsx": _workbook, "sheets": _spreadsheet}
