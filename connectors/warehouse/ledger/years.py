"""Rows whose days stand alone → a notice: people go on writing the old year, or exchange the day and the month."""

from __future__ import annotations

from config.tables import tables
from connectors.warehouse.ledger.counted_twice import WITH_PHONES

FOLLOWED = frozenset({"deals", "calls", "leads", "ad_spend"})
"""Tables whose rows follow each other from month to month."""
MOST = 0.05
"""Of a source's rows: more are no slip of the pen."""
TIMES = 5
"""So many times as many rows the same month a year later has."""
AROUND = 2
"""So many months before and after have none."""
SHOWN = 3


def _by_load(name: str, longest: int) -> str:
    """`long`, a table's sources of more days than that, and `by_load`, rows and roubles of the days of each load."""
    day, money = WITH_PHONES.get(name, f"{tables()[name].day[0]}::date"), tables()[name].money or "0"
    return f"""long as (
        select source from ops.files where table_name = '{name}' group by source
        having max(data_to_on) - min(data_from_on) > {longest}
    ),
    by_load as (
        select load_id, {day} as day_on, sum(source_rows) as rows, coalesce(sum({money}), 0) as money_rub
        from loaded.{name} where not is_displaced group by all
    )"""


def years_apart(name: str) -> str | None:
    """A table in; the SELECT of `ops.notices` rows of what stands alone a year before its month out."""
    if name not in FOLLOWED:
        return None
    return f"""
    with {_by_load(name, 300)},
    months as (
        select source, date_trunc('month', day_on)::date as month_on, sum(rows) as rows, sum(money_rub) as money_rub,
            list(distinct day_on order by day_on)[:{SHOWN} + 1] as days
        from by_load join ops.files using (load_id) semi join long using (source) group by all
    ),
    whole as (select source, sum(rows) as rows from months group by source),
    alone as (
        select m.source, m.rows, m.money_rub, days, month_on from months as m join whole using (source)
        where m.rows <= {MOST} * whole.rows
            and exists (from months as later where later.source = m.source and later.rows >= {TIMES} * m.rows
                and later.month_on = m.month_on + interval 1 year)
            and not exists (from months as near where near.source = m.source and near.month_on <> m.month_on
                and near.month_on between m.month_on - interval {AROUND} month and m.month_on + interval {AROUND} month)
    ),
    told as (
        select source, sum(rows) as rows, sum(money_rub) as money_rub, flatten(list(days order by month_on)) as days
        from alone group by source
    )
    select 'years_apart', source, null, rows, money_rub,
        array_to_string(list_transform(days[:{SHOWN}], lambda d: strftime(d, '%d.%m.%Y')), ', ')
            || if(len(days) > {SHOWN}, ', …', '')
    from told"""


def days_exchanged(name: str) -> str | None:
    """The same of what stands alone in its month, and would be among many others with its day and month exchanged."""
    if name not in FOLLOWED:
        return None
    return f"""
    with {_by_load(name, 45)},
    days as (
        select source, day_on, date_trunc('month', day_on)::date as month_on, sum(rows) as rows,
            sum(money_rub) as money_rub
        from by_load join ops.files using (load_id) semi join long using (source) group by all
    ),
    months as (
        select source, month_on, sum(rows) as rows, max(day(day_on)) as latest from days group by all
    ),
    whole as (select source, sum(rows) as rows from months group by source),
    alone as (
        select m.source, month_on from months as m join whole using (source)
        where m.rows <= {MOST} * whole.rows + 1 and m.latest <= 12
            and not exists (from months as near where near.source = m.source and near.month_on <> m.month_on
                and near.month_on between m.month_on - interval 1 month and m.month_on + interval 1 month)
    ),
    told as (
        select d.source, d.rows, d.money_rub, d.day_on from days as d semi join alone using (source, month_on)
        where exists (from months as other where other.source = d.source and other.rows >= {TIMES} * d.rows
            and other.month_on = make_date(year(d.day_on), day(d.day_on), 1) and other.month_on <> d.month_on)
    )
    select 'days_exchanged', source, null, sum(rows), sum(money_rub),
        string_agg(strftime(day_on, '%d.%m.%Y'), ', ' order by day_on)
    from told group by source having count(*) <= {SHOWN}"""
