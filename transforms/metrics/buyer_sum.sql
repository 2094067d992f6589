-- One row per grain, period and channel with won deals, and for all together: the clients who bought, and those who were new.
with
buyers as (
    select
        days.grain,
        days.period_start,
        deals.channel,
        deals.client_key,
        deals.client_order
    from metrics.won_deal as deals
    inner join metrics.period_day as days using (day_on)
    where deals.client_key is not null
),
final as (
    select
        grain,
        period_start,
        channel,
        count(distinct client_key) as clients,
        count(*) filter (where client_order = 1) as new_clients
    from buyers
    group by all
    union all
    -- a client of two channels counts once
    select
        grain,
        period_start,
        all_together() as channel,
        count(distinct client_key) as clients,
        count(*) filter (where client_order = 1) as new_clients
    from buyers
    group by grain, period_start
)
select * from final
