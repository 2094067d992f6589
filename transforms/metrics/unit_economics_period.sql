-- One row per grain, period and channel, and for all together: what a unit and a client cost, and what they earn.
with
-- the clients whose first deal closed in the period, in the channel of that deal, month by month since
money_by_channel as (
    select
        days.grain,
        days.period_start,
        money.first_channel as channel,
        money.month_number,
        sum(money.gross_profit_rub) as gross_profit_rub
    from metrics.client_money as money
    inner join metrics.period_day as days
        on days.day_on = money.first_on
    where money.day_on <= getvariable('as_of')
    group by all
),
money as (
    select * from money_by_channel
    union all
    select
        grain,
        period_start,
        all_together() as channel,
        month_number,
        sum(gross_profit_rub) as gross_profit_rub
    from money_by_channel
    group by grain, period_start, month_number
),
to_date as (
    select
        grain,
        period_start,
        channel,
        month_number,
        sum(gross_profit_rub) over (partition by grain, period_start, channel order by month_number) as gross_profit_rub
    from money
),
cohorts as (
    select
        grain,
        period_start,
        channel,
        sum(gross_profit_rub) as gross_profit_rub
    from money
    group by grain, period_start, channel
),
paid_back as (
    select
        figures.grain,
        figures.period_start,
        figures.channel,
        min(to_date.month_number) as payback_months
    from metrics.unit_figure as figures
    inner join to_date using (grain, period_start, channel)
    where figures.spend > 0
        and to_date.gross_profit_rub >= figures.spend
    group by all
),
joined as (
    select
        figures.*,
        cohorts.gross_profit_rub as cohort_gross_profit,
        paid_back.payback_months
    from metrics.unit_figure as figures
    left join cohorts using (grain, period_start, channel)
    left join paid_back using (grain, period_start, channel)
),
final as (
    select
        grain,
        period_start,
        channel,
        ua,
        buyers_new,
        buyers,
        c1,
        orders,
        roubles(av_price) as av_price_rub,
        roubles(cogs_per_order) as cogs_per_order_rub,
        apc,
        roubles(arppu) as arppu_rub,
        -- nobody bought: a unit brought nothing
        roubles(case when c1 = 0 then 0 else c1 * arppu end) as arpu_rub,
        roubles(cpa) as cpa_rub,
        roubles(ratio(spend, buyers_new)) as cac_rub,
        case when buyers_new > 0 then roubles(ratio(cohort_gross_profit, buyers_new)) end as ltv_rub,
        roubles(margin) as contribution_margin_rub,
        case when buyers_new > 0 then payback_months end as payback_months,
        is_complete
    from joined
)
select * from final
order by grain, period_start, channel
