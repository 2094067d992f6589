-- One row per grain, period, manager and channel: the calls a manager took from a channel and the clients made of them.
-- Of today alone.
with
pairs as (
    select
        day_on,
        manager,
        channel
    from metrics.call_day
    where day_on <= getvariable('as_of')
    union all
    select
        day_on,
        manager,
        channel
    from metrics.deal
),
met as (
    select distinct
        manager,
        channel
    from pairs
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.d_on,
        periods.is_complete,
        met.manager,
        met.channel,
        sellers.are_calls_known and is_counted_by(names.call_channels, met.channel) as are_calls_known,
        sellers.are_deals_known as are_sales_known,
        sellers.are_both_named,
        is_counted_by(names.deal_channels, met.channel) as are_channels_known,
        names.call_persons,
        names.deal_persons
    from metrics.period as periods
    cross join met
    inner join metrics.known_manager as sellers on sellers.manager = met.manager
    cross join metrics.known_name as names
    where is_asked(periods.grain, 'manager_channel_period')
        and periods.last_on >= (select min(day_on) from pairs)
),
clients as (
    select
        days.grain,
        days.period_start,
        deals.manager,
        deals.channel,
        count(distinct deals.client_key) as clients
    from metrics.won_deal as deals
    inner join metrics.period_day as days using (day_on)
    group by all
),
joined as (
    select
        grid.grain,
        grid.period_start,
        grid.manager,
        grid.channel,
        grid.d_on,
        grid.is_complete,
        counted_if(grid.are_calls_known, summed.calls) as calls,
        counted_if(grid.are_calls_known and grid.call_persons, summed.callers) as callers,
        counted_if(
            grid.are_calls_known and grid.call_persons and grid.are_sales_known and grid.deal_persons and grid.are_both_named,
            summed.converted_callers
        ) as converted_callers,
        counted_if(
            grid.are_sales_known and grid.are_channels_known and grid.deal_persons,
            clients.clients
        ) as clients,
        counted_if(grid.are_sales_known and grid.are_channels_known, summed.revenue_rub) as revenue_rub
    from grid
    left join metrics.manager_sum as summed using (grain, period_start, manager, channel)
    left join clients using (grain, period_start, manager, channel)
),
final as (
    select
        grain,
        period_start,
        manager,
        channel,
        cast(calls as bigint) as calls,
        cast(callers as bigint) as callers,
        cast(converted_callers as bigint) as converted_callers,
        ratio(converted_callers, callers) as conversion,
        coalesce(callers >= getvariable('min_callers'), false) as is_reliable,
        d_on + getvariable('lookback_days') <= getvariable('as_of') as is_mature,
        cast(clients as bigint) as clients,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        is_complete
    from joined
)
select * from final
order by grain, period_start, manager, channel
