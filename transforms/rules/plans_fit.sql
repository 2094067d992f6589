-- A plan is due in full when its period is over, and a forecast lies between its bounds.
select
    grain,
    period_start,
    metric,
    channel,
    manager,
    planned_to_date as found,
    planned as expected
from metrics.plan_period
where (is_complete and planned_to_date <> planned)
    or forecast_low > forecast
    or forecast > forecast_high
