-- Levers move the margin that the unit economics show, equal ones equally; their ranks have no gaps, their levels were reached.
with
months as (
    select
        period_start,
        count(*) as levers,
        count(rank) as ranks,
        max(rank) as last_rank,
        count(shortfall_rank) as shortfall_ranks,
        max(shortfall_rank) as last_shortfall_rank,
        count(distinct lift_rub) filter (where lever in ('c1', 'apc')) as product_lifts
    from metrics.lever
    group by period_start
)
select months.period_start, 'ranks' as lever, cast(months.ranks as double) as found, cast(months.levers as double) as expected
from months
where months.ranks not in (0, 6)
    or months.last_rank <> months.ranks
    or months.last_shortfall_rank <> months.shortfall_ranks
    or months.product_lifts > 1
union all
select levers.period_start, levers.lever, cast(levers.margin_before_rub as double), cast(economics.contribution_margin_rub as double)
from metrics.lever as levers
inner join metrics.unit_economics_period as economics
    on economics.grain = 'month'
    and economics.channel = all_together()
    and economics.period_start = levers.period_start
where levers.margin_before_rub is distinct from economics.contribution_margin_rub
    or levers.shortfall_rub < 0
    or (levers.lever = 'ua' and abs(levers.lift_rub - 0.1 * levers.margin_before_rub) > 0.01)
union all
select levers.period_start, levers.lever, levers.best_value, reached.base_value
from metrics.lever as levers
left join metrics.lever as reached
    on reached.lever = levers.lever
    and reached.period_start = levers.best_on
where levers.best_value is distinct from case when levers.best_on is not null then reached.base_value end
