-- One row a load whose sales have no number in some rows, on eight days at least, and on none of them before a row that has
-- one: a sale that nobody numbered would come first on some day, further lines of an order never do.
with numberless as (
    select load_id from loaded.deals where {loads} group by load_id having count(*) > count(deal_id)
),
lines as (
    select
        load_id, deal_id, revenue_rub, coalesce(created_on, closed_on) as day_on,
        lag(day_on) over (partition by load_id order by source_row) as day_above,
        deal_id is null and (revenue_rub <> 0 or status = 'won') as is_numberless
    from loaded.deals
    join numberless using (load_id)
)
select load_id, 'lines_without_id', count(*) filter (where is_numberless),
    coalesce(sum(revenue_rub) filter (where is_numberless), 0), {heading}
from lines group by load_id
having count(distinct day_on) filter (where is_numberless) >= 8
    and count(deal_id) = count(distinct deal_id)
    and not bool_or(deal_id is null and day_on is distinct from day_above)
