-- One row per staged call, with the inbound call of the same phone before it.
select
    source,
    source_file,
    source_row,
    cast(started_at as date) as day_on,
    coalesce(channel, 'Не указан') as channel,
    coalesce(manager, 'Не указан') as manager,
    coalesce(direction, 'in') = 'in' as is_inbound,
    coalesce(is_answered, talk_seconds > 0) as is_answered,
    talk_seconds,
    started_at,
    call_id,
    case when length(phone) = 11 and phone like '7%' then phone end as phone,
    lag(started_at) over (
        partition by phone, coalesce(direction, 'in') = 'in'
        order by started_at, call_id, source_row, source, source_file
    ) as previous_at
from staged.calls
