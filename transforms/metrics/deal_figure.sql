-- One row per staged deal, later ones than as_of too: what is counted of it, its client apart.
select
    source,
    source_file,
    source_row,
    opened_on,
    settled_on,
    status,
    channel,
    manager,
    revenue_rub,
    cogs_rub
from metrics.dated_deal
