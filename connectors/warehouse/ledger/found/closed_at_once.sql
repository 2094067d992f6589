-- One row a source and day: sales of many days that were closed on one, where somebody put a funnel in order, or
-- brought it over from elsewhere, with its days or without them.
with days as (
    select source, closed_on, count(*) as rows, coalesce(sum(revenue_rub), 0) as money_rub,
        count(distinct created_on) as days, sum(count(*)) over (partition by source) as among,
        count(*) over (partition by source) as of_days
    from loaded.deals where not is_displaced and closed_on is not null and status = 'won'
    group by source, closed_on
)
select 'closed_at_once', source, null, rows, money_rub, strftime(closed_on, '%d.%m.%Y')
from days where (rows >= 30 and rows > 0.4 * among and days >= 10) or (rows >= 5 and rows = among and days >= 5)
union all
select 'sold_at_once', source, null, rows, money_rub, strftime(closed_on, '%d.%m.%Y')
from days where rows >= 30 and rows > 0.4 * among and days < 10 and of_days >= 10
