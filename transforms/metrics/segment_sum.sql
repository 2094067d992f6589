-- One row per segment of clients: how many there are and what they brought.
select
    segment,
    count(*) as clients,
    cast(sum(revenue_rub) as decimal(18, 2)) as revenue_rub
from metrics.client_segment
group by segment
order by segment
