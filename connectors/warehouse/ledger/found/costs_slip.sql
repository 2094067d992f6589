-- One row a source and month in which an item is exactly ten or a hundred times what it is, to the kopeck, in all others,
-- or a tenth: a figure too many, or too few.
with spent as (
    select source, lower(trim(item)) as item, month_on, sum(amount_rub) as money_rub, sum(source_rows) as rows
    from loaded.costs where not is_displaced and month_on <= date '{as_of}' group by all having sum(amount_rub) > 0
),
usual as (
    select source, item, mode(money_rub) as usually, count(*) as months, count(distinct money_rub) as amounts
    from spent group by source, item having months >= 3 and amounts = 2
)
select 'costs_slip', source, null, sum(rows), sum(money_rub), strftime(month_on, '%m.%Y')
from spent join usual using (source, item)
where money_rub in (usually * 10, usually * 100, usually / 10, usually / 100) group by source, month_on
