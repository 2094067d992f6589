"""The DuckDB file itself: opened, copied for readers, closed; DuckDB's own errors become ours here."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import duckdb

from config.documents import Result
from config.draft import Run
from config.errors import RuleBroken, SvodkaError, TargetError
from config.settings import MIB, settings
from connectors.warehouse.store.folders import let_see, problem_of_bucket
from connectors.warehouse.store.made_once import BLOCK_BYTES, ParsedOnce, empty, made_once
from connectors.warehouse.store.memory import meta_of

DATABASE, PUBLISHED, SCRATCH = "svodka.duckdb", "published.duckdb", "scratch"
COPIED = (DATABASE, DATABASE + ".wal", "history")
"""What of the data folder a client's data are: all else is made of it, or of the moment."""
NO_ROOM = ("No space left", "Could not write file", "max_temp_directory_size", "failed to offload")
"""How DuckDB says that the disk takes no more."""

NOT_OPENED = "Cannot open file"
"""How DuckDB says that the system lets nobody read it, which is no damage."""

NO_ROWS = "No files found that match"
"""How DuckDB says that rows which stand as files beside the warehouse are not there."""


@contextmanager
def worded(path: Path) -> Iterator[None]:
    """Whatever DuckDB or the disk raises inside becomes a TargetError that says what to do."""
    try:
        yield
    except duckdb.Error as error:
        raise translated(path, error) from error
    except OSError as error:
        raise TargetError("warehouse.disk", file=path.name, problem=error) from error


def translated(path: Path, error: duckdb.Error) -> SvodkaError:
    """An error of DuckDB in; ours out, or the same if it is a mistake of ours."""
    text = str(error)
    if any(sign in text for sign in NO_ROOM):
        return TargetError("warehouse.disk_full", file=path.name)
    if "Could not set lock" in text or "Conflicting lock" in text:
        return TargetError("warehouse.locked", file=path.name)
    if NO_ROWS in text:
        return TargetError("warehouse.no_rows", file=path.name, problem=text.splitlines()[0][:200])
    if type(error) is duckdb.Error:
        return TargetError("warehouse.no_rows", file=path.name, problem=problem_of_bucket(error))
    if "version number" in text:
        return TargetError("warehouse.newer_engine", file=path.name)
    if isinstance(error, duckdb.OutOfMemoryException):
        return TargetError("warehouse.memory", file=path.name, limit=_memory_limit())
    if NOT_OPENED in text:
        problem = text.splitlines()[0].rpartition(": ")[2]
        return TargetError("files.unreadable", file=f"data/{path.name}", problem=problem)
    if isinstance(error, duckdb.IOException | duckdb.SerializationException | duckdb.FatalException):
        return TargetError("warehouse.damaged", file=path.name, problem=text.splitlines()[0][:200])
    raise error


def connect(data: Path, tables: str = "") -> Any:
    """The data folder in; a connection that may write, its memory bounded, its spills inside the folder, out.

    A new file has what the statements `tables` make.
    """
    path = data / DATABASE
    with worded(path):
        data.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size and not is_duckdb(path):
            raise TargetError("warehouse.foreign", file=path.name)
        if not path.exists():
            _make(path, tables)
        return _bounded(path)


Opening = TypeVar("Opening")


def patiently(opened: Callable[[], Opening], seconds: float) -> Opening:
    """What opens a warehouse in; it, opened, out. Whoever holds the file is waited for so long, then told of."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return opened()
        except TargetError as error:
            if error.key != "warehouse.locked" or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def connect_for_once(data: Path, tables: str) -> Any:
    """An empty data folder in; the same to a database that nobody opens again, so its end need not be written."""
    path = data / DATABASE
    with worded(path):
        _make(path, tables)
        connection = _bounded(path)
        connection.execute("pragma disable_checkpoint_on_shutdown")
        return connection


def _bounded(path: Path) -> Any:
    connection = ParsedOnce(duckdb.connect(str(path), config=bounds(path.parent)))
    # in a process that multiprocessing made, and in a notebook, DuckDB thinks that somebody watches and draws a bar
    connection.execute("set preserve_insertion_order = true; set enable_progress_bar = false")
    return seeing_rows(connection)


FOR_FEW_ROWS = (
    "join_order, expression_rewriter, projection_pullup, common_subplan, statistics_propagation, projection_placement, "
    "outer_join_simplification, join_filter_pushdown, common_subexpressions, join_elimination, duplicate_groups, "
    "compressed_materialization"
)
"""Optimizers that take longer than they save where a client's files are small: a fifth of what its figures cost."""


def plan_for_few_rows(connection: ParsedOnce, *, is_whole: bool) -> None:
    """From now on one core, and, if the whole run is made here, plans that are soon made.

    Rows that another engine gets come from the usual plans: over files of the others Sail 0.7 stops, because it takes
    columns for never blank in one place and not in another.
    """
    connection.without = FOR_FEW_ROWS if is_whole else ""
    connection.execute(f"set threads = 1; set disabled_optimizers = '{connection.without}'")


