-- One row per row of the plan that sets the figure: of equal keys the last stands.
select
    plan.source,
    plan.source_file,
    plan.source_row,
    plan.period_start as day_on,
    cast(plan.planned as double) as planned,
    case
        when row_number() over (order by plan.source desc, plan.source_file desc, plan.source_row desc) > 1 then 'replaced'
    end as not_the_last
from staged.plan as plan
inner join explained
    on plan.grain = explained.asked_grain
    and plan.period_start = explained.period_start
    and plan.metric = explained.asked_metric
    and coalesce(plan.channel, all_together()) = explained.asked_channel
    and coalesce(plan.manager, all_together()) = explained.asked_manager
