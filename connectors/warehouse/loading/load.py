"""Drafts of files → their rows in `loaded`, their rejects and notices, their lines in the registry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config.draft import LOAD, ROW, STRUCK, Incoming, Naming, Remark, Run, Staging
from config.errors import SvodkaError
from config.tables import EXTRAS, Table, tables
from connectors.warehouse.kept import stored
from connectors.warehouse.loading.away import tell_away
from connectors.warehouse.loading.believed import ask_believed, tell_asides, tell_at_once
from connectors.warehouse.loading.fold import fold
from connectors.warehouse.loading.odd import ask_levels, tell_odd
from connectors.warehouse.loading.questions import (
    AMBIGUOUS,
    Totals,
    ask,
    check_controls,
    find_questions,
    meant,
)
from connectors.warehouse.loading.raw_cells import (
    PIECE_ROWS,
    Batch,
    Brought,
    bring,
    cells_of,
    keep_rest,
    look_at,
    look_at_all,
    look_at_rest,
    translate,
)
from connectors.warehouse.loading.read_cells import WordBook, drop_cells, is_short, meanings, read_cells
from connectors.warehouse.store.database import is_stored, planned_without, small_table
from connectors.warehouse.store.names import DICTIONARIES, renew


class LoadApartError(Exception):
    """Files that were to be loaded together hold what is to be asked of one of them: each goes by itself.

    Or a piece of a file holds what only the whole file can tell.
    """


def in_batches(files: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """Files in; those that follow each other and can be loaded together out."""
    batch: list[Incoming] = []
    for file in files:
        if batch and not batch[-1].goes_with(file):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch


def load_tables(loading: Loading, files: Sequence[Incoming]) -> range:
    """Files of one table each, which one SQL reads, in; their rows and their lines in `ops.files` written.

    Their loads' ids are given out. Raises LoadApartError, with the work half done, if one of several asks anything.
    """
    try:
        return _load_tables(loading, files)
    except SvodkaError as error:
        if len(files) == 1:
            raise
        raise LoadApartError from error


def _load_tables(loading: Loading, files: Sequence[Incoming]) -> range:
    connection, drafts = loading.connection, [draft for file in files for draft in file.drafts]
    draft = drafts[0]
    loading.words.define(connection, draft.macros)
    batch = Batch(drafts, new_loads(connection, len(drafts)))
    found = bring(connection, batch, loading.scratch)
    words = loading.words.find(connection, found)
    read_so = {draft.staging.words[name].cell for name in words}
    brought = replace(found, words=words)
    others = [cell for cell in cells_of(draft) if cell not in read_so]
    brought = replace(brought, translated=translate(connection, draft, others))
    is_open = draft.is_open or _has_two_forms(connection, brought)
    if is_open and (loading.is_of_pieces or not (draft.is_open or batch.is_of_one)):
        raise LoadApartError
    if is_open:
        _load(loading, files, _settled(connection, brought), brought)
    elif not _load(loading, files, draft.staging, brought, may_be_open=bool(draft.probe)):
        if not batch.is_of_one or loading.is_of_pieces:
            raise LoadApartError
        forget_load(connection, draft.table, batch.first_load)
        _load(loading, files, _settled(connection, brought), brought)
    for one, load_id in zip(drafts, batch.loads, strict=True):
        insert_remarks(connection, one.remarks, load_id)
    ask_believed(connection, draft, batch.loads)
    tell_odd(connection, draft, batch.loads)
    tell_asides(connection, brought)
    ask_levels(connection, brought)
    tell_away(connection, brought)
    drop_cells(connection)
    fold(connection, batch, loading.most_torn)
    tell_at_once(connection, draft, batch.loads)
    return batch.loads


def _has_two_forms(connection: Any, brought: Brought) -> bool:
    """Whether a column of days holds them in two forms, so that only all of them together may tell what they are."""
    two_forms = brought.batch.draft.two_forms
    if two_forms is None:
        return False
    look_at_all(connection, brought)
    return bool(connection.execute(f"select {two_forms}").fetchone()[0])


def new_loads(connection: Any, count: int) -> int:
    """The first of so many numbers of loads, which follow each other."""
    found = connection.execute(f"select min(nextval('ops.load_ids')) from range({count})").fetchone()
    return int(found[0])


def forget_load(connection: Any, table: str, load_id: int) -> None:
    """Take out everything one load brought in; what it refused stays, for the runs that told of it."""
    if is_stored(connection):
        stored.forget_load(connection, load_id)
    else:
        connection.execute(f"delete from loaded.{table} where load_id = ?", [load_id])
    for name in ("loaded.notices", "loaded.aliases", "loaded.legs", "ops.files"):
        connection.execute(f"delete from {name} where load_id = ?", [load_id])


def _load(
    loading: Loading, files: Sequence[Incoming], staging: Staging, brought: Brought, *, may_be_open: bool = False
) -> bool:
    """Type and insert piece by piece; False, with the work half done, as soon as a cell has two readings."""
    connection, batch = loading.connection, brought.batch
    draft = batch.draft
    _small_tables(connection, staging)
    loading.words.read(connection, draft, staging, brought.words)
    _register(loading, files, batch)
    own = [staging] if batch.is_of_one else [one.staging for one in batch.drafts]
    for one, load_id in zip(own, batch.loads, strict=True):
        insert_remarks(connection, one.remarks, load_id)
    rest = insert_at_once(loading, staging, brought)
    put_right = {load_id: one.put_right for load_id, one in zip(batch.loads, batch.drafts, strict=True)}
    totals = Totals(draft.table, put_right)
    pieces = [] if rest == 0 else list(_pieces(sum(brought.counts) if rest is None else rest))
    for first, last in pieces:
        look_at(connection, brought, first, last) if rest is None else look_at_rest(connection, first, last)
        flawed = read_cells(connection, staging, brought.words, last - first + 1)
        questions = find_questions(connection) if flawed else frozenset()
        if may_be_open and AMBIGUOUS in questions:
            connection.execute("delete from loaded.rejects where load_id = ?", [batch.first_load])
            return False
        ask(connection, draft, staging, questions)
        insert_rows(loading, staging, batch, aliases_of(connection, draft.table, staging.filled))
        if flawed:
            insert_rejects(connection)
        insert_notices(connection, staging)
        count_rows(connection, staging)
        if draft.put_right is not None:
            count_corrected(connection, draft.put_right, batch.first_load)
        if rest is None and len(pieces) == 1:
            check_controls(connection, staging.controls, batch.first_load, draft.put_right)
        if staging.has_money:
            totals.look(connection, is_whole=len(pieces) == 1)
    totals.tell(connection)
    _count_of_memory(connection, batch)
    return True


def _count_of_memory(connection: Any, batch: Batch) -> None:
    """Of tables in memory it is known how many rows stand below the header; months across share them."""
    counts = {load_id: one.rows_read for load_id, one in zip(batch.loads, batch.drafts, strict=True)}
    known = {load_id: rows for load_id, rows in counts.items() if rows is not None}
    if known:
        connection.execute(
            """update ops.files set rows_read = p.rows
            from (select unnest(?::bigint[]) as load_id, unnest(?::bigint[]) as rows) as p
            where files.load_id = p.load_id""",
            [list(known), list(known.values())],
        )


def _settled(connection: Any, brought: Brought) -> Staging:
    """The SQL that the rest of each column decides. Raises ContractError, which asks."""
    draft = brought.batch.draft
    look_at_all(connection, brought)
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


def _register(loading: Loading, files: Sequence[Incoming], batch: Batch) -> None:
    """A line a load, so far of no rows."""
    lines = []
    for incoming, draft, load_id in zip(files, batch.drafts, batch.loads, strict=True):
        file, origin = incoming.file, draft.origin
        lines.append([
            load_id, file.source, draft.table, file.file, origin.file, file.content_hash,
            mark(incoming.fingerprint, loading.names, draft.uses_dictionary), file.modified_at, origin.tab,
            origin.link, draft.profile, draft.certainty, draft.vat, draft.currency, draft.timezone,
            draft.is_clients_period, loading.run.run_id, loading.run.started_at,
        ])  # fmt: skip
    line = f"({', '.join('?' * len(lines[0]))}, 0, 0, 0, 0, 0, 0, 0, 0, 0)"
    loading.connection.execute(
        f"""insert into ops.files (load_id, source, table_name, file, source_file, content_hash, fingerprint,
            modified_at, tab, link, profile, certainty, vat, currency, timezone, is_clients_period, run_id,
            loaded_at, rows_read, rows_rejected, rows_skipped, rows_without_amount,
            money_read_rub, money_rejected_rub, money_skipped_rub, rows_corrected, money_corrected_rub)
        values {", ".join([line] * len(lines))}""",
        [value for one in lines for value in one],
    )


def mark(fingerprint: str, names: Mapping[str, Naming], uses_dictionary: bool) -> str:
    """A fingerprint as the registry keeps it: with the engine's version and, where used, what the dictionaries know."""
    import hashlib

    import duckdb

    known = sorted(f"{kind}:{alias}" for kind, naming in names.items() for alias in naming.known())
    words = hashlib.sha256("\n".join(known).encode()).hexdigest()[:16] if uses_dictionary else "-"
    return f"{fingerprint} {duckdb.__version__} {words}"


