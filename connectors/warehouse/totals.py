"""Totals rows and control sums → a notice for each that is not the sum it should be."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from config.staging import TotalsCheck

DATA = "coalesce(skipped, '') not in ('totals', 'service', 'blank')"
"""Rows left out by `where` or `exclude` are in the vendor's totals all the same."""
OWN = "coalesce(skipped, '') not in ('totals', 'service', 'blank', 'other_kind')"
"""The same, of this table's rows alone: a bank states what came in apart from what went out."""

SO_FAR = f"""select source_row, money_rub, so_far from (
    select source_row, money_rub, skipped, coalesce(sum(money_rub) filter (where {DATA}) over (order by source_row), 0)
        as so_far
    from typed_rows) where skipped = 'totals' order by source_row"""
"""Of each totals row: its figure, and the sum of the data above it in this piece."""


def check_totals(connection: Any, checks: Sequence[TotalsCheck], load_id: int) -> None:
    """What must be the sum of what in; notices of what is not. One without a figure is dropped unchecked."""
    for check in checks:
        stated = _stated(connection, check)
        if stated is None:
            continue
        found = [_sum(connection, check, since) for since in check.since_rows]
        if stated not in found:
            detail = f"{check.label}: {stated} ≠ {found[-1]}"
            money = 0 if check.is_count else stated - found[-1]
            connection.execute(
                "insert into loaded.notices values (?, 'totals_mismatch', ?, ?, ?)",
                [load_id, check.row or 0, money, detail],
            )


def _stated(connection: Any, check: TotalsCheck) -> Any:
    if check.stated is not None:
        return connection.execute(f"select {check.stated}").fetchone()[0]
    row = connection.execute("select money_rub from typed_rows where source_row = ?", [check.row]).fetchone()
    return row[0] if row else None


def _sum(connection: Any, check: TotalsCheck, since: int) -> Any:
    what = "count(*)" if check.is_count else "coalesce(sum(money_rub), 0)"
    until = f"and source_row < {check.before_row}" if check.before_row is not None else ""
    rows = OWN if check.is_of_own_rows else DATA
    return connection.execute(
        f"select {what} from typed_rows where {rows} and source_row >= ? {until}", [since]
    ).fetchone()[0]


class AddedUp:
    """The sums above a totals row of a file on disk, which comes in pieces: since the last total, and of all."""

    def __init__(self) -> None:
        self._since, self._all = Decimal(0), Decimal(0)

    def look(self, connection: Any, load_id: int) -> None:
        """A piece of the file is in `typed_rows`; each totals row in it that is not the sum above it is told of."""
        totals, added = connection.execute(f"""select count(*) filter (where skipped = 'totals'),
            coalesce(sum(money_rub) filter (where {DATA}), 0) from typed_rows""").fetchone()
        above, seen = self._all, Decimal(0)
        for row, stated, so_far in connection.execute(SO_FAR).fetchall() if totals else ():
            self._since, self._all, seen = self._since + so_far - seen, above + so_far, so_far
            if stated is not None and stated not in (self._since, self._all):
                detail = f"Итого: {stated} ≠ {self._all}"
                connection.execute(
                    "insert into loaded.notices values (?, 'totals_mismatch', ?, ?, ?)",
                    [load_id, row, stated - self._all, detail],
                )
            self._since = Decimal(0)
        self._since, self._all = self._since + added - seen, above + added
