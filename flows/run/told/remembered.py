"""How a client's last run ended, and its last good one: kept beside the warehouse, so that nobody need open that."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.run.told.summary import RunSummary

FILE = "last_run.json"
LAST, GOOD, BEFORE = "last", "good", "before"
"""The last run, the last that left a report, and the one that did before it."""


def remember_run(data: Path, summary: RunSummary, ended_at: datetime) -> None:
    """A run that ended in; kept as the last one, and as the last good one if it left a report.

    A folder that has no data yet gets none; a disk that takes nothing was told of by the run itself.
    """
    if not data.is_dir():
        return
    told = {**summary.as_json(), "ended_at": ended_at.isoformat()}
    known = read_runs(data)
    known[LAST] = told
    if summary.status != "failed":
        known |= {BEFORE: known[GOOD]} if GOOD in known else {}
        known[GOOD] = told
    _write(data, known)


def forget_last_good(data: Path) -> None:
    """The last good run was taken back: the one before it is the last again."""
    known = read_runs(data)
    before = known.pop(BEFORE, None)
    if before is not None:
        _write(data, {LAST: before, GOOD: before})


def _write(data: Path, known: dict[str, dict[str, Any]]) -> None:
    try:
        fresh = data / f"{FILE}.new"
        fresh.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        fresh.replace(data / FILE)
    except OSError:
        return


def read_runs(data: Path) -> dict[str, dict[str, Any]]:
    """The data folder in; `last` and `good` runs as `svodka run --json` tells them out; empty before the first."""
    try:
        found = json.loads((data / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
