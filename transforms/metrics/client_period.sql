-- One row per grain and period: the pool of living clients, what flowed in and out, and how they buy.
with
first_deal as (
    select min(day_on) as day_on
    from metrics.won_deal
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.d_on,
        periods.is_complete,
        periods.d_on >= first_deal.day_on + getvariable('client_days') - 1 as is_pool_full,
        names.deal_persons as are_clients_known
    from metrics.period as periods
    cross join first_deal
    cross join metrics.known_name as names
    where is_asked(periods.grain, 'client_period')
        and periods.last_on >= first_deal.day_on
),
changes as (
    select start_on as day_on, 1 as clients from metrics.client_interval
    union all
    select end_on + 1 as day_on, -1 as clients from metrics.client_interval
    union all
    -- nothing changes for it: a day whose end is asked about
    select d_on as day_on, 0 as clients from grid
    union all
    select period_start - 1 as day_on, 0 as clients from grid
),
by_day as (
    select
        day_on,
        sum(clients) as clients
    from changes
    group by day_on
),
to_date as (
    select
        day_on,
        sum(clients) over (order by day_on) as clients
    from by_day
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
        count(deals.client_key) as deals,
        count(*) filter (where deals.client_key is null) as nobodys_deals,
        count(*) filter (where deals.client_order > 1) as repeat_deals,
        count(distinct deals.client_key) as clients
    from metrics.won_deal as deals
    inner join metrics.period_day as days using (day_on)
    group by all
),
joined as (
    select
        grid.grain,
        grid.period_start,
        case when grid.are_clients_known then starts.clients end as clients_start,
        counted_if(grid.are_clients_known, moves.new) as new,
        counted_if(grid.are_clients_known, moves.returned) as returned,
        counted_if(grid.are_clients_known, moves.lost) as lost,
        case when grid.are_clients_known then ends.clients end as clients_end,
        coalesce(deals.deals, 0) as deals,
        coalesce(deals.repeat_deals, 0) as repeat_deals,
        coalesce(deals.clients, 0) as clients,
        -- a young history makes every pool fill; of deals that are nobody's none can be told from another's
        grid.is_pool_full and coalesce(deals.nobodys_deals, 0) <= coalesce(deals.deals, 0) as is_history_known,
        grid.is_complete
    from grid
    inner join to_date as ends
        on ends.day_on = grid.d_on
    inner join to_date as starts
        on starts.day_on = grid.period_start - 1
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
        is_history_known,
        is_complete
    from joined
)
select * from final
order by grain, period_start
