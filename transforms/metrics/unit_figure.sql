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
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.is_complete,
        channels.channel,
        known.has_ad_spend and is_counted_by(names.spend_channels, channels.channel) as is_spend_known,
        known.has_deals and is_counted_by(names.deal_channels, channels.channel) as are_deals_known,
        names.deal_persons,
        case getvariable('economics_unit')
            when 'callers'
                then known.has_calls and names.call_persons and is_counted_by(names.call_channels, channels.channel)
            when 'leads' then known.has_leads and is_counted_by(names.lead_channels, channels.channel)
            when 'subscribers'
                then known.has_subscribers and is_counted_by(names.subscriber_channels, channels.channel)
            else known.has_ad_spend and is_counted_by(names.spend_channels, channels.channel)
        end as are_units_known
    from metrics.period as periods
    inner join metrics.asked_grain as asked
        on asked.grain = periods.grain
        and asked.table_name = 'unit_economics_period'
    cross join channels
    cross join metrics.known_table as known
    cross join metrics.known_name as names
    where periods.last_on >= (select min(day_on) from own_days)
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
joined as (
    select
        grid.grain,
        grid.period_start,
        grid.channel,
        case when grid.are_units_known then case when units.has_rows then units.units else 0 end end as ua,
        case when grid.are_deals_known and grid.deal_persons then coalesce(clients.new_clients, 0) end as buyers_new,
        case when grid.are_deals_known and grid.deal_persons then coalesce(clients.clients, 0) end as buyers,
        case when grid.are_deals_known then coalesce(summed.deals_won, 0) end as orders,
        cast(case when grid.is_spend_known then coalesce(summed.spend_rub, 0) end as double) as spend,
        cast(case when grid.are_deals_known then coalesce(summed.revenue_rub, 0) end as double) as revenue,
        cast(case when grid.are_deals_known then coalesce(summed.cogs_rub, 0) end as double) as cogs,
        cast(case when grid.are_deals_known then coalesce(summed.revenue_rub, 0) - coalesce(summed.cogs_rub, 0) end as double)
            as gross_profit,
        grid.is_complete
    from grid
    left join units using (grain, period_start, channel)
    left join metrics.channel_sum as summed using (grain, period_start, channel)
    left join metrics.buyer_sum as clients using (grain, period_start, channel)
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
