-- One row per subscriber and unbroken stretch of being active, within the days of the subscription.
-- Later days than as_of change nothing up to as_of: they only prolong what reaches it or begin after it.
with
activity as (
    select
        subscribers.subscriber_no,
        subscribers.subscribed_on,
        subscribers.unsubscribed_on,
        activity.active_on
    from staged.activity as activity
    inner join metrics.subscriber as subscribers using (subscriber_id)
),
ordered as (
    select
        *,
        lag(active_on) over (partition by subscriber_no order by active_on) as previous_on,
        last_value(active_on) over (
            partition by subscriber_no
            order by active_on
            rows between unbounded preceding and unbounded following
        ) as latest_on
    from activity
),
starts as (
    select
        *,
        -- the day before the next stretch is the last one of this
        coalesce(lead(previous_on) over (partition by subscriber_no order by active_on), latest_on) as last_active_on
    from ordered
    where previous_on is null or previous_on + getvariable('active_days') < active_on
),
stretches as (
    select
        subscriber_no,
        subscribed_on,
        unsubscribed_on,
        active_on as first_on,
        last_active_on + getvariable('active_days') - 1 as last_on,
        previous_on + getvariable('active_days') - 1 as previous_end_on
    from starts
),
final as (
    select
        subscriber_no,
        subscribed_on,
        greatest(first_on, subscribed_on) as start_on,
        least(last_on, coalesce(unsubscribed_on - 1, last_on)) as end_on,
        previous_end_on
    from stretches
    where last_on >= subscribed_on
        and (
            unsubscribed_on is null
            or unsubscribed_on > greatest(first_on, subscribed_on)
        )
)
select * from final
