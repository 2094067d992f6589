"""Loaded rows and the day → which of them another row displaces: overlapping exports, repeats inside one file.

Found afresh from all loaded rows whenever files or their order changed: what a vanished file had displaced is back.
Candidates share a hash; only they are compared exactly.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from config.macros import expanded
from config.tables import Table, tables
from connectors.warehouse.figures.build import Maker
from connectors.warehouse.kept import stored
from connectors.warehouse.loading.registry import tables_loaded
from connectors.warehouse.store.database import is_stored
from connectors.warehouse.store.memory import keep_meta, metas_of

ORDER = "order."
"""Before the name of a table whose files stand in an order, a key of `ops.meta`."""


def order_files(connection: Any, maker: Maker, as_of: date) -> None:
    """Make the temp table `file_order`: load → its place within its source, later is newer."""
    reaches = " union all ".join(
        f"""select load_id, max(case when {table.reach} <= date '{as_of}' then {table.reach} end) as reach_on
        from loaded.{name} group by load_id"""
        for name, table in tables_loaded(connection).items()
    )
    maker.table(connection, "reaches", reaches)
    connection.execute("""create or replace temp table file_order as
        select f.load_id, f.source, f.table_name, row_number() over (
            partition by f.source order by reach_on nulls first, modified_at, file, source_file)::integer as place
        from ops.files as f left join temp.reaches as r using (load_id)""")


def displace(
    connection: Any, maker: Maker, changed: Collection[str], renamed: Collection[str], run_id: str
) -> set[str]:
    """Tables whose rows changed, those whose names did, and the run in; where other rows are displaced now out.

    `is_displaced` is set anew in the former, and where the order of files is another.
    """
    found = set()
    now, known = _signatures(connection)
    for name in tables():
        signature = now.get(name, "")
        if name in {*changed, *renamed} or signature != known.get(f"{ORDER}{name}", ""):
            fresh = None if name in renamed else _fresh_loads(connection, name, run_id)
            if _displace(connection, maker, name, fresh):
                found.add(name)
            keep_meta(connection, f"{ORDER}{name}", signature)
    return found


def _signatures(connection: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Table → the order of its files now; ORDER and table → that of the last run."""
    now = connection.execute("""select table_name, string_agg(source || ':' || load_id, ',' order by source, place)
        from file_order group by table_name""").fetchall()
    return dict(now), metas_of(connection, ORDER)


def _fresh_loads(connection: Any, name: str, run_id: str) -> list[int] | None:
    """The loads that this run brought in; None if they are most of the table."""
    fresh, rows, all_rows = connection.execute(
        """select coalesce(list(load_id) filter (where run_id = $1), []), sum(rows_read) filter (where run_id = $1),
            sum(rows_read) from ops.files where table_name = $2""",
        [run_id, name],
    ).fetchone()
    return None if (rows or 0) * 2 > (all_rows or 0) else fresh


def _displace(connection: Any, maker: Maker, name: str, fresh: list[int] | None) -> bool:
    """Whether any row of the table is displaced now that was not before, or the other way round.

    Where only some loads are fresh, other rows can change places only with theirs or with what is displaced: of rows
    that are one record, and of an older file's lines, some are.
    """
    table = tables()[name]
    repeats = "count(*) > 1" if table.last_stays or name == "leads" else "min(load_id) <> max(load_id)"
    touched = (
        ""
        if fresh is None
        else f"""semi join (
        select key_hash from loaded.{name} where is_displaced or load_id in ({", ".join(map(str, fresh)) or "null"})
    ) as touched using (key_hash)"""
    )
    repeated = f"select key_hash from loaded.{name} as r {touched} group by key_hash having {repeats}"
    if not maker.table(connection, "repeated", repeated) and not is_stored(connection):
        freed = connection.execute(f"update loaded.{name} set is_displaced = false where is_displaced").fetchone()
        return bool(freed[0])
    displaced = f"""
        with candidates as (
            select r.rowid as row, r.load_id, r.source, r.source_row, {_is_known(table)} as has_id, {_key(table)} as key
            from loaded.{name} as r semi join temp.repeated using (key_hash)
        ),
        placed as (select c.*, place from candidates as c join temp.file_order using (load_id))
        {_line_rule() if table.is_line_table else _record_rule(name)}"""
    maker.table(connection, "displaced_now", displaced)
    if is_stored(connection):
        return stored.displace(connection, name, "from displaced_now")
    shown = connection.execute(f"""update loaded.{name} set is_displaced = false
        where is_displaced and rowid not in (select row from displaced_now)""").fetchone()
    hidden = connection.execute(f"""update loaded.{name} set is_displaced = true
        where not is_displaced and rowid in (select row from displaced_now)""").fetchone()
    connection.execute("drop table displaced_now")
    return bool(shown[0] or hidden[0])


def _is_known(table: Table) -> str:
    """Whether a row has an id (or a key of several columns) by which it is one record."""
    return f"r.{table.key[0]} is not null" if len(table.key) == 1 else "true" if table.key else "false"


def _key(table: Table) -> str:
    whole = _joined([column for column in table.public_columns if column != "client_key"])
    if not table.key:
        return whole
    if len(table.key) > 1:
        return _joined(table.key)
    same = expanded(f"same_id(r.{table.key[0]})")
    return f"case when r.{table.key[0]} is not null then '=' || {same} else {whole} end"


def _joined(columns: Collection[str]) -> str:
    return "concat_ws(chr(31), " + ", ".join(f"coalesce(r.{column}::varchar, chr(30))" for column in columns) + ")"


def _line_rule() -> str:
    """Lines of one key in one file add up; those of an older file give way to the newer file's."""
    return """select row from (select row, place < max(place) over (partition by source, key) as is_older from placed)
        where is_older"""


def _record_rule(name: str) -> str:
    """One record stays once: the newest file's last. Without an id, equal rows of two files are matched one to one."""
    last_stays = "true" if tables()[name].last_stays else "false" if name == "calls" else "has_id"
    return f"""
        , numbered as (
            select *, case when {last_stays} then 0
                else row_number() over (partition by load_id, key order by source_row, row) end as copy
            from placed
        )
        select row from (
            select row, row_number() over (
                partition by source, key, copy order by place desc, source_row desc, row desc) as turn
            from numbered
        ) where turn > 1"""
