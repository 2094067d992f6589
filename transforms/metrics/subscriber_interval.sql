-- One row per subscriber and unbroken stretch of being active, within the days of the subscription.
-- Later days than as_of change nothing up to as_of: they only prolong what reaches it or begin after it.
with
activity as (
    select
        subscribers.subscriber_no,
        activity.active_on
    from staged.activity as activity
    inner join metrics.subscriber as subscribers using (subscriber_id)
),
ordered as (
    select
        *,
        lag(active_on) over (partition by subscriber_no order by active_on) as previous_on,
        lead(active_on) over (partition by subscriber_no order by active_on) as next_on
    from activity
),
marked as (
    select
        subscriber_no,
        active_on,
        previous_on is null or previous_on + getvariable('active_days') < active_on as is_start,
        next_on is null or next_on > active_on + getvariable('active_days') as is_end
    from ordered
),
edges as (
    select
        *,
        -- of two rows of one day the start comes first
        lag(active_on) over (partition by subscriber_no order by active_on, is_start desc) as edge_before,
        lead(active_on) over (partition by subscriber_no order by active_on, is_start desc) as edge_after
    from marked
    where is_start or is_end
),
stretches as (
    select
        subscriber_no,
        active_on as first_on,
        case when is_end then active_on else edge_after end + getvariable('active_days') - 1 as last_on,
        edge_before + getvariable('active_days') - 1 as previous_end_on
    from edges
    where is_start
),
final as (
    select
        stretches.subscriber_no,
        subscribers.subscribed_on,
        greatest(stretches.first_on, subscribers.subscribed_on) as start_on,
        least(stretches.last_on, coalesce(subscribers.unsubscribed_on - 1, stretches.last_on)) as end_on,
        stretches.previous_end_on
    from stretches
    inner join metrics.subscriber as subscribers using (subscriber_no)
    where stretches.last_on >= subscribers.subscribed_on
        and (
            subscribers.unsubscribed_on is null
            or subscribers.unsubscribed_on > greatest(stretches.first_on, subscribers.subscribed_on)
        )
)
select * from final
