-- One row per client and unbroken stretch of being alive: from a won deal, whose
-- channel it keeps, to client_days after the last deal before a gap.
with
marked as (
    select
        client_key,
        day_on,
        channel,
        client_order,
        -- a deal on the very day after the stretch would end still continues it
        previous_on is null or previous_on + getvariable('client_days') < day_on as is_start,
        next_on is null or next_on > day_on + getvariable('client_days') as is_end
    from metrics.won_deal
    where client_key is not null
),
edges as (
    select
        *,
        lag(day_on) over (partition by client_key order by client_order) as edge_before,
        lead(day_on) over (partition by client_key order by client_order) as edge_after
    from marked
    where is_start or is_end
),
firsts as (
    select
        client_key,
        day_on as first_on
    from marked
    where client_order = 1
),
final as (
    select
        edges.client_key,
        firsts.first_on,
        edges.day_on as start_on,
        edges.channel,
        case when edges.is_end then edges.day_on else edges.edge_after end + getvariable('client_days') - 1 as end_on,
        edges.edge_before + getvariable('client_days') - 1 as previous_end_on
    from edges
    inner join firsts using (client_key)
    where edges.is_start
)
select * from final
