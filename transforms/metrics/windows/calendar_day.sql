-- One row per grain and day that has calls, later ones than as_of too, and per window and such a day.
select
    grain,
    day_on,
    period_start
from metrics.plain_calendar_day
union all
select
    windows.grain,
    days.day_on,
    windows.first_on as period_start
from ops.asked_windows as windows
cross join (
    select distinct day_on
    from metrics.call_day
) as days
where days.day_on between windows.first_on and windows.last_on
