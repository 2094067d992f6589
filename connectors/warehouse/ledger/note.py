"""A row of `ops.notices`, beside its run."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Note(NamedTuple):
    """What was noticed where SQL alone does not tell it."""

    kind: str
    source: str
    source_file: str | None
    rows: int
    money_rub: Decimal | int
    detail: str
