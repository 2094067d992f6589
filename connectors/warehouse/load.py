"""One file's drafts → its rows in `loaded`, its rejects and notices, its line in the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from config.staging import Draft, Naming, Staging
from connectors.warehouse.at_once import insert_at_once, look_at_rest
from connectors.warehouse.insert import (
    Loading,
    aliases_of,
    count_rows,
    insert_notices,
    insert_rejects,
    insert_rows,
)
from connectors.warehouse.questions import AMBIGUOUS, ask, find_questions
from connectors.warehouse.raw_cells import (
    PIECE_ROWS,
    Brought,
    blank_end,
    bring,
    cells_of,
    look_at,
    small_table,
    translate,
)
from connectors.warehouse.totals import AddedUp, check_totals
from connectors.warehouse.typed_rows import drop_cells, read_cells


def load_table(loading: Loading, draft: Draft) -> int:
    """One recognised table in; its rows loaded and its line in `ops.files` written; its load's id out."""
    connection = loading.connection
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
    drop_cells(connection)
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
    rest = insert_at_once(loading, draft, staging, brought, load_id)
    added_up = AddedUp()
    for first, last in _pieces(count if rest is None else rest, staging.is_row_by_row):
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
        if last >= count - 1 and first == 0:
            check_totals(connection, staging.totals, load_id)
        if draft.dialect is not None and staging.has_money:
            added_up.look(connection, load_id)
    if draft.rows_read is not None:
        connection.execute("update ops.files set rows_read = ? where load_id = ?", [draft.rows_read, load_id])
    return True


def _settled(connection: Any, draft: Draft, brought: Brought) -> Staging:
    """The SQL that the rest of each column decides. Raises ContractError, which asks."""
    look_at(connection, draft, brought, 0, max(brought.count - 1, 0))
    asked = ", ".join(f"{sql} as {column}" for column, sql in draft.probe.items())
    found = connection.execute(f"select {asked} from raw_cells where {draft.probed}").fetchone()
    return draft.settle(dict(zip(draft.probe, found, strict=True)))


def _pieces(count: int, may_be_cut: bool) -> Iterator[tuple[int, int]]:
    size = PIECE_ROWS if may_be_cut and count > PIECE_ROWS else max(count, 1)
    for first in range(0, max(count, 1), size):
        yield first, min(first + size, max(count, 1)) - 1


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
            money_read_rub, money_rejected_rub, money_skipped_rub)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0)""",
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
