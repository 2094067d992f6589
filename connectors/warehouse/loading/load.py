"""One file's drafts → its rows in `loaded`, its rejects and notices, its line in the registry."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.documents import Dialect
from config.draft import STRUCK, Draft, Naming, Remark, Run, SourceFile, Staging
from config.tables import Table, tables
from connectors.warehouse.loading.fold import fold
from connectors.warehouse.loading.names import DICTIONARIES, renew
from connectors.warehouse.loading.questions import (
    AMBIGUOUS,
    AddedUp,
    as_meant_and_as_read,
    ask,
    ask_sign,
    check_controls,
    find_questions,
    meant,
    tell_added_up,
)
from connectors.warehouse.loading.raw_cells import (
    PIECE_ROWS,
    Brought,
    blank_end,
    bring,
    cells_of,
    look_at,
    look_at_some,
    small_table,
    translate,
)
from connectors.warehouse.loading.read_cells import Found, WordBook, drop_cells, is_short, meanings, read_cells
from connectors.warehouse.schema import EXTRAS


def load_table(loading: Loading, draft: Draft) -> int:
    """One recognised table in; its rows loaded and its line in `ops.files` written; its load's id out."""
    connection = loading.connection
    loading.words.define(connection, draft.macros)
    load_id: int = connection.execute("select nextval('ops.load_ids')").fetchone()[0]
    blank = blank_end(draft)
    count = bring(connection, draft, loading.scratch) - blank
    words = loading.words.find(connection, draft, count)
    read_so = {draft.staging.words[name].cell for name in words}
    translated = translate(connection, draft, [cell for cell in cells_of(draft) if cell not in read_so])
    brought = Brought(count, blank, words, translated)
    if draft.is_open:
        _load(loading, draft, _settled(connection, draft, brought), load_id, brought)
    elif not _load(loading, draft, draft.staging, load_id, brought, may_be_open=bool(draft.probe)):
        forget_load(connection, draft.table, load_id)
        _load(loading, draft, _settled(connection, draft, brought), load_id, brought)
    insert_remarks(connection, draft.remarks, load_id)
    ask_sign(connection, draft, load_id)
    drop_cells(connection)
    fold(connection, draft, load_id, loading.most_torn)
    return load_id


def forget_load(connection: Any, table: str, load_id: int) -> None:
    """Take out everything one load brought in."""
    connection.execute(f"delete from loaded.{table} where load_id = ?", [load_id])
    for name in ("loaded.notices", "loaded.aliases", "ops.files"):
        connection.execute(f"delete from {name} where load_id = ?", [load_id])


def _load(
    loading: Loading, draft: Draft, staging: Staging, load_id: int, brought: Brought, *, may_be_open: bool = False
) -> bool:
    """Type and insert piece by piece; False, with the work half done, as soon as a cell has two readings."""
    connection, count = loading.connection, brought.count
    _small_tables(connection, staging)
    loading.words.read(connection, draft, staging, brought.words)
    _register(loading, draft, load_id)
    insert_remarks(connection, staging.remarks, load_id)
    rest = insert_at_once(loading, draft, staging, brought, load_id)
    added_up = [AddedUp(data) for data in as_meant_and_as_read(draft.put_right)]
    for first, last in _pieces(count if rest is None else rest):
        look_at(connection, draft, brought, first, last) if rest is None else look_at_rest(connection, first, last)
        flawed = read_cells(connection, staging, brought.words, last - first + 1)
        questions = find_questions(connection) if flawed else frozenset()
        if may_be_open and AMBIGUOUS in questions:
            connection.execute("delete from loaded.rejects where load_id = ?", [load_id])
            return False
        ask(connection, draft, staging, questions)
        insert_rows(loading, draft, staging, load_id, aliases_of(connection, draft.table, staging.filled))
        if flawed:
            insert_rejects(connection, load_id)
        insert_notices(connection, staging, load_id)
        count_rows(connection, staging, load_id)
        if draft.put_right is not None:
            count_corrected(connection, draft.put_right, load_id)
        if last >= count - 1 and first == 0:
            check_controls(connection, staging.controls, load_id, draft.put_right)
        for one in added_up if staging.has_money else ():
            one.look(connection)
    tell_added_up(connection, added_up, load_id)
    if draft.rows_read is not None:
        connection.execute("update ops.files set rows_read = ? where load_id = ?", [draft.rows_read, load_id])
    return True


