-- One row per staged call: what it counts as. A not_… is blank where the row counts; else it says why it does not.
select
    source,
    source_file,
    source_row,
    cast(started_at as date) as day_on,
    started_at,
    call_id,
    named(channel) as channel,
    named(manager) as manager,
    known_phone(phone) as phone,
    case when not is_inbound(direction) then 'outgoing' end as not_inbound,
    case
        when not is_inbound(direction) then 'outgoing'
        when was_answered(is_answered, talk_seconds) is distinct from true then 'not_answered'
    end as not_taken,
    case
        when not is_inbound(direction) then 'outgoing'
        when was_answered(is_answered, talk_seconds) is distinct from true then 'not_answered'
        when coalesce(talk_seconds, -1) < getvariable('target_seconds') then 'short_talk'
    end as not_target,
    case
        when not is_inbound(direction) then 'outgoing'
        when was_answered(is_answered, talk_seconds) is distinct from false then 'answered'
    end as not_missed,
    case
        when not is_inbound(direction) then 'outgoing'
        when not coalesce(is_known_phone(phone), false) then 'unknown_phone'
    end as not_known,
    case
        when not is_inbound(direction) then 'outgoing'
        when was_answered(is_answered, talk_seconds) is distinct from true then 'not_answered'
        when not coalesce(is_known_phone(phone), false) then 'unknown_phone'
    end as not_caller
from staged.calls
