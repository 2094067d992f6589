-- One row per staged deal of the period as it is by as_of: whose it is of those who subscribed by the period's end.
select
    deals.*,
    owners.subscriber_no,
    coalesce(deals.not_won, case when owners.subscriber_no is null then 'no_subscriber' end) as not_subscribers,
    coalesce(deals.not_sale, case when owners.subscriber_no is null then 'no_subscriber' end) as not_order
from metrics.fact_deal as deals
inner join explained
    on deals.day_on >= explained.period_start
    and deals.day_on <= explained.last_on
left join metrics.subscriber_deal as owners
    on owners.source = deals.source
    and owners.source_file = deals.source_file
    and owners.source_row = deals.source_row
    and owners.subscribed_on <= explained.d_on
