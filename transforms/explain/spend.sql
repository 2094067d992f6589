-- One row per staged line of spend.
select
    source,
    source_file,
    source_row,
    spend_on as day_on,
    named(channel) as channel,
    spend_rub,
    impressions,
    clicks
from staged.ad_spend
