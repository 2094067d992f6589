-- One row per staged call, with the inbound call of the same phone before it.
select
    source,
    source_file,
    source_row,
    cast(started_at as date) as day_on,
    named(channel) as channel,
    named(manager) as manager,
    is_inbound(direction) as is_inbound,
    was_answered(is_answered, talk_seconds) as is_answered,
    talk_seconds,
    started_at,
    call_id,
    known_phone(phone) as phone,
    lag(started_at) over (
        partition by phone, is_inbound(direction)
        order by started_at, call_id, source_row, source, source_file
    ) as previous_at
from staged.calls
