-- Unique, target and missed calls are parts of the calls; target and missed ones are no call twice.
select
    grain,
    period_start,
    channel,
    calls,
    unique_calls,
    target_calls,
    missed_calls
from metrics.channel_period
where unique_calls > calls
    or target_calls + missed_calls > calls
