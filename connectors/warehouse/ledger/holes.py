"""Rows of a table → notices of days in the middle of a source's data of which it has none: a month nobody exported."""

from __future__ import annotations

from datetime import date

from config.tables import tables
from connectors.warehouse.ledger.counted_twice import WITH_PHONES

FEWEST_DAYS, USUAL_BREAK, LONGEST_BREAK, MOST_HOLES = 30, 3, 7, 3
"""So many days with rows, nearly all of them so near to the next, make a longer break odd, if there are but a few."""
HOLIDAYS = """
    (month(since) * 100 + day(since) >= 1225 or month(since) = 1) and until <= make_date(year(since + 10), 1, 15)
    or month(since) * 100 + day(since) between 425 and 503 and until <= make_date(year(since), 5, 12)
"""
"""Between the days around a break: the weeks of New Year and of May, when a country is closed."""


def days_lacking(name: str, as_of: date) -> str | None:
    """A table and the day of the report in; the SELECT of notices, if its rows come day by day, out."""
    if name not in WITH_PHONES and name != "ad_spend":
        return None
    day = WITH_PHONES.get(name, tables()[name].day[0])
    return f"""
    with days as (
        select distinct source, {day} as on_day from loaded.{name} where not is_displaced and {day} <= date '{as_of}'
    ),
    breaks as (
        select source, lag(on_day) over (partition by source order by on_day) as since, on_day as until from days
    ),
    usual as (
        select source, count(*) as days, quantile_disc(until - since, 0.95) as between_days,
            count(*) filter (where until - since > {LONGEST_BREAK}) as holes
        from breaks group by source
    )
    select 'days_lacking', source, null, until - since - 1, 0, strftime(since + 1, '%Y-%m-%d') || '–' ||
        strftime(until - 1, '%Y-%m-%d')
    from breaks join usual using (source)
    where days >= {FEWEST_DAYS} and between_days <= {USUAL_BREAK} and holes <= {MOST_HOLES}
        and until - since > {LONGEST_BREAK} and not ({HOLIDAYS})"""
