-- One row per client and unbroken stretch of being alive: from a won deal, whose
-- channel it keeps, to client_days after the last deal before a gap.
-- Later days than as_of change nothing up to as_of: they only prolong what reaches it or begin after it.
with
clients as (
    select
        client_key,
        min(day_on) as first_on,
        max(day_on) as last_on
    from metrics.sale
    where client_key is not null
    group by all
),
starts as (
    select
        client_key,
        day_on,
        channel,
        client_order,
        previous_on
    from metrics.sale
    where client_key is not null
        -- a deal on the very day after the stretch would end still continues it
        and (previous_on is null or previous_on + getvariable('client_days') < day_on)
),
bounded as (
    select
        *,
        -- the deal before the next stretch is the last one of this
        lead(previous_on) over (partition by client_key order by client_order) as last_but_later_on
    from starts
),
final as (
    select
        starts.client_key,
        clients.first_on,
        starts.day_on as start_on,
        starts.channel,
        coalesce(starts.last_but_later_on, clients.last_on) + getvariable('client_days') - 1 as end_on,
        starts.previous_on + getvariable('client_days') - 1 as previous_end_on
    from bounded as starts
    inner join clients using (client_key)
)
select * from final
