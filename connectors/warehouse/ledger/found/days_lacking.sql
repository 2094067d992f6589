-- One row a break in the middle of a source's data, of which it has no day: a month nobody exported.
with days as (
    select distinct source, {day} as on_day from loaded.{table} where not is_displaced and {day} <= date '{as_of}'
),
breaks as (
    select source, lag(on_day) over (partition by source order by on_day) as since, on_day as until from days
),
usual as (
    select source, count(*) as days, quantile_disc(until - since, 0.95) as between_days,
        count(*) filter (where until - since > 7) as holes, max(until) - min(until) + 1 as span_days
    from breaks group by source
)
select 'days_lacking', source, null, until - since - 1, 0, strftime(since + 1, '%Y-%m-%d') || '–' ||
    strftime(until - 1, '%Y-%m-%d')
from breaks join usual using (source)
-- many days, nearly all of them so near to the next, make a longer break odd, if there are but a few …
where days >= 30 and between_days <= 3 and holes <= 3 and until - since > 7
    -- … were it a chance whether a day has a row, one so long would hardly come about in all these days …
    and span_days * pow(1 - least(1, days / span_days), until - since - 1) < 0.05
    and not (  -- … and a country is not closed: the weeks of New Year and of May
        (month(since) * 100 + day(since) >= 1225 or month(since) = 1) and until <= make_date(year(since + 10), 1, 15)
        or month(since) * 100 + day(since) between 425 and 503 and until <= make_date(year(since), 5, 12)
    )
