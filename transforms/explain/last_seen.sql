-- One row per staged subscriber, told by the latest activity up to the period's end: the visit that makes them active.
with
seen as (
    select
        activity.subscriber_id,
        max_by(activity, (activity.active_on, activity.source_row is not null)) as latest
    from staged.activity as activity
    where activity.active_on <= (select d_on from explained)
    group by activity.subscriber_id
)
select
    states.* exclude (source, source_file, source_row, day_on),
    coalesce(seen.latest.source, states.source) as source,
    coalesce(seen.latest.source_file, states.source_file) as source_file,
    -- a visit that an export of subscribers told stands in the subscriber's own row, as long as that row still says so
    case
        when seen.latest.source_row is not null then seen.latest.source_row
        when staged.last_active_on = seen.latest.active_on or seen.latest is null then states.source_row
    end as source_row,
    coalesce(seen.latest.active_on, states.day_on) as day_on
from explain.subscriber_state as states
left join staged.subscribers as staged
    on staged.source = states.source
    and staged.source_file = states.source_file
    and staged.source_row = states.source_row
left join seen on seen.subscriber_id = states.subscriber_id
