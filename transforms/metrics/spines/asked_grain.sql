-- One row per table by period and grain at which it is built: the client's grains, and those that a plan asks of it.
select
    tables.table_name,
    grains.grain
from (select unnest(getvariable('period_tables')) as table_name) as tables
cross join (select unnest(getvariable('grains')) as grain) as grains
union
select
    split_part(asked, ' ', 1) as table_name,
    split_part(asked, ' ', 2) as grain
from (select unnest(getvariable('plan_grains')) as asked)
order by table_name, grain
