"""Finished sheets → the workbook on disk and the owner's spreadsheet, as the request and the client say."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path

from config.client import Client, Edition
from config.documents import Sheet
from config.errors import ConfigError, SvodkaError
from config.folder.load import LoadedClient
from config.messages import message
from config.settings import settings
from connectors.warehouse import PublishedMemory, Row, Warehouse
from flows.run.given.request import RunRequest, Target, answered_days, place_of
from flows.run.reports.editions import KnownNames, known_names
from flows.run.reports.report import Occasion, report_input
from flows.say import Step, Verb, say
from transforms.layout import Banner, ReportInput, for_client, for_reader, lay_out
from transforms.words import figured_day


@dataclass(frozen=True)
class Written:
    """Where the report stands now, the human edits that were found and kept, and what could not be written."""

    places: Sequence[str] = ()
    kept_edits: int = 0
    edits_tab: str = ""
    """Title of the tab on which they are kept."""
    notes: Sequence[str] = ()
    errors: Sequence[SvodkaError] = ()
    others: Mapping[str, Sequence[Sheet]] = field(default_factory=dict)
    """What was written for readers of their own, by `Edition.key`."""


@dataclass(frozen=True)
class Publication:
    """A finished report on its way out."""

    sheets: Sequence[Sheet]
    """Of the whole: the client's own report."""
    loaded: LoadedClient
    warehouse: Warehouse
    """Remembers what was published, to tell a human edit."""
    updated_at: datetime
    """Local time of the client, as the report's stamp says."""
    source: ReportInput | None = None
    """What reports of a part are made of; without it (a past day) they are those that were kept."""
    known: KnownNames | None = None
    """Whom such a report may be narrowed to; without it nobody asks whether the names in svodka.yaml are known."""

    told: str = ""
    """For «Пульт»: what the run came to; without it, what stands there stays."""
    answered: tuple[str, str] | None = None
    """The days that a tick on «Пульт» asked for, if this run answers one."""
    kept: Mapping[str, Sequence[Sheet]] = field(default_factory=dict)
    """Reports of a part as they were published, by `Edition.key`; one that is not among them stays as it is."""

    def memory(self, make: Callable[..., Row]) -> PublishedMemory[Row]:
        """What was published before, as rows of this kind."""
        return self.warehouse.published(make, self.updated_at)

    def made_for(self, edition: Edition) -> Made | None:
        """One of the client's reports in; its sheets out, None if there is nothing to make them of.

        Raises ConfigError for a report of somebody whom nobody knows, or one without any page.
        """
        client = self.loaded.client
        if edition.is_whole:
            return Made(edition, client, self.sheets)
        if self.source is None:
            sheets = self.kept.get(edition.key)
            return Made(edition, for_client(client, edition), sheets) if sheets else None
        known = self.known or known_names([edition], self.warehouse, {}, [])
        if self.known is not None:
            known.check(edition)
        report = for_reader(self.source, known.meant(edition))
        sheets = lay_out(report)
        if not sheets:
            raise ConfigError(
                "config.report_no_pages", place=", ".join([*edition.files, edition.sheet or ""]).strip(", ")
            )
        return Made(edition, report.client, sheets)


@dataclass(frozen=True)
class Made:
    """One report and its reader: where it goes, the client in its reader's language and masking, its sheets."""

    edition: Edition
    client: Client
    sheets: Sequence[Sheet]

    @property
    def lists_callers(self) -> bool:
        """Whether it numbers persons who are to be called: then a file tells who is behind the numbers."""
        return self.edition.by is None and any(sheet.key == "winback" for sheet in self.sheets)


def publish(publication: Publication, asked: RunRequest, step: Step) -> Written:
    """Write every report and target that was asked for; one that fails does not keep the others from theirs."""
    done = [
        written
        for edition in publication.loaded.client.reports
        if (targets := [target for target in asked.to if place_of(target, edition)])
        for written in _edition(edition, targets, publication, step)
    ]
    return Written(
        places=[place for one in done for place in one.places],
        kept_edits=sum(one.kept_edits for one in done),
        edits_tab=next((one.edits_tab for one in done if one.edits_tab), ""),
        notes=[note for one in done for note in one.notes],
        errors=[error for one in done for error in one.errors],
        others={key: sheets for one in done for key, sheets in one.others.items()},
    )


def _edition(edition: Edition, targets: Sequence[Target], publication: Publication, step: Step) -> Iterator[Written]:
    try:
        made = publication.made_for(edition)
    except SvodkaError as error:
        yield Written(errors=[error])
        return
    if made is None:
        return
    others = {} if edition.is_whole else {edition.key: made.sheets}
    yield from (replace(_one(target, made, publication, step), others=others) for target in targets)


