"""The ops tables of a run → where the rows of each source went, what no dictionary knows, what must be said."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.warehouse import Warehouse
from flows.sources import Loaded
from flows.summary import SourceRows
from flows.words import language, roubles, say, whole

ROWS = """
select
    s.source,
    s.table_name,
    count(l.source_file) as files,
    coalesce(sum(l.rows_read), 0)::bigint as rows_read,
    coalesce(sum(l.rows_staged), 0)::bigint as rows_staged,
    coalesce(sum(l.rows_rejected), 0)::bigint as rows_rejected,
    coalesce(sum(l.rows_duplicate), 0)::bigint as rows_duplicate,
    coalesce(sum(l.rows_skipped), 0)::bigint as rows_skipped,
    coalesce(sum(l.money_read_rub), 0) as money_read_rub,
    coalesce(sum(l.money_rejected_rub), 0) as money_rejected_rub,
    s.data_to_on,
    s.is_stale
from ops.sources s
left join ops.loads l on l.source = s.source and l.run_id = ?
group by all
order by s.source
"""
VANISHED = """
select source_file, rows, money_rub
from ops.notices
where run_id = ? and kind = 'vanished_file'
order by source, source_file
"""
UNMAPPED = """
select dictionary, alias, suggestion
from ops.unmapped
where run_id = ?
order by dictionary, money_rub desc, rows desc, alias
"""


def source_rows(warehouse: Warehouse, run_id: str, loaded: Loaded, order: Sequence[str]) -> list[SourceRows]:
    """A run and what loading came to in; one line a source out, in the client's order."""
    problems = {trouble.source: trouble.error.text(language()) for trouble in loaded.troubles}
    found = []
    for row in warehouse.query("rows", ROWS, [run_id]).dicts():
        name = str(row.pop("source"))
        table = str(row.pop("table_name"))
        facts = {column: value for column, value in row.items() if column != "is_stale"}
        found.append(
            SourceRows(
                source=name,
                table=table,
                files_read=loaded.files_read.get(name, 0),
                is_stale=bool(row["is_stale"]),
                problem=problems.get(name),
                **facts,  # type: ignore[arg-type]
            )
        )
    return sorted(found, key=lambda rows: order.index(rows.source) if rows.source in order else len(order))


def vanished(warehouse: Warehouse, run_id: str) -> list[str]:
    """A run in; in words, each file that is gone, with the rows and roubles that left the figures with it."""
    found = []
    for file, rows, money in warehouse.query("vanished", VANISHED, [run_id]).rows:
        name = "vanished_money" if money else "vanished"
        found.append(say(name, file=file, rows=whole(rows), money=roubles(money)))  # type: ignore[arg-type]
    return found


def unmapped(warehouse: Warehouse, run_id: str) -> list[tuple[str, str, str | None]]:
    """A run in; (dictionary, alias, nearest known name) out, the dearest first."""
    rows = warehouse.query("unmapped", UNMAPPED, [run_id]).rows
    return [(str(row[0]), str(row[1]), str(row[2]) if row[2] is not None else None) for row in rows]
