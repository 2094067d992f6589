-- One row per day up to as_of: the costs of its month, except for advertising, spread over the days like spend.
-- No rows without staged.costs.
select
    day_on,
    cast(cast(sum(kopecks) as double) / 100 as decimal(18, 2)) as costs_rub
from metrics.fact_cost
where not_cost is null
group by all
order by day_on