def load_writers(loaded: LoadedClient, asked: RunRequest) -> None:
    """Load what the targets asked for will be written with, which takes a while."""
    for target in asked.to:
        if any(place_of(target, edition) for edition in loaded.client.reports):
            import_module(LIBRARIES[target])


def _one(target: Target, made: Made, publication: Publication, step: Step) -> Written:
    place = place_of(target, made.edition) or ""
    try:
        with publication.warehouse.worded():
            return step(Verb.WRITE, place, lambda: WRITERS[target](publication, made, place))
    except SvodkaError as error:
        return Written(errors=[error])


def _workbook(publication: Publication, made: Made, place: str) -> Written:
    """The workbook on disk; one that is not as we left it is kept beside.

    Its hash is remembered before the file is replaced: a kill in between leaves nothing that looks like an edit.
    """
    from connectors.xlsx import file_hash, keep_edited, replace_file, workbook_bytes

    loaded, language = publication.loaded, made.client.language
    path = loaded.path(place)
    memory = publication.warehouse.workbooks(publication.updated_at)
    found = file_hash(path) if path.is_file() else None
    ours = found if found and memory.is_ours(place, found) else None
    kept = keep_edited(path, ours, publication.updated_at.date(), language)
    content = workbook_bytes(made.sheets, language)
    digest = hashlib.sha256(content).hexdigest()
    memory.remember(place, digest)
    replace_file(path, content)
    memory.settle(place, digest)
    shown = made.client.settings.personal_data
    if made.lists_callers and (listed := callers(publication.warehouse, shown)) is not None:
        replace_file(callers_path(path), listed)
    return Written([place], notes=[say("workbook_kept", place=place, kept=kept.name)] if kept else [])


def _spreadsheet(publication: Publication, made: Made, place: str) -> Written:
    """The reader's spreadsheet, through the service account that the environment names."""
    from connectors.google_sheets.account import account
    from connectors.google_sheets.batch.edits_tab import told
    from connectors.google_sheets.client import connect
    from connectors.google_sheets.known.publication import Control, Occasion, PublishedRow
    from connectors.google_sheets.publish import publish as publish_to_google

    client = connect(account(settings()), is_writing=True)
    occasion = Occasion(
        publication.updated_at,
        made.client.language,
        made.client.client,
        made.edition.prefix,
        Control(publication.told, publication.answered) if made.edition.control else None,
    )
    done = publish_to_google(client, place, made.sheets, publication.memory(PublishedRow), occasion)
    notes = told(done, occasion.language)
    return Written([done.link], kept_edits=len(done.edits), edits_tab=done.edits_title, notes=notes)


def _page(publication: Publication, made: Made, place: str) -> Written:
    """The page on disk, replaced whole: nobody types into it."""
    from connectors.html import page_bytes
    from connectors.xlsx.save import replace_file

    loaded = publication.loaded
    content = page_bytes(made.sheets, made.client.language)
    replace_file(loaded.path(place), content)
    return Written([place])


WRITERS: dict[Target, Callable[[Publication, Made, str], Written]] = {
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
    text = message("cli.banner", loaded.client.language, day=figured_day(last.as_of, loaded.client.language), why=why)
    occasion = Occasion(last.run_id, last.as_of, last.finished_at, Banner(text))
    source = report_input(warehouse, loaded.client, occasion)
    sheets = step(Verb.LAY_OUT, "", lambda: lay_out(source))
    answered = answered_days(asked)
    shown = Publication(sheets, loaded, warehouse, occasion.updated_at, source, told=text, answered=answered)
    return publish(shown, asked, step)


# Whom to call: a file beside the workbook with who is behind each number; no Google table, no message.


def callers_path(workbook: Path) -> Path:
    """The workbook in; the file beside it out."""
    return workbook.with_name(f"{workbook.stem} - {say('callers_file')}.csv")


def callers(warehouse: Warehouse, personal_data: str) -> bytes | None:
    """Number on «Вернуть клиентов» and the phone or e-mail behind it; None where the page shows them itself."""
    if personal_data == "keep":
        return None
    rows = warehouse.fetch("metrics.winback_first").dicts()
    if not rows:
        return None
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";")
    table.writerow([say("callers_number"), say("callers_person")])
    table.writerows([number, row["client_key"]] for number, row in enumerate(rows, start=1))
    return out.getvalue().encode("utf-8-sig")
