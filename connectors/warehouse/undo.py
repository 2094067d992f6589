"""The state before the last run, kept as a copy of the warehouse; and the way back to it, whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from connectors.warehouse.database import DATABASE, PUBLISHED, bounds, quoted, sync, worded
from connectors.warehouse.history import FOLDER

BEFORE = "before.duckdb"
FRESH = BEFORE + ".new"
"""The copy while its run is under way: it becomes the one before the last run when that run is committed."""
UNDOING, UNDONE = "undoing.json", "undone.duckdb"
"""Which run is being taken back, from the swap of the files to the end; and the state that will stand then."""
GOOD_RUNS = "select run_id from ops.runs where status in ('done', 'partial') order by run_id"
PUBLISHED_TABLES = ("published_rows", "published_shapes")


def keep_before(data: Path) -> None:
    """Before a run opens the closed warehouse: a copy of it, if there is one and the disk has room for two."""
    path = data / DATABASE
    if not path.exists() or not path.stat().st_size:
        return
    wal = path.with_name(path.name + ".wal")
    with worded(path):
        if wal.exists():
            duckdb.connect(str(path)).close()  # what a kill left there belongs to the state
    try:
        if shutil.disk_usage(data).free > 2 * path.stat().st_size:
            shutil.copyfile(path, data / FRESH)
    except OSError:
        drop_fresh(data)  # a run needs its room more than the way back


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
    if not (data / BEFORE).exists() or not _is_before(data, data / BEFORE):
        return None
    return _good_runs(data / DATABASE)[-1]


def undoing(data: Path) -> str | None:
    """The run whose undo has swapped the files and not yet told the report; None if there is none."""
    try:
        run = str(json.loads((data / UNDOING).read_text(encoding="utf-8"))["run"])
    except (OSError, ValueError, KeyError):
        return None
    runs = _good_runs(data / DATABASE)
    if run in runs:  # the swap never came
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
        shutil.copyfile(data / BEFORE, undone)
        _take_over_published(undone, path, data)
        sync(undone)
        (data / UNDOING).write_text(json.dumps({"run": run}), encoding="utf-8")
        sync(data / UNDOING)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)  # a stale one would make the new file unopenable
        undone.replace(path)
        _end(data, run)


def end_undo(data: Path) -> None:
    """The report says what the warehouse does again: nothing is left to be done."""
    (data / UNDOING).unlink(missing_ok=True)


def _end(data: Path, run: str) -> None:
    """What the run saw of the exports leaves the history; the copy was used up."""
    (data / FOLDER / f"{run}.parquet").unlink(missing_ok=True)
    for name in (BEFORE, PUBLISHED):
        (data / name).unlink(missing_ok=True)


def _take_over_published(undone: Path, path: Path, data: Path) -> None:
    with duckdb.connect(str(undone), config=bounds(data)) as connection:
        connection.execute(f"attach '{quoted(path)}' as now (read_only)")
        for name in PUBLISHED_TABLES:
            connection.execute(f"delete from ops.{name}; insert into ops.{name} by name from now.ops.{name}")
        connection.execute("detach now")


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
