-- A period starts with the subscribers that the one before ended with.
with
ordered as (
    select
        grain,
        period_start,
        active_start,
        total_end - joined as total_start,
        lag(active_end) over (partition by grain order by period_start) as active_before,
        lag(total_end) over (partition by grain order by period_start) as total_before
    from metrics.subscriber_period
)
select
    grain,
    period_start,
    active_start,
    active_before,
    total_start,
    total_before
from ordered
where active_start <> active_before or total_start <> total_before
