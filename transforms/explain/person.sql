-- One row per won deal, refund and free order of one person: which is the first, and which the last.
with
deals as (
    select
        staged_deals.source,
        staged_deals.source_file,
        staged_deals.source_row,
        deals.day_on,
        deals.revenue_rub,
        staged_deals.product,
        deals.manager,
        deals.not_won,
        deals.not_sale,
        row_number() over (partition by deals.not_sale is null order by sales.client_order) as place,
        row_number() over (partition by deals.not_sale is null order by sales.client_order desc) as place_from_last
    from staged.deals as staged_deals
    inner join explained
        on explained.asked_client_key = staged_deals.client_key
    inner join metrics.fact_deal as deals using (source, source_file, source_row)
    left join metrics.won_deal as sales using (source, source_file, source_row)
)
select
    *,
    coalesce(not_sale, case when place > 1 then 'not_first' end) as not_first,
    coalesce(not_sale, case when place_from_last > 1 then 'not_last' end) as not_last
from deals
