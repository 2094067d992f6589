-- One row a pair of sources and a name: sums of one channel, or item, and month that both have, give or take a share.
with sums as (
    select source, {named} as name, date_trunc('month', {day})::date as month_on, sum({money}) as money_rub,
        sum(source_rows) as rows
    from loaded.{table} where not is_displaced and {named} is not null group by all having sum({money}) > 0
)
select if('{table}' = 'costs', 'costs_twice', 'spend_twice'), a.source || ', ' || b.source, null,
    sum(least(a.rows, b.rows)), sum(least(a.money_rub, b.money_rub)), name
from sums as a join sums as b using (name, month_on)
where a.source < b.source and abs(a.money_rub - b.money_rub)
    <= if('{table}' = 'costs', 0, 0.03) * greatest(a.money_rub, b.money_rub)
group by a.source, b.source, name
