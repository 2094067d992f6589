-- One row a source and kind of sales without an amount, a client or a cost; of a source as a whole, however many files
-- it keeps its months in.
with sales as (
    select source, source_rows, revenue_rub, client_key, cogs_rub
    from loaded.deals where status = 'won' and not is_displaced
)
select 'free_deals', source, null, sum(source_rows), coalesce(sum(revenue_rub), 0), null
from sales where coalesce(revenue_rub, 0) = 0 group by source
union all
select 'deals_without_client', source, null, sum(source_rows), coalesce(sum(revenue_rub), 0), null
from sales where revenue_rub > 0 and client_key is null group by source
union all
select 'without_cogs', source, null, sum(source_rows), coalesce(sum(revenue_rub), 0), null
from sales where revenue_rub > 0 and cogs_rub is null group by source
