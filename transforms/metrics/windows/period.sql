-- One row per grain and period, from the first staged row of any table to the period of as_of, and per window.
select
    grain,
    period_start,
    last_on,
    d_on,
    is_complete
from metrics.plain_period
union all
select
    grain,
    first_on as period_start,
    last_on,
    least(last_on, getvariable('as_of')) as d_on,
    last_on <= getvariable('as_of') as is_complete
from ops.asked_windows
where first_on <= getvariable('as_of')
