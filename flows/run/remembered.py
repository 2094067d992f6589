"""How a client's last run ended, and its last good one: kept beside the warehouse, so that nobody need open that."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.run.summary import RunSummary

FILE = "last_run.json"
LAST, GOOD = "last", "good"


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
        known[GOOD] = told
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
