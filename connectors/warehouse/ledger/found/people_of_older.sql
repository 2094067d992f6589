-- One row a source: subscribers whom only an older file has, though the newer ones have most of its people, so that each
-- is a list of all: who is on it no more has left, most likely, and counts on.
with again as (
    select older.load_id, count(*) as rows
    from loaded.subscribers as older join loaded.subscribers as newer using (source, subscriber_id)
    where older.is_displaced and not newer.is_displaced and newer.load_id <> older.load_id group by older.load_id
),
alone as (
    select source, load_id, count(*) as rows from loaded.subscribers
    where not is_displaced and unsubscribed_on is null and not coalesce(is_departed, false) group by all
)
select 'people_of_older', source, first_few(list_sort(list(distinct source_file))), sum(alone.rows), 0, null
from alone join again using (load_id) join ops.files using (source, load_id)
where alone.rows >= 3 and again.rows >= alone.rows group by source
