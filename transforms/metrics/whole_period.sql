-- One row per grain and period: the business as a whole; its paid channels, and its managers with calls, apart.
with
channels as (
    select
        grain,
        period_start,
        is_complete,
        sum(spend_rub) as spend_rub,
        sum(calls) as calls,
        sum(deals_won) as deals_won,
        sum(revenue_rub) as revenue_rub,
        sum(gross_profit_rub) as gross_profit_rub,
        sum(clicks) as clicks,
        case when count(*) filter (where clicks > 0 and calls is null) = 0 then sum(calls) filter (where clicks > 0) end
            as clicked_calls,
        sum(spend_rub) filter (where spend_rub > 0) as paid_spend_rub,
        -- a sum over channels one of which is not known is not known
        case when count(*) filter (where spend_rub > 0 and counted_calls is null) = 0
            then sum(counted_calls) filter (where spend_rub > 0)
        end as paid_calls,
        case when count(*) filter (where spend_rub > 0 and new_clients is null) = 0
            then sum(new_clients) filter (where spend_rub > 0)
        end as paid_new_clients,
        case when count(*) filter (where spend_rub > 0 and gross_profit_rub is null) = 0
            then sum(gross_profit_rub) filter (where spend_rub > 0)
        end as paid_gross_profit_rub
    from metrics.channel_period
    group by all
),
managers as (
    select
        grain,
        period_start,
        is_complete,
        sum(calls) filter (where calls > 0) as taken_calls,
        case when count(*) filter (where calls > 0 and clients_per_10_calls is null) = 0
            then sum(clients) filter (where calls > 0)
        end as taken_clients
    from metrics.manager_period
    group by all
),
joined as (
    select *
    from channels
    full join managers using (grain, period_start, is_complete)
    where is_asked(grain, 'whole_period')
),
final as (
    select
        grain,
        period_start,
        cast(spend_rub as decimal(18, 2)) as spend_rub,
        cast(clicks as bigint) as clicks,
        cast(calls as bigint) as calls,
        cast(deals_won as bigint) as deals_won,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        cast(gross_profit_rub as decimal(18, 2)) as gross_profit_rub,
        cast(gross_profit_rub - spend_rub as decimal(18, 2)) as profit_after_ads_rub,
        roubles(ratio(revenue_rub, deals_won)) as average_check_rub,
        cast(paid_spend_rub as decimal(18, 2)) as paid_spend_rub,
        cast(paid_calls as bigint) as paid_calls,
        cast(paid_new_clients as bigint) as paid_new_clients,
        cast(paid_gross_profit_rub as decimal(18, 2)) as paid_gross_profit_rub,
        -- the channels that cost nothing bring calls too, but no rouble bought them
        1000 * ratio(paid_calls, paid_spend_rub) as calls_per_1000_rub,
        roubles(ratio(paid_spend_rub, paid_calls)) as cost_per_call_rub,
        roubles(ratio(paid_spend_rub, paid_new_clients)) as cac_rub,
        ratio(paid_gross_profit_rub - paid_spend_rub, paid_spend_rub) as romi,
        cast(clicked_calls as bigint) as clicked_calls,
        ratio(clicked_calls, clicks) as calls_per_click,
        cast(taken_calls as bigint) as taken_calls,
        cast(taken_clients as bigint) as taken_clients,
        10 * ratio(taken_clients, taken_calls) as clients_per_10_calls,
        is_complete
    from joined
)
select * from final
order by grain, period_start
