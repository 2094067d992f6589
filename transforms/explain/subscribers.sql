-- One row per staged subscriber, and whether they were active when the period began and when it ended.
select
    subscribers.source,
    subscribers.source_file,
    subscribers.source_row,
    subscribers.subscribed_on as day_on,
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
