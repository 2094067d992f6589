-- One row per won deal (revenue above 0, closed by as_of): which of its client's deals it is, the day of the one before.
-- A view.
select *
from metrics.sale
where day_on <= getvariable('as_of')
