"""A BIFF workbook, read in a process of its own with bounded memory → a RawTable for each sheet.

BIFF has no sizes to judge before reading: a few wrong bytes make the reader lay out a sheet of billions of cells. There
the process ends, not ours. It costs a tenth of a second, and such files are rare.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.table import MEGABYTE, Kind, Opened

MEMORY_BYTES = 3072 * MEGABYTE
SECONDS = 120
CHILD = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from connectors.files.read_apart import child
child()
"""


def read_xls(file: Opened) -> list[RawTable]:
    """A BIFF workbook in; its sheets that hold something out."""
    asked = {"path": str(file.path), "name": file.name, "source": file.source, "sheets": list(file.sheets)}
    command = [sys.executable, "-c", CHILD, json.dumps(sys.path), json.dumps(asked)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603  # our own module
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise SourceError("files.broken_workbook", file=file.name, problem="BIFF") from error
    if "error" in answer:
        raise SourceError(answer["error"], **answer["facts"])
    return [_table(file, sheet) for sheet in answer["sheets"]]


def _table(file: Opened, sheet: dict[str, Any]) -> RawTable:
    merged = [(area[0], area[1], area[2], area[3]) for area in sheet["merged"]]
    return replace(file.table(sheet["rows"], Kind.XLS, sheet["tab"], merged), is_hidden=sheet["is_hidden"])


def child() -> None:
    """What the other process does: read the workbook named in its arguments, print its sheets as JSON."""
    from connectors.files.table import Limits
    from connectors.files.workbook.read_workbook import read_sheets

    _bound_memory()
    asked = json.loads(sys.argv[2])
    path = Path(asked["path"])
    file = Opened(path, asked["name"], asked["source"], Limits(), path.parent, tuple(asked["sheets"]))
    try:
        found = [replace(table, head=()) for table in read_sheets(file, Kind.XLS, sys.maxsize)]
        sheets = [
            {"tab": one.origin.tab, "rows": one.rows, "merged": list(one.merged), "is_hidden": one.is_hidden}
            for one in found
        ]
        answer: dict[str, Any] = {"sheets": sheets}
    except SourceError as error:
        answer = {"error": error.key, "facts": error.facts}
    json.dump(answer, sys.stdout)


def _bound_memory() -> None:
    """Where the system can: what asks for more ends this process."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
