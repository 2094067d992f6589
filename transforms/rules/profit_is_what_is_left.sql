-- Over all months, profit is gross profit less spend less the costs of the days passed; channels have none of their own.
with
costs as (
    select coalesce(sum(costs_rub), 0) as costs_rub
    from metrics.cost_day
),
totals as (
    select
        coalesce(sum(profit_rub), 0) as profit_rub,
        coalesce(sum(gross_profit_rub), 0) - coalesce(sum(spend_rub), 0) as before_costs_rub
    from metrics.chain_period
    where grain = 'month' and channel = all_together()
)
select
    'profit_rub' as figure,
    totals.profit_rub as found,
    totals.before_costs_rub - costs.costs_rub as expected
from totals
cross join costs
cross join metrics.known_table as known
where known.has_deals
    and known.has_ad_spend
    and totals.profit_rub <> totals.before_costs_rub - costs.costs_rub
union all
select
    channel as figure,
    profit_rub as found,
    cast(null as decimal(18, 2)) as expected
from metrics.chain_period
where channel <> all_together() and profit_rub is not null
