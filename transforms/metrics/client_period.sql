-- One row per grain and period: the pool of living clients, what flowed in and out, and how they buy.
with
grid as (
    select *
    from metrics.period
    where last_on >= (select min(day_on) from metrics.won_deal)
),
changes as (
    select
        day_on,
        sum(change) as change
    from (
        select start_on as day_on, 1 as change from metrics.client_interval
        union all
        select end_on + 1 as day_on, -1 as change from metrics.client_interval
    )
    group by all
),
alive as (
    select
        grid.grain,
        grid.period_start,
        sum(changes.change) filter (where changes.day_on < grid.period_start) as clients_start,
        sum(changes.change) as clients_end
    from grid
    inner join changes
        on changes.day_on <= grid.d_on
    group by all
),
moves as (
    select
        grain,
        period_start,
        sum(clients) filter (where move = 'new') as new,
        sum(clients) filter (where move = 'returned') as returned,
        sum(clients) filter (where move = 'lost') as lost
    from metrics.client_flow
    group by all
),
deals as (
    select
        days.grain,
        days.period_start,
        count(*) as deals,
        count(*) filter (where deals.client_order > 1) as repeat_deals,
        count(distinct deals.client_key) as clients
    from metrics.won_deal as deals
    inner join metrics.period_day as days using (day_on)
    where deals.client_key is not null
    group by all
),
joined as (
    select
        grid.grain,
        grid.period_start,
        coalesce(alive.clients_start, 0) as clients_start,
        coalesce(moves.new, 0) as new,
        coalesce(moves.returned, 0) as returned,
        coalesce(moves.lost, 0) as lost,
        coalesce(alive.clients_end, 0) as clients_end,
        coalesce(deals.deals, 0) as deals,
        coalesce(deals.repeat_deals, 0) as repeat_deals,
        coalesce(deals.clients, 0) as clients,
        grid.is_complete
    from grid
    left join alive using (grain, period_start)
    left join moves using (grain, period_start)
    left join deals using (grain, period_start)
),
final as (
    select
        grain,
        period_start,
        cast(clients_start as bigint) as clients_start,
        cast(new as bigint) as new,
        cast(returned as bigint) as returned,
        cast(lost as bigint) as lost,
        cast(clients_end as bigint) as clients_end,
        ratio(lost, clients_start) as churn_rate,
        ratio(repeat_deals, deals) as repeat_share,
        ratio(deals, clients) as orders_per_client,
        is_complete
    from joined
)
select * from final
order by grain, period_start
