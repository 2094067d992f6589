"""Each source of a client: find its files or tabs, read what changed, recognise, stage, load; or keep its last rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

from config.client import SourceConfig
from config.documents import RawTable
from config.draft import Draft, Incoming, SourceFile
from config.errors import ContractError, SourceError, SvodkaError, Unavailable
from config.folder.corrections import Correction
from config.folder.load import LoadedClient
from config.tables import tables
from connectors.files.find import FoundFile, find
from connectors.files.read import read
from connectors.files.table import MEGABYTE, Limits
from connectors.warehouse import Memory, Warehouse
from flows.run.given.corrections import marked, note_corrected, of_file
from flows.run.given.dictionaries import rates_of
from flows.run.given.request import RunRequest
from flows.run.given.spreadsheets import Found as Tabs
from flows.run.loading.ahead import Ahead, one_ahead
from flows.say import Step, Verb
from transforms.correct import Corrected, correct
from transforms.recognise import Recognised, recognise_file, tabs_with_table
from transforms.shape import Shape
from transforms.staging import StagingContext, fingerprint, stage

NO_FILE = frozenset({"files.no_match", "files.no_folder", "files.empty_folder", "cli.source_emptied"})
"""A source left with no file, or with no row of what it had, is no passing trouble: the run stops."""

ANSWERED_LATER = frozenset({"shape.no_period", "google.tab_closed", "google.tab_loading", "google.tab_error"})
"""A question about one file or tab that the other sources need not wait for, even where it was never read."""


MOST_CORRECTED = 256 * MEGABYTE
"""A file that is corrected is read into rows; a larger one stays as it is."""
READ_AHEAD_BYTES = 4 * 1024 * 1024
"""Two files above this size are never held at once."""
DISK_BYTES_FOR_ONE = 32
"""A text that stays on disk until it is loaded counts for so much less: 128 MB of them are loaded together."""
UNPACKED_FOR_ONE = 16
"""A workbook or an archive unfolds to many times its size, and is seldom of one shape with the next."""
STAYS_ON_DISK = (".csv", ".tsv", ".txt")
"""Of a file above this size with such a name, only the head and the tail are held."""


@dataclass(frozen=True)
class Trouble:
    """A source that keeps its last rows, and why."""

    source: str
    error: SvodkaError


@dataclass(frozen=True)
class Loaded:
    """What loading came to."""

    files_read: Mapping[str, int]
    """Source → how many of its files were read anew."""
    troubles: Sequence[Trouble]


def load_sources(loading: Loading, loaded_by: type[Loader]) -> Loaded:
    """Every source asked for is loaded where it changed; one that cannot be read now keeps its last rows.

    Raises what stops the run: a source with no file left, or one that was never loaded and cannot be read.
    """
    troubles = []
    files_read = {}
    known = loading.warehouse.loaded_sources()
    names = [name for name in loading.loaded.client.sources if not loading.asked.only or name in loading.asked.only]
    with loader(loading, names, loaded_by) as load:
        for name in names:
            try:
                files_read[name] = load(name)
            except (SourceError, ContractError, Unavailable) as error:
                if error.key in NO_FILE or (name not in known and error.key not in ANSWERED_LATER):
                    raise
                loading.warehouse.keep(name, error.text(loading.loaded.client.language))
                troubles.append(Trouble(name, error))
    return Loaded(files_read, troubles)


def load_source(loading: Loading, name: str, source: SourceConfig) -> int:
    """One source in; how many of its files were read anew out. Raises what is wrong with the first bad one."""
    with one_ahead() as ahead:
        return Loader(loading, [_looked(loading, name, source)], ahead).load(name)


@contextmanager
def loader(loading: Loading, names: Sequence[str], loaded_by: type[Loader]) -> Iterator[Callable[[str], int]]:
    """Sources in the order they will be loaded in, and by what; what loads one of them, as `load_source` does, out.

    All their files are looked for first, so that a small one is read while the one before it is being loaded.
    """
    looked = [_tried(loading, name, loading.loaded.client.sources[name]) for name in names]
    loading.warehouse.expect(sum(file.size for source in looked for file in source.found))
    with one_ahead() as ahead:
        yield loaded_by(loading, looked, ahead).load


@dataclass(frozen=True)
class Found:
    """A file or a tab, and how to have its tables."""

    file: SourceFile
    size: int
    """Bytes to be read; 0 for a tab, which was read already."""
    tables: Callable[[], list[RawTable]]
    found: FoundFile | None = None
    """Where it is; None for a tab."""

    @property
    def held(self) -> float:
        """Bytes that it costs to hold the file until its turn, of a text on disk what counts for them."""
        if not self.file.file.casefold().endswith(STAYS_ON_DISK):
            return self.size * UNPACKED_FOR_ONE
        return self.size / DISK_BYTES_FOR_ONE if self.size > MEGABYTE else self.size


@dataclass(frozen=True)
class Looked:
    """A source whose files were looked for."""

    name: str
    source: SourceConfig
    mark: str = ""
    found: Sequence[Found] = ()
    changed: Sequence[Found] = ()
    """Those that are to be read."""
    error: SvodkaError | None = None
    """Why they could not be found; raised when the source's turn comes."""


