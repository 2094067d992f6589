"""A client → everything that can be found wrong with it, without changing anything: a run in a scratch folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from config.draft import Naming, Run
from config.errors import SeveralErrors, SvodkaError, TargetError
from config.folder.aliases import Dictionary, Proposal
from config.folder.load import LoadedClient, load_client
from config.pages import lacking, pages_for
from config.settings import Settings, now, settings
from config.tables import tables
from connectors.files.find import matching
from connectors.notify import DIGEST, NOTIFY, check_addresses
from connectors.warehouse import Memory, Reading, UnknownName, Warehouse, check_ready
from flows.run.given.corrections import corrections_of, note_unmet
from flows.run.given.dictionaries import namings, partners_of, places, staging_context
from flows.run.given.request import RunRequest, settled_as_of
from flows.run.given.spreadsheets import places_wanted, planned_requests, read_spreadsheets
from flows.run.loading.apart import loaded_by
from flows.run.loading.sources import Loading, loader
from flows.run.reports.editions import known_names
from flows.run.show import corrected_line
from flows.run.told.summary import notices, shown_unmapped, unmet_checks, worth
from flows.say import Step, language, say
from transforms.mask import masked
from transforms.recognise import Recognised
from transforms.recognise.fit import headers_used
from transforms.staging.moments import time_of
from transforms.staging.one_table import OneTable
from transforms.staging.units import TIMES, units

if TYPE_CHECKING:
    from connectors.google_sheets.client import Pace
    from flows.run.given.spreadsheets import Found

Made = TypeVar("Made")
CHECK = "check"
OF_NAMES = ("channels_alone", "names_alike")
"""Doubts that the dictionaries settle: where these cannot be read, that is told, and not what it leads to."""


@dataclass(frozen=True)
class ColumnCheck:
    """One column of a source: where it comes from, how many of its filled cells were read, an example of the others."""

    column: str
    headers: Sequence[str]
    read: int
    refused: int
    example: str | None = None
    example_place: str | None = None
    reason: str | None = None
    times: int = 1
    """What each of its figures is multiplied by: it is in thousands or millions."""


@dataclass(frozen=True)
class SourceCheck:
    """One source as it was found."""

    source: str
    table: str
    profiles: Sequence[str]
    """Names of the recognised profiles with their certainty; empty if its columns are the client's own."""
    files: Sequence[str]
    columns: Sequence[ColumnCheck]
    is_read: bool = True
    """False where one of the errors is about it."""


@dataclass(frozen=True)
class Checked:
    """All that was found."""

    client: str
    folder: str = ""
    """As the person named it."""
    sources: Sequence[SourceCheck] = ()
    errors: Sequence[SvodkaError] = ()
    unmapped: Sequence[UnknownName] = ()
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    """Dictionary → the file or tab where it is kept."""
    notes: Sequence[str] = ()
    assumed: Sequence[str] = ()
    """Readings that the data did not settle alone, with how to say otherwise."""
    proposal: Proposal = field(default_factory=Proposal)
    worth: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Dictionary and spelling of a proposed name → its rows and roubles, in words."""

    @property
    def exit_code(self) -> int:
        """The highest code of the errors; names that no dictionary knows are no error."""
        return max((error.exit_code for error in self.errors), default=0)

    def shown_names(self) -> list[tuple[str, str, str]]:
        """The spellings that are proposed, as they may be shown."""
        return [(one.dictionary, one.alias, one.near) for one in self.unmapped if one.near]


def check_folder(folder: Path, step: Step) -> Checked:
    """A client's folder in; what is wrong with it out. Raises ConfigError if svodka.yaml itself cannot be read."""
    found = settings()
    loaded = load_client(folder)
    moment = now()
    local = moment.astimezone(ZoneInfo(loaded.client.timezone)).replace(tzinfo=None)
    checked = check_client(loaded, found, settled_as_of(RunRequest(), loaded.client, moment), local, step)
    return replace(checked, folder=str(folder))


