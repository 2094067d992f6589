-- One row per month of first deals and month since: how many of its clients buy again, and what they have brought.
-- Of today alone.
with
months as (
    select
        period_start,
        last_on,
        is_complete
    from metrics.period
    where grain = 'month'
        and last_on >= (select min(day_on) from metrics.won_deal)
),
grid as (
    select
        cohorts.period_start as cohort_on,
        cast(date_diff('month', cohorts.period_start, later.period_start) as bigint) as month_number,
        names.deal_persons as are_clients_known,
        later.is_complete
    from months as cohorts
    inner join months as later
        on later.period_start >= cohorts.period_start
    cross join metrics.known_name as names
),
money as (
    select
        cast(date_trunc('month', first_on) as date) as cohort_on,
        month_number,
        count(distinct client_key) filter (where is_won) as buyers,
        sum(revenue_rub) as revenue_rub,
        sum(gross_profit_rub) as gross_profit_rub
    from metrics.client_money
    where day_on <= getvariable('as_of')
    group by all
),
filled as (
    select
        grid.cohort_on,
        grid.month_number,
        grid.are_clients_known,
        coalesce(money.buyers, 0) as buyers,
        coalesce(money.revenue_rub, 0) as revenue_rub,
        coalesce(money.gross_profit_rub, 0) as gross_profit_rub,
        grid.is_complete
    from grid
    left join money using (cohort_on, month_number)
),
told as (
    select
        *,
        -- everybody bought in the month of their first deal
        first_value(buyers) over (partition by cohort_on order by month_number) as clients,
        sum(gross_profit_rub) over (partition by cohort_on order by month_number) as gross_profit_to_date_rub
    from filled
),
final as (
    select
        cohort_on,
        month_number,
        cast(case when are_clients_known then clients end as bigint) as clients,
        cast(case when are_clients_known then buyers end as bigint) as buyers,
        ratio(case when are_clients_known then buyers end, clients) as retention,
        cast(case when are_clients_known then revenue_rub end as decimal(18, 2)) as revenue_rub,
        cast(case when are_clients_known then gross_profit_rub end as decimal(18, 2)) as gross_profit_rub,
        roubles(ratio(case when are_clients_known then gross_profit_to_date_rub end, clients)) as ltv_rub,
        is_complete
    from told
)
select * from final
order by cohort_on, month_number
