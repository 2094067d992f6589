-- One row per grain, period and client who came into the pool of the living or left it: new, returned or lost,
-- and the channel of the deal that brought them in: not alive when the period began, it was the first deal of the period.
-- A view.
with
came as (
    select
        days.grain,
        days.period_start,
        intervals.client_key,
        intervals.first_on,
        intervals.start_on,
        intervals.channel,
        intervals.previous_end_on >= days.period_start - 1 as was_here_before
    from metrics.client_interval as intervals
    inner join metrics.period_day as days
        on days.day_on = intervals.start_on
    inner join metrics.period as periods
        on periods.grain = days.grain
        and periods.period_start = days.period_start
    where intervals.end_on >= periods.d_on
),
went as (
    select
        days.grain,
        days.period_start,
        intervals.client_key
    from metrics.client_interval as intervals
    inner join metrics.period_day as days
        on days.day_on = intervals.end_on + 1
    where intervals.start_on < days.period_start
),
-- alive at both ends, away in between: neither lost nor returned
away_within as (
    select
        came.grain,
        came.period_start,
        came.client_key
    from came
    inner join went using (grain, period_start, client_key)
    where came.was_here_before
),
-- came, went and came again within one long period: the first time brought them
earlier_times as (
    select
        came.grain,
        came.period_start,
        came.client_key,
        intervals.channel,
        row_number() over (
            partition by came.grain, came.period_start, came.client_key
            order by intervals.start_on
        ) as place
    from came
    inner join metrics.client_interval as intervals
        on intervals.client_key = came.client_key
        and intervals.start_on >= came.period_start
        and intervals.start_on < came.start_on
    where came.was_here_before
),
final as (
    select
        came.grain,
        came.period_start,
        came.client_key,
        case when came.first_on >= came.period_start then 'new' else 'returned' end as move,
        coalesce(earlier_times.channel, came.channel) as channel
    from came
    left join away_within using (grain, period_start, client_key)
    left join earlier_times
        on earlier_times.grain = came.grain
        and earlier_times.period_start = came.period_start
        and earlier_times.client_key = came.client_key
        and earlier_times.place = 1
    where away_within.client_key is null
    union all
    select
        went.grain,
        went.period_start,
        went.client_key,
        'lost' as move,
        cast(null as varchar) as channel
    from went
    left join away_within using (grain, period_start, client_key)
    where away_within.client_key is null
)
select * from final
