"""What every reader is given: one file on disk, what to call it, and how much of it to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from config.documents import Origin, RawTable
from connectors.files.limits import Limits

HEAD_ROWS, TAIL_ROWS = 40, 10


class Kind(StrEnum):
    """Containers, told by content."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    HTML = "html"
    SPREADSHEETML = "spreadsheetml"
    ZIP = "zip"
    BANK = "1c"
    JSON = "json"


@dataclass(frozen=True)
class Opened:
    """One file to read."""

    path: Path
    name: str
    """What people call it: relative to the client's folder, with `!member` inside an archive."""
    source: str
    limits: Limits
    scratch: Path
    """A folder of the caller's for files that must be rewritten; it may be cleared after loading."""
    sheets: Sequence[str] = field(default_factory=tuple)
    """Patterns of sheet names; empty = every sheet."""
    member: str | None = None

    def wants(self, sheet: str) -> bool:
        """Whether a sheet of this name is to be read."""
        return not self.sheets or any(fnmatchcase(sheet.casefold(), pattern.casefold()) for pattern in self.sheets)

    def origin(self, tab: str | None = None) -> Origin:
        """Where a table of this file comes from."""
        return Origin(self.source, f"{self.name}!{tab}" if tab else self.name, tab, member=self.member)

    def table(
        self,
        rows: Sequence[Sequence[str]],
        kind: Kind,
        tab: str | None = None,
        merged: Sequence[tuple[int, int, int, int]] = (),
    ) -> RawTable:
        """A table whose every row is in memory."""
        return RawTable(self.origin(tab), rows[:HEAD_ROWS], rows, container=kind.value, merged=merged)
