"""Staged rows → what the report must say of them though nothing is refused: `ops.notices` of a run.

What SQL alone tells stands in the files of `found`: SELECTs of `kind, source, source_file, rows, money_rub, detail`, in
which what `_facts` gives is written out, and macros too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from config.draft import COUNTED_DAYS, NAMED_MONTH
from config.macros import expanded, sql_file
from config.metric_words import known_words
from config.nearest import nearest
from config.tables import Table
from connectors.warehouse.answers.ask import Notice
from connectors.warehouse.ledger.amounts import costs_of_advertising, scale_jumps
from connectors.warehouse.ledger.people import names_alike, names_joined, one_person
from connectors.warehouse.loading.registry import tables_loaded

EVENTS = ("calls", "deals", "leads")
OF_ROWS = {
    "channels_alone": ("ad_spend",),
    "unpaid_clicks": ("ad_spend",),
    "months_on_a_day": ("ad_spend",),
    "plan_of_nobody": ("plan",),
    "plan_scale": ("plan",),
    "costs_scale": ("costs",),
    "calls_again": ("calls",),
    "runs_on": ("ad_spend", "deals"),
    "unheard": ("calls",),
    "calls_at_night": ("calls",),
    "one_active_day": ("subscribers",),
    "departures_differ": ("subscribers",),
    "joined_at_once": ("subscribers", "leads"),
    "sales_lacking": ("deals",),
    "closed_at_once": ("deals",),
    "scale_unused": ("survey_answers",),
    "leads_repeated": ("leads",),
    "costs_lack_item": ("costs",),
    "years_apart": (*EVENTS, "ad_spend"),
    "days_exchanged": (*EVENTS, "ad_spend"),
    "days_lacking": (*EVENTS, "ad_spend"),
    "names_lost": EVENTS,
    "other_month": (*EVENTS, "ad_spend"),
}
"""A file of `found` → the tables of which it is asked, all that are asked of one table by one statement."""
OF_SOURCES = {
    "kept_twice": ("ad_spend", "costs"),
    "same_person": EVENTS,
    "same_sales": ("deals",),
    "paid_later": ("deals",),
}
"""The same where a table has several sources, which are summed, never matched: money may stand in the figures twice."""
OF_FILES = {
    "left_of_older": ("deals",),
    "told_otherwise": EVENTS,
    "file_of_others": EVENTS,
    "told_again": EVENTS,
    "numbered_again": EVENTS,
    "one_of_several": EVENTS,
    "spend_again": ("ad_spend",),
    "scale_apart": ("deals", "ad_spend", "costs"),
}
"""The same where a source has several files: only beside the others one is seen to be older, or of another business."""
PERSON_DAY = {
    "deals": "if(client_key is null, null, hash(client_key, settled_on(created_on, closed_on), revenue_rub))",
    "calls": "if(phone is null or started_at = date_trunc('day', started_at), null, hash(phone, started_at))",
    "leads": "if(phone is null or created_at = date_trunc('day', created_at), null, hash(phone, created_at))",
}
"""What rows of one person and moment have in common, whatever else they say."""
OF_LOADS = f"""
select kind, source, source_file, rows, money_rub, detail
from loaded.notices join ops.files using (load_id)
where kind not in ('filled_status', 'won_status', 'corrected_record', '{COUNTED_DAYS}', '{NAMED_MONTH}')
order by source, source_file, kind, detail
"""
"""What was noticed as files were loaded; the rest is kept for what is asked later."""
FEWEST_DAYS = {"years_apart": 300, "days_exchanged": 45, "days_lacking": 30, "runs_on": 10}
"""A file of `found` → how far apart the first and the last day of a source must be for it to find anything among days
that are over."""
EXTENTS = """
select table_name, count(*), max(files), bool_or(is_odd), max(days)
from (
    select table_name, source, count(*) as files,
        bool_or(data_to_on > ? or data_from_on < ?) as is_odd, max(data_to_on) - min(data_from_on) as days
    from ops.files group by all
)
group by table_name
"""
"""Of each table: its sources, the files of that which has most, whether any reaches beyond the days of its rows, how
far apart the first and the last day of a source are at most."""
FIRST_DAY = "2000-01-01"
"""Days before it are a slip of the pen."""


def write_notices(connection: Any, run_id: str, as_of: date, advertising_items: Collection[str]) -> None:
    """Everything that the rows themselves tell; files that left or could not be read are told of as it happens."""
    loaded = tables_loaded(connection)
    connection.execute(f"insert into ops.notices select ?, * from ({OF_LOADS})", [run_id])
    for told in filter(None, _told_by_sql(connection, loaded, as_of)):
        connection.execute(f"insert into ops.notices select ?, * from ({_joined(told)}) where rows > 0", [run_id])
    notes = [
        *costs_of_advertising(connection, advertising_items),
        *names_alike(connection),
        *names_joined(connection),
        *_unknown_metrics(connection, run_id),
        *one_person(connection),
        *scale_jumps(connection, loaded),
    ]
    if notes:
        connection.executemany(
            "insert into ops.notices values (?, ?, ?, ?, ?, ?, ?)", [[run_id, *one] for one in notes]
        )


def _told_by_sql(connection: Any, loaded: Mapping[str, Table], as_of: date) -> Iterator[Sequence[str]]:
    """The SELECTs, those over one table together.

    One that joins the rows of a table to themselves stays alone, for the sake of the memory of a large client.
    """
    yield [_found("vat_differs", {}), _found("rows_at_limit", {})]
    if connection.execute("select count(*) from loaded.legs").fetchone()[0]:
        yield [_found("own_transfers", {})]
    extents = {name: extent for name, *extent in connection.execute(EXTENTS, [as_of, FIRST_DAY]).fetchall()}
    for name, table in loaded.items():
        sources, most_files, is_odd, days = extents.get(name, (0, 0, False, None))
        facts = _facts(name, table, as_of)
        odd = ["odd_days"] if is_odd and not table.looks_ahead else []
        of_rows = [one for one in _of(name, OF_ROWS) if is_odd or (days or 0) >= FEWEST_DAYS.get(one, 0)]
        yield [_found(one, facts) for one in [*odd, *of_rows]]
        alone = [*(_of(name, OF_SOURCES) if sources > 1 else ()), *(_of(name, OF_FILES) if most_files > 1 else ())]
        yield from ([_found(one, facts)] for one in alone)


def _of(name: str, asked: Mapping[str, Sequence[str]]) -> list[str]:
    return [one for one, tables in asked.items() if name in tables]


def _facts(name: str, table: Table, as_of: date) -> dict[str, str]:
    """What the files of `found` call a table's columns; of sales the day is that on which they came to money."""
    return {
        "table": name,
        "as_of": str(as_of),
        "first_day": FIRST_DAY,
        "day": "settled_on(created_on, closed_on)" if name == "deals" else f"{table.day[0]}::date",
        "money": table.money or "0",
        "key": table.key[0] if table.key else "null",
        "named": "item" if name == "costs" else "channel",
        "product": "product" if name == "deals" else "null",
        "series": "concat_ws(', ', manager, product)" if name == "deals" else "concat_ws(', ', channel, campaign)",
        "is_of_nobody": "deal_id is null and client_key is null" if name == "deals" else "true",
        "person_day": PERSON_DAY.get(name, "null"),
        "person": {"deals": "client_key", "calls": "phone"}.get(name, "true"),
    }