# Rows of a long file that the quick way reads whole → `loaded`, in one pass; the rest stays to be read with care.


def insert_at_once(loading: Loading, staging: Staging, brought: Brought) -> int | None:
    """The batch's cells in; its good rows inserted and counted; the number of all others, in `rest_cells`, out.

    None if nothing was done: the table is short or another, or a name may be any of many.
    """
    batch = brought.batch
    table = tables()[batch.draft.table]
    if not _can(staging, table, brought):
        return None
    connection = loading.connection
    look_at(connection, brought, 0, sum(brought.counts) - 1)
    reads = staging.reads(brought.words)
    typed = f"with quick_rows as materialized ({reads.quickly}) select * from ({reads.typed})"
    with planned_without(connection, "in_clause, filter_pushdown", in_any_order=True):
        inserted = insert_rows(loading, staging, batch, _aliases(connection, table, brought), typed=typed)
    add_counts(connection, _counts(batch))
    left = brought.count - inserted
    return keep_rest(connection, brought, left) if left else 0


def _can(staging: Staging, table: Table, brought: Brought) -> bool:
    is_long = brought.batch.draft.dialect is not None and not is_short(brought.count)
    is_plain = table.one_to_one and not staging.controls and not staging.has_money
    return is_long and is_plain and set(_named(table, staging)) <= set(brought.words)


