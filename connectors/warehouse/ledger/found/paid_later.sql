-- One row a pair of sources: sales of one phone and amount that the other has on another day of the week, an order and
-- its payment.
with sales as (
    select distinct source, {day} as day_on, phone, revenue_rub
    from loaded.deals where is_sale(status, revenue_rub) and not is_displaced and phone is not null
),
spans as (select source, min(day_on) as first_on, max(day_on) as last_on from sales group by source),
counted as (
    select a.source as one, b.source as other,
        least(count(*) filter (where s.source = a.source), count(*) filter (where s.source = b.source)) as fewer
    from spans as a join spans as b on a.source < b.source join sales as s on s.source in (a.source, b.source)
        and s.day_on between greatest(a.first_on, b.first_on) and least(a.last_on, b.last_on)
    group by all
),
alike as (
    select one, other, count(*) as rows, sum(revenue_rub) as money_rub
    from (
        select distinct a.source as one, b.source as other, a.phone, a.day_on, a.revenue_rub
        from sales as a join sales as b using (phone, revenue_rub)
        where a.source < b.source and abs(a.day_on - b.day_on) between 1 and 7
    ) group by all
)
select 'repeated_across_sources', one || ', ' || other, null, rows, money_rub, 'deals'
from alike join counted using (one, other) where rows >= 3 and rows >= 0.5 * fewer