@contextmanager
def planned_without(connection: ParsedOnce, optimizers: str, *, in_any_order: bool = False) -> Iterator[None]:
    """Statements inside are planned without these optimizers; whatever they end with, those after them as usual."""
    connection.execute(f"set disabled_optimizers = '{optimizers}'")
    connection.execute(f"set preserve_insertion_order = {not in_any_order}")
    try:
        yield
    finally:
        connection.execute(f"set disabled_optimizers = '{connection.without}'; set preserve_insertion_order = true")


def bounds(data: Path) -> dict[str, Any]:
    """The data folder in; how much memory DuckDB may take, and where and how far it spills, out."""
    spilled = {"temp_directory": str(data / SCRATCH), "max_temp_directory_size": "200GiB"}
    return {"memory_limit": _memory_limit(), **spilled}


def _memory_limit() -> str:
    return f"{settings().memory_bytes // MIB}MiB"


EMPTY = "empty"


def _make(path: Path, tables: str) -> None:
    """An empty database appears whole or not at all: half of a first block could never be opened again."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    if tables and (kept := made_once(EMPTY, tables)) is not None:
        copy_file(kept, fresh)
    else:
        empty(fresh).close()
    fresh.replace(path)


def is_duckdb(path: Path) -> bool:
    """Whether a file begins as a DuckDB database does."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def publish_copy(data: Path) -> None:
    """Copy the closed file for those who read during a run; the copy appears whole or not at all."""
    path, target = data / DATABASE, data / PUBLISHED
    fresh = data / (PUBLISHED + ".new")
    with worded(path):
        copy_file(path, fresh)
        (data / (PUBLISHED + ".wal")).unlink(missing_ok=True)  # a stale one would make the new file unopenable
        fresh.replace(target)


CLONE = 0x40049409  # FICLONE of linux/fs.h: the copy shares its blocks with the file until one of them is written to


def copy_file(source: Path, target: Path) -> None:
    """The same content under another name: at once where the file system shares blocks (Btrfs, XFS), else byte by byte.

    Never for a database that this process has open: to close any other descriptor of it would give up its lock.
    """
    with source.open("rb") as old, target.open("wb") as new:
        try:
            fcntl.ioctl(new, CLONE, old.fileno())
        except OSError:
            shutil.copyfile(source, target)


def drop_copy(data: Path) -> None:
    """Remove the copy: the file itself is complete again."""
    for name in (PUBLISHED, PUBLISHED + ".wal", PUBLISHED + ".new"):
        (data / name).unlink(missing_ok=True)
    shutil.rmtree(data / SCRATCH, ignore_errors=True)


def open_for_reading(data: Path) -> Any:
    """The data folder in; a connection that only reads: the file, or during a run its copy.

    Raises TargetError if there is no warehouse yet, or it is locked and has no copy.
    """
    path = data / DATABASE
    if not path.exists():
        raise TargetError("warehouse.none", file=path.name)
    try:
        return seeing_rows(duckdb.connect(str(path), read_only=True))
    except duckdb.Error as error:
        copy = data / PUBLISHED
        if "lock" in str(error) and copy.exists():
            with worded(copy):
                return seeing_rows(duckdb.connect(str(copy), read_only=True))
        raise translated(path, error) from error


TO_BE_REWRITTEN = "insert or replace into ops.meta values ('rewrite', 'forget')"
"""Said in the transaction that erases somebody: a kill before the file is rewritten must not leave them in it."""
IS_REWRITTEN = "delete from ops.meta where key = 'rewrite'"


def is_to_be_rewritten(connection: Any) -> bool:
    """Whether somebody was erased from the tables and may still stand in blocks of the file that no table uses."""
    return meta_of(connection, "rewrite") is not None


def rewrite(data: Path) -> None:
    """The closed file is made anew of its tables alone, so that free blocks keep nothing; whole or not at all."""
    path, fresh = data / DATABASE, data / (DATABASE + ".rewritten")
    with worded(path):
        for left in (fresh, fresh.with_name(fresh.name + ".wal")):
            left.unlink(missing_ok=True)
        with duckdb.connect(":memory:", config=bounds(data)) as both:
            both.execute(f"set default_block_size = {BLOCK_BYTES}")
            for place, name in ((path, "old"), (fresh, "fresh")):
                both.execute(f"attach '{quoted(place)}' as {name}")
            seeing_rows(both, "old.").execute("copy from database old to fresh")
            both.execute(f"use fresh; {IS_REWRITTEN}; use memory; detach fresh; detach old")
        sync(fresh)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)  # a stale one would make the new file unopenable
        fresh.replace(path)


STORED = "stored"
"""The key of `ops.meta` whose value is the folder to which rows are written as files; absent where they are tables."""


def is_stored(connection: Any) -> bool:
    """Whether the rows of `loaded` are files beside the warehouse, see `connectors.warehouse.kept.stored`."""
    return meta_of(connection, STORED) is not None


