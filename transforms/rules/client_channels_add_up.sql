-- The channels bring in just the clients that came in.
with
channels as (
    select
        grain,
        period_start,
        sum(new) as new,
        sum(returned) as returned
    from metrics.client_channel_period
    group by grain, period_start
)
select
    totals.grain,
    totals.period_start,
    channels.new as new_found,
    totals.new as new_expected,
    channels.returned as returned_found,
    totals.returned as returned_expected
from metrics.client_period as totals
left join channels using (grain, period_start)
where totals.grain in (select grain from metrics.client_channel_period)
    and (
        coalesce(channels.new, -1) <> totals.new
        or coalesce(channels.returned, -1) <> totals.returned
    )