def _named(table: Table, staging: Staging) -> Sequence[str]:
    return [column for column in DICTIONARIES if column in table.public_columns and column in staging.filled]


def _aliases(connection: Any, table: Table, brought: Brought) -> Aliases:
    """Every spelling that the files hold, of rows that will be refused too."""
    named = [column for column in DICTIONARIES if column in table.public_columns and column in brought.words]
    batch, words = brought.batch, brought.batch.draft.staging.words
    if batch.is_of_one:
        return {c: [(batch.first_load, name) for name in meanings(connection, c, brought.words[c])] for c in named}
    return {
        column: connection.execute(f"""select load_id, value
            from (select distinct load_id, {words[column].cell} as cell from all_cells)
            join words_{column} using (cell) where value is not null group by all""").fetchall()
        for column in named
    }


def _counts(batch: Batch) -> str:
    days = ", ".join(f"{day}::date" for day in tables()[batch.draft.table].day)
    return f"""select load_id, count(*) as rows_read, 0 as skipped, 0 as rejected, 0 as without,
        0 as money, 0 as money_rejected, 0 as money_skipped,
        min(least({days})) as first_on, max(greatest({days})) as last_on
        from loaded.{batch.draft.table} where load_id between {batch.loads[0]} and {batch.loads[-1]} group by load_id"""


# The relation `typed_rows` → rows in `loaded`, rejects, notices, and counts in the file's line.

Aliases = Mapping[str, Collection[tuple[int, str]]]
"""`channel` and `manager`, where a table has them → loads and their spellings."""


@dataclass(frozen=True)
class Loading:
    """What every table is loaded with."""

    connection: Any
    scratch: Path
    run: Run
    names: Mapping[str, Naming]
    words: WordBook
    most_torn: float = 0.05
    """The share of ids with several rows above which their contradictions show that the column is no id."""
    is_of_pieces: bool = False
    """Only a part of each file is there, so that nothing may be decided by all cells of a column."""


