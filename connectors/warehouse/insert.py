"""The relation `typed_rows` → rows in `loaded`, rejects, notices, and counts in the file's line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.staging import Draft, Naming, Run, SourceFile, Staging
from config.tables import tables
from connectors.warehouse.naming import DICTIONARIES, renew
from connectors.warehouse.schema import EXTRAS
from connectors.warehouse.words import WordBook

Aliases = Mapping[str, Collection[str]]
"""`channel` and `manager`, where a table has them → their spellings."""


@dataclass(frozen=True)
class Loading:
    """What every table of a file is loaded with."""

    connection: Any
    scratch: Path
    file: SourceFile
    fingerprint: str
    run: Run
    names: Mapping[str, Naming]
    words: WordBook


def insert_rows(
    loading: Loading, draft: Draft, staging: Staging, load_id: int, aliases: Aliases, *, typed: str = ""
) -> int:
    """The good rows of `typed_rows` into `loaded.<table>`, under their canonical names; how many they are out.

    `typed` is the SELECT of `typed_rows` where there is no relation of that name.
    """
    connection, table = loading.connection, tables()[draft.table]
    named = [column for column in DICTIONARIES if column in table.public_columns]
    for column, found in aliases.items():
        renew(connection, DICTIONARIES[column], found, load_id, loading.names)
    own = [*table.public_columns, *EXTRAS.get(draft.table, {})]
    canonical = [f"{f'names_{c}.name' if c in named else f'r.{c}'} as {c}" for c in own]
    spelled = [f"{f'nullif(r.{c}, names_{c}.name)' if c in named else 'null'} as {c}_alias" for c in DICTIONARIES]
    joins = "".join(
        f""" left join loaded.names as names_{c}
            on names_{c}.dictionary = '{DICTIONARIES[c]}' and names_{c}.alias = r.{c}"""
        for c in named
    )
    given = f"with typed_rows as not materialized ({typed})" if typed else ""
    inserted: tuple[int] = connection.execute(
        f"""insert into loaded.{draft.table} by name {given}
        select {", ".join([*canonical, *spelled])}, ?::varchar as source, ?::varchar as source_file,
            r.source_row, r.source_rows, r.key_hash, ?::bigint as load_id, false as is_displaced
        from ({staging.rows}) as r{joins}""",
        [loading.file.source, draft.origin.file, load_id],
    ).fetchone()
    return inserted[0]


def aliases_of(connection: Any, table: str, filled: Collection[str]) -> Aliases:
    """A table and the columns that the file fills; spellings of channels and managers among its good rows out."""
    named = [column for column in DICTIONARIES if column in tables()[table].public_columns and column in filled]
    return {column: _distinct(connection, column) for column in named}


def _distinct(connection: Any, column: str) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            f"""select distinct v_{column} from typed_rows
            where skipped is null and not is_refused and v_{column} is not null"""
        ).fetchall()
    ]


def insert_rejects(connection: Any, load_id: int) -> None:
    """The cells of `flawed_rows` that are told one by one."""
    connection.execute(
        """insert into loaded.rejects
        select ?, source_row, flaw.column_name, nullif(flaw.value, ''), flaw.reason, not is_refused
        from (select source_row, is_refused, unnest(flaws) as flaw from flawed_rows)
        where flaw.reason <> 'unknown_status' order by source_row""",
        [load_id],
    )


def insert_notices(connection: Any, staging: Staging, load_id: int) -> None:
    """What the report must say of the file."""
    if staging.notices:
        connection.execute(
            f"insert into loaded.notices select ?, kind, rows, money_rub, detail from ({staging.notices})", [load_id]
        )


def count_rows(connection: Any, staging: Staging, load_id: int) -> None:
    """Add the rows and roubles of `typed_rows`, by what became of them, to the file's line."""
    has_money = "true" if staging.has_money else "false"
    add_counts(
        connection,
        f"""select
            count(*) as rows_read,
            count(*) filter (where skipped is not null) as skipped,
            count(*) filter (where is_refused) as rejected,
            count(*) filter (where {has_money} and skipped is null and money_rub is null) as without,
            coalesce(sum(money_rub), 0) as money,
            coalesce(sum(money_rub) filter (where is_refused), 0) as money_rejected,
            coalesce(sum(money_rub) filter (where skipped is not null), 0) as money_skipped,
            min(day_from_on) filter (where skipped is null) as first_on,
            max(day_to_on) filter (where skipped is null) as last_on
        from typed_rows""",
        load_id,
    )


def add_counts(connection: Any, counts: str, load_id: int) -> None:
    """A SELECT of one row, with the columns of `count_rows`, in; added to the file's line."""
    connection.execute(
        f"""update ops.files set
            rows_read = files.rows_read + p.rows_read,
            rows_rejected = files.rows_rejected + p.rejected,
            rows_skipped = files.rows_skipped + p.skipped,
            rows_without_amount = files.rows_without_amount + p.without,
            money_read_rub = files.money_read_rub + p.money,
            money_rejected_rub = files.money_rejected_rub + p.money_rejected,
            money_skipped_rub = files.money_skipped_rub + p.money_skipped,
            data_from_on = least(files.data_from_on, p.first_on),
            data_to_on = greatest(files.data_to_on, p.last_on)
        from ({counts}) as p
        where files.load_id = ?""",
        [load_id],
    )
