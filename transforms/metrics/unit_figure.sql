-- One row per grain, period and channel, and for all together: the figures of the unit economics, not rounded.
with
own_days as (
    select
        day_on,
        channel
    from metrics.channel_day
    where spend_rows > 0
        or call_rows > 0
        or deal_rows > 0
        or (lead_rows > 0 and getvariable('economics_unit') = 'leads')
    union all
    select
        day_on,
        channel
    from metrics.unit_day
    where day_on <= getvariable('as_of')
        and getvariable('economics_unit') = 'subscribers'
),
channels as (
    select distinct channel from own_days
    union all
    select all_together()
),
units_by_channel as (
    select
        days.grain,
        days.period_start,
        facts.channel,
        sum(facts.units) as units
    from metrics.unit_day as facts
    inner join metrics.period_day as days using (day_on)
    group by all
),
units as (
    select
        *,
        true as has_rows
    from units_by_channel
    union all
    select
        grain,
        period_start,
        all_together() as channel,
        sum(units) as units,
        true as has_rows
    from units_by_channel
    group by grain, period_start
),
told as (
    select
        figures.*,
        case getvariable('economics_unit')
            when 'callers'
                then known.has_calls and names.call_persons and is_counted_by(names.call_channels, figures.channel)
            when 'leads' then known.has_leads and is_counted_by(names.lead_channels, figures.channel)
            when 'subscribers'
                then known.has_subscribers and is_counted_by(names.subscriber_channels, figures.channel)
            else known.has_ad_spend and is_counted_by(names.spend_channels, figures.channel)
        end as are_units_known
    from metrics.channel_figure as figures
    inner join channels using (channel)
    cross join metrics.known_table as known
    cross join metrics.known_name as names
    where is_asked(figures.grain, 'unit_economics_period')
        and figures.last_on >= (select min(day_on) from own_days)
),
joined as (
    select
        told.grain,
        told.period_start,
        told.channel,
        case when told.are_units_known then case when units.has_rows then units.units else 0 end end as ua,
        told.new_clients as buyers_new,
        told.clients as buyers,
        told.deals_won as orders,
        cast(told.spend_rub as double) as spend,
        cast(told.revenue_rub as double) as revenue,
        cast(told.cogs_rub as double) as cogs,
        cast(told.gross_profit_rub as double) as gross_profit,
        told.is_complete
    from told
    left join units using (grain, period_start, channel)
),
final as (
    select
        grain,
        period_start,
        channel,
        cast(ua as bigint) as ua,
        cast(buyers_new as bigint) as buyers_new,
        cast(buyers as bigint) as buyers,
        cast(orders as bigint) as orders,
        spend,
        revenue,
        cogs,
        gross_profit,
        ratio(buyers_new, ua) as c1,
        ratio(revenue, orders) as av_price,
        ratio(cogs, orders) as cogs_per_order,
        ratio(orders, buyers) as apc,
        ratio(gross_profit, buyers) as arppu,
        ratio(spend, ua) as cpa,
        -- a channel that only eats money shows its loss
        case when buyers_new = 0 then 0 else buyers_new * ratio(gross_profit, buyers) end - spend as margin,
        is_complete
    from joined
)
select * from final
order by grain, period_start, channel
