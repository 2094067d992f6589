"""Staged rows → what the report must say of them though nothing is refused: `ops.notices` of a run."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from config.draft import COUNTED_DAYS
from config.metric_words import known_words
from config.nearest import nearest
from connectors.warehouse.ledger.alike import names_alike
from connectors.warehouse.ledger.counted_twice import WITH_PHONES, across_sources, costs_of_advertising
from connectors.warehouse.ledger.holes import holes
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
OF_DEALS = {
    "free_deals": f"{WON} and coalesce(revenue_rub, 0) = 0",
    "deals_without_client": f"{WON} and revenue_rub > 0 and client_key is null",
    "without_cogs": f"{WON} and revenue_rub > 0 and cogs_rub is null",
}
"""Kind → which deals it is about; told of a source as a whole, however many files it keeps its months in."""
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
OF_ROWS = {
    "ad_spend": (ALONE, RUNS_ON),
    "calls": (UNHEARD, AT_NIGHT),
    "subscribers": (ONE_DAY, DIFFER),
    "deals": (CLOSED_AT_ONCE,),
    "survey_answers": (LOW_SCALE,),
}
"""Table → SELECTs of notices that its rows tell, however many they are."""


def write_notices(connection: Any, run_id: str, as_of: date, advertising_items: Collection[str]) -> None:
    """Everything that the rows themselves tell; files that left or could not be read are told of as it happens."""
    connection.execute(
        """insert into ops.notices select ?, kind, source, source_file, rows, money_rub, detail
        from loaded.notices join ops.files using (load_id)
        where kind not in ('filled_status', 'won_status', 'corrected_record', ?)
        order by source, source_file, kind, detail""",
        [run_id, COUNTED_DAYS],
    )
    loaded = tuple(tables_loaded(connection))
    for kind, condition in OF_DEALS.items() if "deals" in loaded else ():
        _insert(
            connection,
            run_id,
            f"""select '{kind}', source, null, sum(source_rows), coalesce(sum(revenue_rub), 0), null
            from loaded.deals where {condition} group by all""",
        )
    _note_rows(connection, run_id, as_of)
    for found in costs_of_advertising(connection, advertising_items):
        connection.execute(
            "insert into ops.notices values (?, 'costs_advertising', ?, null, ?, ?, ?)",
            [run_id, found[0], found[2], found[3], found[1]],
        )
    for source, count, names in names_alike(connection):
        connection.execute(
            "insert into ops.notices values (?, 'names_alike', ?, null, ?, 0, ?)", [run_id, source, count, names]
        )
    _note_unknown_metrics(connection, run_id)
    has_legs = connection.execute("select count(*) from loaded.legs").fetchone()[0]
    told = [select for name in loaded for select in OF_ROWS.get(name, ())]
    for select in (*told, VAT_DIFFERS, AT_LIMIT, *([OWN_TRANSFERS] if has_legs else [])):
        _insert(connection, run_id, select)
    one_person(connection, run_id)
    if "leads" in loaded and connection.execute(MAY_REPEAT).fetchone():
        _insert(connection, run_id, LEADS_REPEATED)
    for hole in holes(loaded):
        _insert(connection, run_id, hole, [as_of])
    for source, file, row, rows in scale_jumps(connection, loaded):
        connection.execute(
            "insert into ops.notices values (?, 'scale_jumps', ?, ?, ?, 0, ?)", [run_id, source, file, rows, str(row)]
        )


FIRST_DAY, YEARS = "2000-01-01", 2
"""Days before the one, and so long after the day of the report, are a slip of the pen: 1996, 2062."""


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


def _note_rows(connection: Any, run_id: str, as_of: date) -> None:
    """Rows of days to come, and those that two sources of one table both have."""
    for name, table in tables_loaded(connection).items():
        day = WITH_PHONES.get(name, f"{table.day[0]}::date")
        money = table.money or "0"
        if not table.looks_ahead and _is_any_odd(connection, name, as_of):
            _insert(
                connection,
                run_id,
                f"""select 'future_rows', source, null, sum(source_rows), coalesce(sum({money}), 0), '{name}'
                from loaded.{name} where not is_displaced and {day} > ? group by all""",
                [as_of],
            )
            _insert(
                connection,
                run_id,
                f"""select 'odd_days', source, null, sum(source_rows), coalesce(sum({money}), 0),
                    string_agg(distinct strftime({day}, '%d.%m.%Y'), ', ' order by strftime({day}, '%d.%m.%Y'))
                from loaded.{name}
                where not is_displaced and ({day} < date '{FIRST_DAY}' or {day} > ?::date + interval {YEARS} year)
                group by all""",
                [as_of],
            )
        if name == "deals":
            _insert(connection, run_id, LEFT)
        if _sources(connection, name) > 1:
            for repeated in across_sources(name):
                _insert(connection, run_id, repeated)
        if _files(connection, name) > 1:
            for told in side_by_side(name):
                _insert(connection, run_id, told)
        for told in filter(None, (years_apart(name), days_exchanged(name), names_lost(name, as_of))):
            _insert(connection, run_id, told)
        if name == "costs":
            _insert(connection, run_id, missing_costs(as_of))


def _is_any_odd(connection: Any, name: str, as_of: date) -> bool:
    """Whether any file of the table reaches beyond the days that rows should be of."""
    found = connection.execute(
        "select count(*) from ops.files where table_name = ? and (data_to_on > ? or data_from_on < ?)",
        [name, as_of, FIRST_DAY],
    ).fetchone()
    return bool(found[0])


def _note_unknown_metrics(connection: Any, run_id: str) -> None:
    """Words of a plan that name no figure, each with the nearest that does."""
    unknown = connection.execute(
        """select source, source_file, value, count(*) from ops.rejects
        where run_id = ? and reason = 'unknown_metric' and value is not null group by all order by all""",
        [run_id],
    ).fetchall()
    words = known_words() if unknown else {}  # a plan alone is read by them
    for source, file, value, rows in unknown:
        near = "".join(f" → «{word}» ({words[word]})" for word in nearest(value, words))
        connection.execute(
            "insert into ops.notices values (?, 'unknown_metric', ?, ?, ?, 0, ?)",
            [run_id, source, file, rows, f"«{value}»{near}"],
        )


def _insert(connection: Any, run_id: str, select: str, parameters: list[Any] | None = None) -> None:
    connection.execute(
        f"""insert into ops.notices select ?, kind, source, source_file, rows, money_rub, detail
        from ({select}) as found(kind, source, source_file, rows, money_rub, detail) where rows > 0 order by all""",
        [run_id, *(parameters or [])],
    )


def _files(connection: Any, name: str) -> int:
    """Of that source of the table which has most."""
    found: int | None = connection.execute(
        "select max(files) from (select count(*) as files from ops.files where table_name = ? group by source)", [name]
    ).fetchone()[0]
    return found or 0


def _sources(connection: Any, name: str) -> int:
    found: int = connection.execute(
        "select count(distinct source) from ops.files where table_name = ?", [name]
    ).fetchone()[0]
    return found
