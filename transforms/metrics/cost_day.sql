-- One row per day up to as_of: the costs of its month, except for advertising, spread over the days like spend.
with
costs as (
    select
        cast(date_trunc('month', costs.month_on) as date) as period_start,
        cast(costs.amount_rub * 100 as bigint) as kopecks
    from staged.costs as costs
    left join metrics.advertising_item as advertising
        on advertising.item = folded(costs.item)
    where costs.month_on <= getvariable('as_of')
        and advertising.item is null
),
numbered as (
    select
        days.day_on,
        abs(costs.kopecks) as kopecks,
        sign(costs.kopecks) as sign,
        date_diff('day', periods.period_start, days.day_on) + 1 as number,
        date_diff('day', periods.period_start, periods.last_on) + 1 as days
    from costs
    inner join metrics.period as periods
        on periods.grain = 'month'
        and periods.period_start = costs.period_start
    inner join metrics.period_day as days
        on days.grain = 'month'
        and days.period_start = periods.period_start
),
-- day i of n gets round(total·i/n) − round(total·(i−1)/n) kopecks, halves away from zero
spread as (
    select
        day_on,
        sign * (
            floor(cast(2 * kopecks * number + days as double) / (2 * days))
            - floor(cast(2 * kopecks * (number - 1) + days as double) / (2 * days))
        ) as kopecks
    from numbered
),
final as (
    select
        day_on,
        cast(cast(sum(kopecks) as double) / 100 as decimal(18, 2)) as costs_rub
    from spread
    group by all
)
select * from final
order by day_on
