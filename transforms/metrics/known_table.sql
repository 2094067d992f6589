-- One row: which tables have a source at all; figures of a table that was never loaded are unknown, not zero.
select
    count(*) filter (where table_name = 'ad_spend') > 0 as has_ad_spend,
    count(*) filter (where table_name = 'calls') > 0 as has_calls,
    count(*) filter (where table_name = 'deals') > 0 as has_deals,
    count(*) filter (where table_name = 'leads') > 0 as has_leads,
    count(*) filter (where table_name = 'costs') > 0 as has_costs,
    count(*) filter (where table_name = 'subscribers') > 0 as has_subscribers,
    count(*) filter (where table_name = 'activity') > 0 as has_activity,
    count(*) filter (where table_name = 'survey_answers') > 0 as has_survey_answers
from ops.sources