def check_client(loaded: LoadedClient, settings: Settings, as_of: date, moment: datetime, step: Step) -> Checked:
    """A client in; what is wrong with it, and what could be accepted, out. Nothing of the client is changed."""
    errors: list[SvodkaError] = []
    for setting, addresses in ((NOTIFY, loaded.client.notify), (DIGEST, loaded.client.digest.to)):
        _try(errors, partial(check_addresses, addresses, settings.environment, setting))
    pace = cache(_hurried)
    _try(errors, lambda: _engine(loaded))
    spreadsheets = _spreadsheets(loaded, step, pace)
    run = Run(CHECK, moment, as_of, CHECK, "", loaded.config_hash)
    found = _run_in_scratch(loaded, spreadsheets, run, step, errors)
    notes = [*found.notes, *advice(loaded), *_target(errors, loaded, moment, pace)]
    return Checked(
        client=loaded.client.client,
        folder=str(loaded.folder),
        sources=found.sources,
        errors=list({error.text(): error for error in errors}.values()),  # one account, told once
        unmapped=shown_unmapped(found.unknown, loaded.client.settings.personal_data),
        dictionaries=places(loaded),
        notes=notes,
        assumed=found.assumed,
        proposal=_proposal(errors, found.unknown),
        worth={(one.dictionary, one.alias): worth(one) for one in found.unknown},
    )


def _spreadsheets(loaded: LoadedClient, step: Step, pace: Callable[[], Pace | None]) -> Mapping[str, Found]:
    """What is read from Google; where nothing can be, for want of an account, that of each place."""
    try:
        return read_spreadsheets(loaded, RunRequest(), step, pace)
    except SvodkaError as error:
        return dict.fromkeys(places_wanted(loaded), error)


class _Seen(NamedTuple):
    """What a run in a scratch folder said of a client's files."""

    sources: list[SourceCheck]
    unknown: list[UnknownName]
    notes: list[str]
    assumed: list[str]


def _run_in_scratch(
    loaded: LoadedClient, spreadsheets: Mapping[str, Found], run: Run, step: Step, errors: list[SvodkaError]
) -> _Seen:
    """Sources read and settled in a warehouse that nobody opens again; mistakes go to `errors`."""
    read_names = _try(errors, lambda: namings(loaded, spreadsheets))
    names: Mapping[str, Naming] = read_names or {}
    checked = dict(loaded.client.checked) | ({} if read_names else dict.fromkeys(OF_NAMES, CHECK))
    partners = _try(errors, lambda: partners_of(loaded, spreadsheets)) or []
    with tempfile.TemporaryDirectory(prefix="svodka-check-") as scratch:
        data = Path(scratch) / "data"
        data.mkdir()
        with Warehouse.for_once(data, loaded.client) as warehouse:
            warehouse.begin(run)
            warehouse.use_names(names)
            context, memory = staging_context(loaded, names, spreadsheets), _memory(loaded.data)
            listed = _try(errors, lambda: corrections_of(loaded, spreadsheets)) or []
            loading = Loading(
                warehouse, loaded, RunRequest(), step, context, Path(scratch), spreadsheets, run.as_of, memory, listed
            )
            unread = _unread(loading, errors)
            _try(errors, lambda: warehouse.settle(run.as_of, names))
            note_unmet(warehouse, listed, unread)
            known = known_names(loaded.client.reports, warehouse, names, partners)
            for edition in loaded.client.reports:
                _try(errors, partial(known.check, edition))
            doubts = notices(warehouse, CHECK, checked)
            found = _Seen(
                sources=_sources(warehouse, loading, unread),
                unknown=warehouse.unknown_names(CHECK),
                notes=[
                    *_corrected(warehouse),
                    *doubts.lines,
                    *doubts.how_to_say_so,
                    *unmet_checks(warehouse, CHECK, loaded.client.checked),
                ],
                assumed=[one.text(source, language()) for source, one in warehouse.assumed(CHECK)],
            )
            warehouse.fail(run.started_at, CHECK)
    return found


def _sources(warehouse: Warehouse, loading: Loading, unread: Collection[str]) -> list[SourceCheck]:
    """Every source as it was found, in the client's order."""
    described = loading.loaded.client.sources
    return [
        _source(warehouse, loading, name)
        if name not in unread
        else SourceCheck(name, source.table, (), (), (), is_read=False)
        for name, source in described.items()
    ]


