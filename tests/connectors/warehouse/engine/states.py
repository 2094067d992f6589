"""Two clients' data, one of DuckDB alone and one of an engine: what differs in rows, figures and ops tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors.warehouse.store.database import open_for_reading
from tests.connectors.warehouse.engine.beside import HASHED, unlike_rows

OF_A_RUN = {"run_id", "load_id", "loaded_at", "started_at", "finished_at", "config_hash", "fingerprint", "modified_at"}
"""Columns that tell when and in what order it was done, not what came of it."""
UNLIKE = {"ops.meta", "ops.stored", "ops.runs", "metrics.day_state"} | {
    f"ops.published{part}" for part in ("", "_rows", "_shapes")
}
"""How rows are kept and figures were made; the days that DuckDB alone keeps apart; when a workbook was written."""
KEPT = "('staged', 'ops', 'metrics', 'metrics_before')"
LOADED = ("rejects", "notices", "aliases", "names", "history", "departures", "activity_derived")


def unlike_states(ours: Path, theirs: Path) -> tuple[dict[str, Any], int]:
    """Two data folders in; the tables that differ with the first rows that do, and the cells compared, out."""
    with open_for_reading(ours) as one, open_for_reading(theirs) as other:
        places = _places(one)
        unlike: dict[str, Any] = {"tables": (places, found)} if places != (found := _places(other)) else {}
        cells = 0
        for place in places:
            found, here = _digest(one, place)
            cells += found
            if (found, here) != _digest(other, place):
                unlike[place] = unlike_rows(_cells(one, place), _cells(other, place))
        return {place: found for place, found in unlike.items() if found}, cells


def _places(connection: Any) -> list[str]:
    found = connection.execute(
        f"""select table_schema || '.' || table_name from information_schema.tables
        where table_schema in {KEPT} or table_schema = 'loaded' and list_contains(?, table_name) order by 1""",
        [list(LOADED)],
    ).fetchall()
    return [place for (place,) in found if place not in UNLIKE]


def _digest(connection: Any, place: str) -> tuple[int, Any]:
    """How many cells; the columns and one number of all rows, whatever their order."""
    columns, shown = _columns(connection, place)
    compared = ", ".join(map(_compared, shown))
    rows, digest = connection.execute(f"select count(*), sum(hash({compared})) from {place}").fetchone()
    return len(columns) * rows, (columns, digest)


def _cells(connection: Any, place: str) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
    columns, shown = _columns(connection, place)
    order, selected = ", ".join(map(_compared, shown)), ", ".join(column for column, _ in shown)
    return columns, connection.execute(f"select {selected} from {place} order by {order}").fetchall()


def _columns(connection: Any, place: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """All with their types; those that are compared."""
    columns = [(row[0], row[1]) for row in connection.execute(f"describe {place}").fetchall()]
    return columns, [one for one in columns if not one[0].endswith(HASHED) and one[0] not in OF_A_RUN]


def _compared(one: tuple[str, str]) -> str:
    """Floats of other last digits are together."""
    column, kind = one
    return f"round({column}, 6)" if kind == "DOUBLE" else column
