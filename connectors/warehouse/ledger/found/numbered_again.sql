-- One row a source: rows of one person, day and amount in two of its files under another number each, most of those that
-- the older file has of the newer one's days: numbers that a program wrote otherwise, or another program's.
with rows as (
    select source, load_id, {day} as day_on, {person_day} as told, {money} as money_rub, {key} as number
    from loaded.{table} where not is_displaced and {key} is not null and {person_day} is not null
),
spans as (select source, load_id, min(day_on) as first_on, max(day_on) as last_on from rows group by all),
pairs as (
    select old.source, old.load_id as older, new.load_id as newer, new.first_on, new.last_on
    from spans as old join spans as new on new.source = old.source and new.load_id <> old.load_id
        and new.last_on > old.last_on and new.first_on <= old.last_on
),
counted as (
    select pairs.source, older, newer, count(*) as rows
    from pairs join rows on rows.load_id = older and day_on between pairs.first_on and pairs.last_on group by all
),
again as (
    select old.source, old.load_id as older, new.load_id as newer, old.told, any_value(old.money_rub) as money_rub
    from rows as old join rows as new
        on new.source = old.source and new.told = old.told and new.load_id <> old.load_id and new.number <> old.number
    group by all
),
found as (
    select again.source, older, newer, count(*) as again, sum(money_rub) as money_rub
    from again join counted using (source, older, newer)
    group by again.source, older, newer, counted.rows having count(*) >= 5 and count(*) > 0.5 * counted.rows
)
select 'numbered_again', found.source, first_few(list_sort(list(distinct old.source_file))), sum(again),
    coalesce(sum(money_rub), 0), first_few(list_sort(list(distinct new.source_file)))
from found join ops.files as old on old.load_id = older join ops.files as new on new.load_id = newer
group by found.source
