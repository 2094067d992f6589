-- One row per phone, manager and day with answered inbound calls, later ones than as_of too, of a phone that has
-- a won deal of that manager: the channel of the day's first call, when they spoke before, and when the first deal
-- from that day on was won.
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
ordered as (
    select
        calls.phone,
        named(calls.manager) as manager,
        named(calls.channel) as channel,
        cast(calls.started_at as date) as day_on,
        row_number() over (
            partition by calls.phone, named(calls.manager), cast(calls.started_at as date)
            order by calls.started_at, calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from staged.calls as calls
    inner join (select distinct phone, manager from buyers) as those
        on those.phone = calls.phone
        and those.manager = named(calls.manager)
    where is_inbound(calls.direction)
        and was_answered(calls.is_answered, calls.talk_seconds)
),
calls as (
    select
        phone,
        manager,
        channel,
        day_on,
        lag(day_on) over (partition by phone, manager order by day_on) as previous_on
    from ordered
    where place = 1
),
final as (
    select
        calls.manager,
        calls.channel,
        calls.day_on,
        calls.previous_on,
        min(buyers.closed_on) as bought_on
    from calls
    inner join buyers
        on buyers.phone = calls.phone
        and buyers.manager = calls.manager
        and buyers.closed_on >= calls.day_on
        and buyers.closed_on <= calls.day_on + getvariable('lookback_days')
    group by calls.phone, calls.manager, calls.channel, calls.day_on, calls.previous_on
)
select * from final
