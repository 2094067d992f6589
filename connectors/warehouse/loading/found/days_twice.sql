-- One row a load in which every campaign of a few days stands twice, with nearly the same spend, and of all others once.
with of_campaigns as (
    select load_id, spend_on, channel, campaign, count(*) as rows, min(spend_rub) as least, max(spend_rub) as most
    from loaded.{table} where {loads} and spend_rub > 0 group by all
),
days as (
    select load_id, spend_on, min(rows) as fewest, max(rows) as rows, bool_and(most <= 1.5 * least) as is_near,
        sum(most) as spend, count(*) as campaigns
    from of_campaigns group by all
)
select load_id, 'days_twice', sum(campaigns) filter (where rows = 2), sum(spend) filter (where rows = 2),
    strftime(min(spend_on) filter (where rows = 2), '%d.%m.%Y') || '–'
    || strftime(max(spend_on) filter (where rows = 2), '%d.%m.%Y')
from days group by load_id
having max(rows) = 2 and bool_and(fewest = rows) and bool_and(is_near) and count(*) filter (where rows = 2) >= 2
    and count(*) >= 3 * count(*) filter (where rows = 2)
