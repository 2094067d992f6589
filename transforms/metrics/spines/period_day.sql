-- One row per grain and day, from the period of the first staged row to as_of: which period a day belongs to.
with
first_days as (
    select min(spend_on) as day_on from staged.ad_spend where spend_on <= getvariable('as_of')
    union all
    select cast(min(started_at) as date) from staged.calls where started_at < getvariable('as_of') + 1
    union all
    select min(least(opened_on(created_on, closed_on), settled_on(created_on, closed_on)))
    from staged.deals
    where least(opened_on(created_on, closed_on), settled_on(created_on, closed_on)) <= getvariable('as_of')
    union all
    select cast(min(created_at) as date) from staged.leads where created_at < getvariable('as_of') + 1
    union all
    select min(subscribed_on) from staged.subscribers where subscribed_on <= getvariable('as_of')
    union all
    select min(active_on) from staged.activity where active_on <= getvariable('as_of')
    union all
    select min(answered_on) from staged.survey_answers where answered_on <= getvariable('as_of')
    union all
    select cast(date_trunc('month', min(month_on)) as date) from staged.costs where month_on <= getvariable('as_of')
),
first_day as (
    select min(day_on) as first_on
    from first_days
),
grains as (
    select unnest(getvariable('period_grains')) as grain
),
days as (
    select
        first_on,
        -- an ISO week may begin in the year before
        cast(unnest(generate_series(date_trunc('year', first_on) - interval 7 days, getvariable('as_of'), interval 1 day)) as date)
            as day_on
    from first_day
    where first_on is not null
),
final as (
    select
        grain,
        day_on,
        cast(date_trunc(grain, day_on) as date) as period_start
    from days
    cross join grains
    where day_on >= date_trunc(grain, first_on)
)
select * from final
order by grain, day_on
