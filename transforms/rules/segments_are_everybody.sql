-- Those alive are the pool of today; with those to be won back they are everybody who ever bought.
with
counted as (
    select
        count(*) as people,
        count(*) filter (where r = 3) as alive
    from metrics.client_segment
),
gone as (
    select count(*) as people
    from metrics.winback
),
pool as (
    select coalesce(max(clients_end), 0) as clients_end
    from metrics.client_period
    where grain = 'month'
        and period_start = date_trunc('month', getvariable('as_of'))
),
cohorts as (
    select coalesce(sum(clients), 0) as clients
    from metrics.cohort_month
    where month_number = 0
),
compared as (
    select 'alive' as figure, counted.alive as found, pool.clients_end as expected
    from counted cross join pool
    union all
    select 'won back and alive', gone.people + pool.clients_end, counted.people
    from counted cross join gone cross join pool
    union all
    select 'cohorts', cohorts.clients, counted.people
    from counted cross join cohorts
)
select *
from compared
where found <> expected
