-- One row per day, channel and manager that has calls, later ones than as_of too: how many inbound ones of each kind,
-- and how many of them are from a known phone.
-- Kept by day: its rows follow from those of staged.calls within 0 days.
select
    day_on,
    channel,
    manager,
    count(*) as call_rows,
    count(phone) as known_rows,
    count(*) filter (where not_inbound is null) as calls,
    count(*) filter (where not_taken is null) as answered_calls,
    count(*) filter (where not_target is null) as target_calls,
    count(*) filter (where not_missed is null) as missed_calls,
    count(*) filter (where not_known is null) as known_calls,
    count(*) filter (where not_caller is null) as known_answered_calls
from metrics.fact_call
group by all
order by day_on, channel, manager
