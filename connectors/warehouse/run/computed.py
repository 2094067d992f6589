"""The figures of a run: built of its rows, asked anew at the last report's day, for plans and changes at others.

Files and figures may be the work of an engine, `engine:` of svodka.yaml. And what a run has to say of files beside.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.client import Client
from config.documents import AskedRun, Planned, Result, Tried
from config.draft import Run, SourceFile
from connectors.warehouse.answers.ask import BUILT, Asked
from connectors.warehouse.engine import open_engine
from connectors.warehouse.figures import asked, build, restated
from connectors.warehouse.figures.build import DUCKDB, Maker, Unfed
from connectors.warehouse.kept import stored
from connectors.warehouse.kept.stored import Handed
from connectors.warehouse.loading.believed import are_of_one_file
from connectors.warehouse.loading.load import new_loads
from connectors.warehouse.store import memory
from connectors.warehouse.store.database import Session, is_stored
from connectors.warehouse.store.folders import make_folder, rows_folder, worded

LOADS_OF_A_FILE = 4096
"""So many numbers are set aside for the tables of a file that is loaded elsewhere: months and tabs have one each."""


class Computed(Session, Asked):
    """A warehouse in which figures are built and files noted: one connection, and the engine if the client has one."""

    def __init__(self, data: Path, client: Client, connection: Any) -> None:
        super().__init__(data, connection)
        self._client = client
        self.is_of_pieces = False
        """What is loaded are pieces of files, which decide nothing by themselves."""
        self._renewal: build.Renewal | None = None
        self._engine: Any = None
        self._engines = ExitStack()

    @property
    def run(self) -> Run:
        """What was begun."""
        return self._begun()

    @property
    def rows_folder(self) -> Path | None:
        """Where the rows of the client's files are kept for an engine; None without one."""
        return rows_folder(self._client.engine, self._data)

    def spread(self, work: Callable[[bytes], bytes], tasks: Sequence[bytes]) -> Iterator[bytes]:
        """What workers of the engine make of each task, in the order of the tasks. Raises TargetError, Unavailable."""
        self._maker()
        yield from self._engine.each(work, tasks)

    def set_aside(self, files: int) -> int:
        """The first of the loads of so many files that others will load."""
        return new_loads(self._connection, files * LOADS_OF_A_FILE)

    def number_from(self, first_load: int) -> None:
        """Of a warehouse for once: its loads are numbered so."""
        self._connection.execute(
            f"drop sequence ops.load_ids; create sequence ops.load_ids minvalue {first_load} start {first_load}"
        )

    def hand_over(self, folder: Path, before: int = 0) -> Handed:
        """All that a warehouse for once holds, written to a new folder in this one.

        `before`: how many rows of its file stand before a piece. Raises TargetError.
        """
        own = folder / uuid4().hex[:16]
        with worded(folder):
            make_folder(
                own
            )  # a storage that is not there must not be made: it would be a folder of this computer alone
            return Handed(own, stored.hand_over(self._connection, own, before))

    def are_of_one_file(self, handed: Sequence[Handed]) -> bool:
        """Whether pieces of a file add up to what it would be as a whole. Raises TargetError."""
        with self.worded():
            return are_of_one_file(handed, self._data)

    def build(self, queries: Mapping[str, str], variables: Mapping[str, Mapping[str, object]]) -> None:
        """Name → SELECT, and schema → the variables of its tables in; every table there as they say out.

        A table is made only where a row, a variable or SQL that it follows from changed since it was made last.
        """
        with self.worded():
            self._renewal = build.Renewal(self._connection, asked.unanswered(queries), self._maker())
            for schema_name, values in variables.items():
                self._renewal.build(values, schema_name)

    def check_rules(self, queries: Mapping[str, str]) -> None:
        """As of any session, but for rules about what the client does not keep."""
        with self.worded():
            unfed = Unfed(self._connection, queries.values())
        super().check_rules({name: sql for name, sql in queries.items() if not unfed.is_empty(sql)})

    def keep_shown(self, figures: Mapping[str, Sequence[str]]) -> None:
        """Metric table → its figures in; what the last report showed of them set aside, before they are built anew."""
        with self.worded():
            restated.keep_shown(self._connection, figures)

    def restate(
        self, variables: Mapping[str, object], schema: str, shown: restated.Shown, figures: Mapping[str, Sequence[str]]
    ) -> None:
        """Ask the last report's figures anew at its own day; what differs, and which rows moved it, into ops tables.

        `variables` of that day; `schema`: where its tables are made, or stand already.
        """
        run = self._begun()
        with self.worded():
            if self._renewal is not None:
                self._renewal.build(variables, schema, figures)
            if restated.write_restated(self._connection, run.run_id, schema, shown, figures):
                restated.write_moved(self._connection, self._data, run.run_id, shown)

    def asked(self, as_of: date) -> tuple[list[Planned], list[Tried]]:
        """The day in; the figures that the plan sets, and the changes made by then, out."""
        with self.worded():
            return asked.planned(self._connection), asked.tried(self._connection, as_of)

    def answer(
        self,
        queries: Mapping[str, str],
        runs: Mapping[AskedRun, Mapping[str, object]],
        facts: Sequence[Sequence[object]],
        built_with: Mapping[str, object],
    ) -> None:
        """The tables of plans and experiments, after those that they ask about were built; see `asked.answer_all`."""
        with self.worded():
            asked.answer_all(self._connection, queries, runs, facts, built_with, maker=self._maker())

    def keep_figures(self, mark: str) -> None:
        """What was just built holds: remember of what, for the next run and for `figures_mark`."""
        with self.worded():
            if self._renewal is not None:
                self._renewal.remember()
            memory.keep_meta(self._connection, BUILT, mark)
        self._leave_engine()

    def figures_made(self) -> list[str]:
        """The metric tables of this run's day that were made anew."""
        made = self._renewal.made | asked.ANSWERED if self._renewal is not None else ()
        return sorted(place.removeprefix("metrics.") for place in made if place.startswith("metrics."))

    def close(self) -> None:
        """As of any session; an engine that was asked is left too."""
        with self._engines:
            super().close()

    def remember_columns(self, file: SourceFile, columns: Collection[str]) -> None:
        """The columns that a file was just read with, instead of those it had."""
        with self.worded():
            memory.remember(self._connection, file.source, file.file, columns)

    def forget_columns(self, source: str, files: Collection[str]) -> None:
        """A source and the files it has now in; nothing is remembered of its other files."""
        with self.worded():
            memory.forget_files(self._connection, source, files)

    def note(self, kind: str, detail: str, file: SourceFile, rows: int = 0, money_rub: Decimal = Decimal(0)) -> None:
        """A notice that every run gives for as long as the file is loaded as it is."""
        with self.worded():
            memory.note(self._connection, memory.Notice(kind, detail, rows, money_rub), file.source, file.file)

    def note_corrected(self, file: SourceFile, detail: str, rows: int) -> None:
        """The same of what a person put right in a file; its roubles are those that the file was read with."""
        with self.worded():
            money = self._connection.execute(
                "select coalesce(sum(money_corrected_rub), 0) from ops.files where source = ? and file = ?",
                [file.source, file.file],
            ).fetchone()[0]
        self.note("corrected", detail, file, rows, money)

    def note_unmet(self, kind: str, source: str, file: str | None, detail: str) -> None:
        """A notice of this run alone."""
        with self.worded():
            self._connection.execute(
                "insert into ops.notices values (?, ?, ?, ?, 1, 0, ?)",
                [self._begun().run_id, kind, source, file, detail],
            )

    def noted(self, kind: str) -> set[str]:
        """What the notices of a kind say, of all files that are loaded."""
        found = self.query("noted", "select distinct detail from loaded.notices where kind = ?", [kind])
        return {str(row[0]) for row in found.rows}

    def report_told(self) -> str | None:
        """What `tell_report` was told last."""
        return self._told(REPORT)

    def tell_report(self, told: str) -> None:
        """What the next run is to know of the report that was written."""
        with self.worded():
            memory.keep_meta(self._connection, REPORT, told)

    def _maker(self) -> Maker:
        """Who computes figures: DuckDB, or the client's engine, asked from its first figure on."""
        if self._client.engine.spark and self._engine is None:
            self._engine = self._engines.enter_context(closing(open_engine(self._client.engine, self._data)))
        return DUCKDB if self._engine is None else self._engine.maker

    def _settler(self, changed: Collection[str]) -> Maker:
        """Who finds out what displaces what, and counts, where rows of these tables changed."""
        return self._maker() if changed and is_stored(self._connection) else DUCKDB

    def _tell_engine(self) -> None:
        """The rows are settled otherwise than when the engine was told of them."""
        if self._engine is not None:
            self._engine.forget("loaded", "staged", "temp", "stored")

    def _leave_engine(self) -> None:
        self._engines.close()
        self._engine = None

    def _asked(self, name: str, sql: str) -> Result:
        return super()._asked(name, sql) if self._engine is None else self._engine.ask(self._connection, name, sql)


