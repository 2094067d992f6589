"""The files of a client's sources → loaded by the workers of its engine: by the very code of one machine, file by file.

A worker has a warehouse of its own for as long as a task lasts, and writes what it loaded where all workers look. The
run takes the files over in their order, so that what is wrong with one of them stops the same files as ever.

A huge text file goes in pieces; what only the whole of it can tell, one worker finds out from the whole.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from uuid import uuid4

from config.client import SourceConfig
from config.draft import Run, SourceFile
from config.errors import SvodkaError
from config.folder.corrections import Correction
from config.folder.load import LoadedClient
from config.tables import tables
from connectors.files.find import FoundFile
from connectors.files.read import read
from connectors.files.table import Limits
from connectors.files.text.pieces import CHUNK_BYTES, Piece, pieces, write_beginning, write_piece
from connectors.warehouse import Handed, LoadApartError, Memory, Warehouse, borrow, lend, opened, remove
from flows.run.given.corrections import of_file
from flows.run.given.request import RunRequest
from flows.run.loading.ahead import one_ahead
from flows.run.loading.sources import STAYS_ON_DISK, Found, Loader, Loading, Looked, lots, readable
from flows.say import Verb, plain
from transforms.recognise import Recognised, recognise_file
from transforms.staging import StagingContext


@dataclass(frozen=True)
class Task:
    """Files of one source, or a piece of one, and all that it takes to load them."""

    run: Run
    loaded: LoadedClient
    context: StagingContext
    memory: Memory
    corrections: Sequence[Correction]
    source: str
    mark: str
    files: Sequence[FoundFile]
    first_load: int
    folder: Path
    """Where all workers look."""
    piece: Piece | None = None
    lent: Mapping[str, Path] = field(default_factory=dict)
    """File → where a worker finds it who cannot see the client's folder."""


@dataclass(frozen=True)
class Done:
    """What a task came to."""

    files: Sequence[SourceFile]
    """Those that were loaded: all of them, or those before the one that is wrong."""
    handed: Sequence[Handed]
    error: SvodkaError | None = None
    told: str = ""
    """How a piece was taken; empty if it cannot be read by itself."""


def loaded_by(loading: Loading) -> type[Loader]:
    """What loads a client's files: this process, or the workers of its engine."""
    is_apart = loading.warehouse.rows_folder is not None and loading.warehouse.has_figures
    return Apart if is_apart else Loader


class Apart(Loader):
    """Loads sources in turn; what their files hold comes from the workers, who begin with all sources at once."""

    _done: Mapping[str, Sequence[Done]] | None = None

    def load_changed(self, looked: Looked) -> None:
        """As `Loader.load_changed`, of one source. Raises what is wrong with the first bad file."""
        if self._done is None:
            self._done = self._all_done()
        done = self._tabs_done(looked) if looked.source.sheet else self._done.get(looked.name, ())
        for one in done:
            if one.files:
                take = partial(self.loading.warehouse.take_over, one.files, one.handed)
                self.loading.step(Verb.LOAD, one.files[0].file, take)
            if one.error is not None:
                raise one.error

    def _all_done(self) -> dict[str, list[Done]]:
        """Source → what workers made of its files that changed, in their order."""
        wanted = [tasks for looked in self.looked.values() for tasks in self._tasks(looked)]
        whole = [tasks[0] for tasks in wanted if tasks[0].piece is None]
        parts = [tasks for tasks in wanted if tasks[0].piece is not None]
        done = iter(self._made([*whole, *(task for tasks in parts for task in tasks)]))
        made = {task.first_load: next(done) for task in whole}
        for tasks in parts:
            if (joined := self._joined([next(done) for _ in tasks])) is not None:
                made[tasks[0].first_load] = joined
        again = [replace(tasks[0], piece=None) for tasks in parts if tasks[0].first_load not in made]
        made |= {task.first_load: one for task, one in zip(again, self._made(again), strict=True)}
        found: dict[str, list[Done]] = {}
        for tasks in wanted:
            found.setdefault(tasks[0].source, []).append(made[tasks[0].first_load])
        return found

    def _joined(self, pieces: Sequence[Done]) -> Done | None:
        """What all pieces of a file came to; None where it takes the whole file to know."""
        handed = [one for piece in pieces for one in piece.handed]
        is_certain = all(piece.told == pieces[0].told != "" for piece in pieces)
        if is_certain and self.loading.warehouse.are_of_one_file(handed):
            return replace(pieces[0], handed=handed)
        return None

    def _made(self, tasks: Sequence[Task]) -> list[Done]:
        if not tasks:
            return []
        names = ", ".join(dict.fromkeys(task.source for task in tasks))
        spread, place = self.loading.warehouse.spread, tasks[0].folder / uuid4().hex[:16]
        try:
            pickled = [pickle.dumps(task) for task in _lent(tasks, place)]
            done = self.loading.step(Verb.READ, names, lambda: list(spread(load_pickled, pickled)))
        finally:
            remove(place)
        return [pickle.loads(one) for one in done]  # noqa: S301 - of our own worker

    def _tasks(self, looked: Looked) -> Iterator[list[Task]]:
        """A task for each lot of small files and for each large one; as many as there are pieces for a huge one."""
        for together in lots([one for one in looked.changed if one.found is not None], attrgetter("size")):
            files = [replace(one.found, path=one.found.path.absolute()) for one in together if one.found is not None]
            task = self._task(looked, files, len(together))
            may_be_cut = self._may_be_cut(looked, together)
            parts = pieces_of(self.loading, looked.name, looked.source, files[0]) if may_be_cut else []
            yield [replace(task, piece=part) for part in parts] or [task]

    def _may_be_cut(self, looked: Looked, together: Sequence[Found]) -> bool:
        """Of tables whose rows bear no roubles and are one each: nothing is to be added up over all of them."""
        is_alone = len(together) == 1 and not of_file(self.loading.corrections, together[0].file)
        table = tables()[looked.source.table]
        return is_alone and table.one_to_one and table.money is None

    def _task(self, looked: Looked, files: Sequence[FoundFile], count: int) -> Task:
        loading = self.loading
        folder = loading.warehouse.rows_folder
        if folder is None:
            raise RuntimeError("a client without an engine loads its files itself")
        return Task(
            loading.warehouse.run, loading.loaded, loading.context, loading.memory.of_source(looked.name),
            loading.corrections, looked.name, looked.mark, files, loading.warehouse.set_aside(count), folder,
        )  # fmt: skip

    def _tabs_done(self, looked: Looked) -> list[Done]:
        """Tabs were read by the run itself, so it loads them, as a worker would."""
        return [load(self._task(looked, (), len(looked.changed)), looked.changed)] if looked.changed else []


