"""One file's drafts → its rows in `loaded`, its rejects and notices, its line in the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.staging import Draft, Naming, SourceFile, Staging
from config.tables import tables
from connectors.warehouse.naming import DICTIONARIES, renew
from connectors.warehouse.questions import ask
from connectors.warehouse.raw_cells import PIECE_ROWS, bring, cells_of, look_at, small_table, translate
from connectors.warehouse.schema import EXTRAS
from connectors.warehouse.totals import AddedUp, check_totals
from connectors.warehouse.typed_rows import drop_cells, read_cells
from connectors.warehouse.words import drop_words, find_words, read_words


@dataclass(frozen=True)
class Loading:
    """What every table of a file is loaded with."""

    connection: Any
    scratch: Path
    file: SourceFile
    fingerprint: str
    run_id: str
    at: datetime
    names: Mapping[str, Naming]


@dataclass(frozen=True)
class Cells:
    """What was brought in of one table."""

    count: int
    """Of its rows."""
    words: Sequence[str]
    """The columns that are read by their words."""


def load_table(loading: Loading, draft: Draft) -> int:
    """One recognised table in; its rows loaded and its line in `ops.files` written; its load's id out."""
    connection = loading.connection
    load_id: int = connection.execute("select nextval('ops.load_ids')").fetchone()[0]
    count = bring(connection, draft, loading.scratch)
    words = find_words(connection, draft, count)
    read_so = {draft.staging.words[name].cell for name in words}
    translate(connection, draft, [cell for cell in cells_of(draft) if cell not in read_so])
    cells = Cells(count, words)
    if draft.is_open:
        _load(loading, draft, _settled(connection, draft, count), load_id, cells)
    elif not _load(loading, draft, draft.staging, load_id, cells, may_be_open=bool(draft.probe)):
        forget_load(connection, draft.table, load_id)
        _load(loading, draft, _settled(connection, draft, count), load_id, cells)
    drop_cells(connection)
    drop_words(connection, words)
    return load_id


def forget_load(connection: Any, table: str, load_id: int) -> None:
    """Take out everything one load brought in."""
    connection.execute(f"delete from loaded.{table} where load_id = ?", [load_id])
    for name in ("loaded.notices", "loaded.aliases", "ops.files"):
        connection.execute(f"delete from {name} where load_id = ?", [load_id])


def _load(
    loading: Loading, draft: Draft, staging: Staging, load_id: int, cells: Cells, *, may_be_open: bool = False
) -> bool:
    """Type and insert piece by piece; False, with the work half done, as soon as a cell has two readings."""
    connection, count = loading.connection, cells.count
    _small_tables(connection, staging)
    read_words(connection, staging, cells.words)
    _register(loading, draft, load_id)
    added_up = AddedUp()
    for first, last in _pieces(count, staging.is_row_by_row):
        look_at(connection, draft, first, last, count)
        read_cells(connection, staging, cells.words, last - first + 1)
        if may_be_open and _is_open(connection):
            connection.execute("delete from loaded.rejects where load_id = ?", [load_id])
            return False
        ask(connection, draft, staging)
        _insert_rows(loading, draft, staging, load_id)
        _insert_rejects(connection, load_id)
        _insert_notices(connection, staging, load_id)
        _count(connection, staging, load_id)
        if last >= count - 1 and first == 0:
            check_totals(connection, staging.totals, load_id)
        if draft.dialect is not None and staging.has_money:
            added_up.look(connection, load_id)
    if draft.rows_read is not None:
        connection.execute("update ops.files set rows_read = ? where load_id = ?", [draft.rows_read, load_id])
    return True


def _is_open(connection: Any) -> bool:
    found = connection.execute("""select count(*) from flawed_rows
        where len(list_filter(flaws, lambda f: starts_with(f.reason, 'ambiguous_'))) > 0""").fetchone()
    return bool(found[0])


def _settled(connection: Any, draft: Draft, count: int) -> Staging:
    """The SQL that the rest of each column decides. Raises ContractError, which asks."""
    look_at(connection, draft, 0, max(count - 1, 0), count)
    asked = ", ".join(f"{sql} as {column}" for column, sql in draft.probe.items())
    found = connection.execute(f"select {asked} from raw_cells where skipped is null").fetchone()
    return draft.settle(dict(zip(draft.probe, found, strict=True)))


def _pieces(count: int, may_be_cut: bool) -> Iterator[tuple[int, int]]:
    size = PIECE_ROWS if may_be_cut and count > PIECE_ROWS else max(count, 1)
    for first in range(0, max(count, 1), size):
        yield first, min(first + size, max(count, 1)) - 1


def _small_tables(connection: Any, staging: Staging) -> None:
    for name, rows in staging.tables.items():
        width = max(map(len, rows), default=3)
        small_table(connection, name, [f"c{place}" for place in range(width)], rows)


