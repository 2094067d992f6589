-- One row per grain, period, move (new, returned or lost) and channel: how many clients came or left so.
select
    grain,
    period_start,
    move,
    channel,
    count(*) as clients
from metrics.client_move
group by all
order by grain, period_start, move, channel
