-- One row a source of expenses that only rise from a day to the next in every month: each is all that was spent since
-- its beginning.
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
