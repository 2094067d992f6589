-- One row per staged subscriber by the period's last day: since when, till when, and whether active at both ends.
with
states as (
    select
        subscribers.source,
        subscribers.source_file,
        subscribers.source_row,
        subscribers.subscriber_id,
        subscribers.subscribed_on,
        subscribers.unsubscribed_on,
        subscribers.subscribed_on < explained.period_start as is_before,
        subscribers.subscribed_on > explained.d_on as is_later,
        coalesce(
            subscribers.unsubscribed_on >= explained.period_start and subscribers.unsubscribed_on <= explained.last_on,
            false
        ) as is_leaving,
        subscribers.subscriber_no in (
            select intervals.subscriber_no
            from metrics.subscriber_interval as intervals
            inner join explained
                on intervals.start_on < explained.period_start
                and intervals.end_on >= explained.period_start - 1
        ) as was_active,
        subscribers.subscriber_no in (
            select intervals.subscriber_no
            from metrics.subscriber_interval as intervals
            inner join explained
                on intervals.start_on <= explained.d_on
                and intervals.end_on >= explained.d_on
        ) as is_active,
        subscribers.unsubscribed_on <= explained.d_on as is_gone
    from metrics.subscriber as subscribers
    inner join explained
        on subscribers.subscribed_on <= explained.last_on
        or subscribers.unsubscribed_on <= explained.last_on
),
silent as (
    select
        *,
        case
            when is_later then 'subscribed_later'
            when not is_active and is_gone then 'unsubscribed'
            when not is_active then 'silent'
        end as not_active
    from states
)
select
    source,
    source_file,
    source_row,
    subscriber_id,
    subscribed_on as day_on,
    case when is_later then 'subscribed_later' end as not_there,
    case when not is_before then 'other' when not was_active then 'not_active_at_start' end as not_active_at_start,
    case when is_before then 'other' when is_later then 'subscribed_later' end as not_joined,
    case when is_before then 'other' else not_active end as not_joined_active,
    not_active,
    case when not (is_active and is_before) then 'other' when was_active then 'active_at_start' end as not_returned,
    case when not was_active then 'other' when is_active then 'still_active' end as not_lapsed,
    case
        when not is_leaving then 'other'
        when greatest(unsubscribed_on, subscribed_on) > getvariable('as_of') then 'after_as_of'
    end as not_unsubscribed
from silent
