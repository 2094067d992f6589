-- One row per grain, day and manager: callers who spoke to the manager on that day for the first time in its period.
with
calls as (
    select
        cast(phone as bigint) as phone,
        nullif(manager, 'Не указан') as manager,
        cast(started_at as date) as day_on
    from staged.calls
    where coalesce(direction, 'in') = 'in'
        and coalesce(is_answered, talk_seconds > 0)
        and length(phone) = 11
        and phone like '7%'
),
ordered as (
    select
        manager,
        day_on,
        lag(day_on) over (partition by phone, manager order by day_on) as previous_on
    from calls
),
final as (
    select
        days.grain,
        days.day_on,
        coalesce(calls.manager, 'Не указан') as manager,
        count(*) as callers
    from ordered as calls
    inner join metrics.calendar_day as days using (day_on)
    where calls.previous_on is null or calls.previous_on < days.period_start
    group by all
)
select * from final
order by grain, day_on, manager
