-- One row per won deal, refund or free order of a client who first bought in the period, in the channel of that first deal.
select
    deals.source,
    deals.source_file,
    deals.source_row,
    deals.settled_on as day_on,
    firsts.channel,
    deals.revenue_rub,
    deals.cogs_rub
from metrics.dated_deal as deals
inner join metrics.won_deal as firsts
    on firsts.client_key = deals.client_key
    and firsts.client_order = 1
    and deals.settled_on >= firsts.day_on
cross join explained
where deals.status = 'won'
    and firsts.day_on >= explained.period_start
    and firsts.day_on <= explained.d_on
