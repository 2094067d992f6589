-- One row a table whose sources are not all with, or without, VAT.
select 'vat_differs', null, null, count(*), 0,
    table_name || ': ' || string_agg(source || ' ' || vat, ', ' order by source)
from ops.sources where vat is not null group by table_name having count(distinct vat) > 1
