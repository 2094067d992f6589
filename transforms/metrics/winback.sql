-- One row per person who bought and is no longer alive, freshest first: what they bought last, and from whom.
-- Of today alone.
with
latest as (
    select
        client_key,
        max(client_order) as client_order
    from metrics.won_deal
    where client_key is not null
    group by all
),
last_deals as (
    select
        deals.client_key,
        deals.manager,
        staged_deals.product
    from metrics.won_deal as deals
    inner join latest using (client_key, client_order)
    inner join staged.deals as staged_deals using (source, source_file, source_row)
),
final as (
    select
        clients.client_key,
        clients.last_deal_on + getvariable('client_days') as lost_on,
        -- the first day not alive is the day lost
        cast(
            floor(cast(clients.days_since - getvariable('client_days') as double) / 30)
            as bigint
        ) as months_lost,
        clients.last_deal_on,
        clients.orders,
        clients.revenue_rub,
        deals.product as last_product,
        deals.manager as last_manager
    from metrics.client_segment as clients
    inner join last_deals as deals using (client_key)
    where clients.r < 3
)
select * from final
order by lost_on desc, revenue_rub desc, client_key
