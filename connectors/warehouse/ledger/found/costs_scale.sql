-- One row a source and month in which every item that the month before has too is a hundred, or a thousand, times what it
-- was: somebody went on in thousands. One item alone may fall so.
with spent as (
    select source, lower(trim(item)) as item, month_on, sum(amount_rub) as money_rub
    from loaded.costs where not is_displaced and month_on <= date '{as_of}' group by all having sum(amount_rub) > 0
),
met as (
    select one.source, one.month_on, one.money_rub, log10(one.money_rub / before.money_rub) as power
    from spent as one join spent as before on before.source = one.source and before.item = one.item
        and before.month_on = one.month_on - interval 1 month
)
select 'costs_scale', source, null, count(*), sum(money_rub), strftime(month_on, '%m.%Y')
from met group by source, month_on
having count(*) >= 2 and max(power) - min(power) < 1
    and (bool_and(abs(abs(power) - 3) < 0.4) or bool_and(abs(abs(power) - 2) < 0.2))
