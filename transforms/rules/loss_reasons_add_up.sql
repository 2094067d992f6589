-- Every lost deal has one reason and one manager.
with
reasons as (
    select
        grain,
        period_start,
        sum(deals_lost) as deals_lost
    from metrics.loss_reason_period
    group by grain, period_start
),
managers as (
    select
        grain,
        period_start,
        sum(deals_lost) as deals_lost
    from metrics.manager_period
    group by grain, period_start
)
select
    reasons.grain,
    reasons.period_start,
    reasons.deals_lost as found,
    managers.deals_lost as expected
from reasons
inner join managers using (grain, period_start)
where reasons.deals_lost <> managers.deals_lost
