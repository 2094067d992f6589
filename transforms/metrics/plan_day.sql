-- One row per figure of the running month's plan that adds up by days, and day of that month so far: what it came to by then.
-- No rows without staged.plan.
-- Of today alone.
select
    plan.metric,
    plan.channel,
    plan.manager,
    days.period_start as day_on,
    sum(days.value) over (
        partition by plan.metric, plan.channel, plan.manager
        order by days.period_start
    ) as actual
from metrics.plan_period as plan
inner join ops.asked_metrics as asked
    on asked.metric = plan.metric
    and asked.is_adding
inner join ops.asked_figures as days
    on days.run_on = getvariable('as_of')
    and days.grain = 'day'
    and days.metric = plan.metric
    and days.channel = plan.channel
    and days.manager = plan.manager
    and days.period_start >= plan.period_start
where plan.grain = 'month'
    and plan.period_start = cast(date_trunc('month', getvariable('as_of')) as date)
order by plan.metric, plan.channel, plan.manager, day_on