# A run of the same day and rows as the one before it → the lines of that run again, instead of settling anew.

REPORT = "report"
"""Key of `ops.meta`: which run wrote the report, of what, and into which files, as the flows have put it."""
ALIKE = """
with moved as (select run_id from ops.restated union all select run_id from ops.moved)
select last.run_id from ops.runs as last
where last.run_id = (select max(run_id) from ops.runs where run_id < $1)
    and last.status = 'done' and last.as_of = $2 and last.finished_at::date = $3::date
    and not exists (
        select 1 from ops.notices where run_id = last.run_id and kind in ('vanished_file', 'source_kept'))
    and not exists (
        select 1 from moved join ops.runs as earlier using (run_id)
        where earlier.started_at between last.started_at - interval 7 days and $3 - interval 7 days)
"""
"""A run of today tells what the last one told, unless that told what is told once, or a week has gone by since a change
of the past (see `figures.restated`)."""


def alike_run(connection: Any, run: Run) -> str | None:
    """A run that changed nothing in; the one before it, if it told all that this one will, out."""
    found = connection.execute(ALIKE, [run.run_id, run.as_of, run.started_at]).fetchone()
    return None if found is None else str(found[0])


def repeat_run(connection: Any, last: str, run_id: str) -> None:
    """The lines of a run in the ledger are also those of this one; no file was read by it."""
    for table, read in (("loads", ", false as is_read"), ("notices", ""), ("unmapped", "")):
        connection.execute(
            f"insert into ops.{table} select * replace (? as run_id{read}) from ops.{table} where run_id = ?",
            [run_id, last],
        )
