-- One row per day and channel with first calls: known phones whose first inbound call ever, answered or not, began then.
-- Later days than as_of change nothing up to as_of: they only bring phones that were never heard of by then.
with
calls as (
    select
        -- numbers are compared faster than texts
        cast(phone as bigint) as phone,
        started_at,
        channel,
        call_id,
        source,
        source_file,
        source_row
    from staged.calls
    where getvariable('economics_unit') = 'callers'
        and is_inbound(direction)
        and is_known_phone(phone)
),
moments as (
    select
        phone,
        min(started_at) as started_at
    from calls
    group by all
),
firsts as (
    select
        calls.phone,
        calls.started_at,
        calls.channel,
        row_number() over (
            partition by calls.phone
            order by calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from calls
    inner join moments using (phone, started_at)
),
final as (
    select
        cast(started_at as date) as day_on,
        named(channel) as channel,
        count(*) as units
    from firsts
    where place = 1
    group by all
)
select * from final
order by day_on, channel
