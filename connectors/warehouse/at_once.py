"""Rows of a long file that the quick way reads whole → `loaded`, in one pass; the rest stays to be read with care."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from config.documents import Dialect
from config.staging import Draft, Staging
from config.tables import Table, tables
from connectors.warehouse.insert import Aliases, Loading, add_counts, insert_rows
from connectors.warehouse.naming import DICTIONARIES
from connectors.warehouse.raw_cells import Brought, look_at, look_at_some
from connectors.warehouse.words import Found, is_short, meanings

ONE_TO_ONE = frozenset({"calls", "leads", "subscribers", "activity"})
"""Tables of which every good row of a file is one row, of the same days, and holds no money that must add up."""


ROWS_FOR_ONE_ODD = 20
"""Where at most one row of so many is left, their places are sooner found than joined for."""


def insert_at_once(loading: Loading, draft: Draft, staging: Staging, brought: Brought, load_id: int) -> int | None:
    """The table's cells in; its good rows inserted and counted; the number of all others, in `rest_cells`, out.

    None if nothing was done: the table is short or another, or a name may be any of many.
    """
    table = tables()[draft.table]
    if not _can(draft, staging, table, brought):
        return None
    connection = loading.connection
    look_at(connection, draft, brought, 0, brought.count - 1)
    reads = staging.reads(brought.words, False)
    typed = f"with quick_rows as materialized ({reads.quickly}) select * from ({reads.typed})"
    connection.execute("set disabled_optimizers = 'in_clause'; set preserve_insertion_order = false")
    inserted = insert_rows(loading, draft, staging, load_id, _aliases(connection, table, brought.words), typed=typed)
    connection.execute("set disabled_optimizers = ''; set preserve_insertion_order = true")
    add_counts(connection, _counts(draft.table, load_id), load_id)
    _keep_rest(connection, draft, brought, load_id, brought.count - inserted)
    return brought.count - inserted


def _keep_rest(connection: Any, draft: Draft, brought: Brought, load_id: int, rest: int) -> None:
    """Make `rest_cells` of the rows that were not inserted: if they are few, by their places, which is sooner."""
    loaded = f"select source_row from loaded.{draft.table} where load_id = {load_id}"
    if draft.dialect is None or rest * ROWS_FOR_ONE_ODD > brought.count:
        wanted = f"from raw_cells anti join ({loaded}) using (source_row)"
    else:
        look_at_some(connection, draft, brought, _missing(connection, loaded, draft.dialect, brought.count))
        wanted = "from raw_cells"
    connection.execute(f"create or replace temp table rest_cells as {wanted}")


def _missing(connection: Any, loaded: str, dialect: Dialect, count: int) -> list[int]:
    """Places, counted from 0, of the records that a SELECT of `source_row` does not name."""
    first = dialect.first_record + 1
    aggregate = f"bitstring_agg(source_row, {first}::bigint, {first + count - 1}::bigint)"
    there: str | None = connection.execute(f"select {aggregate}::varchar from ({loaded})").fetchone()[0]
    return [found.start() for found in re.finditer("0", there)] if there else list(range(count))


def look_at_rest(connection: Any, first: int, last: int) -> None:
    """Make `raw_cells` a view of some of the rows left, counted from 0, the last included."""
    base = connection.execute("select coalesce(min(rowid), 0) from rest_cells").fetchone()[0]
    connection.execute(f"""create or replace temp view raw_cells as
        select * from rest_cells where rowid between {base + first} and {base + last}""")


def _can(draft: Draft, staging: Staging, table: Table, brought: Brought) -> bool:
    is_long = draft.dialect is not None and not is_short(brought.count)
    is_plain = draft.table in ONE_TO_ONE and not staging.totals and not staging.has_money
    return is_long and is_plain and set(_named(table, staging)) <= set(brought.words)


def _named(table: Table, staging: Staging) -> Sequence[str]:
    return [column for column in DICTIONARIES if column in table.public_columns and column in staging.filled]


def _aliases(connection: Any, table: Table, words: Found) -> Aliases:
    """Every spelling that the file holds, of rows that will be refused too."""
    named = [column for column in DICTIONARIES if column in table.public_columns and column in words]
    return {column: meanings(connection, column, words[column]) for column in named}


def _counts(name: str, load_id: int) -> str:
    days = ", ".join(f"{day}::date" for day in tables()[name].day)
    return f"""select count(*) as rows_read, 0 as skipped, 0 as rejected, 0 as without,
        0 as money, 0 as money_rejected, 0 as money_skipped,
        min(least({days})) as first_on, max(greatest({days})) as last_on
        from loaded.{name} where load_id = {load_id}"""
