-- One row a file of subscribers of whom one row says that they left and another that they did not.
with gone as (
    select load_id, subscriber_id, is_departed or unsubscribed_on is not null as has_left
    from loaded.subscribers where is_displaced
)
select 'departures_differ', kept.source, kept.source_file, count(distinct subscriber_id), 0, null
from gone join loaded.subscribers as kept using (load_id, subscriber_id)
where not kept.is_displaced and gone.has_left <> (kept.is_departed or kept.unsubscribed_on is not null)
group by kept.source, kept.source_file
