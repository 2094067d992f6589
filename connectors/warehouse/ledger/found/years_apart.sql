-- One row a source of what stands alone a year before its month, people go on writing the old year, or a year after it.
with months as (
    select source, date_trunc('month', day_on)::date as month_on, sum(rows) as rows, sum(money_rub) as money_rub,
        list(day_on order by day_on)[:4] as days
    from ({days_of_long}) group by all
),
whole as (select source, sum(rows) as rows from months group by source),
alone as (
    select m.source, m.rows, m.money_rub, days, month_on, month_on > date '{as_of}' as is_ahead
    from months as m join whole using (source)
    where m.rows <= 0.05 * whole.rows  -- more are no slip of the pen
        and exists (from months as later where later.source = m.source and later.rows >= 5 * m.rows
            and later.month_on = m.month_on + interval 1 year * if(m.month_on > date '{as_of}', -1, 1))
        and not exists (from months as near where near.source = m.source and near.month_on <> m.month_on
            and near.month_on between m.month_on - interval 2 month and m.month_on + interval 2 month)
),
told as (
    select source, is_ahead, sum(rows) as rows, sum(money_rub) as money_rub,
        flatten(list(days order by month_on)) as days
    from alone group by source, is_ahead
)
select if(is_ahead, 'years_ahead', 'years_apart'), source, null, rows, money_rub,
    first_few(list_transform(days, lambda d: strftime(d, '%d.%m.%Y')))
from told
