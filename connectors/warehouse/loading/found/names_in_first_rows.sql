-- One row a load whose names stand once each, the first in the first row: they may hold for the rows below. No more than
-- fifty of them head groups of rows by hand.
with filled as (
    select load_id, count({column}) as names from loaded.{table} where {loads} group by load_id
    having names between 2 and 50
)
select load_id, 'names_in_first_rows', count(*) - count({column}),
    coalesce(sum({money}) filter (where {column} is null), 0), {heading}
from loaded.{table} join filled using (load_id) group by load_id
having count(*) >= 2 * count({column}) and count(distinct {column}) = count({column})
    and arg_min({column} is not null, source_row)
