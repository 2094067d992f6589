-- One row a source of calls that come by night: their times are those of another zone, and some stand on the wrong day.
with calls as (
    select source, hour(started_at) as hour, started_at = date_trunc('day', started_at) as is_timeless
    from loaded.calls where not is_displaced and direction = 'in'
)
select 'calls_at_night', source, null, count(*) filter (where hour >= 22 or hour < 7) as rows, 0, null
from calls group by source
having count(*) >= 100 and rows > 0.5 * count(*) and count(*) filter (where is_timeless) < 0.1 * count(*)
