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
earliest as (
    select *
    from calls
    inner join moments using (phone, started_at)
),
-- several first calls of one phone in the same second are rare: only they are put in order by their names
doubled as (
    select phone
    from earliest
    group by phone
    having count(*) > 1
),
ordered as (
    select
        earliest.started_at,
        earliest.channel,
        row_number() over (
            partition by earliest.phone
            order by earliest.call_id, earliest.source_row, earliest.source, earliest.source_file
        ) as place
    from earliest
    inner join doubled using (phone)
),
firsts as (
    select
        earliest.started_at,
        earliest.channel
    from earliest
    left join doubled using (phone)
    where doubled.phone is null
    union all
    select
        started_at,
        channel
    from ordered
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
