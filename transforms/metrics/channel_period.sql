-- One row per grain, period and channel: what was spent and what it brought.
with
channel_days as (
    select * from metrics.channel_day
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.is_complete,
        channels.channel,
        known.has_calls,
        known.has_leads,
        known.has_ad_spend and is_counted_by(names.spend_channels, channels.channel) as is_spend_known,
        known.has_calls and is_counted_by(names.call_channels, channels.channel) as are_calls_known,
        known.has_leads and is_counted_by(names.lead_channels, channels.channel) as are_leads_known,
        known.has_deals and is_counted_by(names.deal_channels, channels.channel) as are_deals_known,
        names.call_persons,
        names.deal_persons
    from metrics.period as periods
    inner join metrics.asked_grain as asked
        on asked.grain = periods.grain
        and asked.table_name = 'channel_period'
    cross join (select distinct channel from channel_days) as channels
    cross join metrics.known_table as known
    cross join metrics.known_name as names
    where periods.last_on >= (select min(day_on) from channel_days)
),
joined as (
    select
        grid.grain,
        grid.period_start,
        grid.channel,
        grid.has_calls,
        grid.has_leads,
        case when grid.is_spend_known then coalesce(summed.spend_rub, 0) end as spend_rub,
        case when grid.is_spend_known then case when summed.spend_rub is null then 0 else summed.impressions end end
            as impressions,
        case when grid.is_spend_known then case when summed.spend_rub is null then 0 else summed.clicks end end as clicks,
        case when grid.are_calls_known then coalesce(summed.calls, 0) end as calls,
        case when grid.are_calls_known and grid.call_persons then coalesce(summed.unique_calls, 0) end as unique_calls,
        case when grid.are_calls_known then coalesce(summed.target_calls, 0) end as target_calls,
        case when grid.are_calls_known then coalesce(summed.missed_calls, 0) end as missed_calls,
        case when grid.are_leads_known then coalesce(summed.leads, 0) end as leads,
        case when grid.are_deals_known and grid.deal_persons then coalesce(clients.clients, 0) end as clients,
        case when grid.are_deals_known and grid.deal_persons then coalesce(clients.new_clients, 0) end as new_clients,
        case when grid.are_deals_known then coalesce(summed.deals_won, 0) end as deals_won,
        case when grid.are_deals_known then coalesce(summed.revenue_rub, 0) end as revenue_rub,
        case when grid.are_deals_known then coalesce(summed.revenue_rub, 0) - coalesce(summed.cogs_rub, 0) end
            as gross_profit_rub,
        grid.is_complete
    from grid
    left join metrics.channel_sum as summed using (grain, period_start, channel)
    left join metrics.buyer_sum as clients using (grain, period_start, channel)
),
counted as (
    select
        joined.*,
        cast(spend_rub as double) as spend,
        case getvariable('calls_count')
            when 'unique' then unique_calls
            when 'target' then target_calls
            -- of two tables the one that was never loaded adds nothing
            when 'enquiries' then case when not has_leads then calls when not has_calls then leads else calls + leads end
            else calls
        end as counted_calls
    from joined
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
        cast(unique_calls as bigint) as unique_calls,
        cast(target_calls as bigint) as target_calls,
        cast(missed_calls as bigint) as missed_calls,
        cast(leads as bigint) as leads,
        cast(counted_calls as bigint) as counted_calls,
        cast(clients as bigint) as clients,
        cast(new_clients as bigint) as new_clients,
        cast(deals_won as bigint) as deals_won,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        cast(gross_profit_rub as decimal(18, 2)) as gross_profit_rub,
        -- unknown, not infinite, where nothing was spent
        1000 * cast(counted_calls as double) / nullif(spend, 0) as calls_per_1000_rub,
        cast(round(spend / nullif(cast(counted_calls as double), 0), 2) as decimal(18, 2)) as cost_per_call_rub,
        10 * ratio(clients, counted_calls) as clients_per_10_calls,
        ratio(clients, counted_calls) as conversion,
        cast(round(spend / nullif(cast(new_clients as double), 0), 2) as decimal(18, 2)) as cac_rub,
        cast(gross_profit_rub - spend_rub as double) / nullif(spend, 0) as romi,
        spend / nullif(cast(revenue_rub as double), 0) as drr,
        is_complete
    from counted
)
select * from final
order by grain, period_start, channel
