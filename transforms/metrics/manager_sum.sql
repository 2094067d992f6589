-- One row per grain, period, manager and channel that has calls or deals up to as_of: what adds up over channels too.
with
calls as (
    select
        days.grain,
        days.period_start,
        facts.manager,
        facts.channel,
        sum(facts.answered_calls) as calls,
        sum(facts.target_calls) as target_calls,
        sum(facts.missed_calls) as missed_calls
    from metrics.call_day as facts
    inner join metrics.period_day as days using (day_on)
    group by all
),
-- a caller stands in one channel: that of their first call of the period to the manager
callers as (
    select
        days.grain,
        days.period_start,
        facts.manager,
        facts.channel,
        sum(facts.callers) as callers
    from metrics.caller_day as facts
    inner join metrics.period_day as days using (grain, day_on)
    group by all
),
-- whose first such call of the period was followed by a deal
converted as (
    select
        days.grain,
        days.period_start,
        calls.manager,
        calls.channel,
        count(*) as converted_callers
    from metrics.buyer_call as calls
    inner join metrics.period_day as days using (day_on)
    where (calls.previous_on is null or calls.previous_on < days.period_start)
        and calls.bought_on <= getvariable('as_of')
    group by all
),
deals as (
    select
        days.grain,
        days.period_start,
        facts.manager,
        facts.channel,
        count(*) filter (where facts.is_won) as deals_won,
        count(*) filter (where facts.status = 'lost') as deals_lost,
        sum(facts.revenue_rub) filter (where facts.status = 'won') as revenue_rub
    from metrics.deal as facts
    inner join metrics.period_day as days using (day_on)
    group by all
),
final as (
    select
        grain,
        period_start,
        manager,
        channel,
        coalesce(calls.calls, 0) as calls,
        coalesce(calls.target_calls, 0) as target_calls,
        coalesce(calls.missed_calls, 0) as missed_calls,
        coalesce(callers.callers, 0) as callers,
        coalesce(converted.converted_callers, 0) as converted_callers,
        coalesce(deals.deals_won, 0) as deals_won,
        coalesce(deals.deals_lost, 0) as deals_lost,
        coalesce(deals.revenue_rub, 0) as revenue_rub
    from calls
    left join callers using (grain, period_start, manager, channel)
    left join converted using (grain, period_start, manager, channel)
    full join deals using (grain, period_start, manager, channel)
)
select * from final
