-- One row a source: clicks of channels that cost nothing in a month, though others of their months cost, or nothing of
-- the source ever did: who exported them may not see the money. What never costs, among what does, is free.
with months as (
    select source, channel, date_trunc('month', spend_on) as month_on, count(*) as rows, sum(clicks) as clicks,
        sum(spend_rub) as spend
    from loaded.ad_spend where not is_displaced and spend_on <= date '{as_of}' group by all
),
placed as (
    select *, sum(spend) over (partition by source, channel) as of_channel, sum(spend) over (partition by source) as of_all
    from months
)
select 'unpaid_clicks', source, null, sum(rows), 0,
    strftime(min(month_on), '%m.%Y') || if(count(distinct month_on) > 1, '–' || strftime(max(month_on), '%m.%Y'), '')
from placed where spend = 0 and clicks >= 20 and (of_channel > 0 or of_all = 0) group by source