def _tried(loading: Loading, name: str, source: SourceConfig) -> Looked:
    try:
        return _looked(loading, name, source)
    except SvodkaError as error:
        return Looked(name, source, error=error)


def _looked(loading: Loading, name: str, source: SourceConfig) -> Looked:
    rates_of(loading.loaded, source, loading.spreadsheets)  # amounts without their rates must not be loaded
    found = _in_spreadsheet(loading, name) if source.sheet else _in_files(loading, name, source)
    mark = fingerprint(source, loading.context, loading.loaded.aliases.headers_of(name))
    return Looked(name, source, mark, found, [one for one in found if _is_wanted(loading, one.file, mark)])


class Loader:
    """Loads sources in turn, each small file made ready while the one before it is being loaded."""

    def __init__(self, loading: Loading, looked: Sequence[Looked], ahead: Ahead) -> None:
        self.loading, self._ahead = loading, ahead
        self.looked = {one.name: one for one in looked}
        turns = [(of, one) for of in looked for one in of.changed]
        self._next = {one.file: following for (_, one), following in pairwise(turns)}

    def load(self, name: str) -> int:
        """One of the sources in; how many of its files were read anew out. Raises what is wrong with the first."""
        loading, looked = self.loading, self.looked[name]
        if looked.error is not None:
            raise looked.error
        self.load_changed(looked)
        loading.warehouse.found(name, [one.file for one in looked.found])  # what left is let go once the new is read
        if looked.changed and loading.memory.knows(name):
            now = loading.warehouse.memory()
            for one in looked.changed:
                note_shrunk(loading, one.file, now)
            loading.warehouse.forget_columns(name, [one.file.file for one in looked.found])
            check_source_emptied(loading.memory, name, now)
        return len(looked.changed)

    def load_changed(self, looked: Looked) -> None:
        """Read and load the files of a source that changed. Raises what is wrong with the first bad one."""
        for together in lots(looked.changed, attrgetter("held")):
            self._load(looked, together)

    def _load(self, looked: Looked, together: Sequence[Found]) -> None:
        """Read some files and load them; raise what is wrong with the first bad one, those before it loaded."""
        arrived: dict[SourceFile, tuple[Ready, Incoming]] = {}
        wrong: SvodkaError | None = None
        for one in together:
            try:
                arrived[one.file] = self._read(looked, one)
            except SvodkaError as error:
                wrong = error
                break
        names = [file.file for file in arrived]
        shown = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}" if names else ""
        if arrived:
            self.loading.step(Verb.LOAD, shown, partial(self._put, looked.source, arrived))
        if wrong is not None:
            raise wrong

    def _read(self, looked: Looked, one: Found) -> tuple[Ready, Incoming]:
        loading, file = self.loading, one.file
        ready = loading.step(
            Verb.READ, file.file, lambda: self._ahead.result(file, partial(_made_ready, loading, looked, one))
        )
        loading.recognised.extend(ready.recognised)
        self._begin_next(file)
        if ready.corrected is None:  # else rows may be gone because somebody said so
            check_emptied(loading.memory, file, ready.recognised)
        drafts = loading.step(Verb.STAGE, file.file, ready.drafts)
        return ready, Incoming(file, marked(looked.mark, of_file(loading.corrections, file)), drafts)

    def _put(self, source: SourceConfig, arrived: Mapping[SourceFile, tuple[Ready, Incoming]]) -> None:
        loading = self.loading
        for file in loading.warehouse.load_all([incoming for _, incoming in arrived.values()]):
            ready, _ = arrived[file]
            note_losses(loading, source, file, ready)
            note_corrected(loading.warehouse, file, ready.corrected)

    def _begin_next(self, file: SourceFile) -> None:
        following = self._next.get(file)
        if following is None:
            return
        name, size = following[1].file.file.casefold(), following[1].size
        if size <= READ_AHEAD_BYTES or name.endswith(STAYS_ON_DISK):
            self._ahead.begin(following[1].file, partial(_made_ready, self.loading, *following))


