-- One row per staged cost whose month meets the period: the part of it that falls on the period's days.
with
months as (
    select
        costs.source,
        costs.source_file,
        costs.source_row,
        costs.month_on as day_on,
        costs.item,
        abs(cast(costs.amount_rub * 100 as bigint)) as kopecks,
        sign(costs.amount_rub) as sign,
        explained.period_start as first_on,
        explained.d_on,
        periods.period_start as month_start,
        periods.last_on as month_end,
        date_diff('day', periods.period_start, periods.last_on) + 1 as days
    from staged.costs as costs
    cross join explained
    inner join metrics.period as periods
        on periods.grain = 'month'
        and periods.period_start = cast(date_trunc('month', costs.month_on) as date)
    where periods.period_start <= explained.d_on
        and periods.last_on >= explained.period_start
        and costs.month_on <= getvariable('as_of')
),
numbered as (
    select
        *,
        date_diff('day', month_start, greatest(first_on, month_start)) as days_before,
        date_diff('day', month_start, least(d_on, month_end)) + 1 as days_passed
    from months
)
select
    numbered.source,
    numbered.source_file,
    numbered.source_row,
    greatest(numbered.day_on, numbered.first_on) as day_on,
    advertising.item is not null as is_advertising,
    cast(
        sign * (
            floor(cast(2 * kopecks * days_passed + days as double) / (2 * days))
            - floor(cast(2 * kopecks * days_before + days as double) / (2 * days))
        ) / 100 as decimal(18, 2)
    ) as costs_rub
from numbered
left join metrics.advertising_item as advertising
    on advertising.item = folded(numbered.item)
