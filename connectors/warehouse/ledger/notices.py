"""Staged rows → what the report must say of them though nothing is refused: `ops.notices` of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from config.draft import COUNTED_DAYS
from config.metric_words import known_words
from config.nearest import nearest
from config.tables import Table
from connectors.warehouse.ledger.alike import names_alike
from connectors.warehouse.ledger.counted_twice import WITH_PHONES, across_sources, costs_of_advertising
from connectors.warehouse.ledger.holes import days_lacking
from connectors.warehouse.ledger.note import Note
from connectors.warehouse.ledger.one_for_many import (
    AT_NIGHT,
    CLOSED_AT_ONCE,
    LEADS_REPEATED,
    LOW_SCALE,
    MAY_REPEAT,
    ONE_DAY,
    one_person,
)
from connectors.warehouse.ledger.own_transfers import OWN_TRANSFERS
from connectors.warehouse.ledger.scale_jumps import scale_jumps
from connectors.warehouse.ledger.side_by_side import missing_costs, names_lost, side_by_side
from connectors.warehouse.ledger.years import days_exchanged, years_apart
from connectors.warehouse.loading.registry import tables_loaded

WON = "status = 'won' and not is_displaced"
OF_DEALS = " union all ".join(
    f"""select '{kind}', source, null, sum(source_rows), coalesce(sum(revenue_rub), 0), null
    from loaded.deals where {WON} and {condition} group by source"""
    for kind, condition in {
        "free_deals": "coalesce(revenue_rub, 0) = 0",
        "deals_without_client": "revenue_rub > 0 and client_key is null",
        "without_cogs": "revenue_rub > 0 and cogs_rub is null",
    }.items()
)
"""Told of a source as a whole, however many files it keeps its months in."""
ALONE = """
select 'channels_alone', null, null, count(*), coalesce(sum(spend), 0),
    array_to_string(list(channel order by spend desc, channel)[:10], ', ')
from (
    select channel, sum(spend_rub) as spend from loaded.ad_spend
    where not is_displaced and channel is not null group by channel having sum(spend_rub) > 0
)
where channel not in (
    select channel from loaded.calls where not is_displaced and channel is not null
    union select channel from loaded.deals where not is_displaced and channel is not null
    union select channel from loaded.leads where not is_displaced and channel is not null
)
and exists (
    select 1 from loaded.calls where channel is not null
    union all select 1 from loaded.deals where channel is not null
    union all select 1 from loaded.leads where channel is not null
)
"""
"""Channels that cost something and that no call, deal or enquiry names: they are probably spelled otherwise there.

Where none names any channel, nothing is spelled otherwise: the report says that channels are not known."""


UNHEARD = """
with counts as materialized (
    select source, count(*) as calls, count(is_answered) as heard, count(*) filter (where is_answered) as taken,
        count(talk_seconds) filter (where is_answered) as talks, count(*) filter (where not is_answered) as missed,
        count(*) filter (where not is_answered and talk_seconds > 0) as lasted
    from loaded.calls where not is_displaced and direction = 'in' group by source
)
select 'answers_unknown', source, null, calls, 0, null from counts where heard = 0
union all
select 'answers_lacking', source, null, calls - heard, 0, calls from counts
where heard > 0 and calls - heard > 0.02 * calls
union all
select 'talks_unknown', source, null, taken, 0, null from counts where taken > 0 and talks = 0
union all
select 'missed_lasted', source, null, lasted, 0, missed from counts where lasted >= 5 and lasted > 0.5 * missed
"""
"""Calls of which no row, or not each, says whether somebody answered, or how long they talked; missed ones that lasted.
"""
DIFFER = """
with gone as (
    select load_id, subscriber_id, is_departed or unsubscribed_on is not null as has_left
    from loaded.subscribers where is_displaced
)
select 'departures_differ', kept.source, kept.source_file, count(distinct subscriber_id), 0, null
from gone join loaded.subscribers as kept using (load_id, subscriber_id)
where not kept.is_displaced and gone.has_left <> (kept.is_departed or kept.unsubscribed_on is not null)
group by kept.source, kept.source_file
"""
"""Subscribers of whom one row of a file says that they left and another that they did not."""


RUNS_ON = """
with days as (
    select source, channel, campaign, date_trunc('month', spend_on) as month_on, spend_on, sum(spend_rub) as spend
    from loaded.ad_spend where not is_displaced group by all
),
steps as (
    select *, spend - lag(spend) over (partition by source, channel, campaign, month_on order by spend_on) as step
    from days
),
months as (
    select source, max(spend) as most, sum(spend) as spend, count(step) as steps,
        count(*) filter (where step < 0) as falls, count(*) filter (where step > 0) as rises,
        max(spend) > 3 * min(spend) as is_steep
    from steps group by source, channel, campaign, month_on having steps >= 5
)
select 'runs_on', source, null, sum(steps), sum(spend) - sum(most), null
from months group by source
having sum(falls) = 0 and sum(rises) >= 0.8 * sum(steps) and sum(steps) >= 10 and bool_and(is_steep)
"""
"""Expenses that only rise from a day to the next in every month: each is all that was spent since its beginning."""


VAT_DIFFERS = """
select 'vat_differs', null, null, count(*), 0,
    table_name || ': ' || string_agg(source || ' ' || vat, ', ' order by source)
