-- One row per day and channel that has unique calls: inbound ones from a phone that was silent for unique_days before.
with
known as (
    select
        day_on,
        channel,
        sum(known_calls) as calls
    from metrics.call_day
    group by all
),
repeated as (
    select
        day_on,
        channel_hash,
        count(*) as calls
    from metrics.close_call
    where not is_unique
    group by all
),
counted as (
    select
        known.day_on,
        known.channel,
        cast(known.calls - coalesce(repeated.calls, 0) as bigint) as unique_calls
    from known
    left join repeated
        on repeated.day_on = known.day_on
        and repeated.channel_hash = hash(known.channel)
),
final as (
    select *
    from counted
    where unique_calls > 0
)
select * from final
order by day_on, channel
