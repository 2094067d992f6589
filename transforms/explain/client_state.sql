-- One row per client and side of the period's first day: their latest won deal there, and whether it keeps them alive.
with
deals as (
    select
        deals.source,
        deals.source_file,
        deals.source_row,
        deals.day_on,
        deals.day_on < explained.period_start as is_before,
        deals.day_on > explained.period_start - 1 - getvariable('client_days') as is_alive_at_start,
        max(deals.day_on) over (partition by deals.client_key) > explained.d_on - getvariable('client_days') as is_alive,
        row_number() over (
            partition by deals.client_key, deals.day_on < explained.period_start
            order by deals.client_order desc
        ) as place_before,
        row_number() over (partition by deals.client_key order by deals.client_order desc) as place
    from metrics.won_deal as deals
    inner join explained
        on deals.day_on <= explained.d_on
    where deals.client_key is not null
)
select
    source,
    source_file,
    source_row,
    day_on,
    case
        when not is_before or place_before > 1 then 'other'
        when not is_alive_at_start then 'bought_too_long_ago'
    end as not_alive_at_start,
    case
        when not is_before or place_before > 1 or not is_alive_at_start then 'other'
        when is_alive then 'still_alive'
    end as not_lost,
    case
        when place > 1 then 'other'
        when not is_alive then 'bought_too_long_ago'
    end as not_alive
from deals
