"""The loaded rows of one file → each record once: rows exported twice, lines of one deal, legs of one call.

Only rows that share a key are looked at, and only of those the file is asked for every cell.
"""

from typing import Any

from config.draft import Draft, Records
from config.errors import ContractError
from config.macros import expanded
from config.notices import Assumed
from config.tables import tables
from connectors.warehouse.loading.raw_cells import Batch, bring_whole

FEWEST_TWICE = 6
"""Fewer rows that stand in pairs prove nothing."""
FEWEST_AGAIN, SHARE_AGAIN, MOST_AGAIN = 3, 0.75, 20_000
"""Rows that go on in the order in which they stood before, their share of all that stand twice, and how many are looked
at."""
FEWEST_DEALS = 2
"""Fewer deals whose lines bear one amount prove nothing."""
FEWEST_ARTICLES = 3
"""Fewer ids, each of several lines of its one product, are orders of two of a kind."""
FEWEST_NEARLY, NEARLY_ALL = 3, 0.8
"""So many, and such a share, of deals whose lines bear one amount ask even if others do not."""
MANY = 0.5
"""Of them, where the heading says that the amount is the whole deal's."""
REPEATED, OF_DEAL = "repeated_rows", "amount_of_deal"
"""Notices whose roubles, and of the first whose rows, are duplicates: see `ledger.write_loads`."""
FEWEST_TORN = 2
"""One id under which different people stand is a slip of the pen in a file of many; the report tells of its rows."""
GONE = "drop table if exists lines; drop table if exists whole_rows; drop table if exists repeated_rows"


def fold(connection: Any, batch: Batch, most_torn: float) -> None:
    """The rows that a batch brought in; they are one row a record of each file.

    `most_torn`: the share of ids with several rows above which rows that contradict each other show that it is no id.
    Raises ContractError, which asks, for such a column and for amounts that may be a line's or the deal's.
    """
    table = batch.draft.table
    drafts = {load_id: draft for load_id, draft in zip(batch.loads, batch.drafts, strict=True) if draft.records}
    for load_id, draft in drafts.items():
        _ask_twice(connection, draft, load_id)
    for load_id in _with_shared_keys(connection, batch) if drafts else ():
        shared = f"select key_hash from loaded.{table} where load_id = {load_id} group by key_hash having count(*) > 1"
        connection.execute(f"""create or replace temp table lines as
            select * from loaded.{table} where load_id = {load_id} and key_hash in ({shared})""")
        _fold(connection, drafts[load_id], load_id, most_torn)
    connection.execute(GONE)


def _with_shared_keys(connection: Any, batch: Batch) -> list[int]:
    """The loads in which rows share a key."""
    found = connection.execute(f"""select distinct load_id from (
            select load_id from loaded.{batch.draft.table} where load_id between {batch.loads[0]} and {batch.loads[-1]}
            group by load_id, key_hash having count(*) > 1) order by load_id""").fetchall()
    return [load_id for (load_id,) in found]


def _fold(connection: Any, draft: Draft, load_id: int, most_torn: float) -> None:
    """The rows of a load that share a key, in `lines`, become one row a record."""
    records = draft.records
    if records is None:
        return
    if records.may_repeat != "false":
        bring_whole(connection, draft, "lines", records.counts_anew)
        _find_repeats(connection, records)
        if records.repeats is None:
            _leave_lines(connection, draft, records, load_id)
        if records.repeats != "keep":
            _take_out_repeats(connection, draft, load_id)
        elif draft.table == "calls":
            connection.execute("delete from lines where source_row in (select source_row from repeated_rows)")
    if not records.contradicts and not records.merged:
        return
    if draft.table == "deals":
        _set_refunds_apart(connection, load_id)
    connection.execute(f"""delete from lines where {records.id_column} is null or {records.id_column} in (
        select {records.id_column} from lines group by {records.id_column} having count(*) < 2)""")
    _ask_ids(connection, draft, load_id, most_torn)
    if records.merged:
        _merge(connection, draft, records, load_id)


def _ask_ids(connection: Any, draft: Draft, load_id: int, most_torn: float) -> None:
    """Raise ContractError if the rows of one id in `lines` show that the column is no id of theirs."""
    records = draft.records
    if records is None:
        return
    if records.contradicts:
        _ask_id(connection, draft, load_id, most_torn)
    if records.counts_anew is not None:
        _ask_till(connection, draft, records.id_column, most_torn)
    if records.products is not None:
        _ask_article(connection, draft, records.products, load_id)


