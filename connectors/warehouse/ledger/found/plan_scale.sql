-- One row a source whose planned revenue is hundreds of times less, or more, than what each of its months came to: it
-- counts thousands, or kopecks. The running month is left out.
with earned as (
    select date_trunc('month', settled_on(created_on, closed_on))::date as period_start, sum(revenue_rub) as money_rub
    from loaded.deals where not is_displaced and is_sale(status, revenue_rub) group by all
),
met as (
    select source, planned, money_rub, money_rub / nullif(try_cast(planned as double), 0) as times
    from loaded.plan join earned using (period_start)
    where not is_displaced and grain = 'month' and manager is null and channel is null
        and (metric = 'revenue_rub' or metric like '%.revenue_rub') and last_day(period_start) <= date '{as_of}'
)
select 'plan_scale', source, null, count(*), coalesce(sum(money_rub), 0), null
from met group by source having min(times) >= 200 or max(times) <= 0.005
