-- One row a source, more than {fewest_days} days long, and a day of it.
select source, day_on, sum(rows) as rows, sum(money_rub) as money_rub
from (
    select load_id, {day} as day_on, sum(source_rows) as rows, coalesce(sum({money}), 0) as money_rub
    from loaded.{table} where not is_displaced group by all
)
join ops.files using (load_id)
semi join (
    select source from ops.files where table_name = '{table}' group by source
    having max(data_to_on) - min(data_from_on) > {fewest_days}
) using (source)
group by all
