"""A run of the same day and rows as the one before it → the lines of that run again, instead of settling anew."""

from __future__ import annotations

from typing import Any

from config.draft import Run

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


def alike(connection: Any, run: Run) -> str | None:
    """A run that changed nothing in; the one before it, if it told all that this one will, out."""
    found = connection.execute(ALIKE, [run.run_id, run.as_of, run.started_at]).fetchone()
    return None if found is None else str(found[0])


def repeat(connection: Any, last: str, run_id: str) -> None:
    """The lines of a run in the ledger are also those of this one; no file was read by it."""
    for table, read in (("loads", ", false as is_read"), ("notices", ""), ("unmapped", "")):
        connection.execute(
            f"insert into ops.{table} select * replace (? as run_id{read}) from ops.{table} where run_id = ?",
            [run_id, last],
        )
