-- One row, none if nobody is gone: how many clients are gone, what they brought, and how many of them left within three months.
select
    count(*) as clients,
    cast(coalesce(sum(revenue_rub), 0) as decimal(18, 2)) as revenue_rub,
    count(*) filter (where months_lost < 3) as left_lately
from metrics.winback
having count(*) > 0
