-- Of every period, profit is gross profit less spend less the costs of its days; channels have none of their own.
with
costs as (
    select
        days.grain,
        days.period_start,
        sum(facts.costs_rub) as costs_rub
    from metrics.cost_day as facts
    inner join metrics.period_day as days using (day_on)
    group by all
),
compared as (
    select
        chain.grain,
        chain.period_start,
        chain.channel,
        chain.profit_rub as found,
        case
            when chain.channel = all_together() and chain.is_cost_known
                then chain.gross_profit_rub - chain.spend_rub - coalesce(costs.costs_rub, 0)
        end as expected
    from metrics.chain_period as chain
    left join costs using (grain, period_start)
)
select *
from compared
where found is distinct from expected
