-- One row per deal of a partner that counts by as_of: what it counts as.
select
    deals.source,
    deals.source_file,
    deals.source_row,
    deals.day_on,
    deals.partner,
    deals.client_key,
    deals.revenue_rub,
    deals.share_rub,
    deals.not_won,
    deals.not_sale,
    coalesce(deals.not_sale, case when deals.client_key is null then 'unknown_client' end) as not_clients,
    coalesce(
        deals.not_sale,
        case when deals.client_key is null then 'unknown_client' when deals.client_order > 1 then 'not_first' end
    ) as not_new
from metrics.partner_deal as deals
