-- One row a source: rows without a number that are of one person and moment, or of one person, day and amount, in two
-- of its files, and differ in another column, so that neither displaces the other: a newer export tells otherwise of
-- what an older one told. Where half of the older file's rows were displaced, told_otherwise tells of the others.
with rows as (
    select source, load_id, {person_day} as told, {money} as money_rub, is_displaced
    from loaded.{table} where {key} is null and {person_day} is not null
),
again as (
    select source, told, min(load_id) as older, max(load_id) as newer, any_value(money_rub) as money_rub
    from rows where not is_displaced group by source, told having min(load_id) < max(load_id)
),
files_of as (select load_id, count(*) as rows from rows group by load_id),
found as (
    select again.source, older, newer, count(*) as rows, sum(money_rub) as money_rub
    from again join files_of on files_of.load_id = older
    group by again.source, older, newer, files_of.rows having count(*) >= 3 and count(*) > 0.5 * files_of.rows
)
select 'told_again', found.source, first_few(list_sort(list(distinct old.source_file))), sum(found.rows),
    coalesce(sum(money_rub), 0), first_few(list_sort(list(distinct new.source_file)))
from found join ops.files as old on old.load_id = older join ops.files as new on new.load_id = newer
group by found.source
