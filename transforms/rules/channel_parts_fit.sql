-- Parts are not larger than their whole, and no count is negative.
select
    grain,
    period_start,
    channel,
    calls,
    unique_calls,
    target_calls,
    missed_calls,
    clients,
    new_clients,
    deals_won
from metrics.channel_period
where unique_calls > calls
    or target_calls + missed_calls > calls
    or clients > deals_won
    or new_clients > clients
    or least(calls, unique_calls, target_calls, missed_calls, clients, new_clients, deals_won, leads) < 0
