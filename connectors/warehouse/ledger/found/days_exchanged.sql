-- One row a source of days that stand alone in their month, and would be among many others with day and month
-- exchanged; and one of days to come that are of one day of several months, which would be of one month, gone by.
with days as (
    select *, date_trunc('month', day_on)::date as month_on from ({days_of_long})
),
months as (
    select source, month_on, sum(rows) as rows, max(day(day_on)) as latest from days group by all
),
whole as (select source, sum(rows) as rows from months group by source),
alone as (
    select m.source, month_on from months as m join whole using (source)
    where m.rows <= 0.05 * whole.rows + 1 and m.latest <= 12
        and not exists (from months as near where near.source = m.source and near.month_on <> m.month_on
            and near.month_on between m.month_on - interval 1 month and m.month_on + interval 1 month)
),
told as (
    select d.source, d.rows, d.money_rub, d.day_on from days as d semi join alone using (source, month_on)
    where exists (from months as other where other.source = d.source and other.rows >= 5 * d.rows
        and other.month_on = make_date(year(d.day_on), day(d.day_on), 1) and other.month_on <> d.month_on)
)
select 'days_exchanged', source, null, sum(rows), sum(money_rub),
    string_agg(strftime(day_on, '%d.%m.%Y'), ', ' order by day_on)
from told group by source having count(*) <= 3
union all
select 'days_exchanged', source, null, sum(source_rows), coalesce(sum({money}), 0),
    first_few(list_sort(list(distinct strftime({day}, '%d.%m.%Y'))))
from loaded.{table} where not is_displaced and {day} > date '{as_of}'
group by source
having max(day({day})) = min(day({day})) and count(distinct month({day})) >= 3
    and max(day({day})) <= month(date '{as_of}') and max(year({day})) = year(date '{as_of}')
