-- One row per won deal of the period: whether its client came into the pool in it, and whether this deal brought them.
with
placed as (
    select
        deals.*,
        moves.move,
        row_number() over (partition by deals.client_key order by deals.client_order) as place
    from metrics.won_deal as deals
    inner join explained
        on deals.day_on >= explained.period_start
        and deals.day_on <= explained.d_on
    left join metrics.client_move as moves
        on moves.grain = explained.grain
        and moves.period_start = explained.period_start
        and moves.client_key = deals.client_key
        and moves.move <> 'lost'
),
told as (
    select
        *,
        case
            when client_key is null then 'unknown_client'
            when place > 1 then 'not_the_first_of_the_period'
            when move is null then 'was_alive_or_left_again'
        end as not_bringing
    from placed
)
select
    source,
    source_file,
    source_row,
    day_on,
    channel,
    coalesce(not_bringing, case when move = 'returned' then 'returned' end) as not_new,
    coalesce(not_bringing, case when move = 'new' then 'new' end) as not_returned
from told
