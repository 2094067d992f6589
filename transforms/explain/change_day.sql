-- One row per day before and after a change, with what the figure was on that day in the run in which it is as old.
with
changes as (
    select
        metric,
        coalesce(channel, all_together()) as channel,
        coalesce(manager, all_together()) as manager,
        changed_on,
        cast(changed_on - days * interval '1' day as date) as first_on,
        cast(changed_on + days * interval '1' day as date) as end_on,
        greatest(cast(getvariable('as_of') - days * interval '1' day as date), changed_on - 1) as moved_on
    from staged.experiments
    inner join explained
        on explained.asked_name = name
)
select
    figures.metric as source,
    figures.metric as source_file,
    cast(null as bigint) as source_row,
    figures.period_start as day_on,
    figures.value,
    case when figures.period_start >= changes.changed_on then 'other' end as not_before,
    case when figures.period_start < changes.changed_on then 'other' end as not_after
from ops.asked_figures as figures
inner join changes
    on figures.metric = changes.metric
    and figures.channel = changes.channel
    and figures.manager = changes.manager
where figures.grain = 'day'
    and figures.period_start >= changes.first_on
    and figures.period_start < changes.end_on
    and figures.run_on = case
        when figures.period_start < changes.changed_on then changes.moved_on
        else getvariable('as_of')
    end
