-- Everybody of a cohort bought in its month, never more of them later; what a cohort brought is what its clients are worth.
with
brought as (
    select
        cohort_on,
        sum(gross_profit_rub) as gross_profit_rub
    from metrics.cohort_month
    group by cohort_on
)
select
    cohort_on,
    month_number,
    cast(buyers as double) as found,
    cast(clients as double) as expected
from metrics.cohort_month
where buyers > clients
    or (month_number = 0 and buyers <> clients)
union all
select
    brought.cohort_on,
    cast(null as bigint) as month_number,
    cast(brought.gross_profit_rub as double) as found,
    cast(economics.ltv_rub * economics.buyers_new as double) as expected
from brought
inner join metrics.unit_economics_period as economics
    on economics.grain = 'month'
    and economics.channel = all_together()
    and economics.period_start = brought.cohort_on
-- a kopeck is rounded for each client, never more
where abs(brought.gross_profit_rub - economics.ltv_rub * economics.buyers_new) > 0.01 * economics.buyers_new
