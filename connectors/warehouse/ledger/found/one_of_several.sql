-- One row a file that has one manager, or channel, alone, where each of the other files of its source has several and no
-- such weight of one: somebody exported what they may see, or left a filter on.
with said as (
    select source, load_id, 'manager' as told_by, manager as name, count(*) as rows, sum({money}) as money_rub
    from loaded.{table} where not is_displaced group by all
    union all
    select source, load_id, 'channel', channel, count(*), sum({money}) from loaded.{table} where not is_displaced group by all
),
counted as (
    select source, load_id, told_by, count(name) as names, sum(rows) as rows, max(rows) / sum(rows) as weight,
        coalesce(sum(money_rub), 0) as money_rub, bool_or(name is null) as has_nobody
    from said group by all having sum(rows) >= 20
),
placed as (
    select *, count(*) over (partition by source, told_by) as among,
        count(*) filter (where names > 1 and weight <= 0.8) over (partition by source, told_by) as of_several
    from counted
)
select 'one_of_several', source, source_file, rows, money_rub, told_by
from placed join ops.files using (source, load_id)
where names = 1 and not has_nobody and of_several >= 1 and of_several = among - 1
