"""What must hold whatever an export was: each check gives sentences about what does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config.errors import RuleBroken, SvodkaError
from config.tables import tables
from connectors.warehouse.loading.fold import OF_DEAL, REPEATED
from transforms.recognise import Recognised

MARKS = "\ue001\ue002\ue003\ue004"
LONGEST_MESSAGE = 20_000


def of_error(error: SvodkaError, content: bytes, folder: Path) -> Iterator[str]:
    """A refusal is a sentence in both languages, without our marks or the machine's paths; never a broken identity."""
    if isinstance(error, RuleBroken):
        yield f"a refusal that must not be: {error.text('en')}"
    for language in ("ru", "en"):
        text = error.text(language)
        if not text.strip():
            yield f"no text in {language}: {error.key}"
        if str(folder) in text:
            yield f"a path of the machine: {text}"
        if len(text) > LONGEST_MESSAGE:
            yield f"a message of {len(text)} characters: {text[:300]}"
        if any(mark in text and mark.encode() not in content for mark in MARKS) and b"\\ue00" not in content:
            yield f"a type mark is shown: {text!r}"


def of_loads(connection: Any, run_id: str) -> Iterator[str]:
    """Rows and roubles of each file add up, counted here from the rows themselves."""
    for table, declared in tables().items():
        money = declared.money or "null"
        yield from _found(connection, f"{table}: rows or roubles of a file do not add up", f"""
            with counted as (
                select load_id, coalesce(sum(source_rows) filter (where not is_displaced), 0) as staged,
                    coalesce(sum(source_rows) filter (where is_displaced), 0) as displaced,
                    coalesce(sum({money}) filter (where not is_displaced), 0)::decimal(18,2) as kept,
                    coalesce(sum({money}), 0)::decimal(18,2) as summed
                from loaded.{table} group by load_id
            ),
            once as (
                select load_id, coalesce(sum(rows) filter (where kind = '{REPEATED}'), 0) as rows,
                    coalesce(sum(money_rub), 0) as roubles
                from loaded.notices where kind in ('{REPEATED}', '{OF_DEAL}') group by load_id
            )
            select source_file, rows_read, rows_staged, rows_rejected, rows_duplicate, rows_skipped, money_read_rub,
                money_staged_rub, money_rejected_rub, money_duplicate_rub, money_skipped_rub, staged, displaced, summed
            from ops.loads join (select load_id, table_name from ops.files) using (load_id)
                left join counted using (load_id) left join once using (load_id)
            where run_id = '{run_id}' and table_name = '{table}' and (
                rows_read <> rows_staged + rows_rejected + rows_duplicate + rows_skipped
                or money_read_rub <> money_staged_rub + money_rejected_rub + money_duplicate_rub + money_skipped_rub
                or rows_staged <> coalesce(staged, 0)
                or rows_duplicate <> coalesce(displaced, 0) + coalesce(once.rows, 0)
                or money_staged_rub <> coalesce(kept, 0)
                or money_staged_rub + money_duplicate_rub <> coalesce(summed, 0) + coalesce(once.roubles, 0)
                or least(rows_read, rows_staged, rows_rejected, rows_duplicate, rows_skipped) < 0)""")  # fmt: skip
    yield from _found(connection, "refused rows are not those counted", f"""
        select source_file, rows_rejected, count(distinct r.source_row) as refused
        from ops.loads as l left join loaded.rejects as r on r.load_id = l.load_id and not r.is_row_kept
        where l.run_id = '{run_id}' group by all having rows_rejected <> refused""")  # fmt: skip


def of_rows(connection: Any, recognised: list[Recognised]) -> Iterator[str]:
    """No row is both staged and refused; every row number is one of the file's, below its header."""
    last = {one.raw.origin.file: len(one.raw.rows) for one in recognised if one.raw.rows is not None}
    first = {one.raw.origin.file: one.shape.first_row + 1 for one in recognised}
    for table in tables():
        yield from _found(connection, f"{table}: rows both staged and refused", f"""
            select distinct source_file, source_row from loaded.{table}
            semi join (from loaded.rejects where not is_row_kept) using (load_id, source_row)""")  # fmt: skip
        places = connection.execute(
            f"select source_file, min(source_row), max(source_row) from loaded.{table} group by source_file"
        ).fetchall()
        yield from _strange(table, places, first, last)
    refused = connection.execute("""
        select source_file, min(source_row), max(source_row) from loaded.rejects join ops.files using (load_id)
        group by source_file""").fetchall()
    yield from _strange("rejects", refused, first, last)


def _strange(
    table: str, places: list[tuple[str, int, int]], first: Mapping[str, int], last: Mapping[str, int]
) -> Iterator[str]:
    for file, lowest, highest in places:
        if lowest < first.get(file, 1) or highest > last.get(file, highest):
            yield f"{table}: rows {lowest}…{highest} of {file}, which has {first.get(file)}…{last.get(file)}"


def _found(connection: Any, what: str, sql: str) -> Iterator[str]:
    cursor = connection.execute(f"select * from ({sql}) limit 3")
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        yield f"{what}: {', '.join(f'{name}={value}' for name, value in zip(names, row, strict=True))}"


Ways = dict[str, list[tuple[Any, ...]]]
"""What one source gave: its rows, its refused cells, its counts."""


def rows_of(connection: Any, source: str, table: str) -> Ways:
    """Everything that a source's one file was read to, but for rows that hold nothing of ours.

    Of those, and of a damaged header that stands again, the long way skips what the short way refuses: it does not see
    the cells of other columns.
    """
    of_source = f"where load_id in (select load_id from ops.files where source = '{source}')"
    return {
        "rows": connection.execute(
            f"select * exclude (load_id) from loaded.{table} {of_source} order by all"
        ).fetchall(),
        "kept cells": connection.execute(
            f"""select source_row, column_name, replace(value, chr(13), ''), reason from loaded.rejects {of_source}
            and is_row_kept order by all"""
        ).fetchall(),
        "roubles": connection.execute(
            f"""select source_file, money_read_rub - money_skipped_rub, money_rejected_rub, data_from_on, data_to_on
            from ops.files where source = '{source}' order by all"""
        ).fetchall(),
    }


def of_ways(memory: Ways, disk: Ways) -> Iterator[str]:
    """A file gives the same whether its rows are held in memory or read from disk."""
    for what in {**memory, **disk}:
        held, read = memory.get(what, []), disk.get(what, [])
        if held != read:
            only = [[row for row in one if row not in other][:2] for one, other in ((held, read), (read, held))]
            yield f"{what}: {len(held)} in memory, {len(read)} on disk; only there {only[0]}, only here {only[1]}"


def picture(connection: Any) -> dict[str, Any]:
    """Everything that a second run over unchanged files must leave as it was."""
    sums = {
        f"staged.{table}": connection.execute(f"select count(*), bit_xor(hash(t)) from staged.{table} as t").fetchone()
        for table in tables()
    }
    run = "(select max(run_id) from ops.runs)"
    sums["ops.loads"] = connection.execute(
        f"select * exclude (run_id, is_read) from ops.loads where run_id = {run} order by source, source_file, load_id"
    ).fetchall()
    sums["ops.rejects"] = connection.execute("select count(*), bit_xor(hash(t)) from loaded.rejects as t").fetchone()
    return sums
