-- One row per day and channel that has unique calls: inbound ones from a phone that was silent for unique_days before.
with
calls as (
    select
        -- a number sorts faster than text; other numbers than 11 digits from 7 are not known to be somebody's
        cast(phone as bigint) as phone,
        started_at,
        channel
    from staged.calls
    where coalesce(direction, 'in') = 'in'
        and length(phone) = 11
        and phone like '7%'
),
ordered as (
    select
        *,
        lag(started_at) over (partition by phone order by started_at) as previous_at,
        lead(started_at) over (partition by phone order by started_at) as next_at
    from calls
),
first_calls as (
    select *
    from ordered
    where previous_at is null
        or previous_at <= started_at - interval '1' day * getvariable('unique_days')
),
-- several calls of one phone in the same second are rare: only they are put in order by their names
calls_of_one_second as (
    select
        calls.started_at,
        calls.channel,
        row_number() over (
            partition by calls.phone, calls.started_at
            order by calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from first_calls
    inner join staged.calls as calls
        on calls.started_at = first_calls.started_at
        and calls.phone = cast(first_calls.phone as varchar)
    where first_calls.next_at = first_calls.started_at
        and coalesce(calls.direction, 'in') = 'in'
),
unique_calls as (
    select
        started_at,
        channel
    from first_calls
    where next_at is null or next_at > started_at
    union all
    select
        started_at,
        channel
    from calls_of_one_second
    where place = 1
),
final as (
    select
        cast(started_at as date) as day_on,
        coalesce(channel, 'Не указан') as channel,
        count(*) as unique_calls
    from unique_calls
    group by all
)
select * from final
order by day_on, channel
