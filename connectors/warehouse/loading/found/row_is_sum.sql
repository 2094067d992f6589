-- One row a load whose last or first amount is that of all others together, whatever it is called; of fewer than six
-- it may be so by chance.
with ends as (
    select load_id, sum({money}) as whole, count({money}) as amounts,
        max(source_row) as last, max_by({money}, source_row) as of_last,
        min(source_row) as first, min_by({money}, source_row) as of_first
    from loaded.{table} where {loads} group by load_id
)
select load_id, 'row_is_sum', 1, whole / 2, if(of_last * 2 = whole, last, first)::varchar from ends
where amounts >= 6 and whole > 0 and whole in (of_last * 2, of_first * 2)
