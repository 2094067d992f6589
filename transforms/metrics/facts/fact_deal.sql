-- One row per staged deal as it is by as_of, those of later days too: what it counts as.
-- A not_… is blank where the row counts; else it says why it does not.
with
judged as (
    select
        *,
        -- settled after as_of, it is not yet won or lost
        case
            when status in ('won', 'lost') and settled_on <= getvariable('as_of') then status
            else 'open'
        end as status_by_then
    from metrics.deal_figure
)
select
    source,
    source_file,
    source_row,
    case when status_by_then = 'open' then opened_on else settled_on end as day_on,
    status_by_then as status,
    channel,
    manager,
    revenue_rub,
    cogs_rub,
    coalesce(revenue_rub, 0) - coalesce(cogs_rub, 0) as gross_profit_rub,
    case status_by_then when 'open' then 'open_deal' when 'lost' then 'lost_deal' end as not_won,
    case status_by_then when 'open' then 'open_deal' when 'won' then 'won_deal' end as not_lost,
    case
        when status_by_then = 'open' then 'open_deal'
        when status_by_then = 'lost' then 'lost_deal'
        when revenue_rub is null then 'no_amount'
        when revenue_rub = 0 then 'free_deal'
        when revenue_rub < 0 then 'refund'
    end as not_sale
from judged
