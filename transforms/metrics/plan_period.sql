-- One row per period, figure, channel and manager that a plan sets and that has begun: what was planned and what came of it.
-- No rows without staged.plan.
-- Of today alone.
with
ranked as (
    select
        grain,
        period_start,
        metric,
        coalesce(channel, all_together()) as channel,
        coalesce(manager, all_together()) as manager,
        cast(planned as double) as planned,
        -- of equal keys the last row stands
        row_number() over (
            partition by grain, period_start, metric, coalesce(channel, all_together()), coalesce(manager, all_together())
            order by source desc, source_file desc, source_row desc
        ) as place
    from staged.plan
    where period_start <= getvariable('as_of')
),
dated as (
    select
        plan.*,
        asked.table_name,
        asked.is_adding,
        asked.is_adding or asked.is_growing as is_count,
        cast(
            case plan.grain
                when 'day' then plan.period_start
                when 'week' then plan.period_start + interval '6' day
                when 'month' then plan.period_start + interval '1' month - interval '1' day
                when 'year' then plan.period_start + interval '1' year - interval '1' day
            end as date
        ) as last_on,
        -- the same days of the week, or of the month, a year before
        cast(
            case when plan.grain in ('day', 'week') then plan.period_start - interval '364' day
                else plan.period_start - interval '1' year
            end as date
        ) as year_back_start,
        cast(
            case when plan.grain in ('day', 'week') then getvariable('as_of') - interval '364' day
                else getvariable('as_of') - interval '1' year
            end as date
        ) as year_back_on
    from ranked as plan
    inner join ops.asked_metrics as asked using (metric)
    where plan.place = 1
),
counted as (
    select
        *,
        cast(date_diff('day', period_start, last_on) + 1 as double) as days,
        cast(date_diff('day', period_start, least(last_on, getvariable('as_of'))) + 1 as double) as days_passed,
        cast(date_diff('day', getvariable('as_of'), last_on) as double) as days_left,
        cast(date_diff('day', year_back_start,
            cast(
                case grain
                    when 'day' then year_back_start
                    when 'week' then year_back_start + interval '6' day
                    when 'month' then year_back_start + interval '1' month - interval '1' day
                    when 'year' then year_back_start + interval '1' year - interval '1' day
                end as date
            )) + 1 as double) as days_of_year_back,
        last_on <= getvariable('as_of') as is_complete
    from dated
),
-- periods that the table has at all: a channel never seen in one of them did nothing, before them nothing is known
periods as (
    select distinct
        run_on,
        grain,
        period_start,
        metric
    from ops.asked_figures
),
compared as (
    select
        plan.*,
        case
            when now.metric is not null then now.value
            when plan.is_count and periods.metric is not null then 0
        end as actual,
        case
            when date_diff('day', plan.year_back_start, starts_before.first_on) * 10 <= plan.days_of_year_back
                then before.value
        end as last_year,
        starts.first_on
    from counted as plan
    left join ops.asked_figures as now
        on now.run_on = getvariable('as_of')
        and now.grain = plan.grain
        and now.period_start = plan.period_start
        and now.metric = plan.metric
        and now.channel = plan.channel
        and now.manager = plan.manager
    left join periods
        on periods.run_on = getvariable('as_of')
        and periods.grain = plan.grain
        and periods.period_start = plan.period_start
        and periods.metric = plan.metric
    left join ops.asked_figures as before
        on before.run_on = plan.year_back_on
        and before.grain = plan.grain
        and before.period_start = plan.year_back_start
        and before.metric = plan.metric
        and before.channel = plan.channel
        and before.manager = plan.manager
    left join ops.asked_starts as starts
        on starts.run_on = getvariable('as_of')
        and starts.table_name = plan.table_name
    left join ops.asked_starts as starts_before
        on starts_before.run_on = plan.year_back_on
        and starts_before.table_name = plan.table_name
),
-- the last 28 days of a figure, each with its place in the week: 0 is Monday
last_days as (
    select
        periods.metric,
        keys.channel,
        keys.manager,
        cast(date_diff('day', date '1970-01-05', periods.period_start) % 7 as bigint) as weekday,
        case when figures.metric is null then 0 else figures.value end as value
    from periods
    inner join (select distinct metric, channel, manager from compared where is_adding and not is_complete) as keys
        on keys.metric = periods.metric
    left join ops.asked_figures as figures
        on figures.run_on = periods.run_on
        and figures.grain = 'day'
        and figures.period_start = periods.period_start
        and figures.metric = periods.metric
        and figures.channel = keys.channel
        and figures.manager = keys.manager
    where periods.run_on = getvariable('as_of')
        and periods.grain = 'day'
        and periods.period_start > getvariable('as_of') - interval '28' day
),
weekdays as (
    select
        metric,
        channel,
        manager,
        weekday,
        count(value) as days,
        avg(value) as mean,
        var_pop(value) * count(value) as squares
    from last_days
    group by metric, channel, manager, weekday
),
left_days as (
    select
        plan.grain,
        plan.period_start,
        plan.metric,
        plan.channel,
        plan.manager,
        weekdays.days,
        weekdays.mean,
        weekdays.squares,
        -- how many of the days left are such a weekday
        floor(
            (
                plan.days_left + 6
                - (weekdays.weekday + 7 - date_diff('day', date '1970-01-05', getvariable('as_of') + 1) % 7) % 7
            ) / 7
        ) as n
    from compared as plan
    inner join weekdays using (metric, channel, manager)
    where plan.is_adding
        and not plan.is_complete
        and plan.first_on <= getvariable('as_of') - 27
),
expected as (
    select
        grain,
        period_start,
        metric,
        channel,
        manager,
        sum(days) as days,
        sum(n * mean) as rest,
        sum(n) as r,
        sum(n * n) as n_squares,
        sum(squares) / 21 as variance
    from left_days
    group by all
),
told as (
    select
        plan.*,
        case when plan.is_count then plan.planned * plan.days_passed / nullif(plan.days, 0) else plan.planned end
            as planned_to_date,
        case when expected.days = 28 then plan.actual + expected.rest end as forecast,
        2.0796 * sqrt(expected.variance * (expected.r + expected.n_squares / 4)) as margin
    from compared as plan
    left join expected using (grain, period_start, metric, channel, manager)
),
judged as (
    select
        *,
        case when planned_to_date > 0 then actual / nullif(planned_to_date, 0) end as completion,
        case when last_year > 0 then actual / nullif(last_year, 0) - 1 end as growth,
        case when actual < forecast then actual else forecast end as least
    from told
),
final as (
    select
        grain,
        period_start,
        metric,
        channel,
        manager,
        planned,
        planned_to_date,
        actual,
        completion,
        case
            when completion < 0.8 then 'low'
            when completion > 1.2 then 'high'
            when completion is not null then 'ok'
        end as zone,
        last_year,
        growth,
        forecast,
        case when forecast - margin < least then least else forecast - margin end as forecast_low,
        forecast + margin as forecast_high,
        is_complete
    from judged
)
select * from final
order by grain, period_start, metric, channel, manager
