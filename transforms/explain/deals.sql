-- One row per staged deal as it is by as_of, its subscriber, and which of its client's deals it is.
select
    staged_deals.source,
    staged_deals.source_file,
    staged_deals.source_row,
    -- not there yet by as_of: the day that is still to come
    coalesce(deals.day_on, greatest(staged_deals.closed_on, staged_deals.created_on)) as day_on,
    named(coalesce(deals.channel, staged_deals.channel)) as channel,
    named(staged_deals.manager) as manager,
    deals.status,
    coalesce(deals.is_won, false) as is_won,
    staged_deals.client_key,
    staged_deals.deal_id,
    staged_deals.revenue_rub,
    staged_deals.cogs_rub,
    won.client_order,
    owners.subscriber_no,
    owners.subscribed_on
from staged.deals as staged_deals
left join metrics.deal as deals using (source, source_file, source_row)
left join metrics.won_deal as won using (source, source_file, source_row)
left join metrics.subscriber_deal as owners using (source, source_file, source_row)
