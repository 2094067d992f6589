"""What the report is made of: the client, the day, and the tables that left the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from config.client import Client
from config.documents import Result

BannerKind = Literal["failed", "stale"]


@dataclass(frozen=True)
class Banner:
    """A line across the head of every page: the last run failed (red), or the data are old (grey)."""

    text: str
    kind: BannerKind = "failed"


@dataclass(frozen=True)
class ReportInput:
    """Everything `lay_out` reads; it asks nobody else."""

    client: Client
    as_of: date
    """The last day of the data."""
    updated_at: datetime
    """When this report was made, in the client's local time: the stamp, and nothing else, shows it."""
    now: dict[str, Result]
    """Metric tables by name."""
    before: dict[str, Result]
    """The same SQL with `as_of` moved back one month."""
    ops: dict[str, Result]
    """`sources`, `loads`, `rejects`, `unmapped`, `notices` of this run."""
    banner: Banner | None = None
