-- One row per phone, manager and day with answered inbound calls, later ones than as_of too, of a phone that has
-- a won deal of that manager: the channel of the day's first call, when they spoke before, and when the first deal
-- from that day on was won.
-- Kept by day: its rows follow from those of staged.calls of the same phone up to that day.
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
        calls.source,
        calls.source_file,
        calls.source_row,
        calls.phone,
        calls.manager,
        calls.channel,
        calls.day_on,
        row_number() over (
            partition by calls.phone, calls.manager, calls.day_on
            order by calls.started_at, calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from metrics.fact_call as calls
    inner join (select distinct phone, manager from buyers) as those
        on those.phone = calls.phone
        and those.manager = calls.manager
    where calls.not_caller is null
),
calls as (
    select
        source,
        source_file,
        source_row,
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
        calls.source,
        calls.source_file,
        calls.source_row,
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
    group by all
)
select * from final
