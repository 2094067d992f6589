-- One row per staged cost whose month meets the period: the part of it that falls on the period's days.
select
    costs.source,
    costs.source_file,
    costs.source_row,
    min(costs.day_on) as day_on,
    costs.not_cost,
    cast(cast(sum(costs.kopecks) as double) / 100 as decimal(18, 2)) as costs_rub
from metrics.fact_cost as costs
inner join explained
    on costs.day_on >= explained.period_start
    and costs.day_on <= explained.d_on
group by all
