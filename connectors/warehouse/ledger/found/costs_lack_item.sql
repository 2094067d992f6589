-- One row a source: items that each of three months had but the last one with costs.
with spent as (
    select source, trim(item) as item, month_on, sum(amount_rub) as money_rub
    from loaded.costs where not is_displaced and month_on <= date '{as_of}' group by all having sum(amount_rub) > 0
),
months as (select month_on, row_number() over (order by month_on desc) as place from spent group by month_on),
usual as (
    select any_value(source) as source, any_value(item) as item, lower(item) as folded,
        arg_max(money_rub, month_on) as money_rub
    from spent join months using (month_on) where place between 2 and 4
    group by folded having count(distinct month_on) = 3
)
select 'costs_lack_item', source, null, count(*), sum(money_rub),
    strftime((select max(month_on) from months), '%m.%Y') || ': '
        || string_agg('«' || item || '»', ', ' order by item)
from usual
where folded not in (select lower(spent.item) from spent join months using (month_on) where place = 1)
group by source
