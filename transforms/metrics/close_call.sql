-- One row per inbound call from a known phone that has another one of that phone within near_days of it:
-- nobody else can have called before in the same period, or too soon to be a unique call. Names as their hashes.
-- Kept by day: its rows follow from those of staged.calls within near_days days.
with
calls as (
    select
        -- numbers sort faster than texts; other numbers than 11 digits from 7 are not known to be somebody's
        cast(phone as bigint) as phone,
        started_at,
        hash(named(channel)) as channel_hash,
        hash(named(manager)) as manager_hash,
        was_answered(is_answered, talk_seconds) as is_answered
    from staged.calls
    where is_inbound(direction)
        and is_known_phone(phone)
),
ordered as (
    select
        *,
        lag(started_at) over (partition by phone order by started_at) as previous_at,
        lead(started_at) over (partition by phone order by started_at) as next_at
    from calls
),
close_calls as (
    select
        *,
        coalesce(previous_at = started_at, false) or coalesce(next_at = started_at, false) as is_doubled
    from ordered
    where previous_at >= started_at - interval '1' day * getvariable('near_days')
        or next_at <= started_at + interval '1' day * getvariable('near_days')
),
-- several calls of one phone in the same second are rare: only they are put in order by their names
moments as (
    select
        cast(phone as varchar) as phone,
        started_at,
        min(previous_at) filter (where previous_at < started_at) as previous_at
    from close_calls
    where is_doubled
    group by all
),
doubled as (
    select
        cast(moments.phone as bigint) as phone,
        moments.started_at,
        hash(named(calls.channel)) as channel_hash,
        hash(named(calls.manager)) as manager_hash,
        was_answered(calls.is_answered, calls.talk_seconds) as is_answered,
        moments.previous_at,
        row_number() over (
            partition by moments.phone, moments.started_at
            order by calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from staged.calls as calls
    inner join moments using (phone, started_at)
    where is_inbound(calls.direction)
),
placed as (
    select
        phone,
        started_at,
        channel_hash,
        manager_hash,
        is_answered,
        previous_at,
        cast(1 as bigint) as place
    from close_calls
    where not is_doubled
    union all
    select * from doubled
),
spoken as (
    select
        *,
        cast(started_at as date) as day_on,
        lag(cast(started_at as date)) over (
            partition by phone, manager_hash, is_answered
            order by started_at, place
        ) as spoke_on
    from placed
),
final as (
    select
        day_on,
        channel_hash,
        manager_hash,
        is_answered,
        place = 1
        and (previous_at is null or previous_at <= started_at - interval '1' day * getvariable('unique_days'))
            as is_unique,
        -- of an answered call: when the same manager answered that phone before, if that was near
        case when spoke_on >= day_on - getvariable('near_days') then spoke_on end as previous_on
    from spoken
)
select * from final