def _set_refunds_apart(connection: Any, load_id: int) -> None:
    """What came back on another day than its deal was paid is no line of it, and counts in its own period."""
    refunds = """select source_row, deal_id || ':refund' || case when turn > 1 then turn::varchar else '' end as apart
        from (
            select *, row_number() over (partition by deal_id order by day, source_row) as turn from (
                select *, list(day) filter (where revenue_rub > 0) over (partition by deal_id) as sold
                from (select *, coalesce(closed_on, created_on) as day from lines where deal_id is not null)
            ) where revenue_rub < 0 and sold is not null and not list_contains(sold, day)
        )"""
    moved = connection.execute(f"create or replace temp table undone as {refunds}").fetchone()
    if moved[0]:
        connection.execute(f"""update loaded.deals set deal_id = apart, key_hash = hash({expanded("same_id(apart)")})
            from undone where load_id = {load_id} and deals.source_row = undone.source_row""")
        connection.execute("delete from lines where source_row in (select source_row from undone)")
    connection.execute("drop table undone")


def _find_repeats(connection: Any, records: Records) -> None:
    """Make `repeated_rows(source_row, turn)` of the rows of data that stand in the file more than once."""
    connection.execute(f"""create or replace temp table repeated_rows as
        select source_row, row_number() over (partition by cells order by source_row) as turn
        from whole_rows where source_row in (select source_row from lines where {records.may_repeat})
        qualify count(*) over (partition by cells) > 1""")


def _leave_lines(connection: Any, draft: Draft, records: Records, load_id: int) -> None:
    """Equal lines of a deal are two, unless most of the file stands twice: then it was exported twice."""
    rows, again = connection.execute(f"""select (select count(*) from loaded.{draft.table} where load_id = {load_id}),
        (select count(*) from repeated_rows)""").fetchone()
    if rows < FEWEST_TWICE or again * 2 <= rows:
        connection.execute(f"""delete from repeated_rows
            where source_row in (select source_row from lines where {records.lines})""")


def _take_out_repeats(connection: Any, draft: Draft, load_id: int) -> None:
    """All but the first of equal rows leave; a notice says how many, and their roubles."""
    money = tables()[draft.table].money or "0"
    again = "source_row in (select source_row from repeated_rows where turn > 1)"
    rows, roubles = connection.execute(
        f"select coalesce(sum(source_rows), 0), coalesce(sum({money}), 0) from lines where {again}"
    ).fetchone()
    if rows:
        connection.execute("insert into loaded.notices values (?, ?, ?, ?, null)", [load_id, REPEATED, rows, roubles])
        connection.execute(f"delete from loaded.{draft.table} where load_id = {load_id} and {again}")
        connection.execute(f"delete from lines where {again}")


def _ask_id(connection: Any, draft: Draft, load_id: int, most_torn: float) -> None:
    """Raise ContractError if rows of one id are too often of different people or days."""
    records = draft.records
    if records is None:
        return
    several, torn, torn_rows, example, rows = connection.execute(f"""
        select count(*), count(*) filter (where is_torn), coalesce(sum(count) filter (where is_torn), 0),
            min_by(id, first_row) filter (where is_torn), min_by(rows, first_row) filter (where is_torn)
        from (
            select {records.id_column} as id, min(source_row) as first_row, {records.contradicts} as is_torn,
                count(*) as count,
                array_to_string(list(source_row order by source_row)[:4], ', ') as rows
            from lines group by 1
        )""").fetchone()
    if torn > most_torn * several and (
        torn >= FEWEST_TORN or _are_many(connection, draft, load_id, torn_rows / most_torn)
    ):
        raise ContractError.of(
            draft.origin,
            "warehouse.not_a_deal_id" if draft.table == "deals" else "warehouse.not_an_id",
            header=draft.headers.get(records.id_column, records.id_column),
            column=records.id_column,
            torn=torn,
            several=several,
            example=example,
            rows=rows,
        )


def _are_many(connection: Any, draft: Draft, load_id: int, most: float) -> bool:
    """Whether a load has no more rows than that."""
    counted = f"select count(*) from loaded.{draft.table} where load_id = ?"
    return bool(connection.execute(counted, [load_id]).fetchone()[0] <= most)


