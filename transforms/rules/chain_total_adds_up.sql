-- Всего is the sum of the channels, where figures add up; a client of two channels counts there once.
with
channels as (
    select
        grain,
        period_start,
        coalesce(sum(spend_rub), 0) as spend_rub,
        coalesce(sum(impressions), 0) as impressions,
        coalesce(sum(clicks), 0) as clicks,
        coalesce(sum(calls), 0) as calls,
        coalesce(sum(target_calls), 0) as target_calls,
        coalesce(sum(clients), 0) as clients,
        coalesce(max(clients), 0) as most_clients,
        coalesce(sum(revenue_rub), 0) as revenue_rub,
        coalesce(sum(gross_profit_rub), 0) as gross_profit_rub
    from metrics.chain_period
    where channel <> all_together()
    group by grain, period_start
)
select
    totals.grain,
    totals.period_start,
    totals.spend_rub,
    totals.calls,
    totals.clients,
    totals.revenue_rub
from metrics.chain_period as totals
inner join channels using (grain, period_start)
where totals.channel = all_together()
    and (
        totals.spend_rub <> channels.spend_rub
        or totals.impressions <> channels.impressions
        or totals.clicks <> channels.clicks
        or totals.calls <> channels.calls
        or totals.target_calls <> channels.target_calls
        or totals.clients > channels.clients
        or totals.clients < channels.most_clients
        or totals.revenue_rub <> channels.revenue_rub
        or totals.gross_profit_rub <> channels.gross_profit_rub
    )
