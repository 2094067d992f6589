"""What the last report showed, asked anew at its own day: figures that differ now, and the rows that moved them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from config.tables import Table, tables
from connectors.warehouse.store.database import PUBLISHED, SCRATCH, quoted, seeing_rows

LATELY = "runs.started_at >= (select started_at from ops.runs where run_id = $1) - interval 7 days"
"""A change of the past is told for a week, however often the report is made meanwhile."""
RESTATED = f"""
with told as (
    select restated.period_start, restated.table_name, restated.column_name, arg_min(was, run_id) as was,
        arg_max(is_now, run_id) as is_now, bool_or(is_closed) as is_closed
    from ops.restated join ops.runs using (run_id)
    where {LATELY} and run_id <= $1
    group by all
)
select * from told where was is distinct from is_now
order by is_closed desc, period_start desc, table_name, column_name
"""
MOVED = f"""
select moved.table_name, moved.source, moved.source_file, moved.period_start, sum(moved.rows_come)::bigint as rows_come,
    sum(moved.rows_gone)::bigint as rows_gone, sum(moved.money_come_rub) as money_come_rub,
    sum(moved.money_gone_rub) as money_gone_rub,
    arg_max(places, run_id) as places
from ops.moved join ops.runs using (run_id)
where {LATELY} and run_id <= $1
group by 1, 2, 3, 4
order by sum(moved.money_come_rub + moved.money_gone_rub) desc, sum(moved.rows_come + moved.rows_gone) desc, source_file
"""
SHOWN = "shown_before"
"""Prefix of the temporary tables that keep what the last report showed while its figures are built anew."""
COLUMNS = """
select column_name from duckdb_columns() where schema_name = 'loaded' and table_name = ? order by column_index
"""
NAMED_ROWS = 3
"""So many rows of a file are named; how many moved in all is counted."""
SAME = 6
"""Decimals to which two figures are compared: the last bits of a quotient are nobody's news."""


class Shown(NamedTuple):
    """The last report's day, and which of its months were closed by the day of this one."""

    as_of: date
    closed_until: date
    """A month that ended on this day or before is closed."""


def keep_shown(connection: Any, figures: Mapping[str, Sequence[str]]) -> None:
    """Metric table → its figures in; their months as the last report showed them set aside, where it had them."""
    standing = "select table_name from duckdb_tables() where schema_name = 'metrics'"
    known = {row[0] for row in connection.execute(standing).fetchall()}
    for table in figures:
        rows = f"from metrics.{table} where grain = 'month'" if table in known else "from (select null) where false"
        connection.execute(f"create or replace temp table {SHOWN}_{table} as select * {rows}")


def write_restated(
    connection: Any, run_id: str, schema: str, shown: Shown, figures: Mapping[str, Sequence[str]]
) -> bool:
    """Schema of the figures made anew for the last report's day in; months that differ into `ops.restated`.

    True if any differs. A table or a column that the last report did not have is no difference.
    """
    for table, columns in figures.items():
        had = {row[0] for row in connection.execute(f"describe {SHOWN}_{table}").fetchall()}
        for column in columns:
            if column in had:
                connection.execute(
                    f"""insert into ops.restated
                    select ?, ?, period_start, '{table}', '{column}', was.{column}, now.{column},
                        (period_start + interval 1 month)::date - 1 <= ?
                    from {SHOWN}_{table} was full join (select * from {schema}.{table} where grain = 'month') now
                        using (period_start)
                    where round(was.{column}::double, {SAME}) is distinct from round(now.{column}::double, {SAME})""",
                    [run_id, shown.as_of, shown.closed_until],
                )
    found = connection.execute("select count(*) from ops.restated where run_id = ?", [run_id]).fetchone()
    return bool(found[0])


def write_moved(connection: Any, data: Path, run_id: str, shown: Shown) -> None:
    """Rows of the last report's days that came or went since, by file and month, into `ops.moved`."""
    if not (data / PUBLISHED).exists():
        return
    with seeing_rows(duckdb.connect(str(data / PUBLISHED), read_only=True)) as before:
        for name, table in tables().items():
            if not table.looks_ahead:
                sides = _sides(connection, before, name, table, shown.as_of)
                if sides:
                    _write_moved_of(connection, before, data / SCRATCH / f"was_{name}.parquet", (run_id, name), sides)


def _sides(connection: Any, before: Any, name: str, table: Table, as_of: date) -> str | None:
    """The SELECT of the rows of one table that may have moved, for both databases; None if none has."""
    if before.execute(COLUMNS, [name]).fetchall() != connection.execute(COLUMNS, [name]).fetchall():
        return None  # an older version wrote other columns: what moved cannot be told row by row
    counted = f"select load_id, count(*) filter (where not is_displaced) from loaded.{name} group by all"
    loads = sorted({load for load, _ in set(_rows(before, counted)) ^ set(_rows(connection, counted))})
    return _counted_rows(name, table, loads, as_of) if loads else None


def _write_moved_of(connection: Any, before: Any, was: Path, moved: tuple[str, str], sides: str) -> None:
    """`moved`: run and table. What stood before crosses over as a file: a database in use is attached nowhere else."""
    was.parent.mkdir(parents=True, exist_ok=True)
    before.execute(f"copy ({sides}) to '{quoted(was)}'")
    connection.execute(
        f"""insert into ops.moved
        with moved as (
            select source, source_file, period_start, money, coalesce(now.rows, 0) - coalesce(was.rows, 0) as rows,
                coalesce(now.first_row, was.first_row) as place
            from read_parquet('{quoted(was)}') was
                full join ({sides}) now using (source, source_file, period_start, row, money)
            where now.rows is distinct from was.rows
        )
        select ?, ?, source, source_file, period_start,
            coalesce(sum(rows) filter (where rows > 0), 0), coalesce(-sum(rows) filter (where rows < 0), 0),
            coalesce(sum(rows * money) filter (where rows > 0), 0),
            coalesce(-sum(rows * money) filter (where rows < 0), 0),
            array_to_string(list_sort(list(distinct place))[:{NAMED_ROWS}], ', ')
        from moved group by all""",
        list(moved),
    )
    was.unlink()


def _counted_rows(name: str, table: Table, loads: Sequence[int], as_of: date) -> str:
    """Equal rows of a file and month counted, their roubles, the first of them."""
    days = ", ".join(f"{column}::date" for column in (reversed(table.day) if name == "deals" else table.day))
    return f"""
        select source, source_file, date_trunc('month', coalesce({days}))::date as period_start,
            hash({", ".join(table.public_columns)}) as row, coalesce({table.money or "0"}, 0) as money,
            count(*) as rows, min(source_row) as first_row
        from loaded.{name}
        where load_id in ({", ".join(map(str, loads))}) and not is_displaced
            and coalesce({days}) <= date '{as_of.isoformat()}'
        group by all"""


def _rows(connection: Any, sql: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = connection.execute(sql).fetchall()
    return found
