-- One row per won deal of the period, whether its client came into the pool in it, and whether this deal brought them.
select
    deals.source,
    deals.source_file,
    deals.source_row,
    deals.day_on,
    deals.channel,
    deals.client_key,
    moves.move,
    row_number() over (partition by deals.client_key order by deals.client_order) = 1 as is_bringing
from metrics.won_deal as deals
inner join explained
    on deals.day_on >= explained.period_start
    and deals.day_on <= explained.d_on
left join metrics.client_move as moves
    on moves.grain = explained.grain
    and moves.period_start = explained.period_start
    and moves.client_key = deals.client_key
    and moves.move <> 'lost'