def _register(loading: Loading, draft: Draft, load_id: int) -> None:
    file, origin = loading.file, draft.origin
    loading.connection.execute(
        """insert into ops.files by name select ? as load_id, ? as source, ? as table_name, ? as file, ? as source_file,
            ? as content_hash, ? as fingerprint, ? as modified_at, ? as tab, ? as link, ? as profile, ? as certainty,
            ? as vat, ? as currency, ? as timezone, ? as is_clients_period, 0 as rows_read, 0 as rows_rejected,
            0 as rows_skipped, 0 as rows_without_amount,
            0 as money_read_rub, 0 as money_rejected_rub, 0 as money_skipped_rub, ? as run_id,
            ? as loaded_at""",
        [
            load_id, file.source, draft.table, file.file, origin.file, file.content_hash,
            mark(loading.fingerprint, loading.names, draft.uses_dictionary), file.modified_at, origin.tab, origin.link,
            draft.profile, draft.certainty, draft.vat, draft.currency, draft.timezone, draft.is_clients_period,
            loading.run_id, loading.at,
        ],
    )  # fmt: skip


def mark(fingerprint: str, names: Mapping[str, Naming], uses_dictionary: bool) -> str:
    """A fingerprint as the registry keeps it: with the engine's version and, where used, what the dictionaries know."""
    import hashlib

    import duckdb

    known = sorted(f"{kind}:{alias}" for kind, naming in names.items() for alias in naming.known())
    words = hashlib.sha256("\n".join(known).encode()).hexdigest()[:16] if uses_dictionary else "-"
    return f"{fingerprint} {duckdb.__version__} {words}"


def _insert_rows(loading: Loading, draft: Draft, staging: Staging, load_id: int) -> None:
    connection, table = loading.connection, tables()[draft.table]
    named = [column for column in DICTIONARIES if column in table.public_columns]
    aliases = {column: _distinct(connection, column) for column in named}
    for column, found in aliases.items():
        renew(connection, DICTIONARIES[column], found, load_id, loading.names)
    own = [*table.public_columns, *EXTRAS.get(draft.table, {})]
    canonical = [f"{f'names_{c}.name' if c in named else f'r.{c}'} as {c}" for c in own]
    spelled = [f"{f'r.{c}' if c in named else 'null'} as {c}_alias" for c in DICTIONARIES]
    joins = "".join(
        f""" left join loaded.names as names_{c}
            on names_{c}.dictionary = '{DICTIONARIES[c]}' and names_{c}.alias = r.{c}"""
        for c in named
    )
    connection.execute(
        f"""insert into loaded.{draft.table} by name
        select {", ".join([*canonical, *spelled])}, ?::varchar as source, ?::varchar as source_file,
            r.source_row, r.source_rows, r.key_hash, ?::bigint as load_id, false as is_displaced
        from ({staging.rows}) as r{joins}""",
        [loading.file.source, draft.origin.file, load_id],
    )


def _distinct(connection: Any, column: str) -> list[str]:
    has = connection.execute(
        "select count(*) from duckdb_columns() where table_name = 'typed_rows' and column_name = ?", [f"v_{column}"]
    ).fetchone()
    if not has[0]:
        return []
    return [
        row[0]
        for row in connection.execute(
            f"""select distinct v_{column} from typed_rows
            where skipped is null and not is_refused and v_{column} is not null"""
        ).fetchall()
    ]


def _insert_rejects(connection: Any, load_id: int) -> None:
    connection.execute(
        """insert into loaded.rejects
        select ?, source_row, flaw.column_name, flaw.value, flaw.reason, not is_refused
        from (select source_row, is_refused, unnest(flaws) as flaw from flawed_rows)
        where flaw.reason <> 'unknown_status' order by source_row""",
        [load_id],
    )


def _insert_notices(connection: Any, staging: Staging, load_id: int) -> None:
    if staging.notices:
        connection.execute(
            f"insert into loaded.notices select ?, kind, rows, money_rub, detail from ({staging.notices})", [load_id]
        )


def _count(connection: Any, staging: Staging, load_id: int) -> None:
    """Add a piece's rows and roubles, by what became of them, to the file's line."""
    has_money = "true" if staging.has_money else "false"
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
        from (
            select
                count(*) as rows_read,
                count(*) filter (where skipped is not null) as skipped,
                count(*) filter (where is_refused) as rejected,
                count(*) filter (where {has_money} and skipped is null and money_rub is null) as without,
                coalesce(sum(money_rub), 0) as money,
                coalesce(sum(money_rub) filter (where is_refused), 0) as money_rejected,
                coalesce(sum(money_rub) filter (where skipped is not null), 0) as money_skipped,
                min(day_from_on) filter (where skipped is null) as first_on,
                max(day_to_on) filter (where skipped is null) as last_on
            from typed_rows
        ) as p
        where files.load_id = ?""",
        [load_id],
    )
