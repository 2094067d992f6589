-- One row a load with more clicks than sights; a few come later than what they were clicked on.
select load_id, 'clicks_over_sights', count(*), sum(spend_rub), {heading}
from loaded.ad_spend where {loads} and clicks - impressions >= 10 group by load_id
