-- One row a load and item of costs that is, by its mark and to the kopeck, the sum of the items under it: `1.2. Связь`
-- under `1. Офис`, `- связь` under the one above.
with items as (
    select load_id, month_on, item, amount_rub, regexp_extract(item, '^([0-9]+(?:[.][0-9]+)*)[.)]? ', 1) as code,
        regexp_matches(item, '^[-–—•·*] ?[^ 0-9]') as is_part,
        last_value(case when not is_part then source_row end ignore nulls)
            over (partition by load_id order by source_row) as head_row,
        source_row
    from loaded.costs where {loads}
),
under as (
    select load_id, month_on, 'row ' || head_row as head, sum(amount_rub) as of_parts
    from items where is_part group by all
    union all
    select load_id, month_on, regexp_replace(code, '[.][0-9]+$', ''), sum(amount_rub)
    from items where contains(code, '.') group by all
),
named as (
    select load_id, month_on, item, amount_rub, unnest(['row ' || source_row, code]) as head
    from items where not is_part and load_id in (select load_id from under)
)
select load_id, 'costs_of_parts', count(*), sum(amount_rub), item
from named join under using (load_id, month_on, head)
where amount_rub = of_parts and amount_rub > 0 group by load_id, item
