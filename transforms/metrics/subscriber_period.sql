-- One row per grain and period: how many subscribers there are, how many of them live, and what they buy.
with
first_day as (
    select min(day_on) as day_on
    from (
        select min(subscribed_on) as day_on from metrics.subscriber where subscribed_on <= getvariable('as_of')
        union all
        select min(active_on) from staged.activity where active_on <= getvariable('as_of')
    )
),
grid as (
    select
        periods.*,
        known.has_deals and names.subscriber_persons as are_buyers_known
    from metrics.period as periods
    cross join metrics.known_table as known
    cross join metrics.known_name as names
    where is_asked(periods.grain, 'subscriber_period')
        and periods.last_on >= (select day_on from first_day)
),
unsubscribed as (
    select
        days.grain,
        days.period_start,
        count(*) as unsubscribed
    from metrics.subscriber as subscribers
    inner join metrics.period_day as days
        on days.day_on = subscribers.unsubscribed_on
    where subscribers.subscribed_on <= getvariable('as_of')
    group by all
),
changes as (
    select subscribed_on as day_on, 1 as subscribers, 0 as active from metrics.subscriber
    union all
    select start_on as day_on, 0 as subscribers, 1 as active from metrics.subscriber_interval
    union all
    select end_on + 1 as day_on, 0 as subscribers, -1 as active from metrics.subscriber_interval
    union all
    -- nothing changes for it: a day whose end is asked about
    select d_on as day_on, 0 as subscribers, 0 as active from grid
    union all
    select period_start - 1 as day_on, 0 as subscribers, 0 as active from grid
),
by_day as (
    select
        day_on,
        sum(subscribers) as subscribers,
        sum(active) as active
    from changes
    group by day_on
),
to_date as (
    select
        day_on,
        sum(subscribers) over (order by day_on) as subscribers,
        sum(active) over (order by day_on) as active
    from by_day
),
came as (
    select
        days.grain,
        days.period_start,
        count(*) filter (where intervals.subscribed_on >= days.period_start) as joined_active,
        count(*) filter (where intervals.subscribed_on < days.period_start) as came_back
    from metrics.subscriber_interval as intervals
    inner join metrics.period_day as days
        on days.day_on = intervals.start_on
    inner join metrics.period as periods
        on periods.grain = days.grain
        and periods.period_start = days.period_start
    where intervals.end_on >= periods.d_on
    group by all
),
went as (
    select
        days.grain,
        days.period_start,
        count(*) as went_silent
    from metrics.subscriber_interval as intervals
    inner join metrics.period_day as days
        on days.day_on = intervals.end_on + 1
    where intervals.start_on < days.period_start
    group by all
),
came_again as (
    select
        days.grain,
        days.period_start,
        intervals.subscriber_no,
        intervals.start_on
    from metrics.subscriber_interval as intervals
    inner join metrics.period_day as days
        on days.day_on = intervals.start_on
    inner join metrics.period as periods
        on periods.grain = days.grain
        and periods.period_start = days.period_start
    where intervals.end_on >= periods.d_on
        and intervals.previous_end_on >= days.period_start - 1
),
-- active at both ends, silent in between: neither lapsed nor returned
silent_within as (
    select
        came_again.grain,
        came_again.period_start,
        count(*) as subscribers
    from came_again
    inner join metrics.subscriber_interval as intervals
        on intervals.subscriber_no = came_again.subscriber_no
        and intervals.start_on < came_again.period_start
        and intervals.end_on >= came_again.period_start - 1
        and intervals.end_on < came_again.start_on
    group by all
),
bought as (
    select
        days.grain,
        days.period_start,
        count(distinct deals.subscriber_no) filter (where deals.is_won) as buyers,
        count(*) filter (where deals.is_won) as orders,
        sum(deals.revenue_rub) as revenue_rub
    from metrics.subscriber_deal as deals
    inner join metrics.period_day as days using (day_on)
    inner join metrics.period as periods
        on periods.grain = days.grain
        and periods.period_start = days.period_start
    where deals.subscribed_on <= periods.d_on
    group by all
),
joined as (
    select
        grid.grain,
        grid.period_start,
        grid.is_complete,
        case when known.has_subscribers then ends.subscribers end as total_end,
        case when known.has_subscribers then starts.active end as active_start,
        case when known.has_subscribers then ends.active end as active_end,
        case when known.has_subscribers then ends.subscribers - starts.subscribers end as joined,
        counted_if(known.has_subscribers, came.joined_active) as joined_active,
        case when known.has_subscribers
            then coalesce(came.came_back, 0) - coalesce(silent_within.subscribers, 0)
        end as returned,
        case when known.has_subscribers
            then coalesce(went.went_silent, 0) - coalesce(silent_within.subscribers, 0)
        end as lapsed,
        counted_if(known.has_subscribers, unsubscribed.unsubscribed) as unsubscribed,
        counted_if(known.has_subscribers and grid.are_buyers_known, bought.buyers) as buyers,
        counted_if(known.has_subscribers and grid.are_buyers_known, bought.orders) as orders,
        counted_if(known.has_subscribers and grid.are_buyers_known, bought.revenue_rub) as revenue_rub,
        coalesce(history.snapshot_on <= grid.d_on, false)
        or coalesce(history.journal_on <= grid.d_on - getvariable('active_days') + 1, false) as is_activity_known,
        coalesce(history.snapshot_on < grid.period_start, false)
        or coalesce(history.journal_on <= grid.period_start - getvariable('active_days'), false) as is_start_known
    from grid
    cross join metrics.known_table as known
    cross join metrics.activity_history as history
    inner join to_date as ends
        on ends.day_on = grid.d_on
    inner join to_date as starts
        on starts.day_on = grid.period_start - 1
    left join unsubscribed using (grain, period_start)
    left join came using (grain, period_start)
    left join went using (grain, period_start)
    left join silent_within using (grain, period_start)
    left join bought using (grain, period_start)
),
final as (
    select
        grain,
        period_start,
        cast(total_end as bigint) as total_end,
        cast(active_start as bigint) as active_start,
        cast(active_end as bigint) as active_end,
        cast(joined as bigint) as joined,
        cast(joined_active as bigint) as joined_active,
        cast(returned as bigint) as returned,
        cast(lapsed as bigint) as lapsed,
        cast(unsubscribed as bigint) as unsubscribed,
        ratio(lapsed, active_start) as churn_rate,
        cast(buyers as bigint) as buyers,
        cast(orders as bigint) as orders,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        ratio(buyers, total_end) as conversion_of_total,
        ratio(buyers, active_end) as conversion_of_active,
        roubles(ratio(revenue_rub, orders))
            as average_check_rub,
        is_activity_known,
        is_start_known,
        is_complete
    from joined
)
select * from final
order by grain, period_start
