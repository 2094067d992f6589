-- One row a load with an amount that is more than all others of its file, and many times the next.
select load_id, 'row_outweighs', 1, max({money}), arg_max(source_row, {money})::varchar
from loaded.{table} where {loads} and {money} > 0 group by load_id
having count(*) >= 10 and max({money}) * 2 > sum({money}) and max({money}) >= 50 * list_extract(max({money}, 2), 2)
