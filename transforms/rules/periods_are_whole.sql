-- From the first period of a table to that of as_of, none is missing, and each has every channel or manager.
with
tables as (
    select 'channel_period' as table_name, grain, period_start, count(distinct channel) as keys
    from metrics.channel_period group by grain, period_start
    union all
    select 'manager_period', grain, period_start, count(distinct manager)
    from metrics.manager_period group by grain, period_start
    union all
    select 'chain_period', grain, period_start, count(distinct channel)
    from metrics.chain_period group by grain, period_start
    union all
    select 'client_channel_period', grain, period_start, count(distinct channel)
    from metrics.client_channel_period group by grain, period_start
    union all
    select 'client_period', grain, period_start, 1
    from metrics.client_period group by grain, period_start
    union all
    select 'whole_period', grain, period_start, 1
    from metrics.whole_period group by grain, period_start
    union all
    select 'subscriber_period', grain, period_start, 1
    from metrics.subscriber_period group by grain, period_start
    union all
    select 'manager_channel_period', grain, period_start, count(distinct manager || ' · ' || channel)
    from metrics.manager_channel_period group by grain, period_start
    union all
    select 'channel_dependence', grain, period_start, 1
    from metrics.channel_dependence group by grain, period_start
    union all
    select 'unit_economics_period', grain, period_start, count(distinct channel)
    from metrics.unit_economics_period group by grain, period_start
    union all
    select 'loss_reason_period', grain, period_start, count(distinct reason)
    from metrics.loss_reason_period group by grain, period_start
    union all
    select 'satisfaction_period', grain, period_start, count(distinct manager)
    from metrics.satisfaction_period group by grain, period_start
    union all
    select 'partner_period', grain, period_start, count(distinct partner)
    from metrics.partner_period group by grain, period_start
),
spans as (
    select
        table_name,
        grain,
        min(period_start) as first_start,
        max(keys) as keys
    from tables
    group by table_name, grain
)
select
    spans.table_name,
    spans.grain,
    periods.period_start,
    coalesce(tables.keys, 0) as found,
    spans.keys as expected
from spans
inner join metrics.period as periods
    on periods.grain = spans.grain
    and periods.period_start >= spans.first_start
left join tables
    on tables.table_name = spans.table_name
    and tables.grain = spans.grain
    and tables.period_start = periods.period_start
where coalesce(tables.keys, 0) <> spans.keys