def lots(found: Sequence[Found], weighed: Callable[[Found], float]) -> Iterator[list[Found]]:
    """Files in; those that follow each other and are read before any of them is loaded out: of large ones, one."""
    lot: list[Found] = []
    for one in found:
        if lot and sum(map(weighed, (*lot, one))) > READ_AHEAD_BYTES:
            yield lot
            lot = []
        lot.append(one)
    if lot:
        yield lot


def _in_files(loading: Loading, name: str, source: SourceConfig) -> list[Found]:
    limits = _limits(loading.loaded)

    def look() -> list[FoundFile]:
        return find(name, source.files, loading.loaded.folder, loading.loaded.allowed_roots, limits.max_file_bytes)

    return [readable(loading, name, source, one) for one in loading.step(Verb.READ, name, look)]


def readable(loading: Loading, name: str, source: SourceConfig, found: FoundFile) -> Found:
    """A file of a source in; the same, and how to have its tables, out."""
    file, limits = SourceFile(name, found.file, found.content_hash, found.modified_at), _limits(loading.loaded)

    def tables() -> list[RawTable]:
        bounds = replace(limits, in_memory_bytes=MOST_CORRECTED) if of_file(loading.corrections, file) else limits
        return read(found, name, loading.scratch, bounds, source.tab)

    return Found(file, found.size, tables, found)


def _in_spreadsheet(loading: Loading, name: str) -> list[Found]:
    """Tabs that were read already, each a file of its own."""
    from connectors.google_sheets.read import content_hash

    found, source = loading.spreadsheets[name], loading.loaded.client.sources[name]
    if isinstance(found, SvodkaError):
        raise found
    if not source.tab and not source.range and len(found) > 1:
        found = tabs_with_table(found, source.table, source, loading.loaded.aliases.headers_of(name))
    return [Found(SourceFile(name, tab.origin.file, content_hash([tab])), 0, partial(list, [tab])) for tab in found]


def _is_wanted(loading: Loading, file: SourceFile, mark: str) -> bool:
    """Whether the file is read: it changed, or it holds days that are to be read again."""
    if not loading.warehouse.is_unchanged(file, marked(mark, of_file(loading.corrections, file))):
        return True
    asked = loading.asked
    return asked.is_reread and loading.warehouse.holds_days(file, asked.since, asked.until)


def _made_ready(loading: Loading, looked: Looked, found: Found) -> Ready:
    return make_ready(loading, looked.source, found.file, found.tables)


def _limits(loaded: LoadedClient) -> Limits:
    settings = loaded.client.settings.loading
    return Limits.of_megabytes(settings.max_file_mb, settings.max_unpacked_mb)


# What it takes to load a client's sources, and how one file is made ready: read, recognised, staged.


@dataclass(frozen=True)
class Loading:
    """What it takes to load a source."""

    warehouse: Warehouse
    loaded: LoadedClient
    asked: RunRequest
    step: Step
    context: StagingContext
    scratch: Path
    """A folder for files rewritten on the way; whoever made it clears it."""
    spreadsheets: Mapping[str, Tabs] = field(default_factory=dict)
    """Source → its tabs as they were read from Google, or why they were not."""
    as_of: date = date.max
    memory: Memory = field(default_factory=Memory)
    """What each file gave when it was last read."""
    corrections: Sequence[Correction] = ()
    """What a person put right in the sources' rows."""
    recognised: list[Recognised] = field(default_factory=list)
    """Every table that was recognised, as it goes."""


@dataclass(frozen=True)
class Ready:
    """A file's tables, read, recognised and staged."""

    recognised: Sequence[Recognised]
    staged: Sequence[Draft] = ()
    corrected: Corrected | None = None
    """What became of the file's corrections, if it has any."""
    error: SvodkaError | None = None
    """Why they could not be staged."""

    def drafts(self) -> Sequence[Draft]:
        """What the warehouse needs to load them. Raises what stands against it."""
        if self.error is not None:
            raise self.error
        return self.staged


