-- One row per partner: by what rule they are paid.
-- No rows without ops.partners.
-- Of today alone.
select
    partner,
    cast(share as double) as share,
    rub_per_client
from ops.partners
order by partner
