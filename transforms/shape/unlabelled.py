"""The last row of a table → whether it is a total that nobody called so: no key, and figures that are sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

FIGURE = re.compile(r"^\ue001?([-−]?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?)\s*(?:₽|руб\.?|RUB)?$", re.IGNORECASE)
MOST_ROWS = 200_000
"""A longer table is not added up for this."""


def is_unlabelled_total(data: Sequence[Sequence[str]], last: Sequence[str]) -> bool:
    """Data rows and the row after them; whether that row has no key, where all others have one, and adds them up.

    Two rows at least must be added, no column's figure may differ from its sum, and one sum must be above zero. Ratios
    (a CTR of 0,59 %) are no figures, so they prove and disprove nothing.
    """
    if not 2 <= len(data) <= MOST_ROWS or _cell(last, 0) or not all(_cell(row, 0) for row in data):
        return False
    sums = [(figure, _sum(data, column)) for column, cell in enumerate(last) if (figure := _figure(cell)) is not None]
    return bool(sums) and any(figure > 0 for figure, _ in sums) and all(figure == total for figure, total in sums)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _figure(cell: str) -> Decimal | None:
    """A cell that is a plain figure or money; its value."""
    match = FIGURE.match(cell.strip())
    if match is None:
        return None
    return Decimal(re.sub(r"\s", "", match[1]).replace("−", "-").replace(",", "."))


def _sum(rows: Sequence[Sequence[str]], column: int) -> Decimal:
    figures = (_figure(row[column]) for row in rows if column < len(row))
    return sum((figure for figure in figures if figure is not None), Decimal(0))