def _ask_till(connection: Any, draft: Draft, id_column: str, most_torn: float) -> None:
    """Raise ContractError if rows of one id are too often of different tills, or shops: each counts from one."""
    several, torn, example, rows = connection.execute(f"""
        select count(*), count(*) filter (where is_torn), min_by(id, first_row) filter (where is_torn),
            min_by(rows, first_row) filter (where is_torn)
        from (
            select {id_column} as id, min(source_row) as first_row,
                count(distinct placed) filter (where placed <> '') > 1 as is_torn,
                array_to_string(list(source_row order by source_row)[:4], ', ') as rows
            from lines join whole_rows using (source_row) group by 1
        )""").fetchone()
    if torn >= FEWEST_TORN and torn > most_torn * several:
        header = draft.headers.get(id_column, id_column)
        facts = {"header": header, "torn": torn, "several": several, "example": example, "rows": rows}
        raise ContractError.of(draft.origin, "warehouse.counts_anew", **facts)


def _ask_article(connection: Any, draft: Draft, products: str, load_id: int) -> None:
    """Raise ContractError if each id with several rows of a day has one product, and each product one id."""
    several, alike, example, rows = connection.execute(f"""
        select count(*), count(*) filter (where is_alike), min_by(deal_id, first_row), min_by(rows, first_row)
        from (
            select deal_id, min(source_row) as first_row,
                array_to_string(list(source_row order by source_row)[:4], ', ') as rows,
                count({products}) = count(*) and count(distinct {products}) = 1
                    and count(distinct coalesce(closed_on, created_on)) <= 1 as is_alike
            from lines group by deal_id
        )""").fetchone()
    if several < FEWEST_ARTICLES or alike < several:
        return
    ids, named = connection.execute(f"""select count(distinct deal_id), count(distinct {products})
        from loaded.{draft.table} where load_id = {load_id} and deal_id is not null""").fetchone()
    if ids == named:
        facts = {"header": draft.headers.get("deal_id", "deal_id"), "product": draft.headers.get(products, products)}
        facts |= {"several": several, "example": example, "rows": rows}
        raise ContractError.of(draft.origin, "warehouse.id_of_a_product", **facts)


def _merge(connection: Any, draft: Draft, records: Records, load_id: int) -> None:
    """The rows of each id in `lines` become one in the table."""
    amounts = _whose_amounts(connection, draft, records, load_id) if "deal" in records.merged else "line"
    if records.differences:
        connection.execute(f"insert into loaded.notices select {load_id}, * from ({records.differences})")
    connection.execute(f"create or replace temp table merged as {records.merged[amounts]}")
    if amounts == "deal":
        connection.execute(f"""insert into loaded.notices
            select {load_id}, '{OF_DEAL}', rows, roubles - once, null
            from (select sum(source_rows) as rows, coalesce(sum(revenue_rub), 0) as roubles from lines),
                (select coalesce(sum(revenue_rub), 0) as once from merged)
            where rows > 0""")
    connection.execute(f"""delete from loaded.{draft.table}
        where load_id = {load_id} and source_row in (select source_row from lines)""")
    connection.execute(f"insert into loaded.{draft.table} by name from merged")
    if draft.profile is None and connection.execute("select count(*) from merged").fetchone()[0]:
        what = "legs_of_a_call" if draft.table == "calls" else f"amounts_of_the_{amounts}"
        id_header = draft.headers.get(records.id_column, records.id_column)
        remark = Assumed(what, records.id_column, id_header, draft.headers.get("revenue_rub", "")).remark
        connection.execute("insert into loaded.notices values (?, ?, 0, 0, ?)", [load_id, remark.kind, remark.detail])
    connection.execute("drop table merged")


def _whose_amounts(connection: Any, draft: Draft, records: Records, load_id: int) -> str:
    """`line` or `deal`: what is known, else what the lines show. Raises ContractError where they show neither."""
    if records.amounts:
        return records.amounts
    deals, alike, example, amount, rows = connection.execute("""
        select count(*), count(*) filter (where is_alike), min_by(deal_id, first_row) filter (where is_alike),
            min_by(amount, first_row) filter (where is_alike), min_by(rows, first_row) filter (where is_alike)
        from (
            select deal_id, min(source_row) as first_row, any_value(revenue_rub) as amount,
                array_to_string(list(source_row order by source_row)[:4], ', ') as rows,
                count(distinct revenue_rub) = 1 and count(revenue_rub) = count(*) and min(revenue_rub) <> 0 as is_alike
            from lines group by deal_id
        )""").fetchone()
    if records.is_heading_of_deal and alike == deals > 0:
        return "deal"
    fewest = FEWEST_DEALS if alike == deals or records.is_heading_of_deal else FEWEST_NEARLY
    share = MANY if records.is_heading_of_deal else NEARLY_ALL
    if alike < max(fewest, share * deals) or _are_prices(connection, draft, load_id):
        return "line"
    raise ContractError.of(
        draft.origin,
        "warehouse.whose_amount",
        header=draft.headers.get("revenue_rub", "revenue_rub"),
        deals=alike,
        example=example,
        amount=amount,
        rows=rows,
    )


