-- One row per client: their latest won deal up to the period's end and before it began, and what they did in it.
select
    deals.source,
    deals.source_file,
    deals.source_row,
    deals.day_on,
    deals.client_key,
    deals.day_on < explained.period_start as is_before,
    row_number() over (
        partition by deals.client_key, deals.day_on < explained.period_start
        order by deals.client_order desc
    ) as back_in_its_part,
    row_number() over (
        partition by deals.client_key
        order by deals.client_order desc
    ) as back,
    max(deals.day_on) over (partition by deals.client_key) > explained.d_on - getvariable('client_days') as is_alive
from metrics.won_deal as deals
cross join explained
where deals.client_key is not null
    and deals.day_on <= explained.d_on
