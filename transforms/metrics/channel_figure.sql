-- One row per grain, period and channel of any table, and for all together: what adds up over days, and who bought.
-- 0 where nothing happened, blank where nobody can tell.
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
channels as (
    select channel from metrics.channel_day
    union
    select channel from metrics.unit_day where day_on <= getvariable('as_of')
    union
    select all_together()
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.last_on,
        periods.is_complete,
        channels.channel,
        known.has_ad_spend and is_counted_by(names.spend_channels, channels.channel) as is_spend_known,
        known.has_calls and is_counted_by(names.call_channels, channels.channel) as are_calls_known,
        known.has_leads and is_counted_by(names.lead_channels, channels.channel) as are_leads_known,
        known.has_deals and is_counted_by(names.deal_channels, channels.channel) as are_deals_known,
        names.call_persons,
        names.deal_persons
    from metrics.period as periods
    cross join channels
    cross join metrics.known_table as known
    cross join metrics.known_name as names
),
final as (
    select
        grid.grain,
        grid.period_start,
        grid.last_on,
        grid.is_complete,
        grid.channel,
        counted_if(grid.is_spend_known, summed.spend_rub) as spend_rub,
        -- days with spend whose rows are silent stay unknown
        case when grid.is_spend_known then case when coalesce(summed.spend_rows, 0) = 0 then 0 else summed.impressions end end
            as impressions,
        case when grid.is_spend_known then case when coalesce(summed.spend_rows, 0) = 0 then 0 else summed.clicks end end
            as clicks,
        counted_if(grid.are_calls_known, summed.calls) as calls,
        counted_if(grid.are_calls_known and grid.call_persons, summed.unique_calls) as unique_calls,
        counted_if(grid.are_calls_known, summed.target_calls) as target_calls,
        counted_if(grid.are_calls_known, summed.missed_calls) as missed_calls,
        counted_if(grid.are_leads_known, summed.leads) as leads,
        counted_if(grid.are_deals_known and grid.deal_persons, buyers.clients) as clients,
        counted_if(grid.are_deals_known and grid.deal_persons, buyers.new_clients) as new_clients,
        counted_if(grid.are_deals_known, summed.deals_won) as deals_won,
        counted_if(grid.are_deals_known, summed.revenue_rub) as revenue_rub,
        counted_if(grid.are_deals_known, summed.cogs_rub) as cogs_rub,
        case when grid.are_deals_known then coalesce(summed.revenue_rub, 0) - coalesce(summed.cogs_rub, 0) end
            as gross_profit_rub
    from grid
    left join summed using (grain, period_start, channel)
    left join metrics.buyer_sum as buyers using (grain, period_start, channel)
)
select * from final