def _found(name: str, facts: Mapping[str, str]) -> str:
    """What a file of `found` asks; days of sources that are long enough are gathered in one way for all."""
    days = sql_file(__package__, "days_of_long")
    sql = sql_file(__package__, f"found/{name}").replace("{days_of_long}", days)
    return expanded(sql.format_map({**facts, "fewest_days": FEWEST_DAYS.get(name)}))


def _joined(selects: Sequence[str]) -> str:
    """Several SELECTs in; one, the rows of each in order, out."""
    return " union all ".join(
        f"""(select kind, source, source_file, rows, money_rub, detail::varchar
        from ({select}) as found(kind, source, source_file, rows, money_rub, detail) order by all)"""
        for select in selects
    )


def _unknown_metrics(connection: Any, run_id: str) -> Iterator[Notice]:
    """Words of a plan that name no figure, each with the nearest that does."""
    unknown = connection.execute(
        """select source, source_file, value, count(*) from ops.rejects
        where run_id = ? and reason = 'unknown_metric' and value is not null group by all order by all""",
        [run_id],
    ).fetchall()
    words = known_words() if unknown else {}  # a plan alone is read by them
    for source, file, value, rows in unknown:
        near = "".join(f" → «{word}» ({words[word]})" for word in nearest(value, words))
        yield Notice("unknown_metric", source, file, rows, Decimal(0), f"«{value}»{near}")
