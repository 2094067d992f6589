-- One row per staged deal as it is by as_of: its client, and which of their deals it is.
select
    deals.*,
    won.client_key,
    coalesce(deals.not_sale, case when won.client_key is null then 'unknown_client' end) as not_clients,
    coalesce(
        deals.not_sale,
        case when won.client_key is null then 'unknown_client' when won.client_order > 1 then 'not_first' end
    ) as not_new,
    coalesce(
        deals.not_sale,
        case when won.client_key is null then 'unknown_client' when won.client_order = 1 then 'first_deal' end
    ) as not_repeat,
    coalesce(deals.not_sale, case when won.client_key is not null then 'known_client' end) as not_nobodys
from metrics.fact_deal as deals
left join metrics.won_deal as won
    on won.source = deals.source
    and won.source_file = deals.source_file
    and won.source_row = deals.source_row
