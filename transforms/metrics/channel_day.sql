-- One row per day and channel that has any staged row up to as_of: what adds up over days.
with
spend as (
    select
        day_on,
        channel,
        count(*) as spend_rows,
        sum(spend_rub) as spend_rub,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from metrics.fact_spend
    where day_on <= getvariable('as_of')
    group by all
),
calls as (
    select
        day_on,
        channel,
        sum(call_rows) as call_rows,
        sum(calls) as calls,
        sum(target_calls) as target_calls,
        sum(missed_calls) as missed_calls
    from metrics.call_day
    where day_on <= getvariable('as_of')
    group by all
),
unique_calls as (
    select *
    from metrics.unique_call_day
    where day_on <= getvariable('as_of')
),
deals as (
    select
        day_on,
        channel,
        count(*) as deal_rows,
        count(*) filter (where is_won) as deals_won,
        sum(revenue_rub) filter (where status = 'won') as revenue_rub,
        sum(cogs_rub) filter (where status = 'won') as cogs_rub
    from metrics.deal
    group by all
),
final as (
    select
        day_on,
        channel,
        coalesce(spend_rows, 0) as spend_rows,
        coalesce(call_rows, 0) as call_rows,
        coalesce(deal_rows, 0) as deal_rows,
        coalesce(lead_rows, 0) as lead_rows,
        coalesce(spend_rub, 0) as spend_rub,
        -- blank where the rows do not tell them, 0 where there are no rows
        case when spend_rows is null then 0 else impressions end as impressions,
        case when spend_rows is null then 0 else clicks end as clicks,
        coalesce(calls, 0) as calls,
        coalesce(unique_calls.unique_calls, 0) as unique_calls,
        coalesce(target_calls, 0) as target_calls,
        coalesce(missed_calls, 0) as missed_calls,
        coalesce(leads, 0) as leads,
        coalesce(deals_won, 0) as deals_won,
        coalesce(revenue_rub, 0) as revenue_rub,
        coalesce(cogs_rub, 0) as cogs_rub
    from spend
    full join calls using (day_on, channel)
    full join unique_calls using (day_on, channel)
    full join deals using (day_on, channel)
    full join metrics.lead_day as leads using (day_on, channel)
)
select * from final
order by day_on, channel
