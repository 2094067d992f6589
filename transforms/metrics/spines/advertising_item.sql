-- One row per item of the costs that is advertising, hence in ad_spend already; folded like a name of a dictionary.
select distinct folded(item) as item
from (select unnest(getvariable('advertising_items')) as item)
order by item
