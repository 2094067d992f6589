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
    coalesce(seen.latest.source, subscribers.source) as source,
    coalesce(seen.latest.source_file, subscribers.source_file) as source_file,
    -- a visit that an export of subscribers told stands in the subscriber's own row, as long as that row still says so
    case
        when seen.latest.source_row is not null then seen.latest.source_row
        when staged.last_active_on = seen.latest.active_on or seen.latest is null then subscribers.source_row
    end as source_row,
    coalesce(seen.latest.active_on, subscribers.subscribed_on) as day_on,
    subscribers.subscribed_on,
    subscribers.unsubscribed_on,
    subscribers.subscriber_no,
    exists (
        select 1
        from metrics.subscriber_interval as intervals
        where intervals.subscriber_no = subscribers.subscriber_no
            and intervals.start_on < (select period_start from explained)
            and intervals.end_on >= (select period_start from explained) - 1
    ) as was_active,
    exists (
        select 1
        from metrics.subscriber_interval as intervals
        where intervals.subscriber_no = subscribers.subscriber_no
            and intervals.start_on <= (select d_on from explained)
            and intervals.end_on >= (select d_on from explained)
    ) as is_active
from metrics.subscriber as subscribers
left join staged.subscribers as staged
    on staged.source = subscribers.source
    and staged.source_file = subscribers.source_file
    and staged.source_row = subscribers.source_row
left join seen on seen.subscriber_id = subscribers.subscriber_id
