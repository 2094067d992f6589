-- One row a source: rows of an older file that a newer one, which has most of that file's rows of its days, lacks.
-- Without an id those that were corrected since count twice, as they were and as they are; with one they were deleted
-- since, if nearly all others are there: else each file has people of its own. The first day of the newer file may be
-- there in part. Sales without an id of older files are told of as left_of_older.
with rows as (
    select source, load_id, {day} as day_on, {money} as money_rub, is_displaced, {key} is not null as has_id
    from loaded.{table} where {day} is not null and ('{table}' <> 'deals' or {key} is not null)
),
spans as (
    select source, load_id, has_id, min(day_on) as first_on, max(day_on) as last_on,
        bool_or(is_displaced) as is_older
    from rows group by all
),
met as (
    select old.source, old.load_id, new.load_id as new_id, has_id, count(*) filter (where is_displaced) as gone,
        count(*) filter (where not is_displaced and day_on > new.first_on) as kept,
        coalesce(sum(money_rub) filter (where not is_displaced and day_on > new.first_on), 0) as money_rub
    from spans as old
    join spans as new using (source, has_id)
    join rows using (source, has_id)
    where old.is_older and new.load_id <> old.load_id and rows.load_id = old.load_id
        and day_on between new.first_on and new.last_on
    group by all having kept > 0 and gone >= greatest(3, if(has_id, 9 * kept, kept))
),
worst as (
    select met.source, old.source_file, new.source_file as new_file, kept, met.money_rub
    from met join ops.files as old on old.load_id = met.load_id join ops.files as new on new.load_id = new_id
    qualify row_number() over (partition by met.load_id, has_id order by kept desc, new.source_file, new_id) = 1
)
select 'told_otherwise', source, first_few(list_sort(list(distinct source_file))), sum(kept), sum(money_rub),
    first_few(list_sort(list(distinct new_file)))
from worst group by source
