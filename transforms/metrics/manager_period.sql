-- One row per grain, period and manager: the calls they took and the clients they made of them.
with
spanned as (
    select day_on
    from metrics.call_day
    where day_on <= getvariable('as_of')
    union all
    select day_on
    from metrics.deal
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.d_on,
        periods.is_complete,
        sellers.manager,
        sellers.are_calls_known,
        sellers.are_deals_known,
        sellers.are_both_named,
        names.call_persons,
        names.deal_persons
    from metrics.period as periods
    cross join metrics.known_manager as sellers
    cross join metrics.known_name as names
    where is_asked(periods.grain, 'manager_period')
        and periods.last_on >= (select min(day_on) from spanned)
),
summed as (
    select
        grain,
        period_start,
        manager,
        sum(calls) as calls,
        sum(target_calls) as target_calls,
        sum(missed_calls) as missed_calls,
        sum(callers) as callers,
        sum(converted_callers) as converted_callers,
        sum(deals_won) as deals_won,
        sum(deals_lost) as deals_lost,
        sum(revenue_rub) as revenue_rub
    from metrics.manager_sum
    group by all
),
clients as (
    select
        days.grain,
        days.period_start,
        deals.manager,
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
        grid.d_on,
        grid.is_complete,
        grid.are_both_named,
        counted_if(grid.are_calls_known, summed.calls) as calls,
        counted_if(grid.are_calls_known, summed.target_calls) as target_calls,
        counted_if(grid.are_calls_known, summed.missed_calls) as missed_calls,
        counted_if(grid.are_calls_known and grid.call_persons, summed.callers) as callers,
        counted_if(grid.are_deals_known and grid.deal_persons, clients.clients) as clients,
        counted_if(
            grid.are_calls_known and grid.call_persons and grid.are_deals_known and grid.deal_persons and grid.are_both_named,
            summed.converted_callers
        ) as converted_callers,
        counted_if(grid.are_deals_known, summed.deals_won) as deals_won,
        counted_if(grid.are_deals_known, summed.deals_lost) as deals_lost,
        counted_if(grid.are_deals_known, summed.revenue_rub) as revenue_rub
    from grid
    left join summed using (grain, period_start, manager)
    left join clients using (grain, period_start, manager)
),
shares as (
    select
        *,
        ratio(converted_callers, callers) as share,
        nullif(cast(callers as double), 0) as n,
        cast(1.959964 as double) as z
    from joined
),
-- Wilson's score interval without continuity correction
wilson as (
    select
        *,
        (share + z * z / (2 * n)) / (1 + z * z / n) as middle,
        z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n) as half
    from shares
),
final as (
    select
        grain,
        period_start,
        manager,
        cast(calls as bigint) as calls,
        cast(target_calls as bigint) as target_calls,
        cast(missed_calls as bigint) as missed_calls,
        cast(callers as bigint) as callers,
        cast(clients as bigint) as clients,
        case when are_both_named then 10 * ratio(clients, calls) end as clients_per_10_calls,
        cast(converted_callers as bigint) as converted_callers,
        share as conversion,
        -- not greatest and least: they would make a number of an unknown share
        case when middle - half < 0 then 0 else middle - half end as conversion_low,
        case when middle + half > 1 then 1 else middle + half end as conversion_high,
        coalesce(callers >= getvariable('min_callers'), false) as is_reliable,
        d_on + getvariable('lookback_days') <= getvariable('as_of') as is_mature,
        cast(deals_won as bigint) as deals_won,
        cast(deals_lost as bigint) as deals_lost,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        roubles(ratio(revenue_rub, deals_won))
            as average_check_rub,
        is_complete
    from wilson
)
select * from final
order by grain, period_start, manager
