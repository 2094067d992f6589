"""Finished sheets → the workbook on disk and the owner's spreadsheet, as the request and the client say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from config.documents import Sheet
from config.errors import SvodkaError
from config.load import LoadedClient
from config.messages import message
from config.settings import settings
from config.yaml_file import inside
from connectors.warehouse import PublishedMemory, Row, Warehouse
from flows.run.callers import callers, callers_path
from flows.run.report import Occasion, laid_out
from flows.run.request import RunRequest, Target
from flows.say import say
from flows.step import Step, Verb
from transforms.layout import Banner


@dataclass(frozen=True)
class Written:
    """Where the report stands now, the human edits that were found and kept, and what could not be written."""

    places: Sequence[str] = ()
    kept_edits: int = 0
    edits_tab: str = ""
    """Title of the tab on which they are kept."""
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

    def memory(self, make: Callable[..., Row]) -> PublishedMemory[Row]:
        """What was published before, as rows of this kind."""
        return self.warehouse.published(make, self.updated_at)


def publish(publication: Publication, asked: RunRequest, step: Step) -> Written:
    """Write every target that was asked for; one that fails does not keep the others from the report."""
    done = [_one(target, publication, step) for target in asked.to]
    return Written(
        places=[place for one in done for place in one.places],
        kept_edits=sum(one.kept_edits for one in done),
        edits_tab=next((one.edits_tab for one in done if one.edits_tab), ""),
        notes=[note for one in done for note in one.notes],
        errors=[error for one in done for error in one.errors],
    )


def load_writers(loaded: LoadedClient, asked: RunRequest) -> None:
    """Load what the targets asked for will be written with, which takes a while."""
    for target in asked.to:
        if _place(target, loaded):
            import_module(LIBRARIES[target])


def _one(target: Target, publication: Publication, step: Step) -> Written:
    place = _place(target, publication.loaded)
    if place is None:
        return Written()
    try:
        with publication.warehouse.worded():
            return step(Verb.WRITE, place, lambda: WRITERS[target](publication, place))
    except SvodkaError as error:
        return Written(errors=[error])


def _place(target: Target, loaded: LoadedClient) -> str | None:
    reports = loaded.client.reports
    return {"xlsx": reports.xlsx, "sheets": reports.sheet, "html": reports.html}[target]


def _workbook(publication: Publication, place: str) -> Written:
    """The workbook on disk; one that is not as we left it is kept beside.

    Its hash is remembered before the file is replaced: a kill in between leaves nothing that looks like an edit.
    """
    from connectors.xlsx import file_hash, keep_edited, workbook_bytes
    from connectors.xlsx.save import replace_file

    loaded, language = publication.loaded, publication.loaded.client.language
    path = inside(loaded.folder, place, loaded.allowed_roots)
    memory = publication.warehouse.workbooks(publication.updated_at)
    found = file_hash(path) if path.is_file() else None
    ours = found if found and memory.is_ours(place, found) else None
    kept = keep_edited(path, ours, publication.updated_at.date(), language)
    content = workbook_bytes(publication.sheets, language)
    digest = hashlib.sha256(content).hexdigest()
    memory.remember(place, digest)
    replace_file(path, content)
    memory.settle(place, digest)
    if (listed := callers(publication.warehouse, loaded.client)) is not None:
        replace_file(callers_path(path), listed)
    return Written([place], notes=[say("workbook_kept", place=place, kept=kept.name)] if kept else [])


def _spreadsheet(publication: Publication, place: str) -> Written:
    """The owner's spreadsheet, through the service account that the environment names."""
    from connectors.google_sheets.account import account
    from connectors.google_sheets.batch.edits_tab import told
    from connectors.google_sheets.client import connect
    from connectors.google_sheets.known.publication import Occasion, PublishedRow
    from connectors.google_sheets.publish import publish as publish_to_google

    client = connect(account(settings()), is_writing=True)
    ours = publication.loaded.client
    occasion = Occasion(publication.updated_at, ours.language, ours.client, ours.reports.prefix)
    done = publish_to_google(client, place, publication.sheets, publication.memory(PublishedRow), occasion)
    notes = told(done, occasion.language)
    return Written([done.link], kept_edits=len(done.edits), edits_tab=done.edits_title, notes=notes)


def _page(publication: Publication, place: str) -> Written:
    """The page on disk, replaced whole: nobody types into it."""
    from connectors.html import page_bytes
    from connectors.xlsx.save import replace_file

    loaded = publication.loaded
    content = page_bytes(publication.sheets, loaded.client.language)
    replace_file(inside(loaded.folder, place, loaded.allowed_roots), content)
    return Written([place])


WRITERS: dict[Target, Callable[[Publication, str], Written]] = {
    "xlsx": _workbook,
    "sheets": _spreadsheet,
    "html": _page,
}
LIBRARIES: dict[Target, str] = {
    "xlsx": "connectors.xlsx",
    "sheets": "connectors.google_sheets.publish",
    "html": "connectors.html",
}


# A run that was stopped → the last good report once more, with a line across it that says why it is old.


def publish_banner(
    warehouse: Warehouse, loaded: LoadedClient, asked: RunRequest, error: SvodkaError, step: Step
) -> Written:
    """The reason in; where the last good report now stands with its banner out, nothing if there never was one.

    Figures and stamp are those of the last good run: only the banner is new.
    """
    last = warehouse.last_good_run()
    if last is None or not asked.to:
        return Written()
    why = error.text(loaded.client.language).splitlines()[0]
    text = message("cli.banner", loaded.client.language, day=f"{last.as_of:%d.%m.%Y}", why=why)
    occasion = Occasion(last.run_id, last.as_of, last.finished_at, Banner(text))
    sheets = step(Verb.LAY_OUT, "", lambda: laid_out(warehouse, loaded.client, occasion))
    return publish(Publication(sheets, loaded, warehouse, occasion.updated_at), asked, step)
