-- One row per person of those who left last, as many as anybody would call: freshest first, then by what they brought.
select *
from metrics.winback
order by lost_on desc, revenue_rub desc, client_key
limit 100
