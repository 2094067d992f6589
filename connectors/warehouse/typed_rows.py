"""The relation `raw_cells` → the relation `typed_rows`: every cell read, most of them the quick way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from config.staging import Reads, Staging
from connectors.warehouse.doubts import read_doubts
from connectors.warehouse.words import is_short

TABLES = (
    "small_typed_rows",
    "odd_rows",
    "odd_cells",
    "flawed_rows",
    "quick_rows",
    "rest_cells",
    "some_places",
    "all_cells",
)
GONE = "; ".join(
    ["drop view if exists typed_rows", "drop view if exists raw_cells", *(f"drop table if exists {t}" for t in TABLES)]
)
SMALL_ROWS = 200_000
"""So many rows are copied sooner than a view of them is planned ten times."""


def read_cells(connection: Any, staging: Staging, words: Collection[str], count: int) -> int:
    """Make `typed_rows` of `count` rows: those read the quick way, and the odd ones that had to be read in full.

    How many of them have flaws, and stand in `flawed_rows`, is given out.

    Columns of `words` are read by `words_<column>`. DuckDB turns every list of words behind an `in` into a join of its
    own, which costs ten times the parsing.
    """
    reads = staging.reads(words, is_short(count))
    connection.execute("set disabled_optimizers = 'in_clause'")
    connection.execute(f"create or replace temp table quick_rows as {reads.quickly}")
    rows = _short(connection, reads, words) if is_short(count) else _long(connection, reads)
    if count <= SMALL_ROWS:
        connection.execute(f"create or replace temp table small_typed_rows as {rows}")
        rows = "from small_typed_rows"
    connection.execute("set disabled_optimizers = ''")
    connection.execute(f"create or replace temp view typed_rows as {rows}")
    flawed: tuple[int] = connection.execute(
        "create or replace temp table flawed_rows as from typed_rows where flaws is not null"
    ).fetchone()
    return flawed[0]


def _short(connection: Any, reads: Reads, words: Collection[str]) -> str:
    doubtful = _doubtful(connection, reads, "quick_rows where is_odd") or []
    read_doubts(connection, reads, [name for name in doubtful if name not in words])
    return reads.looked_up(doubtful)


def _long(connection: Any, reads: Reads) -> str:
    """Long SQL over a few odd rows of each thousand costs as much as over all of them, so they are gathered first."""
    connection.execute("create or replace temp table odd_cells as from quick_rows where is_odd")
    doubtful = _doubtful(connection, reads, "odd_cells")
    if doubtful is None:
        return reads.typed
    connection.execute(f"create or replace temp table odd_rows as {reads.in_full(doubtful)}")
    return f"({reads.typed}) union all from odd_rows"


def drop_cells(connection: Any) -> None:
    """Take away every relation that reading a table made."""
    connection.execute(GONE)


def _doubtful(connection: Any, reads: Reads, odd: str) -> list[str] | None:
    """The columns of which some cell could not be read the quick way; None if no row is odd."""
    asked = "".join(f", coalesce(bool_or({condition}), false)" for condition in reads.doubts.values())
    count, *found = connection.execute(f"select count(*){asked} from {odd}").fetchone()
    return [name for name, is_so in zip(reads.doubts, found, strict=True) if is_so] if count else None
