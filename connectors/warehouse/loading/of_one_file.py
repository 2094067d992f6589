"""What workers loaded of the pieces of one file → whether it adds up to what the file would be as a whole.

A load also asks things that only all of its rows can tell: whether ids are ids, columns what they were taken for, rows
exported twice. Each is asked of a piece as it is of a file; here is made sure that no answer of a piece could have been
another one for the whole. Where that is not certain, the whole file is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from config.tables import tables
from connectors.warehouse.kept.stored import Handed, files_of, loaded_of
from connectors.warehouse.loading.believed import FEWEST, PERSONAL
from connectors.warehouse.store.database import bounds
from connectors.warehouse.store.folders import let_see


def are_of_one_file(handed: Sequence[Handed], data: Path) -> bool:
    """Pieces in their order, and the data folder, in; whether nothing but their size tells them from the whole."""
    if len({tuple(one.rows) for one in handed}) != 1 or len(handed[0].rows) != 1:
        return False
    [load_id] = handed[0].rows
    with duckdb.connect(config=bounds(data)) as connection:
        let_see(connection, handed[0].folder)
        [(name,)] = connection.execute(f"select distinct table_name from {files_of(handed, 'ops.files')}").fetchall()
        rows = loaded_of(handed, load_id)
        return (
            _skip_nothing(connection, handed)
            and _are_records(connection, handed, rows)
            and _are_read(connection, handed, rows, name)
            and (name != "calls" or _have_talks(connection, handed, load_id))
        )


def _skip_nothing(connection: Any, handed: Sequence[Handed]) -> bool:
    """No row is skipped but in the last piece: there it stands, as in the whole, at the end."""
    skipped = f"select sum(rows_skipped) from {files_of(handed[:-1], 'ops.files')}"
    return not connection.execute(skipped).fetchone()[0]


def _are_records(connection: Any, handed: Sequence[Handed], rows: str) -> bool:
    """Every row is a record of its own: none is repeated, in its piece or another, none was folded into one."""
    again = f"select 1 from {rows} group by key_hash having count(*) > 1 or max(source_rows) > 1 limit 1"
    folded = f"select 1 from {files_of(handed, 'loaded.notices')} where kind = 'repeated_rows' limit 1"
    return not connection.execute(again).fetchall() and not connection.execute(folded).fetchall()


def _are_read(connection: Any, handed: Sequence[Handed], rows: str, name: str) -> bool:
    """Of a column with unreadable cells more others were read: what holds few of them in a piece may hold many."""
    found = connection.execute(
        f"""select column_name, count(*) from {files_of(handed, "loaded.rejects")} where is_row_kept
        group by column_name having count(*) >= {FEWEST}"""
    ).fetchall()
    for column, cells in found:
        if column in tables()[name].public_columns and column not in PERSONAL:
            read = f"select count({column}) filter (where {column}::varchar <> '0') from {rows}"
            if connection.execute(read).fetchone()[0] <= cells:
                return False
    return True


def _have_talks(connection: Any, handed: Sequence[Handed], load_id: int) -> bool:
    """In every piece there are enough talks to tell their unit, or there is none at all."""
    counts = [
        connection.execute(f"select count(*) from {loaded_of([one], load_id)} where talk_seconds > 0").fetchone()[0]
        for one in handed
    ]
    return min(counts) >= FEWEST or not any(counts)
