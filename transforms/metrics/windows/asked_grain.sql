-- One row per table by period and grain, windows among them: every table has every one.
select distinct
    tables.table_name,
    periods.grain
from (select unnest(getvariable('period_tables')) as table_name) as tables
cross join metrics.period as periods
