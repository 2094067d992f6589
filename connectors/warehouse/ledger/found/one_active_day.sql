-- One row a source of subscribers whose activity is one day for nearly all, or the day on which each of them came.
with days as (
    select source, last_active_on as day_on, count(*) as rows,
        count(*) filter (where last_active_on = subscribed_on) as joined,
        sum(count(*)) over (partition by source) as among
    from loaded.subscribers where not is_displaced and last_active_on is not null group by source, last_active_on
)
select 'one_active_day', source, null, sum(rows), 0, strftime(arg_max(day_on, rows), '%d.%m.%Y')
from days where rows >= 30 and rows > 0.8 * among and joined < 0.5 * rows group by source
union all
select 'active_since_joined', source, null, sum(joined), 0, null
from days group by source having sum(joined) >= 30 and sum(joined) > 0.95 * sum(rows)