def make_ready(loading: Loading, source: SourceConfig, file: SourceFile, read: Callable[[], list[RawTable]]) -> Ready:
    """A file and how to have its tables in; all that can be done without a connection, in any thread, out.

    Raises what is wrong with the file itself.
    """
    aliases, had = loading.loaded.aliases.headers_of(file.source), loading.memory.columns_of(file.source, file.file)
    given = read()
    recognised, corrected = recognise_file(given, source.table, source, aliases, had), None
    try:
        if wanted := of_file(loading.corrections, file):
            corrected = correct(given, recognised, wanted, tables()[source.table])
            recognised = recognise_file(corrected.tables, source.table, source, aliases, had)
        staged = [stage(found, source, loading.context) for found in recognised]
        return Ready(recognised, [loading.warehouse.written(draft) for draft in staged], corrected)
    except SvodkaError as error:
        return Ready(recognised, error=error)


# What a file gave before and gives now → an error where rows are gone, a notice where a column or every row is.


def check_emptied(memory: Memory, file: SourceFile, recognised: Sequence[Recognised]) -> None:
    """Raise SourceError if a file that had rows has a header alone: an export that broke off, not a fact."""
    had = memory.rows.get(file.source, {}).get(file.file, 0)
    if had and _is_empty(recognised):
        raise SourceError("cli.file_emptied", source=file.source, file=file.file, rows=had)


def check_source_emptied(memory: Memory, source: str, now: Memory) -> None:
    """Raise SourceError if a source that had rows, in files of other names, has none left."""
    had, left = (sum(known.rows.get(source, {}).values()) for known in (memory, now))
    if had and not left:
        raise SourceError("cli.source_emptied", source=source, rows=had, files=", ".join(now.rows.get(source, {})))


def note_losses(loading: Loading, source: SourceConfig, file: SourceFile, ready: Ready) -> None:
    """Remember what a file was read with; a notice for each column that it had and for a file without rows."""
    warehouse, memory = loading.warehouse, loading.memory
    columns = {column for found in ready.recognised for column in found.columns}
    if _is_empty(ready.recognised):
        if ready.corrected is None:
            warehouse.note("empty_file", "", file)
    else:
        denied = {column for column, headers in source.columns.items() if not headers}
        for column in sorted(memory.columns_of(file.source, file.file) - columns - denied - source.constants.keys()):
            warehouse.note("column_lost", column, file)
    warehouse.remember_columns(file, columns)


FEWEST_ROWS, FAR_APART = 10, 10
"""A row of a file that came back is worth so many times less, or more, than it was: thousands, another currency."""


def note_shrunk(loading: Loading, file: SourceFile, now: Memory) -> None:
    """A notice where a file of a known name came back with far fewer rows, or ends earlier: it broke off, most likely.

    Days to come are no measure: a file may hold fewer of them tomorrow.
    """
    had, has = (known.extents.get((file.source, file.file)) for known in (loading.memory, now))
    if had is None or has is None or had.content_hash == has.content_hash:
        return
    if has.rows < loading.loaded.client.settings.loading.min_kept_share * had.rows:
        loading.warehouse.note("file_shrank", f"{had.rows} → {has.rows}", file)
    elif min(had.rows, has.rows) >= FEWEST_ROWS and had.money_rub > 0 < has.money_rub:
        times = had.money_rub / had.rows / (has.money_rub / has.rows)
        if max(times, 1 / times) >= FAR_APART:
            loading.warehouse.note("sums_apart", f"{had.money_rub:.0f} → {has.money_rub:.0f}", file)
    ends = [min(one.ends_on, loading.as_of) for one in (had, has) if one.ends_on is not None]
    if len(ends) == 2 and ends[1] < ends[0]:
        loading.warehouse.note("file_ends_earlier", f"{ends[0]} → {ends[1]}", file)


def _is_empty(recognised: Sequence[Recognised]) -> bool:
    return all(_has_no_rows(found.shape) for found in recognised)


def _has_no_rows(form: Shape) -> bool:
    """Nothing but blank rows and totals below the header; a file that stays on disk is too long for that."""
    return form.rows_read is not None and form.rows_read <= len(form.skipped)
