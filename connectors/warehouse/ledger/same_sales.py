"""Sales of several sources → notices of those that are the same: a register or a CRM, and what a bank received for it.

A bank has them a day or three later, one by one or a day's takings in one sum, whole or less a fee.
"""

from __future__ import annotations

FEWEST_ALIKE = 3
"""Fewer amounts that two sources share, or fewer unlike ones among them, are a coincidence."""
SHARE_ALIKE = 0.5
"""Of the sales of the shorter source, in the days that both tell of."""
FEWEST_LATER = 5
"""Days or sales that must agree where one source is behind the other."""
NEXT_WORKING_DAY = 9
"""Among the delays: what was sold from Friday to Sunday reaches a bank on Monday."""
DELAYS = f"(0), (1), (2), (3), ({NEXT_WORKING_DAY})"
LEAST_LEFT = 0.9
"""Of a day's takings, once a bank or a marketplace has taken its fee."""
STEADY, DAYS_STEADY = 0.003, 0.8
"""So far may the share that is left differ from its median, on so many of the days."""
DAYS_BEHIND = 7
"""Between an order and its payment, where phone and amount are the same."""
DAY = "coalesce(closed_on, created_on)"
CARDS = "эквайринг|acquiring|мерчант|по терминал|операци[а-я]* с [а-я ]*карт|по [а-я ]*картам"
PAID = "(?:оплат|перечислен|выплат|возмещен|зачислен|реестр|договор|оферт|вознагражден)"
SELLERS = "интернет решени|озон|ozon|вайлдберриз|wildberries|яндекс.?маркет|мегамаркет|сдэк"
SERVICES = "ю ?касс|yookassa|юмани|yoomoney|робокасс|robokassa|продамус|prodamus|cloudpayments|геткурс|getcourse|сбп"
BY_OTHERS = f"{CARDS}|{PAID}[^;]*(?:{SELLERS}|{SERVICES})"
"""What banks write of money that somebody else took from the buyers: for cards, a marketplace, a payment service."""

SALES = f"""
sales as (
    select source, {DAY} as day_on, revenue_rub, count(*) as rows, count(phone) as phones,
        count(*) filter (where regexp_matches(lower(product), '{BY_OTHERS}')) as of_others
    from loaded.deals where status = 'won' and not is_displaced and revenue_rub > 0 group by all
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
delays(behind) as (values {DELAYS}),
later as (
    select source, revenue_rub, rows, behind, day_on + (case when behind <> {NEXT_WORKING_DAY} then behind
        when isodow(day_on) between 5 and 6 then 8 - isodow(day_on) else 1 end)::integer as day_on
    from sales cross join delays
)"""
"""Of each pair of sources, one of which knows no phones: the sales of the one as they may stand in the other."""

ONE_BY_ONE = f"""
with {SALES},
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
    from met where usual between {LEAST_LEFT} and 1.0001 and abs(left_over - usual) <= {STEADY} group by all
),
of_others as (
    select b.source as one, s.source as other, any_value(b.rows) as rows, any_value(b.money_rub) as money_rub
    from (
        select source, min(day_on) as first_on, max(day_on) as last_on, sum(of_others) as rows,
            sum(of_others * revenue_rub) as money_rub
        from sales where of_others > 0 group by source
    ) as b join sales as s on s.source <> b.source and s.of_others < s.rows
        and s.day_on between first_on - {DAYS_BEHIND} and last_on
    group by all
),
found as (
    select * from of_others
    union all
    select one, other, rows, money_rub from alike join counted using (one, other)
    where amounts >= {FEWEST_ALIKE} and amounts * 2 >= rows and rows >= {SHARE_ALIKE} * fewer
        and (behind = 0 or rows >= {FEWEST_LATER})
    union all
    select one, other, s.rows, s.money_rub from steady as s join counted as c using (one, other)
    where s.days >= {FEWEST_LATER} and s.days >= {DAYS_STEADY} * c.days and amounts * 2 >= s.days
)
select 'repeated_across_sources', least(one, other) || ', ' || greatest(one, other), null, rows, money_rub, 'deals'
from found
qualify row_number() over (partition by least(one, other), greatest(one, other) order by money_rub desc, rows) = 1
"""
"""Sales, or a day's takings, that stand in another source too, on the same day or some days later; and what a bank pays
for cards or a marketplace for its orders, whatever the amounts."""

LATER = f"""
with sales as (
    select distinct source, {DAY} as day_on, phone, revenue_rub
    from loaded.deals where status = 'won' and not is_displaced and revenue_rub > 0 and phone is not null
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
        where a.source < b.source and abs(a.day_on - b.day_on) between 1 and {DAYS_BEHIND}
    ) group by all
)
select 'repeated_across_sources', one || ', ' || other, null, rows, money_rub, 'deals'
from alike join counted using (one, other) where rows >= {FEWEST_ALIKE} and rows >= {SHARE_ALIKE} * fewer
"""
"""Sales of one phone and amount that another source has on another day of the week: an order and its payment."""

SAME_SALES = (ONE_BY_ONE, LATER)
"""SELECTs of `ops.notices` rows."""
