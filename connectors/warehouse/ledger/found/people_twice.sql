-- One row a source of subscribers of whom many stand under two numbers: one e-mail, or phone, is one person's, as a rule.
-- Fewer have an address in common, as a family has. Whoever is known by the e-mail itself has one number.
with people as (
    select source, hash(coalesce(email, phone)) as person from loaded.subscribers
    where not is_displaced and coalesce(email, phone) <> subscriber_id
),
likely as (select source from people group by source having approx_count_distinct(person) < 0.98 * count(*))
select 'people_twice', source, null, count(*) - count(distinct person) as more, 0, null
from people semi join likely using (source) group by source having more >= 3 and more > 0.05 * count(*)
