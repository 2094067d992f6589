-- One row per grain, period and channel, and for Всего: the chain from impressions to profit, and the share kept at each step.
with
channel_days as (
    select *
    from metrics.channel_day
    where spend_rows > 0 or call_rows > 0 or deal_rows > 0
),
first_day as (
    select min(day_on) as day_on
    from (
        select min(day_on) as day_on from channel_days
        union all
        select min(day_on) from metrics.cost_day
    )
),
channels as (
    select distinct channel from channel_days
    union all
    select all_together()
),
costs as (
    select
        days.grain,
        days.period_start,
        all_together() as channel,
        sum(facts.costs_rub) as costs_rub
    from metrics.cost_day as facts
    inner join metrics.period_day as days using (day_on)
    group by all
),
-- days of a month without a cost, after the first month that has some: not entered is not nothing
costless as (
    select
        days.grain,
        days.period_start,
        count(*) as days
    from metrics.period_day as days
    left join metrics.cost_day as costs using (day_on)
    where costs.day_on is null
        and days.day_on >= (select min(day_on) from metrics.cost_day)
    group by all
),
joined as (
    select
        figures.*,
        coalesce(costs.costs_rub, 0) as costs_rub,
        costless.days is null as is_cost_known,
        (select count(*) from metrics.cost_day) > 0 as are_costs_entered
    from metrics.channel_figure as figures
    inner join channels using (channel)
    left join costless using (grain, period_start)
    left join costs using (grain, period_start, channel)
    where is_asked(figures.grain, 'chain_period')
        and figures.last_on >= (select day_on from first_day)
),
final as (
    select
        grain,
        period_start,
        channel,
        cast(spend_rub as decimal(18, 2)) as spend_rub,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(calls as bigint) as calls,
        cast(target_calls as bigint) as target_calls,
        cast(clients as bigint) as clients,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        cast(gross_profit_rub as decimal(18, 2)) as gross_profit_rub,
        -- rent and wages belong to no channel
        cast(
            case when channel = all_together() and is_cost_known then gross_profit_rub - spend_rub - costs_rub end
            as decimal(18, 2)
        ) as profit_rub,
        -- what whoever loads no advertising knows of it
        cast(
            case
                when channel = all_together() and is_cost_known and are_costs_entered then gross_profit_rub - costs_rub
            end
            as decimal(18, 2)
        ) as profit_without_ads_rub,
        is_cost_known,
        ratio(clicks, impressions) as clicks_per_impression,
        ratio(calls, clicks) as calls_per_click,
        ratio(target_calls, calls) as target_per_call,
        ratio(clients, target_calls) as clients_per_target_call,
        roubles(ratio(revenue_rub, clients))
            as revenue_per_client_rub,
        ratio(gross_profit_rub, revenue_rub) as gross_margin,
        is_complete
    from joined
)
select * from final
order by grain, period_start, channel
