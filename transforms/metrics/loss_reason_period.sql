-- One row per grain, period and reason: deals that were lost for it, and what they would have brought.
with
lost as (
    select *
    from metrics.fact_loss
    where day_on <= getvariable('as_of')
),
reasons as (
    select
        reason,
        max(reason_group) as reason_group
    from lost
    group by all
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.is_complete,
        reasons.reason,
        reasons.reason_group
    from metrics.period as periods
    cross join reasons
    where is_asked(periods.grain, 'loss_reason_period')
        and periods.last_on >= (select min(day_on) from lost)
),
counted as (
    select
        days.grain,
        days.period_start,
        lost.reason,
        count(*) as deals_lost,
        sum(lost.lost_rub) as lost_rub
    from lost
    inner join metrics.period_day as days using (day_on)
    group by all
),
filled as (
    select
        grid.*,
        coalesce(counted.deals_lost, 0) as deals_lost,
        coalesce(counted.lost_rub, 0) as lost_rub,
        sum(coalesce(counted.deals_lost, 0)) over (partition by grid.grain, grid.period_start) as all_lost
    from grid
    left join counted using (grain, period_start, reason)
),
final as (
    select
        grain,
        period_start,
        reason,
        reason_group,
        -- a competitor wins on price, time or service: ours to answer
        reason_group <> 'external' as is_in_our_power,
        cast(deals_lost as bigint) as deals_lost,
        ratio(deals_lost, all_lost) as share,
        cast(lost_rub as decimal(18, 2)) as lost_rub,
        is_complete
    from filled
)
select * from final
order by grain, period_start, reason
