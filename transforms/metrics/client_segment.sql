-- One row per person with a won deal, as of as_of: how lately, how often and for how much they bought.
-- Of today alone.
with
orders as (
    select
        client_key,
        min(day_on) as first_deal_on,
        max(day_on) as last_deal_on,
        count(*) as orders
    from metrics.won_deal
    where client_key is not null
    group by all
),
money as (
    select
        client_key,
        sum(revenue_rub) as revenue_rub
    from staged.deals
    where status = 'won'
        and settled_on(created_on, closed_on) <= getvariable('as_of')
        and client_key is not null
    group by all
),
judged as (
    select
        orders.client_key,
        orders.first_deal_on,
        orders.last_deal_on,
        cast(date_diff('day', orders.last_deal_on, getvariable('as_of')) as bigint) as days_since,
        orders.orders,
        money.revenue_rub,
        rank() over (order by money.revenue_rub) - 1 as clients_below,
        count(*) over () as clients
    from orders
    inner join money using (client_key)
),
scored as (
    select
        *,
        -- by the business's own clock: a fifth of a dying base is recent too
        case
            when days_since < getvariable('client_days') then 3
            when days_since < 2 * getvariable('client_days') then 2
            else 1
        end as r,
        case
            when orders >= getvariable('many_orders') then 3
            when orders >= getvariable('several_orders') then 2
            else 1
        end as f,
        -- thirds, equal sums together
        case
            when 3 * clients_below >= 2 * clients then 3
            when 3 * clients_below >= clients then 2
            else 1
        end as m
    from judged
),
final as (
    select
        client_key,
        first_deal_on,
        last_deal_on,
        days_since,
        orders,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        cast(r as bigint) as r,
        cast(f as bigint) as f,
        cast(m as bigint) as m,
        case
            when r = 3 and f = 1 then 'new'
            when r = 3 and m = 3 then 'best'
            when r = 3 then 'regular'
            when r = 2 and (f > 1 or m = 3) then 'leaving'
            when r = 2 then 'one_off'
            when f > 1 or m = 3 then 'lost_valuable'
            else 'lost'
        end as segment
    from scored
)
select * from final
order by client_key
