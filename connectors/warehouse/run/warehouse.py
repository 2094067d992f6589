"""A client's data folder → its warehouse, open for one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from config.client import Client
from config.draft import Draft, Incoming, Naming, Partner, Run, SourceFile
from config.errors import ContractError, SvodkaError
from connectors.warehouse.figures import asked, build
from connectors.warehouse.kept import history, stored, undo
from connectors.warehouse.kept.stored import Handed
from connectors.warehouse.ledger import balance, freshness, notices
from connectors.warehouse.loading import overlaps, registry
from connectors.warehouse.loading.load import LoadApartError, Loading, in_batches, load_tables
from connectors.warehouse.loading.raw_cells import write_cells
from connectors.warehouse.loading.read_cells import WordBook
from connectors.warehouse.loading.settled import ask_blank_statuses, ask_epochs, ask_ids, ask_scale, ask_statuses
from connectors.warehouse.run.computed import Computed, alike_run, repeat_run
from connectors.warehouse.store import database, memory, schema
from connectors.warehouse.store import names as naming
from connectors.warehouse.store.published import PublishedMemory, Row, WorkbookMemory

PATIENCE_SECONDS = 60.0
"""So long a run that has begun waits for a reader, who holds the file while it answers."""
SMALL_BYTES = 16 * 1024 * 1024


class Warehouse(Computed):
    """One run over one client's `data/svodka.duckdb`.

    The order of a run, every step of which is a method here:

        with Warehouse.open(folder / "data", client) as warehouse:
            warehouse.begin(run)                                    # ops.runs, a transaction of its own
            warehouse.use_names(names)                              # channels, managers → their dictionaries
            for source in …:
                warehouse.found(source, files)                      # the complete list; rows of files not in it leave
                if not warehouse.is_unchanged(file, fingerprint):   # content, source config, profile, code, dictionary
                    warehouse.load(file, fingerprint, drafts)       # replaces all rows of that file; or load_all
                … or warehouse.keep(source, problem)                # cannot be read now: its last rows stay
            warehouse.settle(as_of, names)                          # names, overlaps, history, balance; raises
            warehouse.build(metric_queries(), variables)            # metrics, by schema
            warehouse.fetch("metrics.channel_period")
            warehouse.check_rules(rule_queries())                   # RuleBroken, or nothing
            warehouse.keep_figures(mark)                            # built again only where something changed
            warehouse.commit(finished_at)
    A block left by an exception rolls everything back; `fail` records why in `ops.runs`.
    """

    def __init__(self, data: Path, client: Client, connection: Any) -> None:
        super().__init__(data, client, connection)
        self._names: Mapping[str, Naming] = {}
        self._problems: dict[str, str] = {}
        self._changed: set[str] = set()
        self._words = WordBook()
        self._is_changing = self._is_small = self._has_expected = False
        self.has_figures = True
        self._files: registry.Registered | None = None

    @classmethod
    def open(cls, data: Path, client: Client, *, is_to_change: bool = False) -> Warehouse:
        """The data folder (made if missing) and the client; the open warehouse, its schema brought up to date.

        `is_to_change`: figures are known to change, so that the state before is kept at once, not at the first change.
        Raises TargetError for a file of somebody else, a newer version, a locked or damaged one, a full disk.
        """
        undo.recover(data)
        if is_to_change:
            undo.keep_before(data)
        return cls.reopened(data, client)

    @classmethod
    def reopened(cls, data: Path, client: Client) -> Warehouse:
        """The same, to show what stands: no state is kept to go back to."""
        warehouse = cls._prepared(data, client, database.connect(data, schema.new_file()))
        if database.is_to_be_rewritten(warehouse._connection):
            warehouse._connection.close()
            database.rewrite(data)
            undo.drop_before(data)  # a copy of the state before would keep whoever was forgotten
            warehouse._connection = database.connect(data)
        try:
            stored.sweep(warehouse._connection, data)
        except BaseException:
            warehouse._connection.close()
            raise
        return warehouse

    @classmethod
    def for_once(cls, data: Path, client: Client) -> Warehouse:
        """An empty folder and the client; a warehouse to be gone with it, of which no figures are made."""
        warehouse = cls._prepared(data, client, database.connect_for_once(data, schema.new_file()))
        warehouse.has_figures = False
        return warehouse

    @classmethod
    def _prepared(cls, data: Path, client: Client, connection: Any) -> Warehouse:
        try:
            with database.worded(data / database.DATABASE):
                schema.prepare(connection)
                history.take_in(connection, data)
        except BaseException:
            connection.close()
            raise
        return cls(data, client, connection)

    def begin(self, run: Run) -> None:
        """As of any session; rows are brought where `engine:` wants them, those that are lost will be read again."""
        super().begin(run)
        if self.has_figures and stored.is_to_be_moved(self._connection, self.rows_folder):
            self._prepare_change()
            with self.worded():
                stored.forget_lost(self._connection)
                stored.move(self._connection, self._client.engine, self._data)

    def use_names(self, names: Mapping[str, Naming]) -> None:
        """The dictionaries that rows are named by while they are loaded; without them `settle` renames afterwards."""
        self._names = names

    def expect_figures(self, mark: str) -> None:
        """What the figures will be built from: if it is not what they stand on, they will change."""
        self._has_expected = self.figures_mark() == mark
        if not self._has_expected:
            self._prepare_change()

    def expect(self, size: int) -> None:
        """How many bytes all files of the client have: of few, one core makes short work, and two get in their way."""
        self._is_small = size <= SMALL_BYTES
        self._set_cores()

    def is_unchanged(self, file: SourceFile, fingerprint: str) -> bool:
        """Whether the file is loaded with this content and fingerprint (`transforms.staging.context`)."""
        return self._registered().is_unchanged(file, fingerprint, self._names)

    def holds_days(self, file: SourceFile, since: date | None, until: date | None) -> bool:
        """Whether the loaded file has data of those days: `--since`, `--until` read it again, changed or not."""
        return registry.holds_days(self._connection, file, since, until)

    def found(self, source: str, files: Sequence[SourceFile]) -> None:
        """The complete list of a source's files now; rows of its other files leave, each file with a notice.

        The modified times of unchanged files are renewed. Raises ContractError if the list is empty.
        """
        if not files:
            raise ContractError("warehouse.no_files", source=source)
        names = [file.file for file in files]
        if self._registered().has_others(source, names):
            self._drop_files("source = ? and file not in (select unnest(?::varchar[]))", [source, names])
        if touched := self._registered().touched(files):
            self._prepare_change()
            registry.renew_times(self._connection, touched)

    def written(self, draft: Draft) -> Draft:
        """The same draft, its rows written to the scratch folder ahead of its turn; may be asked in another thread."""
        scratch = self._data / database.SCRATCH
        with self.worded():
            scratch.mkdir(parents=True, exist_ok=True)
            return write_cells(draft, scratch)

    def load(self, file: SourceFile, fingerprint: str, drafts: Sequence[Draft]) -> None:
        """A file and its recognised tables in; their rows replace all rows the file had. Raises ContractError.

        A load that raises leaves the file's last rows as they were, so that `keep` can let them stand.
        """
        self._load([Incoming(file, fingerprint, drafts)])

    def load_all(self, files: Sequence[Incoming]) -> Iterator[SourceFile]:
        """Files of one source in; each of them in turn, once its rows replaced all rows it had, out.

        Those of one shape are read by the same statements. Raises as `load` does: that file and others stay as before.
        """
        for together in in_batches(files):
            try:
                self._load(together)
                yield from (file.file for file in together)
            except LoadApartError:
                for file in together:
                    self._load([file])
                    yield file.file

    def _load(self, files: Sequence[Incoming]) -> None:
        """Files of one shape, or one of any number of tables, in. Raises LoadApartError where one of several asks."""
        run = self._begun()
        self._prepare_change()
        scratch = self._data / database.SCRATCH
        with self.worded():
            scratch.mkdir(parents=True, exist_ok=True)
            before = registry.loads_of(self._connection, [file.file for file in files])
            most = self._client.settings.loading.max_rejected_share
            loading = Loading(self._connection, scratch, run, self._names, self._words, most, self.is_of_pieces)
            loads = self._loaded(loading, files, before)
            self._changed |= registry.forget(self._connection, before)
            for load, content_hash in loads:
                self._changed.add(load.table)
                if load.table == "subscribers":
                    history.observe(self._connection, load.load_id, content_hash, run.run_id)

    def take_over(self, files: Sequence[SourceFile], handed: Sequence[Handed]) -> None:
        """Files of one source, and what `hand_over` made of them or of their pieces, in; it replaces all they had."""
        run = self._begun()
        self._prepare_change()
        with self.worded():
            before = registry.loads_of(self._connection, files)
            stored.take_over(self._connection, handed, self._names)
            self._changed |= registry.forget(self._connection, before)
            hashes = {file.file: file.content_hash for file in files}
            for load, file in registry.loads_with_files(self._connection, list(handed[0].rows)):
                self._changed.add(load.table)
                if load.table == "subscribers":
                    history.observe(self._connection, load.load_id, hashes[file], run.run_id)

    def _loaded(
        self, loading: Loading, files: Sequence[Incoming], before: Sequence[registry.Load]
    ) -> list[tuple[registry.Load, str]]:
        """Load every table; if one asks, take out what the others brought in, and let it ask."""
        try:
            of_one = self._of_one_file(loading, files[0]) if len(files) == 1 else None
            loads = of_one or zip(load_tables(loading, files), files, strict=True)
            return [(registry.Load(load_id, file.drafts[0].table), file.file.content_hash) for load_id, file in loads]
        except (SvodkaError, LoadApartError):
            self._take_out(files, before)
            raise

    def _of_one_file(self, loading: Loading, file: Incoming) -> Iterator[tuple[int, Incoming]]:
        """Load the tables of a file, those that one SQL reads together, but each by itself if one of them asks."""
        for alike in in_batches(replace(file, drafts=[draft]) for draft in file.drafts):
            before = registry.loads_of(self._connection, [file.file]) if len(alike) > 1 else []
            try:
                yield from zip(load_tables(loading, alike), alike, strict=True)
            except LoadApartError:
                if len(alike) == 1:
                    raise
                self._take_out([file], before)
                for one in alike:
                    yield load_tables(loading, [one])[0], one

    def _take_out(self, files: Sequence[Incoming], before: Sequence[registry.Load]) -> None:
        """Forget what is loaded of files beside what was."""
        now = registry.loads_of(self._connection, [file.file for file in files])
        registry.forget(self._connection, [load for load in now if load not in before])

    def keep(self, source: str, problem: str) -> bool:
        """A source that cannot be read now and why; its last rows stay, with a notice. False if it was never loaded."""
        found = self._connection.execute("select count(*) from ops.files where source = ?", [source]).fetchone()
        self._problems[source] = problem
        if not found[0]:
            return False
        self._connection.execute(
            "insert into ops.notices values (?, 'source_kept', ?, null, 0, 0, ?)",
            [self._begun().run_id, source, problem],
        )
        return True

    def last_alike(self, names: Mapping[str, Naming], partners: Sequence[Partner]) -> str | None:
        """The run before this one, if rows, day, names and all that it told are those of this one too; else None."""
        is_changed = self._changed or self._is_changing or self._problems or not self._has_expected
        if is_changed or database.is_stored(self._connection):
            return None
        if self._told(naming.NAMED) != naming.mark_of(names, partners):
            return None
        with self.worded():
            return alike_run(self._connection, self._begun())

    def repeat(self, last: str) -> None:
        """Instead of `settle` and all that follows it: what the run before told, `last_alike`, is told by this one."""
        with self.worded():
            self._connection.execute(undo.KEEP_SOURCES)
            repeat_run(self._connection, last, self._begun().run_id)

    def settle(self, as_of: date, names: Mapping[str, Naming], partners: Sequence[Partner] = ()) -> None:
        """The day and the dictionaries (`channels`, …, partners) in; staged tables and ops tables as they must be.

        Raises ContractError above the share of refused rows, RuleBroken if rows or roubles do not balance.
        """
        self._names = names
        named = naming.mark_of(names, partners)
        if self._told(naming.NAMED) not in (None, named):
            self._prepare_change()
        self._drop_files("source not in (select unnest(?::varchar[]))", [list(self._client.sources)])
        run, connection = self._begun(), self._connection  # dropping may have opened another
        with self.worded():
            if self._has_expected and not self._is_changing and self._told(naming.NAMED) == named:
                renamed = balance.recall_rows(connection)  # all is as the last run left it, which settled it
            else:
                renamed = self._settle_rows(connection, as_of, names)
            maker = self._settler(self._changed)
            balance.write_loads(connection, run.run_id)
            balance.check_balance(connection, run.run_id)
            balance.check_refused(connection, run.run_id, self._client)
            departed = history.settle(connection, as_of)
            if self.has_figures and self._changed & {"subscribers", "deals"}:
                self._tell_engine()
                history.derive(connection, maker)
            if self.has_figures and naming.renew_tables(connection, names, partners):
                self._changed.add("deals")
            build.note_changed(connection, self._changed | departed, run.run_id, renamed)
            if not self._is_changing:
                connection.execute(undo.KEEP_SOURCES)
            freshness.write_sources(connection, maker, self._client, as_of, self._problems)
            memory.keep_meta(connection, naming.NAMED, named)
            naming.write_unmapped(connection, run.run_id, names)
            self._tell_engine()
            registry.count_left(connection, run.run_id)
            notices.write_notices(connection, run.run_id, as_of, self._client.settings.costs.advertising_items)

    def _settle_rows(self, connection: Any, as_of: date, names: Mapping[str, Naming]) -> set[str]:
        """Which rows count, and under which names; the tables whose names are others out. Raises what must be asked."""
        balance.check_periods(connection)
        ask_statuses(connection, self._client.settings.loading.max_rejected_share)
        ask_blank_statuses(connection)
        ask_epochs(connection, as_of)
        renamed = naming.rename(connection, names)
        maker = self._settler(self._changed | renamed)
        overlaps.order_files(connection, maker, as_of)
        displaced = overlaps.displace(connection, maker, self._changed, renamed, self._begun().run_id)
        self._changed |= displaced | renamed
        self._tell_engine()
        ask_ids(connection, maker, self._changed, self._client)
        ask_scale(connection, maker, self._changed, self._client)
        asked.check_names(connection)
        balance.count_rows(connection, maker)
        return renamed

    def is_anything_new(self) -> bool:
        """Whether this run loaded, dropped or re-ordered any rows; if not, figures of the same `as_of` stay."""
        return bool(self._changed)

    def published(self, make: Callable[..., Row], at: datetime) -> PublishedMemory[Row]:
        """What was published before, as rows of this kind, and the local moment of what is published now."""
        return PublishedMemory(self._connection, make, at)

    def workbooks(self, at: datetime) -> WorkbookMemory:
        """Hashes of the workbooks that were written before."""
        return WorkbookMemory(self._connection, at)

    def commit(self, finished_at: datetime, status: str = "done") -> None:
        """Keep everything, and the history files, and close the run in `ops.runs`."""
        run = self._begun()
        with self.worded():
            history.keep(self._connection, self._data, run.run_id)
            if not self._is_changing and not self._changed and self._renewal is None:
                undo.note_quiet(self._connection, run.run_id)
                undo.drop_fresh(self._data)
            else:
                undo.note_loud(self._connection)
            self._finish(finished_at, status)
            self._connection.commit()
        self._run = None
        undo.settle_before(self._data)
        undo.end_undo(self._data)  # the report of this run takes the place of one that was to be told again

    def fail(self, finished_at: datetime, status: str = "failed") -> None:
        """Undo everything but the line in `ops.runs`."""
        with self.worded():
            self._roll_back()
            self._finish(finished_at, status)
        self._run = None
        undo.drop_fresh(self._data)

    def _prepare_change(self) -> None:
        """Before the first change, leave readers a copy of the last complete state."""
        self._files = None
        if self._is_changing:
            return
        self._is_changing = True
        with self.worded():
            if undo.share_with_readers(self._data):
                return
        if not self._connection.execute("select count(*) from ops.files").fetchone()[0]:
            return
        notes = self._connection.execute(
            "select * from ops.notices where run_id = ?", [self._begun().run_id]
        ).fetchall()
        with self.worded():
            self._connection.rollback()
            self._connection.close()
            try:
                database.publish_copy(self._data)
                undo.keep_of_readers(self._data)
            finally:  # a disk that takes no copy stops the run, whose end is written here
                self._connection = database.patiently(partial(database.connect, self._data), PATIENCE_SECONDS)
                self._set_cores()
                self._connection.begin()
            for note in notes:
                self._connection.execute("insert into ops.notices values (?, ?, ?, ?, ?, ?, ?)", list(note))

    def _registered(self) -> registry.Registered:
        """What is loaded, as long as no rows come or go."""
        if self._files is None:
            with self.worded():
                self._files = registry.Registered(self._connection)
        return self._files

    def _set_cores(self) -> None:
        if self._is_small:
            database.plan_for_few_rows(self._connection, is_whole=not self._client.engine.spark)

    def _drop_files(self, condition: str, parameters: list[Any]) -> None:
        """Take out files and say how many rows and roubles left with each."""
        if not registry.loads(self._connection, condition, parameters):
            return
        self._prepare_change()
        with self.worded():
            registry.note_vanished(self._connection, self._begun().run_id, condition, parameters)
            gone = registry.loads(self._connection, condition, parameters)
            self._changed |= registry.forget(self._connection, gone)
