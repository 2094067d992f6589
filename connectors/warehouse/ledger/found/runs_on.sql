-- One row a source of amounts that only rise from a day to the next until they begin anew, in one campaign at least:
-- each is all that came together since its beginning. Of sales only what a day took is looked at, not those of somebody.
-- So many days that rise, with so few falls, are no chance.
with days as (
    select source, {series} as series, {day} as day_on, sum({money}) as money_rub
    from loaded.{table} where not is_displaced and {is_of_nobody} group by all
),
steps as (
    select *, money_rub - lag(money_rub) over (partition by source, series order by day_on) as step from days
),
runs as (
    select *, count(*) filter (where step < 0) over (partition by source, series order by day_on) as run from steps
),
tops as (
    select source, series, run, max(money_rub) as most, sum(money_rub) as money_rub, count(step) as steps,
        count(*) filter (where step > 0) as rises, count(*) < 5 or max(money_rub) > 3 * min(money_rub) as is_steep
    from runs group by source, series, run
),
found as (
    select source, sum(steps) as rows, sum(money_rub) - sum(most) as money_rub
    from tops group by source, series
    having bool_and(is_steep) and sum(rises) >= 0.8 * (sum(steps) - (count(*) - 1))
        and sum(steps) >= 10 + 4 * (count(*) - 1) - (count(*) > 1)::integer
)
select 'runs_on', source, null, sum(rows), sum(money_rub), null from found group by source
