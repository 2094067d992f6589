-- One row per day and channel with units acquired, later ones than as_of too: what a unit is, the client's setting says.
select
    day_on,
    channel,
    units
from metrics.first_call
where getvariable('economics_unit') = 'callers'
union all
select
    day_on,
    channel,
    -- blank where no row tells them
    sum(units) filter (where not_unit is null) as units
from metrics.fact_unit
where coalesce(not_unit, 'not_told') = 'not_told'
group by day_on, channel
order by day_on, channel