def insert_rows(loading: Loading, staging: Staging, batch: Batch, aliases: Aliases, *, typed: str = "") -> int:
    """The good rows of `typed_rows` into `loaded.<table>`, under their canonical names; how many they are out.

    `typed` is the SELECT of `typed_rows` where there is no relation of that name.
    """
    connection, draft = loading.connection, batch.draft
    table = tables()[draft.table]
    named = [column for column in DICTIONARIES if column in table.public_columns]
    for column, found in aliases.items():
        renew(connection, DICTIONARIES[column], found, loading.names)
    own = [*table.public_columns, *EXTRAS.get(draft.table, {})]
    canonical = [f"{f'names_{c}.name' if c in named else f'r.{c}'} as {c}" for c in own]
    spelled = [f"{f'nullif(r.{c}, names_{c}.name)' if c in named else 'null'} as {c}_alias" for c in DICTIONARIES]
    joins = "".join(
        f""" left join loaded.names as names_{c}
            on names_{c}.dictionary = '{DICTIONARIES[c]}' and names_{c}.alias = r.{c}"""
        for c in named
    )
    given = f"with typed_rows as not materialized ({typed})" if typed else ""
    file, of_file = "?::varchar", [draft.origin.file]
    if not batch.is_of_one:
        file, of_file = "files.source_file", []
        joins += f" join ops.files as files on files.load_id = {LOAD}"
    inserted: tuple[int] = connection.execute(
        f"""insert into loaded.{draft.table} by name {given}
        select {", ".join([*canonical, *spelled])}, ?::varchar as source, {file} as source_file,
            {ROW} as source_row, r.source_rows, r.key_hash, {LOAD} as load_id, false as is_displaced
        from ({staging.rows}) as r{joins}""",
        [draft.origin.source, *of_file],
    ).fetchone()
    return inserted[0]


def aliases_of(connection: Any, table: str, filled: Collection[str]) -> Aliases:
    """A table and the columns that the files fill; spellings of channels and managers among their good rows out."""
    named = [column for column in DICTIONARIES if column in tables()[table].public_columns and column in filled]
    return {column: _distinct(connection, column) for column in named}


def _distinct(connection: Any, column: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = connection.execute(
        f"""select distinct {LOAD}, v_{column} from typed_rows
        where skipped is null and not is_refused and v_{column} is not null"""
    ).fetchall()
    return found


def insert_rejects(connection: Any) -> None:
    """The cells of `flawed_rows` that are told one by one."""
    connection.execute(
        f"""insert into loaded.rejects
        select {LOAD}, {ROW}, flaw.column_name, nullif(flaw.value, ''), flaw.reason, not is_refused
        from (select source_row, is_refused, unnest(flaws) as flaw from flawed_rows)
        where flaw.reason <> 'unknown_status' order by source_row"""
    )


def insert_remarks(connection: Any, remarks: Sequence[Remark], load_id: int) -> None:
    """What is to be said of the file as a whole."""
    for remark in remarks:
        values = [load_id, remark.kind, remark.rows, remark.detail]
        connection.execute("insert into loaded.notices values (?, ?, ?, 0, ?)", values)


def insert_notices(connection: Any, staging: Staging) -> None:
    """What the report must say of the files, now or once all are seen."""
    if staging.notices:
        connection.execute(f"insert into loaded.notices {staging.notices}")
    if staging.legs:
        connection.execute(f"insert into loaded.legs {staging.legs}")


def count_rows(connection: Any, staging: Staging) -> None:
    """Add the rows and roubles of `typed_rows`, by what became of them, to the files' lines."""
    has_money = "true" if staging.has_money else "false"
    add_counts(
        connection,
        f"""select {LOAD} as load_id,
            count(*) as rows_read,
            count(*) filter (where skipped is not null) as skipped,
            count(*) filter (where is_refused) as rejected,
            count(*) filter (where {has_money} and skipped is null and money_rub is null) as without,
            coalesce(sum(money_rub), 0) as money,
            coalesce(sum(money_rub) filter (where is_refused), 0) as money_rejected,
            coalesce(sum(money_rub) filter (where skipped is not null), 0) as money_skipped,
            min(day_from_on) filter (where skipped is null) as first_on,
            max(day_to_on) filter (where skipped is null) as last_on
        from typed_rows group by 1""",
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


def add_counts(connection: Any, counts: str) -> None:
    """A SELECT of a row a load, with the columns of `count_rows`, in; added to the files' lines."""
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
        where files.load_id = p.load_id"""
    )
