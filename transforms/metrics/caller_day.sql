-- One row per grain, day, manager and channel: callers who spoke to the manager on that day for the first time in its
-- period, by the channel of that call.
with
known as (
    select
        days.grain,
        days.day_on,
        facts.manager,
        facts.channel,
        sum(facts.known_answered_calls) as calls
    from metrics.call_day as facts
    inner join metrics.calendar_day as days using (day_on)
    group by all
),
-- they spoke to the manager earlier in the period
repeated as (
    select
        days.grain,
        days.day_on,
        calls.manager_hash,
        calls.channel_hash,
        count(*) as calls
    from metrics.close_call as calls
    inner join metrics.calendar_day as days using (day_on)
    where calls.is_answered and calls.previous_on >= days.period_start
    group by all
),
counted as (
    select
        known.grain,
        known.day_on,
        known.manager,
        known.channel,
        cast(known.calls - coalesce(repeated.calls, 0) as bigint) as callers
    from known
    left join repeated
        on repeated.grain = known.grain
        and repeated.day_on = known.day_on
        and repeated.manager_hash = hash(known.manager)
        and repeated.channel_hash = hash(known.channel)
),
final as (
    select *
    from counted
    where callers > 0
)
select * from final
order by grain, day_on, manager, channel