def _corrected(warehouse: Warehouse) -> list[str]:
    """What the corrections add to each source or take from it."""
    loads = warehouse.source_loads(CHECK)
    lines = [corrected_line(one.source, one.rows_corrected, one.money_corrected_rub) for one in loads]
    return [line for line in lines if line]


def _unread(loading: Loading, errors: list[SvodkaError]) -> set[str]:
    """Load every source; those that could not be read out, and why among the errors."""
    names = list(loading.loaded.client.sources)
    with loader(loading, names, loaded_by(loading)) as load:
        return {name for name in names if _try(errors, partial(load, name)) is None}


def _engine(loaded: LoadedClient) -> None:
    """Raises ConfigError if the client's engine cannot be asked: the server itself is left in peace."""
    if loaded.client.engine.spark:
        check_ready(loaded.client.engine)


def _memory(data: Path) -> Memory:
    """What the client's own warehouse remembers of each file; nothing before the first run, or if it is not to be read.

    A run, which opens the warehouse for good, tells what is wrong with it.
    """
    try:
        with Reading.open(data) as warehouse:
            return warehouse.memory()
    except TargetError:
        return Memory()


def _published(data: Path, place: str) -> set[str]:
    """Publications to the owner's spreadsheet that the client's own warehouse remembers."""
    from connectors.a1 import spreadsheet_id

    try:
        with Reading.open(data) as warehouse:
            return warehouse.published_stamps(spreadsheet_id(place))
    except SvodkaError:
        return set()


def _hurried() -> Pace:
    from connectors.google_sheets.client import hurried

    return hurried()


def _target(errors: list[SvodkaError], loaded: LoadedClient, moment: datetime, pace: Callable[[], Pace]) -> list[str]:
    """Whether the owner's spreadsheet can be written; advice on it, and what a run will ask of Google, out."""
    written = [edition for edition in loaded.client.reports if edition.sheet]
    if not written and not any(source.sheet for source in loaded.client.sources.values()):
        return []
    from connectors.google_sheets.account import account
    from connectors.google_sheets.client import connect
    from connectors.google_sheets.known.publication import Occasion
    from connectors.google_sheets.reach import check_target

    notes = [plan] if (plan := planned_requests(loaded).told) else []
    if not written:
        return notes
    client = _try(errors, lambda: connect(account(settings()), is_writing=True, pace=pace()))
    if client is None:
        return notes
    for edition in written:
        ours, place = loaded.client, edition.sheet or ""
        occasion = Occasion(moment, edition.language or ours.language, ours.client, edition.prefix)
        absent = {page.key for page in lacking(ours)}
        pages = len(set(edition.pages or pages_for(edition)) - absent)
        checked = check_target(client, place, occasion, pages, _published(loaded.data, place))
        errors.extend(checked.errors)
        notes += [advice.text(language()) for advice in checked.advice]
    return notes


def _try(errors: list[SvodkaError], work: Callable[[], Made]) -> Made | None:
    """Do it, or remember what is wrong and let the check go on."""
    try:
        return work()
    except SvodkaError as error:
        errors.extend(error.errors if isinstance(error, SeveralErrors) else [error])
        return None


def _source(warehouse: Warehouse, loading: Loading, name: str) -> SourceCheck:
    table = loading.loaded.client.sources[name].table
    found = [one for one in loading.recognised if one.raw.origin.source == name]
    profiles = {one.profile.name: one.certainty for one in found if one.profile}
    headers: dict[str, list[str]] = {}
    for one in found:
        read = OneTable(one, loading.loaded.client.sources[name], loading.context)
        for column, place in one.columns.items():
            headers.setdefault(column, []).extend(place.headers or headers_used(place))
            if read.table.columns[column].type == "moment" and (beside := time_of(column, read)):
                headers[column].append(beside)
    columns = _columns(warehouse, name, table, headers) if found else []
    personal_data = loading.loaded.client.settings.personal_data
    columns = [replace(one, example=masked(one.column, one.example, personal_data)) for one in columns]
    times = _times(loading, name, found)
    columns = [replace(one, times=times.get(one.column, 1)) for one in columns]
    return SourceCheck(
        source=name,
        table=table,
        profiles=[f"{profile} ({certainty:.0%})" for profile, certainty in profiles.items()],
        files=list(dict.fromkeys(one.raw.origin.file for one in found)),
        columns=columns,
    )


