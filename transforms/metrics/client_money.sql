-- One row per client, day and won row of theirs from the day of their first won deal on, later ones than as_of too:
-- the money of their cohort, refunds and the cost of free orders included.
with
firsts as (
    select
        client_key,
        day_on as first_on,
        channel as first_channel
    from metrics.sale
    where client_order = 1
),
final as (
    select
        firsts.client_key,
        firsts.first_on,
        firsts.first_channel,
        deals.settled_on as day_on,
        cast(date_diff('month', date_trunc('month', firsts.first_on), date_trunc('month', deals.settled_on)) as bigint)
            as month_number,
        coalesce(deals.revenue_rub > 0, false) as is_won,
        coalesce(deals.revenue_rub, 0) as revenue_rub,
        coalesce(deals.revenue_rub, 0) - coalesce(deals.cogs_rub, 0) as gross_profit_rub
    from metrics.dated_deal as deals
    inner join firsts using (client_key)
    where deals.status = 'won'
        and deals.settled_on >= firsts.first_on
)
select * from final
