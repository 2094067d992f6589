-- One row a source of subscribers of whom many stand under two numbers: one e-mail, or phone, is one person's, as a rule.
-- Fewer have an address in common, as a family has.
with people as (
    select source, coalesce(lower(email), phone) as person, count(distinct subscriber_id) as ids
    from loaded.subscribers where not is_displaced and coalesce(email, phone) is not null group by all
)
select 'people_twice', source, null, sum(ids - 1), 0, null
from people group by source having sum(ids - 1) >= 3 and sum(ids - 1) > 0.05 * sum(ids)
