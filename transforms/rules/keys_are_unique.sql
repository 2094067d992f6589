-- A grain, period and channel or manager has one row.
select 'channel_period' as table_name, grain, period_start, channel as key, count(*) as found, 1 as expected
from metrics.channel_period group by grain, period_start, channel having count(*) > 1
union all
select 'manager_period', grain, period_start, manager, count(*), 1
from metrics.manager_period group by grain, period_start, manager having count(*) > 1
union all
select 'chain_period', grain, period_start, channel, count(*), 1
from metrics.chain_period group by grain, period_start, channel having count(*) > 1
union all
select 'client_channel_period', grain, period_start, channel, count(*), 1
from metrics.client_channel_period group by grain, period_start, channel having count(*) > 1
union all
select 'client_period', grain, period_start, cast(null as varchar), count(*), 1
from metrics.client_period group by grain, period_start having count(*) > 1
union all
select 'whole_period', grain, period_start, cast(null as varchar), count(*), 1
from metrics.whole_period group by grain, period_start having count(*) > 1
union all
select 'subscriber_period', grain, period_start, cast(null as varchar), count(*), 1
from metrics.subscriber_period group by grain, period_start having count(*) > 1
union all
select 'manager_channel_period', grain, period_start, manager || ' · ' || channel, count(*), 1
from metrics.manager_channel_period group by grain, period_start, manager, channel having count(*) > 1
union all
select 'channel_dependence', grain, period_start, cast(null as varchar), count(*), 1
from metrics.channel_dependence group by grain, period_start having count(*) > 1
union all
select 'unit_economics_period', grain, period_start, channel, count(*), 1
from metrics.unit_economics_period group by grain, period_start, channel having count(*) > 1
union all
select 'loss_reason_period', grain, period_start, reason, count(*), 1
from metrics.loss_reason_period group by grain, period_start, reason having count(*) > 1
union all
select 'satisfaction_period', grain, period_start, manager, count(*), 1
from metrics.satisfaction_period group by grain, period_start, manager having count(*) > 1
union all
select 'partner_period', grain, period_start, partner, count(*), 1
from metrics.partner_period group by grain, period_start, partner having count(*) > 1
union all
select 'cohort_month', 'month', cohort_on, cast(month_number as varchar), count(*), 1
from metrics.cohort_month group by cohort_on, month_number having count(*) > 1
union all
select 'plan_period', grain, period_start, concat(metric, ' · ', channel, ' · ', manager), count(*), 1
from metrics.plan_period group by grain, period_start, metric, channel, manager having count(*) > 1
union all
select 'lever', 'month', period_start, lever, count(*), 1
from metrics.lever group by period_start, lever having count(*) > 1
union all
select 'client_segment', cast(null as varchar), cast(null as date), cast(null as varchar), count(*), count(distinct client_key)
from metrics.client_segment having count(*) > count(distinct client_key)
union all
select 'winback', cast(null as varchar), cast(null as date), cast(null as varchar), count(*), count(distinct client_key)
from metrics.winback having count(*) > count(distinct client_key)
union all
select 'before_after', cast(null as varchar), cast(null as date), cast(null as varchar), count(*), count(distinct name)
from metrics.before_after having count(*) > count(distinct name)
