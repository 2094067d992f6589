-- One row: rows beyond those of one source that share a phone, a day and (of deals) an amount with another source.
select 'repeated_across_sources', string_agg(distinct sources, '; '), null, sum(extra), sum(extra * amount), '{table}'
from (
    select amount, sum(rows) - max(rows) as extra, string_agg(source, ', ' order by source) as sources
    from (
        select source, phone, {day} as day_on, {money} as amount, count(*) as rows
        from loaded.{table} where not is_displaced and phone is not null group by all
    ) group by phone, day_on, amount having count(*) > 1
) having sum(extra) > 0
