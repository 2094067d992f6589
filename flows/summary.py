"""What a run did: read, refused, changed, main figures, written; for people, for machines and for the run's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Status = Literal["done", "partial", "failed"]


@dataclass(frozen=True)
class SourceRows:
    """One source of the run: its files and where its rows went; read = staged + rejected + duplicate + skipped."""

    source: str
    table: str
    files: int = 0
    files_read: int = 0
    rows_read: int = 0
    rows_staged: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    rows_skipped: int = 0
    money_read_rub: Decimal = Decimal(0)
    money_rejected_rub: Decimal = Decimal(0)
    data_to_on: date | None = None
    is_stale: bool = False
    problem: str | None = None


@dataclass(frozen=True)
class Figure:
    """One of the main figures of the last complete month, beside the month before."""

    name: str
    value: Decimal | float | int | None
    before: Decimal | float | int | None
    unit: str


@dataclass(frozen=True)
class Changed:
    """A figure of an earlier period that this run found different from the last run."""

    period_start: date
    name: str
    before: Decimal | float | int | None
    after: Decimal | float | int | None
    unit: str


@dataclass(frozen=True)
class RunSummary:
    """One run of one client, whole or failed."""

    client: str
    folder: str
    run_id: str | None = None
    as_of: date | None = None
    status: Status = "done"
    exit_code: int = 0
    sources: Sequence[SourceRows] = ()
    unmapped: Sequence[tuple[str, str, str | None]] = ()
    """(dictionary, alias, nearest known name)."""
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    """Dictionary → the file or tab where a name is to be added."""
    figures_of: date | None = None
    """First day of the month the figures are of."""
    figures: Sequence[Figure] = ()
    changed: Sequence[Changed] = ()
    written: Sequence[str] = ()
    kept_edits: int = 0
    """Human edits found in the report and saved to «Правки»."""
    problems: Sequence[str] = ()
    """In words, in the language of the reader: what went wrong and what to do."""
    seconds: float = 0.0
    notes: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`: dates ISO, money as text with two digits."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def is_address(place: str) -> bool:
    """Whether a written report is on the web, and not a file of the client's folder."""
    return place.startswith(("https://", "http://"))
