-- One row a file of enquiries of one phone and one moment: one of them, told of again for each mark, product or manager
-- it has. It pays to count them only where a look at each hash says that many are equal.
select 'leads_repeated', source, source_file, count(*) - count(distinct key_hash) as again, 0, null
from loaded.leads
where not is_displaced and lead_id is null and phone is not null and exists (
    select 1 from loaded.leads where not is_displaced and lead_id is null and phone is not null
    having approx_count_distinct(key_hash) < 0.9 * count(*)
)
group by source, source_file
having again >= 3 and again >= 0.2 * count(*)
