"""Rows loaded → notices of what stands in too many of them: one person, one day of activity, one day of closing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.warehouse.ledger.note import Note

LOOKED_AT = 20_000
"""Rows of a source among which one phone is looked for."""
FEWEST, SHARE = 30, 0.4
"""So many rows of one phone, in so large a part of a source, are no person's: it is the firm's own or invented."""
FEWEST_INVENTED, SHARE_INVENTED = 5, 0.01
INVENTED = ", ".join(f"'{digit * 7}'" for digit in "0123456789") + ", '1234567', '7654321'"
"""How numbers end that somebody typed because one was asked for."""
PERSONS = {"calls": "phone", "leads": "phone", "deals": "client_key"}
MONEY = {"deals": "coalesce(sum(revenue_rub), 0)"}

ONE_DAY = f"""
with days as (
    select source, last_active_on as day_on, count(*) as rows,
        count(*) filter (where last_active_on = subscribed_on) as joined,
        sum(count(*)) over (partition by source) as among
    from loaded.subscribers where not is_displaced and last_active_on is not null group by source, last_active_on
)
select 'one_active_day', source, null, sum(rows), 0, strftime(arg_max(day_on, rows), '%d.%m.%Y')
from days where rows >= {FEWEST} and rows > 0.8 * among and joined < 0.5 * rows group by source
union all
select 'active_since_joined', source, null, sum(joined), 0, null
from days group by source having sum(joined) >= {FEWEST} and sum(joined) > 0.95 * sum(rows)
"""
"""Subscribers whose activity is one day for nearly all, or the day on which each of them came."""
FEWEST_OF_ALL = 5
"""Sales and days of their beginning, where all of them were closed on one."""
CLOSED_AT_ONCE = f"""
with days as (
    select source, closed_on, count(*) as rows, coalesce(sum(revenue_rub), 0) as money_rub,
        count(distinct created_on) as days, sum(count(*)) over (partition by source) as among
    from loaded.deals where not is_displaced and closed_on is not null and status = 'won'
    group by source, closed_on
)
select 'closed_at_once', source, null, rows, money_rub, strftime(closed_on, '%d.%m.%Y')
from days where (rows >= {FEWEST} and rows > {SHARE} * among and days >= 10)
    or (rows >= {FEWEST_OF_ALL} and rows = among and days >= {FEWEST_OF_ALL})
"""
"""Sales of many days that were closed on one: somebody put a funnel in order, or brought it over from elsewhere."""
FEWEST_CALLS = 100
AT_NIGHT = f"""
with calls as (
    select source, hour(started_at) as hour, started_at = date_trunc('day', started_at) as is_timeless
    from loaded.calls where not is_displaced and direction = 'in'
)
select 'calls_at_night', source, null, count(*) filter (where hour >= 22 or hour < 7) as rows, 0, null
from calls group by source
having count(*) >= {FEWEST_CALLS} and rows > 0.5 * count(*) and count(*) filter (where is_timeless) < 0.1 * count(*)
"""
"""Calls that come by night: their times are those of another zone, and some stand on the wrong day."""
FEWEST_ANSWERS = 10
LOW_SCALE = f"""
select 'scale_unused', source, null, count(*), 0, upper(kind) || ' ' || max(score)
from loaded.survey_answers where not is_displaced group by source, kind
having count(*) >= {FEWEST_ANSWERS} and max(score) <= case kind when 'nps' then 5 else 2 end
"""
"""Answers of which none reaches the upper half of its scale: fives of a shop's own scale are no tens of NPS."""

FEWEST_AGAIN, SHARE_AGAIN = 3, 0.2
MAY_REPEAT = f"""
select 1 from loaded.leads where not is_displaced and lead_id is null and phone is not null
having approx_count_distinct(key_hash) < {1 - SHARE_AGAIN / 2} * count(*)
"""
"""Whether so many enquiries without a number are equal that it pays to count them; each hash is looked at once."""
LEADS_REPEATED = f"""
select 'leads_repeated', source, source_file, count(*) - count(distinct key_hash) as again, 0, null
from loaded.leads where not is_displaced and lead_id is null and phone is not null group by source, source_file
having again >= {FEWEST_AGAIN} and again >= {SHARE_AGAIN} * count(*)
"""
"""Enquiries of one phone and one moment: one of them, told of again for each mark, product or manager it has."""


def one_person(connection: Any) -> Iterator[Note]:
    """Notices of a phone, or of a client, that stands in too many rows of a source; where, not who, is told."""
    for source, name in connection.execute(
        "select distinct source, table_name from ops.files where table_name in ? order by all", [list(PERSONS)]
    ).fetchall():
        person = PERSONS[name]
        for (found,) in connection.execute(_suspects(name, person), [source]).fetchall():
            told = connection.execute(
                f"""select 'one_person', source, source_file, sum(source_rows), {MONEY.get(name, "0")},
                    min(source_row)::varchar
                from loaded.{name} where not is_displaced and source = ? and {person} = ? group by all
                order by source_file""",
                [source, found],
            ).fetchall()
            yield from (Note(*row) for row in told)


def _suspects(name: str, person: str) -> str:
    """A table and who its rows are of in; the SQL of those who are too many among a source's first rows out."""
    return f"""
        select who from (
            select {person} as who, count(*) as rows, sum(count(*)) over () as among,
                right(who, 7) in ({INVENTED}) and length(who) = 11 as is_invented
            from (select {person} from loaded.{name}
                where source = ? and not is_displaced and {person} is not null limit {LOOKED_AT})
            group by {person}
        )
        where rows >= {FEWEST} and rows > {SHARE} * among
            or is_invented and rows >= {FEWEST_INVENTED} and rows > {SHARE_INVENTED} * among
        order by who"""
