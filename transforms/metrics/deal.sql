-- One row per staged deal that counts by as_of: its day, what it is by then, its channel after attribution.
-- A view.
select
    source,
    source_file,
    source_row,
    day_on,
    status,
    not_sale is null as is_won,
    channel,
    manager,
    revenue_rub,
    cogs_rub
from metrics.fact_deal
where day_on <= getvariable('as_of')
