-- The channels of a manager add up to the manager, and the managers of a channel to its revenue.
with
managers as (
    select
        grain,
        period_start,
        manager,
        sum(calls) as calls,
        sum(callers) as callers,
        sum(converted_callers) as converted_callers,
        sum(revenue_rub) as revenue_rub
    from metrics.manager_channel_period
    group by all
),
channels as (
    select
        grain,
        period_start,
        channel,
        sum(revenue_rub) as revenue_rub
    from metrics.manager_channel_period
    group by all
)
select
    whole.grain,
    whole.period_start,
    whole.manager as name,
    managers.calls,
    managers.callers,
    managers.converted_callers,
    managers.revenue_rub as found,
    whole.revenue_rub as expected
from metrics.manager_period as whole
inner join managers using (grain, period_start, manager)
where managers.calls <> whole.calls
    or managers.callers <> whole.callers
    or managers.converted_callers <> whole.converted_callers
    or managers.revenue_rub <> whole.revenue_rub
union all
select
    whole.grain,
    whole.period_start,
    whole.channel as name,
    cast(null as bigint) as calls,
    cast(null as bigint) as callers,
    cast(null as bigint) as converted_callers,
    channels.revenue_rub as found,
    whole.revenue_rub as expected
from metrics.channel_period as whole
inner join channels using (grain, period_start, channel)
where channels.revenue_rub <> whole.revenue_rub
