-- One row per grain, period and channel: what was spent and what it brought.
with
joined as (
    select
        figures.*,
        known.has_calls,
        known.has_leads
    from metrics.channel_figure as figures
    cross join metrics.known_table as known
    where is_asked(figures.grain, 'channel_period')
        and figures.channel in (select channel from metrics.channel_day)
        and figures.last_on >= (select min(day_on) from metrics.channel_day)
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
