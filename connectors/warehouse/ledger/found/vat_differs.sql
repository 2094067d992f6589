-- One row a table whose sources are not all with, or without, VAT, and a source whose files are not.
select 'vat_differs', null, null, count(*), 0,
    table_name || ': ' || string_agg(source || ' ' || vat, ', ' order by source)
from ops.sources where vat is not null group by table_name having count(distinct vat) > 1
union all
select 'vat_changes', source, first_few(list_sort(list(distinct source_file) filter (where vat = 'excluded'))),
    sum(rows_read), sum(money_read_rub),
    first_few(list_sort(list(distinct source_file) filter (where vat = 'included')))
from ops.files where vat is not null group by source having count(distinct vat) > 1
