-- One row per lost deal, later ones than as_of too: its reason after the dictionary, and what it would have brought.
select
    deals.source,
    deals.source_file,
    deals.source_row,
    settled_on(deals.created_on, deals.closed_on) as day_on,
    coalesce(case when reasons.spelling is null then deals.loss_reason else reasons.reason end, 'Не указана') as reason,
    reasons.reason_group,
    coalesce(deals.revenue_rub, 0) as lost_rub
from staged.deals as deals
left join ops.loss_reasons as reasons
    on reasons.spelling = deals.loss_reason
where deals.status = 'lost'