def _times(loading: Loading, name: str, found: Sequence[Recognised]) -> dict[str, int]:
    """Columns whose amounts are in thousands or millions → how many roubles one is."""
    source = loading.loaded.client.sources[name]
    said = [units(OneTable(one, source, loading.context)) for one in found]
    return {column: TIMES.get(unit, 1) for one in said for column, (unit, _) in one.items()}


def _columns(warehouse: Warehouse, source: str, table: str, headers: Mapping[str, Sequence[str]]) -> list[ColumnCheck]:
    """Counts of filled cells read and refused, column by column."""
    public = [column for column in tables()[table].public_columns if column in headers]
    read, refused = warehouse.filled_cells(source, table, public), warehouse.refused_cells(source)
    found = []
    for column in public:
        cells = refused.get(column)
        found.append(
            ColumnCheck(
                column=column,
                headers=list(dict.fromkeys(headers[column])),
                read=read[column],
                refused=cells.cells if cells else 0,
                example=cells.value if cells else None,
                example_place=f"{cells.file}:{cells.row}" if cells else None,
                reason=cells.reason if cells else None,
            )
        )
    return found


def _proposal(errors: Sequence[SvodkaError], unknown: Sequence[UnknownName]) -> Proposal:
    """What `svodka accept` would write: headers that were renamed, spellings with a near name."""
    headers = [header for error in errors for header in _proposed_headers(error)]
    return Proposal(headers, [(_dictionary(one.dictionary), one.alias, one.near) for one in unknown if one.near])


def _proposed_headers(error: SvodkaError) -> list[tuple[str, str, str]]:
    found: object = error.facts.get("proposals", ())
    return [tuple(one) for one in found] if isinstance(found, list) else []


def _dictionary(name: str) -> Dictionary:
    return "managers" if name == "managers" else "loss_reasons" if name == "loss_reasons" else "channels"


# A client's sources and files → what nothing forbids and yet may be wrong, in words.

EXPORTS = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".zip"})
MOST_SHOWN = 10


def advice(loaded: LoadedClient) -> list[str]:
    """What `svodka check` adds about the sources as they are written."""
    return [*_unnamed(loaded), *_absent_pages(loaded)]


def _absent_pages(loaded: LoadedClient) -> list[str]:
    """Pages that the client has no source for, and what would bring each."""
    pages = [
        say("absent_page", page=report.title.say(language()), brings=report.stands_on.brings.say(language()))
        for report in lacking(loaded.client)
        if report.stands_on is not None
    ]
    return [say("absent_pages"), *pages] if pages else []


def _unnamed(loaded: LoadedClient) -> list[str]:
    """Exports beside those that sources name and that none of them reads: next month's file, most often."""
    named = set(_named(loaded))
    folders = {str(PurePosixPath(file).parent) for file in named} - {"."}  # the client's folder holds other things too
    beside = {file for folder in folders for file in matching(f"{folder}/*", loaded.folder, loaded.allowed_roots)}
    missed = sorted(
        file for file in beside - named - set(_beside(loaded)) if PurePosixPath(file).suffix.casefold() in EXPORTS
    )
    if not missed:
        return []
    more = f" … +{len(missed) - MOST_SHOWN}" if len(missed) > MOST_SHOWN else ""
    return [say("check_unnamed", files=", ".join(missed[:MOST_SHOWN]) + more)]


def _named(loaded: LoadedClient) -> Iterator[str]:
    """Files that the sources read; a pattern that must not be followed is told elsewhere."""
    for source in loaded.client.sources.values():
        for pattern in source.files:
            try:
                yield from matching(pattern, loaded.folder, loaded.allowed_roots)
            except SvodkaError:
                continue


def _beside(loaded: LoadedClient) -> Iterator[str]:
    """Dictionaries, rates and lists of values: small tables that are no exports."""
    places = loaded.client.dictionaries
    kept = (getattr(places, name) for name in type(places).model_fields)
    yield from (one for one in kept if isinstance(one, str))
    for source in loaded.client.sources.values():
        if isinstance(source.rates, str):
            yield source.rates
        yield from (value for values in source.exclude.values() for value in values)
