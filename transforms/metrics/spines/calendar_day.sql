-- One row per grain and day that has calls, later ones than as_of too: which period the day belongs to.
select
    grain,
    day_on,
    cast(date_trunc(grain, day_on) as date) as period_start
from (select distinct day_on from metrics.call_day)
cross join (select unnest(getvariable('all_grains')) as grain)
order by grain, day_on