def _settled(connection: Any, draft: Draft, brought: Brought) -> Staging:
    """The SQL that the rest of each column decides. Raises ContractError, which asks."""
    look_at(connection, draft, brought, 0, max(brought.count - 1, 0))
    asked = ", ".join(f"{sql} as {column}" for column, sql in draft.probe.items())
    found = connection.execute(f"select {asked} from {draft.probed}").fetchone()
    return draft.settle(dict(zip(draft.probe, found, strict=True)))


def _pieces(count: int) -> Iterator[tuple[int, int]]:
    for first in range(0, max(count, 1), PIECE_ROWS):
        yield first, min(first + PIECE_ROWS, max(count, 1)) - 1


def _small_tables(connection: Any, staging: Staging) -> None:
    for name, rows in staging.tables.items():
        width = max(map(len, rows), default=3)
        small_table(connection, name, [f"c{place}" for place in range(width)], rows)
    for name, select in staging.derived.items():
        connection.execute(f"create or replace temp table {name} as {select}")


def _register(loading: Loading, draft: Draft, load_id: int) -> None:
    file, origin = loading.file, draft.origin
    loading.connection.execute(
        """insert into ops.files (load_id, source, table_name, file, source_file, content_hash, fingerprint,
            modified_at, tab, link, profile, certainty, vat, currency, timezone, is_clients_period, run_id,
            loaded_at, rows_read, rows_rejected, rows_skipped, rows_without_amount,
            money_read_rub, money_rejected_rub, money_skipped_rub, rows_corrected, money_corrected_rub)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0)""",
        [
            load_id, file.source, draft.table, file.file, origin.file, file.content_hash,
            mark(loading.fingerprint, loading.names, draft.uses_dictionary), file.modified_at, origin.tab, origin.link,
            draft.profile, draft.certainty, draft.vat, draft.currency, draft.timezone, draft.is_clients_period,
            loading.run.run_id, loading.run.started_at,
        ],
    )  # fmt: skip


def mark(fingerprint: str, names: Mapping[str, Naming], uses_dictionary: bool) -> str:
    """A fingerprint as the registry keeps it: with the engine's version and, where used, what the dictionaries know."""
    import hashlib

    import duckdb

    known = sorted(f"{kind}:{alias}" for kind, naming in names.items() for alias in naming.known())
    words = hashlib.sha256("\n".join(known).encode()).hexdigest()[:16] if uses_dictionary else "-"
    return f"{fingerprint} {duckdb.__version__} {words}"


# Rows of a long file that the quick way reads whole → `loaded`, in one pass; the rest stays to be read with care.


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
    reads = staging.reads(brought.words)
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
    is_plain = table.one_to_one and not staging.controls and not staging.has_money
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


# The relation `typed_rows` → rows in `loaded`, rejects, notices, and counts in the file's line.

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
    most_torn: float = 0.05
    """The share of ids with several rows above which their contradictions show that the column is no id."""


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


def insert_remarks(connection: Any, remarks: Sequence[Remark], load_id: int) -> None:
    """What is to be said of the file as a whole."""
    for remark in remarks:
        values = [load_id, remark.kind, remark.rows, remark.detail]
        connection.execute("insert into loaded.notices values (?, ?, ?, 0, ?)", values)


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


def count_corrected(connection: Any, put_right: Sequence[int], load_id: int) -> None:
    """Rows that were put right are a term of their own: what the file has counts as read, what is meant beside it."""
    connection.execute(
        f"""update ops.files set
            rows_read = files.rows_read - p.rows,
            rows_skipped = files.rows_skipped - p.struck,
            rows_corrected = files.rows_corrected + p.rows - p.struck,
            money_read_rub = files.money_read_rub - p.money,
            money_skipped_rub = files.money_skipped_rub - p.money_struck,
            money_corrected_rub = files.money_corrected_rub + p.money - p.money_struck
        from (
            select count(*) filter (where is_meant) as rows, count(*) filter (where skipped = '{STRUCK}') as struck,
                coalesce(sum(money_rub) filter (where is_meant), 0) as money,
                coalesce(sum(money_rub) filter (where skipped = '{STRUCK}'), 0) as money_struck
            from (select *, {meant(put_right)} as is_meant from typed_rows)
        ) as p
        where files.load_id = ?""",
        [load_id],
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
