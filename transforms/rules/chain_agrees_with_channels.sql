-- The same figure of the same channel is the same in both tables.
select
    chain.grain,
    chain.period_start,
    chain.channel,
    chain.spend_rub,
    channels.spend_rub as channel_spend_rub,
    chain.calls,
    channels.calls as channel_calls,
    chain.revenue_rub,
    channels.revenue_rub as channel_revenue_rub
from metrics.chain_period as chain
inner join metrics.channel_period as channels using (grain, period_start, channel)
where chain.spend_rub <> channels.spend_rub
    or chain.impressions <> channels.impressions
    or chain.clicks <> channels.clicks
    or chain.calls <> channels.calls
    or chain.target_calls <> channels.target_calls
    or chain.clients <> channels.clients
    or chain.revenue_rub <> channels.revenue_rub
    or chain.gross_profit_rub <> channels.gross_profit_rub
