-- One row per grain and period, from the first staged row of any table to the period of as_of.
with
periods as (
    select distinct
        grain,
        period_start
    from metrics.period_day
),
bounded as (
    select
        grain,
        period_start,
        ends_on(grain, period_start) as last_on
    from periods
),
final as (
    select
        grain,
        period_start,
        last_on,
        least(last_on, getvariable('as_of')) as d_on,
        last_on <= getvariable('as_of') as is_complete
    from bounded
)
select * from final
order by grain, period_start
