-- One row per grain and day, from the period of the first staged row to as_of, and per window and its days up to as_of.
select
    grain,
    day_on,
    period_start
from metrics.plain_day
union all
select
    windows.grain,
    days.day_on,
    windows.first_on as period_start
from ops.asked_windows as windows
cross join (
    select distinct day_on
    from metrics.plain_day
) as days
where days.day_on between windows.first_on and windows.last_on
