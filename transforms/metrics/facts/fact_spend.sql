-- One row per staged line of spend; a not_told_… says that the source tells no such figure.
select
    source,
    source_file,
    source_row,
    spend_on as day_on,
    named(channel) as channel,
    spend_rub,
    impressions,
    clicks,
    case when impressions is null then 'not_told' end as not_told_impressions,
    case when clicks is null then 'not_told' end as not_told_clicks
from staged.ad_spend
