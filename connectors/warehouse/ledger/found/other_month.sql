-- One row a file that is called like a month in which hardly any of its rows lie: a tab that was copied with its days, a
-- wrong year. Where no other file of the source lies in its month, files may be called by the day they were made on,
-- unless only the year is another.
with named as (select load_id, detail as month from loaded.notices where kind = 'named_month'),
days as (
    select load_id, month, {day} as day_on, {money} as money_rub,
        right(strftime(day_on, '%Y-%m'), strlen(month)) = month as is_inside
    from loaded.{table} join named using (load_id)
    where not is_displaced and day_on is not null
),
counted as (
    select load_id, month, count(*) as rows, count(*) filter (where is_inside) as inside,
        coalesce(sum(money_rub), 0) as money_rub, min(day_on) as first_on, max(day_on) as last_on,
        bool_and(strftime(day_on, '%m') = right(month, 2)) as is_other_year
    from days group by load_id, month
),
placed as (
    select source, source_file, counted.*,
        count(*) filter (where inside >= 0.9 * rows and rows >= 5) over (partition by source) > 0 as has_right_ones
    from counted join ops.files using (load_id)
)
select 'other_month', source, source_file, rows, money_rub,
    strftime(first_on, '%d.%m.%Y') || '–' || strftime(last_on, '%d.%m.%Y')
from placed where rows >= 5 and inside <= 0.1 * rows and (is_other_year or has_right_ones)
