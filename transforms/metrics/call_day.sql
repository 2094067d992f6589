-- One row per day, channel and manager that has calls, later ones than as_of too: how many inbound ones of each kind,
-- and how many of them are from a known phone.
-- Kept by day: its rows follow from those of staged.calls within 0 days.
with
calls as (
    select
        cast(started_at as date) as day_on,
        named(channel) as channel,
        named(manager) as manager,
        is_inbound(direction) as is_inbound,
        was_answered(is_answered, talk_seconds) as is_answered,
        is_known_phone(phone) as is_known,
        talk_seconds
    from staged.calls
),
final as (
    select
        day_on,
        channel,
        manager,
        count(*) as call_rows,
        count(*) filter (where is_known) as known_rows,
        count(*) filter (where is_inbound) as calls,
        count(*) filter (where is_inbound and is_answered) as answered_calls,
        count(*) filter (where is_inbound and is_answered and talk_seconds >= getvariable('target_seconds')) as target_calls,
        count(*) filter (where is_inbound and not is_answered) as missed_calls,
        count(*) filter (where is_inbound and is_known) as known_calls,
        count(*) filter (where is_inbound and is_known and is_answered) as known_answered_calls
    from calls
    group by all
)
select * from final
order by day_on, channel, manager
