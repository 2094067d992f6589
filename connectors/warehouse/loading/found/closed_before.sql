-- One row a load of sales many of which were closed before they began.
select load_id, 'closed_before', count(*) filter (where closed_on < created_on) as rows,
    coalesce(sum(revenue_rub) filter (where closed_on < created_on), 0), {heading}
from loaded.deals where {loads} and closed_on is not null and created_on is not null group by load_id
having rows >= 3 and rows >= 0.1 * count(*)
