-- The answers of all managers are all answers; parts are not larger than their whole.
with
managers as (
    select
        grain,
        period_start,
        sum(csi_answers) as csi_answers,
        sum(csat_answers) as csat_answers,
        sum(nps_answers) as nps_answers,
        sum(promoters) as promoters,
        sum(detractors) as detractors,
        sum(answers) as answers
    from metrics.satisfaction_period
    where manager <> all_together()
    group by grain, period_start
)
select whole.grain, whole.period_start, whole.manager, managers.answers as found, whole.answers as expected
from metrics.satisfaction_period as whole
inner join managers using (grain, period_start)
where whole.manager = all_together()
    and (
        managers.csi_answers <> whole.csi_answers
        or managers.csat_answers <> whole.csat_answers
        or managers.nps_answers <> whole.nps_answers
        or managers.promoters <> whole.promoters
        or managers.detractors <> whole.detractors
        or managers.answers <> whole.answers
    )
union all
select grain, period_start, manager, promoters + detractors as found, nps_answers as expected
from metrics.satisfaction_period
where promoters + detractors > nps_answers
    or clients_asked > clients