def seeing_rows(connection: Any, database: str = "") -> Any:
    """A connection in; the same out, and if rows of `loaded` are files in a bucket it sees them."""
    with suppress(duckdb.CatalogException):  # nothing was made in it yet
        found = connection.execute(f"select value from {database}ops.meta where key = ?", [STORED]).fetchone()
        let_see(connection, found[0] if found else "")
    return connection


def quoted(path: Path | str) -> str:
    """A path, or a text, as it stands between quotes in SQL."""
    return str(path).replace("'", "''")


def sync(path: Path) -> None:
    """Force a written file to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# The functions that read cells: made once for all runs of a user, and attached.

FUNCTIONS = "functions"
MACRO = re.compile(r"^create macro ", re.MULTILINE)


def define(connection: Any, statements: str) -> None:
    """Statements that make macros in; from now on what this connection runs can call them, and nobody else's can.

    Where a database of the user's cache holds them they are attached, which takes a thirtieth of the time; where there
    can be none they are made as temporary ones. The client's own file never holds any.
    """
    kept = made_once(FUNCTIONS, statements)
    if kept is None:
        connection.execute(MACRO.sub("create or replace temp macro ", statements))
        return
    own = connection.execute("select current_database()").fetchone()[0]
    connection.execute(f"attach '{quoted(kept)}' as {FUNCTIONS} (read_only)")
    connection.execute(f"set search_path = '{own}.main,{FUNCTIONS}.main'")


class Opened:
    """A connection to a client's warehouse; nobody outside this folder touches it."""

    def __init__(self, data: Path, connection: Any) -> None:
        self._data, self._connection = data, connection

    def fetch(self, relation: str) -> Result:
        """`schema.table` in; all of it, named by the table, out."""
        return self.query(relation.rpartition(".")[2], f"select * from {relation}")

    def query(self, name: str, sql: str, parameters: Sequence[Any] = ()) -> Result:
        """Any SELECT in; its Result out."""
        with self.worded():
            cursor = self._connection.execute(sql, list(parameters))
            return Result(name, [column[0] for column in cursor.description], cursor.fetchall())

    @contextmanager
    def worded(self) -> Iterator[None]:
        """Whatever DuckDB or the disk raises inside becomes a TargetError that says what to do."""
        with worded(self._data / DATABASE):
            yield


# A warehouse's connection over one run: its transaction, its line in `ops.runs`, its rules, its end.


class Session(Opened):
    """One connection to `data/svodka.duckdb`; left by an exception, it rolls everything back."""

    def __init__(self, data: Path, connection: Any) -> None:
        super().__init__(data, connection)
        self._run: Run | None = None
        self._is_open = True

    def begin(self, run: Run) -> None:
        """Record the run as `running`, in a transaction of its own, and runs that were killed as `killed`."""
        with self.worded():
            self._connection.execute("update ops.runs set status = 'killed' where status = 'running'")
            self._connection.execute(
                "insert into ops.runs values (?, ?, null, ?, 'running', ?, ?, ?)",
                [run.run_id, run.started_at, run.as_of, run.trigger, run.version, run.config_hash],
            )
            self._connection.begin()
        self._run = run

    def check_rules(self, queries: Mapping[str, str]) -> None:
        """Rule name → SELECT of rows that must not exist; raises RuleBroken naming the rules and their first rows."""
        broken = []
        for name, sql in queries.items():
            found = self._asked(name, f"select * from ({sql}) limit 3")
            if found.rows:
                shown = "; ".join(", ".join(f"{c}={v}" for c, v in row.items()) for row in found.dicts())
                broken.append(f"{name}: {shown}")
        if broken:
            raise RuleBroken("warehouse.rule_broken", rules="\n".join(broken))

    def _asked(self, name: str, sql: str) -> Result:
        """The rows of a rule's SELECT."""
        return self.query(name, sql)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Roll back what was not committed and close the file; it is complete, so the readers' copy goes."""
        if not self._is_open:
            return
        self._is_open = False
        with self.worded():
            try:
                self._roll_back()
            finally:
                self._connection.close()
            drop_copy(self._data)

    def _begun(self) -> Run:
        if self._run is None:
            raise RuntimeError("begin() comes first")
        return self._run

    def _finish(self, finished_at: datetime, status: str) -> None:
        if self._run is not None:
            self._connection.execute(
                "update ops.runs set finished_at = ?, status = ? where run_id = ?",
                [finished_at, status, self._run.run_id],
            )

    def _roll_back(self) -> None:
        if self._run is not None:
            try:
                self._connection.rollback()
                self._connection.execute("reset search_path")  # what `define` attached is gone with the transaction
            except duckdb.TransactionException:
                return  # nothing was under way
            except duckdb.FatalException:
                self._connection.close()  # a full disk ends the connection; the file holds the last complete state
                self._connection = connect(self._data)


def small_table(connection: Any, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A name, columns and rows of text in; a temp table of that name made."""
    unnested = ", ".join(f"unnest(?::varchar[]) as {column}" for column in columns)
    lists = [[row[place] for row in rows] for place in range(len(columns))]
    connection.execute(f"create or replace temp table {name} as select {unnested}", lists)
