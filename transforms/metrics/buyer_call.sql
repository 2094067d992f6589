-- One row per answered inbound call, later ones than as_of too, from a phone that has a won deal of the manager who took it.
with
buyers as (
    select distinct
        phone,
        manager
    from metrics.dated_deal
    where status = 'won'
        and revenue_rub > 0
        and phone is not null
),
final as (
    select
        calls.phone,
        coalesce(calls.manager, 'Не указан') as manager,
        cast(calls.started_at as date) as day_on
    from staged.calls as calls
    inner join buyers
        on buyers.phone = calls.phone
        and buyers.manager = coalesce(calls.manager, 'Не указан')
    where coalesce(calls.direction, 'in') = 'in'
        and coalesce(calls.is_answered, calls.talk_seconds > 0)
)
select * from final
