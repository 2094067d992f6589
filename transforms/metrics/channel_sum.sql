-- One row per grain, period and channel that has staged rows, and for all together: what adds up over days.
with
by_channel as (
    select
        days.grain,
        days.period_start,
        facts.channel,
        sum(facts.spend_rows) as spend_rows,
        sum(facts.spend_rub) as spend_rub,
        -- silent rows stay unknown; days without rows add their 0 only where some row speaks
        sum(facts.impressions) filter (where facts.spend_rows > 0) as impressions,
        sum(facts.clicks) filter (where facts.spend_rows > 0) as clicks,
        sum(facts.calls) as calls,
        sum(facts.unique_calls) as unique_calls,
        sum(facts.target_calls) as target_calls,
        sum(facts.missed_calls) as missed_calls,
        sum(facts.leads) as leads,
        sum(facts.deals_won) as deals_won,
        sum(facts.revenue_rub) as revenue_rub,
        sum(facts.cogs_rub) as cogs_rub
    from metrics.channel_day as facts
    inner join metrics.period_day as days using (day_on)
    group by all
),
summed as (
    select * from by_channel
    union all
    select
        grain,
        period_start,
        all_together() as channel,
        sum(spend_rows) as spend_rows,
        sum(spend_rub) as spend_rub,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(calls) as calls,
        sum(unique_calls) as unique_calls,
        sum(target_calls) as target_calls,
        sum(missed_calls) as missed_calls,
        sum(leads) as leads,
        sum(deals_won) as deals_won,
        sum(revenue_rub) as revenue_rub,
        sum(cogs_rub) as cogs_rub
    from by_channel
    group by grain, period_start
),
final as (
    select
        grain,
        period_start,
        channel,
        spend_rub,
        case when spend_rows = 0 then 0 else impressions end as impressions,
        case when spend_rows = 0 then 0 else clicks end as clicks,
        calls,
        unique_calls,
        target_calls,
        missed_calls,
        leads,
        deals_won,
        revenue_rub,
        cogs_rub
    from summed
)
select * from final