def _are_prices(connection: Any, draft: Draft, load_id: int) -> bool:
    """Whether most lines whose product is also sold alone, in the same number, cost what it costs there."""
    if "product" not in draft.headers:
        return False
    alone, same = connection.execute(f"""
        with once as (
            select product, quantity, list(distinct revenue_rub) as amounts from loaded.{draft.table}
            where load_id = {load_id} and product is not null
                and (deal_id is null or deal_id not in (select deal_id from lines))
            group by all
        )
        select count(*), count(*) filter (where list_contains(amounts, revenue_rub))
        from lines join once
            on once.product = lines.product and once.quantity is not distinct from lines.quantity""").fetchone()
    return bool(same * 2 > alone)


def _ask_twice(connection: Any, draft: Draft, load_id: int) -> None:
    """Raise ContractError where most lines without an id stand in the file exactly twice: it may be exported twice."""
    records = draft.records
    if records is None or records.repeats is not None or records.apart == "false" or draft.origin.link is not None:
        return  # it is known, every row has an id, or it is a tab, which nobody exports
    own = ", ".join(tables()[draft.table].public_columns)
    apart = f"""select source_row, hash({own}) as content from loaded.{draft.table}
        where load_id = {load_id} and source_rows > 0 and {records.apart}"""
    rows, unlike = connection.execute(f"select count(*), count(distinct content) from ({apart})").fetchone()
    if rows < FEWEST_TWICE or unlike == rows:
        return
    if unlike * 4 > rows * 3:
        if rows - unlike <= MOST_AGAIN:
            _tell_again(connection, draft, apart, load_id)
        return
    connection.execute(f"create or replace temp table lines as {apart}")
    bring_whole(connection, draft, "lines")
    twice, example = connection.execute("""
        select coalesce(sum(rows), 0), min_by(numbers, first_row) from (
            select count(*) as rows, min(source_row) as first_row,
                array_to_string(list(source_row order by source_row), ', ') as numbers
            from whole_rows group by cells having count(*) = 2
        )""").fetchone()
    connection.execute(GONE)
    if twice * 2 > rows:
        facts = {"file": draft.origin.file, "source": draft.origin.source}
        raise ContractError("warehouse.rows_twice", **facts, twice=twice, rows=rows, example=example)


def _tell_again(connection: Any, draft: Draft, apart: str, load_id: int) -> None:
    """A notice of rows that go on in the order in which they stood before, where hardly any other stands twice."""
    money = tables()[draft.table].money or "0"
    connection.execute(f"""create or replace temp table lines as
        with twice as (
            select content, min(source_row) as source_row, max(source_row) as again_row from ({apart})
            group by content having count(*) = 2
        ),
        blocks as (
            select *, source_row - row_number() over (partition by again_row - source_row order by source_row) as block,
                again_row - source_row as apart, count(*) over () as pairs
            from twice
        )
        select source_row, again_row, pairs from blocks
        qualify count(*) over (partition by apart, block) between {FEWEST_AGAIN} and apart""")
    if not connection.execute("insert into lines select again_row, null, null from lines returning 1").fetchall():
        return
    bring_whole(connection, draft, "lines")
    found = connection.execute(f"""
        with alike as (
            select lines.*, {money} as money from lines
            join whole_rows as one using (source_row) join whole_rows as other on other.source_row = again_row
            join loaded.{draft.table} as loaded on loaded.load_id = {load_id} and loaded.source_row = again_row
            where one.cells = other.cells
        )
        select count(*), coalesce(sum(money), 0), min(again_row) || '–' || max(again_row) from alike
        having count(*) >= {FEWEST_AGAIN} and count(*) >= {SHARE_AGAIN} * any_value(pairs)""").fetchone()
    connection.execute(GONE)
    if found:
        connection.execute(f"insert into loaded.notices values ({load_id}, 'rows_go_on_again', ?, ?, ?)", [*found])
