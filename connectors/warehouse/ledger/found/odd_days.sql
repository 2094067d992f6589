-- One row a source of rows of days to come, and of days that nobody meant: 1996, 2062.
select 'future_rows', source, null, sum(source_rows), coalesce(sum({money}), 0), '{table}'
from loaded.{table} where not is_displaced and {day} > date '{as_of}' group by all
union all
select 'odd_days', source, null, sum(source_rows), coalesce(sum({money}), 0),
    string_agg(distinct strftime({day}, '%d.%m.%Y'), ', ' order by strftime({day}, '%d.%m.%Y'))
from loaded.{table}
where not is_displaced and ({day} < date '{first_day}' or {day} > date '{as_of}' + interval 2 year)
group by all
