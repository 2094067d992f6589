-- One row a pair of sources, one of which knows no phones: sales, or a day's takings, that stand in both. A bank has
-- what a register or a CRM sold a day or three later (what was sold from Friday to Sunday on Monday: 9 among the
-- delays), one by one or a day's takings in one sum, whole or less a fee; and what it received for cards, or of a
-- marketplace for its orders, whatever the amounts. Fewer amounts that both share, or fewer unlike ones among them, are
-- a coincidence.
with sales as (
    select source, {day} as day_on, revenue_rub, count(*) as rows, count(phone) as phones,
        count(*) filter (where is_paid_by_others(product)) as of_others
    from loaded.deals where is_sale(status, revenue_rub) and not is_displaced group by all
),
spans as (
    select source, min(day_on) as first_on, max(day_on) as last_on, sum(phones) > 0 as has_phones
    from sales group by source
),
pairs as (
    select a.source as one, b.source as other, greatest(a.first_on, b.first_on) as first_on,
        least(a.last_on, b.last_on) as last_on
    from spans as a join spans as b on a.source <> b.source and not (a.has_phones and b.has_phones)
),
counted as (
    select p.one, p.other,
        least(sum(rows) filter (where source = p.one), sum(rows) filter (where source = p.other)) as fewer,
        least(
            count(distinct day_on) filter (where source = p.one),
            count(distinct day_on) filter (where source = p.other)
        ) as days
    from pairs as p join sales on source in (p.one, p.other) and day_on between p.first_on and p.last_on group by all
),
delays(behind) as (values (0), (1), (2), (3), (9)),
later as (
    select source, revenue_rub, rows, behind, day_on + (case when behind <> 9 then behind
        when isodow(day_on) between 5 and 6 then 8 - isodow(day_on) else 1 end)::integer as day_on
    from sales cross join delays
),
alike as (
    select p.one, p.other, behind, sum(least(a.rows, b.rows)) as rows,
        sum(least(a.rows, b.rows) * a.revenue_rub) as money_rub, count(distinct a.revenue_rub) as amounts
    from pairs as p join later as a on a.source = p.one
        join sales as b on b.source = p.other and b.day_on = a.day_on and b.revenue_rub = a.revenue_rub
    where behind > 0 or p.one < p.other group by all
),
takings as (
    select source, behind, day_on, sum(rows) as rows, sum(rows * revenue_rub) as money_rub from later group by all
),
met as (
    select p.one, p.other, a.behind, b.rows, b.money_rub, b.money_rub / a.money_rub as left_over,
        median(b.money_rub / a.money_rub) over (partition by p.one, p.other, a.behind) as usual
    from pairs as p join takings as a on a.source = p.one
        join takings as b on b.source = p.other and b.behind = 0 and b.day_on = a.day_on
),
steady as (
    select one, other, behind, sum(rows) as rows, sum(money_rub) as money_rub, count(*) as days,
        count(distinct money_rub) as amounts
    from met where usual between 0.9 and 1.0001 and abs(left_over - usual) <= 0.003 group by all
),
of_others as (
    select b.source as one, s.source as other, any_value(b.rows) as rows, any_value(b.money_rub) as money_rub
    from (
        select source, min(day_on) as first_on, max(day_on) as last_on, sum(of_others) as rows,
            sum(of_others * revenue_rub) as money_rub
        from sales where of_others > 0 group by source
    ) as b join sales as s on s.source <> b.source and s.of_others < s.rows
        and s.day_on between first_on - 7 and last_on
    group by all
),
found as (
    select * from of_others
    union all
    select one, other, rows, money_rub from alike join counted using (one, other)
    where amounts >= 3 and amounts * 2 >= rows and rows >= 0.5 * fewer
        and (behind = 0 or rows >= 5)
    union all
    select one, other, s.rows, s.money_rub from steady as s join counted as c using (one, other)
    where s.days >= 5 and s.days >= 0.8 * c.days and amounts * 2 >= s.days
)
select 'repeated_across_sources', least(one, other) || ', ' || greatest(one, other), null, rows, money_rub, 'deals'
from found
qualify row_number() over (partition by least(one, other), greatest(one, other) order by money_rub desc, rows) = 1
