-- One row per call of the period that a manager took from a known phone: whether it is the caller's first, and who bought.
with
taken as (
    select
        calls.source,
        calls.source_file,
        calls.source_row,
        cast(calls.started_at as date) as day_on,
        named(calls.manager) as manager,
        named(calls.channel) as channel,
        calls.phone,
        row_number() over (
            partition by calls.phone, named(calls.manager)
            order by calls.started_at, calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from staged.calls as calls
    inner join explained
        on calls.started_at >= explained.period_start
        and calls.started_at < explained.d_on + 1
    where is_inbound(calls.direction)
        and was_answered(calls.is_answered, calls.talk_seconds)
        and is_known_phone(calls.phone)
)
select
    *,
    exists (
        select 1
        from metrics.dated_deal as deals
        where is_sale(deals.status, deals.revenue_rub)
            and deals.settled_on <= getvariable('as_of')
            and deals.phone = taken.phone
            and deals.manager = taken.manager
            and deals.settled_on >= taken.day_on
            and deals.settled_on <= taken.day_on + getvariable('lookback_days')
    ) as is_buyer
from taken