from ops.sources where vat is not null group by table_name having count(distinct vat) > 1
"""
LIMITS = 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 65_535, 65_536, 100_000, 200_000, 1_048_575, 1_048_576
"""So many rows a program gives at most; a file that has just so many may lack the others."""
AT_LIMIT = f"""
select 'rows_at_limit', source, source_file, rows_read - rows_skipped, 0, null from ops.files
where rows_read - rows_skipped in {LIMITS}
"""
FEWEST_GONE = 3
"""Rows of a file that a newer one has too; fewer do not show that it is the same export again."""
LEFT = f"""
    with days as (
        select load_id, coalesce(closed_on, created_on) as day, is_displaced, source_rows, revenue_rub
        from loaded.deals where deal_id is null
    ),
    again as (
        select load_id, min(day) as first_on, max(day) as last_on, count(*) as gone
        from days where is_displaced group by load_id having gone >= {FEWEST_GONE}
    )
    select 'left_of_older', source, file, sum(source_rows), coalesce(sum(revenue_rub), 0), null
    from again join days using (load_id) join ops.files using (load_id)
    where not is_displaced and day between first_on and last_on
    group by load_id, source, file, gone having count(*) <= gone"""
"""Sales without a number of which an older file has some, and the newer export of the same days has not."""
OF_LOADS = f"""
select kind, source, source_file, rows, money_rub, detail
from loaded.notices join ops.files using (load_id)
where kind not in ('filled_status', 'won_status', 'corrected_record', '{COUNTED_DAYS}')
order by source, source_file, kind, detail
"""
"""What was noticed as files were loaded; the rest is kept for what is asked later."""
OF_ROWS = {
    "ad_spend": (ALONE, RUNS_ON),
    "calls": (UNHEARD, AT_NIGHT),
    "subscribers": (ONE_DAY, DIFFER),
    "deals": (OF_DEALS, CLOSED_AT_ONCE),
    "survey_answers": (LOW_SCALE,),
}
"""Table → SELECTs of notices that its rows tell, however many they are."""


FIRST_DAY, YEARS = "2000-01-01", 2
"""Days before the one, and so long after the day of the report, are a slip of the pen: 1996, 2062."""


def write_notices(connection: Any, run_id: str, as_of: date, advertising_items: Collection[str]) -> None:
    """Everything that the rows themselves tell; files that left or could not be read are told of as it happens."""
    loaded = tables_loaded(connection)
    connection.execute(f"insert into ops.notices select ?, * from ({OF_LOADS})", [run_id])
    for told in filter(None, _told_by_sql(connection, loaded, as_of)):
        connection.execute(f"insert into ops.notices select ?, * from ({_joined(told)}) where rows > 0", [run_id])
    notes = [
        *costs_of_advertising(connection, advertising_items),
        *names_alike(connection),
        *_unknown_metrics(connection, run_id),
        *one_person(connection),
        *scale_jumps(connection, loaded),
    ]
    if notes:
        connection.executemany(
            "insert into ops.notices values (?, ?, ?, ?, ?, ?, ?)", [[run_id, *one] for one in notes]
        )


def _told_by_sql(connection: Any, loaded: Mapping[str, Table], as_of: date) -> Iterator[Sequence[str]]:
    """SELECTs of `kind, source, source_file, rows, money_rub, detail`; those over one table together.

    One that joins the rows of a table to themselves stays alone, for the sake of the memory of a large client.
    """
    yield [VAT_DIFFERS, AT_LIMIT]
    if connection.execute("select count(*) from loaded.legs").fetchone()[0]:
        yield [OWN_TRANSFERS]
    extents = {name: extent for name, *extent in connection.execute(EXTENTS, [as_of, FIRST_DAY]).fetchall()}
    for name, table in loaded.items():
        sources, files, is_odd = extents.get(name, (0, 0, False))
        told = [
            *OF_ROWS.get(name, ()),
            *(_odd_days(name, table, as_of) if is_odd and not table.looks_ahead else ()),
            years_apart(name),
            days_exchanged(name),
            names_lost(name, as_of),
            days_lacking(name, as_of),
            missing_costs(as_of) if name == "costs" else None,
            LEADS_REPEATED if name == "leads" and connection.execute(MAY_REPEAT).fetchone() else None,
        ]
        yield [select for select in told if select is not None]
        joins = [
            *([LEFT] if name == "deals" else ()),
            *(across_sources(name) if sources > 1 else ()),
            *(side_by_side(name) if files > 1 else ()),
        ]
        yield from ([select] for select in joins)


def _joined(selects: Sequence[str]) -> str:
    """Several SELECTs in; one, the rows of each in order, out."""
    return " union all ".join(
        f"""(select kind, source, source_file, rows, money_rub, detail::varchar
        from ({select}) as found(kind, source, source_file, rows, money_rub, detail) order by all)"""
        for select in selects
    )


EXTENTS = """
select table_name, count(*), max(files), bool_or(is_odd)
from (
    select table_name, source, count(*) as files, bool_or(data_to_on > ? or data_from_on < ?) as is_odd
    from ops.files group by all
)
group by table_name
"""
"""Of each table: its sources, the files of that which has most, whether any reaches beyond the days of its rows."""


def _odd_days(name: str, table: Table, as_of: date) -> Iterator[str]:
    """Rows of days to come, and of days that nobody meant."""
    day = WITH_PHONES.get(name, f"{table.day[0]}::date")
    money = table.money or "0"
    yield f"""
    select 'future_rows', source, null, sum(source_rows), coalesce(sum({money}), 0), '{name}'
    from loaded.{name} where not is_displaced and {day} > date '{as_of}' group by all"""
    yield f"""
    select 'odd_days', source, null, sum(source_rows), coalesce(sum({money}), 0),
        string_agg(distinct strftime({day}, '%d.%m.%Y'), ', ' order by strftime({day}, '%d.%m.%Y'))
    from loaded.{name}
    where not is_displaced and ({day} < date '{FIRST_DAY}' or {day} > date '{as_of}' + interval {YEARS} year)
    group by all"""


def _unknown_metrics(connection: Any, run_id: str) -> Iterator[Note]:
    """Words of a plan that name no figure, each with the nearest that does."""
    unknown = connection.execute(
        """select source, source_file, value, count(*) from ops.rejects
        where run_id = ? and reason = 'unknown_metric' and value is not null group by all order by all""",
        [run_id],
    ).fetchall()
    words = known_words() if unknown else {}  # a plan alone is read by them
    for source, file, value, rows in unknown:
        near = "".join(f" → «{word}» ({words[word]})" for word in nearest(value, words))
        yield Note("unknown_metric", source, file, rows, 0, f"«{value}»{near}")
