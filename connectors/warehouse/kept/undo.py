"""The state before the last run, kept as a copy of the warehouse; and the way back to it, whole or not at all.

There is one copy a run at most: those who read during the run have the same file under another name. A run that changes
nothing leaves none.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from connectors.warehouse.kept.history import FOLDER
from connectors.warehouse.store.database import DATABASE, PUBLISHED, bounds, copy_file, quoted, sync, worded
from connectors.warehouse.store.memory import drop_meta, keep_meta, meta_of, metas_of

BEFORE = "before.duckdb"
FRESH = BEFORE + ".new"
"""The copy while its run is under way: it becomes the one before the last run when that run is committed."""
UNDOING, UNDONE = "undoing.json", "undone.duckdb"
"""Which run is being taken back, from the swap of the files to the end; and the state that will stand then."""
GOOD_RUNS = "select run_id from ops.runs where status in ('done', 'partial') order by run_id"
PUBLISHED_TABLES = ("published_rows", "published_shapes")


def keep_before(data: Path) -> None:
    """Before a run that will change figures opens the closed warehouse: a copy, if the disk has room for two."""
    path = data / DATABASE
    if not path.exists() or not path.stat().st_size:
        return
    wal = path.with_name(path.name + ".wal")
    with worded(path):
        if wal.exists():
            duckdb.connect(str(path)).close()  # what a kill left there belongs to the state
    try:
        if shutil.disk_usage(data).free > 2 * path.stat().st_size:
            copy_file(path, data / FRESH)
    except OSError:
        drop_fresh(data)  # a run needs its room more than the way back


def share_with_readers(data: Path) -> bool:
    """The copy that is kept is what readers need too, as a second name of it; False if there is none to share."""
    return _linked(data / FRESH, data / PUBLISHED)


def keep_of_readers(data: Path) -> None:
    """What readers were given is what an undo goes back to; where a file has one name only, nothing is kept."""
    _linked(data / PUBLISHED, data / FRESH)


def _linked(source: Path, target: Path) -> bool:
    """A second name for a file that nobody writes to, in place of whatever has that name; whether there is one."""
    if not source.exists():
        return False
    try:
        target.unlink(missing_ok=True)
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        target.hardlink_to(source)
    except OSError:
        return False
    return True


def settle_before(data: Path) -> None:
    """The run was committed: what stood before it is what an undo goes back to."""
    if (data / FRESH).exists():
        (data / FRESH).replace(data / BEFORE)


def drop_fresh(data: Path) -> None:
    """The run changed nothing: the copy before it is not needed."""
    (data / FRESH).unlink(missing_ok=True)


def drop_before(data: Path) -> None:
    """Nothing is to be gone back to: somebody was forgotten."""
    for name in (BEFORE, FRESH, UNDONE):
        (data / name).unlink(missing_ok=True)


def recover(data: Path) -> None:
    """After a kill: a copy whose run was committed takes its place, an undo that swapped the files is ended."""
    if (data / FRESH).exists():
        if _is_before(data, data / FRESH):
            settle_before(data)
        else:
            drop_fresh(data)
    if (run := undoing(data)) is not None:
        _end(data, run)


def last_undoable(data: Path) -> str | None:
    """The run that can be taken back; None if there is none, or the state before it was not kept."""
    runs = _good_runs(data / DATABASE)
    if len(runs) > 1 and _is_quiet(data / DATABASE, runs[-1]):
        return runs[-1]
    if not (data / BEFORE).exists() or not _is_before(data, data / BEFORE):
        return None
    return runs[-1]


def undoing(data: Path) -> str | None:
    """The run whose undo has changed the warehouse and not yet told the report; None if there is none."""
    try:
        run = str(json.loads((data / UNDOING).read_text(encoding="utf-8"))["run"])
    except (OSError, ValueError, KeyError):
        return None
    runs = _good_runs(data / DATABASE)
    if run in runs:  # the change never came
        (data / UNDOING).unlink(missing_ok=True)
        (data / UNDONE).unlink(missing_ok=True)
        return None
    return run


def undo_run(data: Path, run: str) -> None:
    """The warehouse and the history as before that run, the last good one; `end_undo` follows once the report does.

    What was published stays known, so that the report is written over as ours. A kill leaves one state or the other.
    """
    path, undone = data / DATABASE, data / UNDONE
    with worded(path):
        if _is_quiet(path, run):
            _say_undoing(data, run)
            _take_out(path, run)
        else:
            copy_file(data / BEFORE, undone)
            _take_over_published(undone, path, data, run)
            sync(undone)
            _say_undoing(data, run)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)  # a stale one would make the new file unopenable
            undone.replace(path)
        _end(data, run)


def end_undo(data: Path) -> None:
    """The report says what the warehouse does again: nothing is left to be done."""
    (data / UNDOING).unlink(missing_ok=True)


def _say_undoing(data: Path, run: str) -> None:
    (data / UNDOING).write_text(json.dumps({"run": run}), encoding="utf-8")
    sync(data / UNDOING)


def _end(data: Path, run: str) -> None:
    """What the run saw of the exports leaves the history; a copy that was used up goes."""
    (data / FOLDER / f"{run}.parquet").unlink(missing_ok=True)
    (data / PUBLISHED).unlink(missing_ok=True)
    if (data / BEFORE).exists() and _good_runs(data / BEFORE)[-1:] == _good_runs(data / DATABASE)[-1:]:
        (data / BEFORE).unlink()


# A run over unchanged files, of the day of the run before: it leaves lines of its own, and an earlier copy in place.

QUIET = "quiet."
"""Before the id of a run that changed nothing, a key of `ops.meta`."""
OF_RUNS = ("runs", "loads", "notices", "unmapped")
"""Tables of `ops` whose lines belong to a run; `sources` is written anew by each."""
KEEP_SOURCES = "create or replace temp table sources_before as from ops.sources"
QUIET_SOURCES = """create table if not exists ops.quiet_sources as
select ''::varchar as of_run, * from ops.sources limit 0"""


def note_quiet(connection: Any, run_id: str) -> None:
    """In the transaction of a run that changed nothing: it can be taken back by its lines alone."""
    keep_meta(connection, QUIET + run_id, "")
    connection.execute(QUIET_SOURCES)
    connection.execute("insert into ops.quiet_sources select ?, * from sources_before", [run_id])


def note_loud(connection: Any) -> None:
    """In the transaction of one that did: the quiet ones before it cannot be taken back any more."""
    if quiet := metas_of(connection, QUIET):
        drop_meta(connection, *quiet)
        connection.execute("delete from ops.quiet_sources")


def _is_quiet(path: Path, run: str) -> bool:
    with duckdb.connect(str(path), read_only=True) as connection:
        return meta_of(connection, QUIET + run) is not None


def _take_out(path: Path, run: str) -> None:
    """The lines of a quiet run and of all runs after it, which failed."""
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for name in OF_RUNS:
            connection.execute(f"delete from ops.{name} where run_id >= ?", [run])
        connection.execute("delete from ops.sources")
        connection.execute(
            "insert into ops.sources select * exclude (of_run) from ops.quiet_sources where of_run = ?", [run]
        )
        connection.execute("delete from ops.quiet_sources where of_run >= ?", [run])
        drop_meta(connection, QUIET + run)
        connection.commit()


def _take_over_published(undone: Path, path: Path, data: Path, run: str) -> None:
    """What was published is known as now; the run itself, which may have begun when the copy was made, is not."""
    with duckdb.connect(str(undone), config=bounds(data)) as connection:
        connection.execute(f"attach '{quoted(path)}' as now (read_only)")
        for name in PUBLISHED_TABLES:
            connection.execute(f"delete from ops.{name}; insert into ops.{name} by name from now.ops.{name}")
        connection.execute("detach now")
        connection.execute("delete from ops.runs where run_id >= ?", [run])


def _is_before(data: Path, copy: Path) -> bool:
    """Whether a copy is of the state before the last good run."""
    try:
        runs = _good_runs(data / DATABASE)
        return bool(runs) and _good_runs(copy) == runs[:-1]
    except duckdb.Error:
        return False


def _good_runs(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        found: list[Any] = connection.execute(GOOD_RUNS).fetchall()
        return [row[0] for row in found]
