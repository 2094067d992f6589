-- The unit economics count what the other tables count, and their roubles add up to the same money.
with
channels as (
    select
        grain,
        period_start,
        sum(ua) as ua,
        sum(buyers_new) as buyers_new,
        sum(orders) as orders
    from metrics.unit_economics_period
    where channel <> all_together()
    group by grain, period_start
),
whole as (
    select *
    from metrics.unit_economics_period
    where channel = all_together()
)
select whole.grain, whole.period_start, 'sum of channels' as figure, whole.ua, whole.buyers_new, whole.orders
from whole
inner join channels using (grain, period_start)
where whole.ua <> channels.ua
    or whole.buyers_new <> channels.buyers_new
    or whole.orders <> channels.orders
union all
select mine.grain, mine.period_start, mine.channel as figure, mine.ua, mine.buyers_new, mine.orders
from metrics.unit_economics_period as mine
inner join metrics.channel_period as theirs using (grain, period_start, channel)
where mine.buyers_new <> theirs.new_clients
    or mine.buyers <> theirs.clients
    or mine.orders <> theirs.deals_won
    or mine.cac_rub <> theirs.cac_rub
union all
select whole.grain, whole.period_start, 'the chain' as figure, whole.ua, whole.buyers_new, whole.orders
from whole
inner join metrics.chain_period as chain using (grain, period_start, channel)
where whole.buyers <> chain.clients
    -- a kopeck is rounded for each order and buyer, never more
    or (whole.orders > 0 and abs(whole.orders * whole.av_price_rub - chain.revenue_rub) > 0.01 * whole.orders)
    or (whole.buyers > 0 and abs(whole.buyers * whole.arppu_rub - chain.gross_profit_rub) > 0.01 * whole.buyers)
