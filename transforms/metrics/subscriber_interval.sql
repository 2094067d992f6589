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
last_days as (
    select
        subscriber_no,
        max(active_on) as last_on
    from activity
    group by all
),
ordered as (
    select
        *,
        lag(active_on) over (partition by subscriber_no order by active_on) as previous_on
    from activity
),
starts as (
    select
        *,
        -- the day before the next stretch is the last one of this
        lead(previous_on) over (partition by subscriber_no order by active_on) as last_but_later_on
    from ordered
    where previous_on is null or previous_on + getvariable('active_days') < active_on
),
stretches as (
    select
        starts.subscriber_no,
        starts.active_on as first_on,
        coalesce(starts.last_but_later_on, last_days.last_on) + getvariable('active_days') - 1 as last_on,
        starts.previous_on + getvariable('active_days') - 1 as previous_end_on
    from starts
    inner join last_days using (subscriber_no)
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
