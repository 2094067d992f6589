-- One row per phone, manager and day with answered inbound calls, later ones than as_of too, of a phone that has
-- a won deal of that manager: when they spoke before, and when the first deal from that day on was won.
with
buyers as (
    select distinct
        phone,
        manager,
        settled_on as closed_on
    from metrics.dated_deal
    where is_sale(status, revenue_rub)
        and phone is not null
),
calls as (
    select distinct
        calls.phone,
        named(calls.manager) as manager,
        cast(calls.started_at as date) as day_on
    from staged.calls as calls
    inner join (select distinct phone, manager from buyers) as those
        on those.phone = calls.phone
        and those.manager = named(calls.manager)
    where is_inbound(calls.direction)
        and was_answered(calls.is_answered, calls.talk_seconds)
),
ordered as (
    select
        *,
        lag(day_on) over (partition by phone, manager order by day_on) as previous_on
    from calls
),
final as (
    select
        calls.manager,
        calls.day_on,
        calls.previous_on,
        min(buyers.closed_on) as bought_on
    from ordered as calls
    inner join buyers
        on buyers.phone = calls.phone
        and buyers.manager = calls.manager
        and buyers.closed_on >= calls.day_on
        and buyers.closed_on <= calls.day_on + getvariable('lookback_days')
    group by calls.phone, calls.manager, calls.day_on, calls.previous_on
)
select * from final
