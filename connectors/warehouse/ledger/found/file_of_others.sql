-- One row a file that has several managers, several channels and the like, none of which any other file of its source
-- has: it is of another business. One name may change; so may all of one column, where each manager has a file.
with said as (
    select source, load_id, 'manager' as told_by, manager as name from loaded.{table} group by all
    union all
    select source, load_id, 'channel', channel from loaded.{table} group by all
    union all
    select source, load_id, 'product', {product} from loaded.{table} group by all
),
files_of as (select source, told_by, name, count(*) as files from said where name is not null group by all),
several as (
    select source, load_id, told_by, max(files) > 1 as is_shared
    from said join files_of using (source, told_by, name)
    group by all having count(*) >= 2
),
comparable as (select source, told_by from several group by all having count(*) > 1),
strange as (
    select source, load_id from several semi join comparable using (source, told_by) group by all
    having count(*) >= 2 and not bool_or(is_shared)
),
counted as (
    select source, load_id, any_value(files.source_file) as source_file, count(*) as rows,
        coalesce(sum({money}), 0) as money_rub
    from loaded.{table} semi join strange using (load_id) join ops.files using (source, load_id)
    where not is_displaced group by source, load_id
),
placed as (
    select *, row_number() over (partition by source order by rows desc, source_file, load_id) as place,
        count(*) over (partition by source) as strangers
    from counted
),
files as (select source, count(*) as files from ops.files where table_name = '{table}' group by source)
select 'file_of_others', source, source_file, placed.rows, placed.money_rub, null
from placed join files using (source)
where strangers < files or (files = 2 and place = 2)