def _lent(tasks: Sequence[Task], place: Path) -> list[Task]:
    """Tasks in; the same with their files where the workers see them, in a folder that is to go when they are done."""
    paths = {file.file: file.path for task in tasks for file in task.files}
    lent = {file: lend(path, place / str(number)) for number, (file, path) in enumerate(paths.items())}
    return [replace(task, lent={file.file: lent[file.file] for file in task.files}) for task in tasks]


def load_pickled(task: bytes) -> bytes:
    """A Task in; its Done out. What a worker is asked to do."""
    return pickle.dumps(load(pickle.loads(task)))  # noqa: S301 - of our own run


def load(task: Task, tabs: Sequence[Found] = ()) -> Done:
    """A task, and tabs that were read already, in; what it came to out, the rows where all workers look."""
    with tempfile.TemporaryDirectory(prefix="svodka-load-") as made:
        scratch = Path(made)
        data = scratch / "data"
        data.mkdir()
        with Warehouse.for_once(data, task.loaded.client) as warehouse:
            warehouse.begin(task.run)
            warehouse.use_names(task.context.names)
            warehouse.number_from(task.first_load)
            warehouse.is_of_pieces = task.piece is not None
            loading = Loading(
                warehouse, task.loaded, RunRequest(), plain, task.context, scratch, memory=task.memory,
                corrections=task.corrections,
            )  # fmt: skip
            return _loaded(task, loading, tabs)


def _loaded(task: Task, loading: Loading, tabs: Sequence[Found]) -> Done:
    warehouse, source = loading.warehouse, loading.loaded.client.sources[task.source]
    files = [_here(one, task, loading.scratch / str(number)) for number, one in enumerate(task.files)]
    found = [*tabs, *(readable(loading, task.source, source, one) for one in files)]
    warehouse.expect(sum(one.size for one in found))
    looked = Looked(task.source, source, task.mark, found, found)
    with one_ahead() as ahead:
        try:
            error = _error_of(partial(Loader(loading, [looked], ahead).load_changed, looked))
        except LoadApartError:
            return Done((), ())  # only the whole of the file can tell
    loaded = warehouse.memory().rows.get(task.source, {})
    try:
        handed = warehouse.hand_over(task.folder, task.piece.before if task.piece else 0)
    except SvodkaError as unwritten:
        return Done((), (), unwritten)
    told = told_of(loading.recognised) if error is None else ""
    return Done([one.file for one in found if one.file.file in loaded], [handed], error, told)


def _here(file: FoundFile, task: Task, scratch: Path) -> FoundFile:
    """A file of a task, or the piece of it that the task is about, on this computer."""
    lent = task.lent[file.file]
    if task.piece is None:
        return replace(file, path=borrow(lent, scratch / file.path.name))
    scratch.mkdir()
    path = scratch / file.path.name
    with opened(lent) as source:
        write_piece(source, task.piece, path)
    return replace(file, path=path, size=path.stat().st_size)


def _error_of(work: Callable[[], None]) -> SvodkaError | None:
    try:
        work()
    except SvodkaError as error:
        return error
    return None


# A huge text file: the pieces that several workers may load, and how each of them was taken.

PIECE_BYTES = 256 * 1024 * 1024
"""A text file of twice as many bytes is cut."""


def pieces_of(loading: Loading, name: str, source: SourceConfig, found: FoundFile) -> list[Piece]:
    """A file of a source in; its pieces out, none if it is not huge, no text, or cannot be cut for certain."""
    if found.size < 2 * PIECE_BYTES or not found.path.name.casefold().endswith(STAYS_ON_DISK):
        return []
    head = loading.scratch / f"head{found.path.suffix}"
    write_beginning(found.path, min(CHUNK_BYTES, PIECE_BYTES), head)
    aliases = loading.loaded.aliases.headers_of(name)
    try:
        given = read(replace(found, path=head), name, loading.scratch, Limits(in_memory_bytes=0), source.tab)
        [recognised] = recognise_file(given, source.table, source, aliases, set())
    except (SvodkaError, ValueError):
        return []  # it is asked of the whole file
    dialect = recognised.raw.dialect
    return pieces(found.path, dialect.first_record, PIECE_BYTES) if dialect else []


def told_of(recognised: Sequence[Recognised]) -> str:
    """How a table was taken: of pieces of one file the same, if each can be read by itself. Empty where it cannot."""
    if len(recognised) != 1 or recognised[0].raw.dialect is None:
        return ""
    [one] = recognised
    dialect = one.raw.dialect
    return repr((
        one.profile and one.profile.name, one.certainty, one.columns, one.actual, one.pseudo, one.period, one.skips,
        one.assumed, one.shape.headers, dialect and (dialect.code_page, dialect.first_record),
    ))  # fmt: skip
