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
        cast(
            case grain
                when 'day' then period_start
                when 'week' then period_start + 6
                when 'month' then period_start + interval 1 month - interval 1 day
                when 'year' then period_start + interval 1 year - interval 1 day
            end as date
        ) as last_on
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
