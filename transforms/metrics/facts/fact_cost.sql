-- One row per staged cost up to as_of and day up to it: the cost of its month spread over the days like spend, in kopecks.
-- not_cost is blank, or says why the row is none: advertising is in the spend already.
with
costs as (
    select
        costs.source,
        costs.source_file,
        costs.source_row,
        cast(date_trunc('month', costs.month_on) as date) as period_start,
        cast(costs.amount_rub * 100 as bigint) as kopecks,
        case when advertising.item is not null then 'advertising' end as not_cost
    from staged.costs as costs
    left join metrics.advertising_item as advertising
        on advertising.item = folded(costs.item)
    where costs.month_on <= getvariable('as_of')
),
numbered as (
    select
        costs.*,
        days.day_on,
        abs(costs.kopecks) as amount,
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
)
-- day i of n gets round(total·i/n) − round(total·(i−1)/n) kopecks, halves away from zero
select
    source,
    source_file,
    source_row,
    day_on,
    not_cost,
    sign * (
        floor(cast(2 * amount * number + days as double) / (2 * days))
        - floor(cast(2 * amount * (number - 1) + days as double) / (2 * days))
    ) as kopecks
from numbered
