-- One row per day of the last 28 that a planned figure has, with what it was on that day.
select
    figures.metric as source,
    figures.metric as source_file,
    cast(null as bigint) as source_row,
    figures.period_start as day_on,
    figures.value
from ops.asked_figures as figures
inner join explained
    on figures.metric = explained.asked_metric
    and figures.channel = explained.asked_channel
    and figures.manager = explained.asked_manager
where figures.grain = 'day'
    and figures.run_on = getvariable('as_of')
    and figures.period_start > getvariable('as_of') - 28
