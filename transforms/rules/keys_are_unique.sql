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
