-- One row a file of sales without a number of which an older file has some, and the newer export of the same days has
-- not. Fewer than three rows that both have do not show that it is the same export again.
with days as (
    select load_id, settled_on(created_on, closed_on) as day, is_displaced, source_rows, revenue_rub
    from loaded.deals where deal_id is null
),
again as (
    select load_id, min(day) as first_on, max(day) as last_on, count(*) as gone
    from days where is_displaced group by load_id having gone >= 3
)
select 'left_of_older', source, file, sum(source_rows), coalesce(sum(revenue_rub), 0), null
from again join days using (load_id) join ops.files using (load_id)
where not is_displaced and day between first_on and last_on
group by load_id, source, file, gone having count(*) <= gone
