"""Totals rows and control sums → a notice for each that is not the sum it should be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config.staging import TotalsCheck

DATA = "coalesce(skipped, '') not in ('totals', 'service', 'blank')"
"""Rows left out by `where` or `exclude` are in the vendor's totals all the same."""
OWN = "coalesce(skipped, '') not in ('totals', 'service', 'blank', 'other_kind')"
"""The same, of this table's rows alone: a bank states what came in apart from what went out."""


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
