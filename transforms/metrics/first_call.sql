-- One row per day and channel with first calls: known phones whose first inbound call ever, answered or not, began then.
-- Later days than as_of change nothing up to as_of: they only bring phones that were never heard of by then.
-- Kept by day: its rows follow from those of staged.calls of the same phone up to that day.
with
calls as (
    select
        -- numbers sort faster than texts
        cast(phone as bigint) as phone,
        started_at,
        channel
    from staged.calls
    where getvariable('economics_unit') = 'callers'
        and is_inbound(direction)
        and is_known_phone(phone)
),
ordered as (
    select
        phone,
        started_at,
        channel,
        lag(started_at) over (partition by phone order by started_at) as previous_at,
        lead(started_at) over (partition by phone order by started_at) as next_at
    from calls
),
earliest as (
    select
        phone,
        started_at,
        channel,
        coalesce(next_at = started_at, false) as is_doubled
    from ordered
    where previous_at is null
),
-- several first calls of one phone in the same second are rare: only they are put in order by their names
moments as (
    select
        cast(phone as varchar) as phone,
        started_at
    from earliest
    where is_doubled
),
doubled as (
    select
        calls.started_at,
        calls.channel,
        row_number() over (
            partition by moments.phone
            order by calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from staged.calls as calls
    inner join moments using (phone, started_at)
    where is_inbound(calls.direction)
),
firsts as (
    select
        started_at,
        channel
    from earliest
    where not is_doubled
    union all
    select
        started_at,
        channel
    from doubled
    where place = 1
),
final as (
    select
        cast(started_at as date) as day_on,
        named(channel) as channel,
        count(*) as units
    from firsts
    group by all
)
select * from final
order by day_on, channel
