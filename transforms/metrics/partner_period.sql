-- One row per grain, period and partner: the deals a partner brought, and what is owed for them.
-- No rows without ops.partners.
with
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.is_complete,
        partners.partner,
        partners.share,
        partners.rub_per_client,
        names.deal_persons
    from metrics.period as periods
    cross join (select distinct partner from metrics.partner_deal) as brought
    inner join ops.partners as partners using (partner)
    cross join metrics.known_name as names
    where is_asked(periods.grain, 'partner_period')
        and periods.last_on >= (select min(day_on) from metrics.partner_deal)
),
counted as (
    select
        days.grain,
        days.period_start,
        deals.partner,
        count(*) filter (where deals.not_sale is null) as orders,
        count(distinct deals.client_key) filter (where deals.not_sale is null) as clients,
        count(*) filter (where deals.client_order = 1) as clients_new,
        sum(deals.revenue_rub) filter (where deals.not_won is null) as revenue_rub,
        sum(deals.share_rub) filter (where deals.not_won is null) as share_rub
    from metrics.partner_deal as deals
    inner join metrics.period_day as days using (day_on)
    group by all
),
joined as (
    select
        grid.*,
        coalesce(counted.orders, 0) as orders,
        counted_if(grid.deal_persons, counted.clients) as clients,
        counted_if(grid.deal_persons, counted.clients_new) as clients_new,
        coalesce(counted.revenue_rub, 0) as revenue_rub,
        coalesce(counted.share_rub, 0) as share_rub
    from grid
    left join counted using (grain, period_start, partner)
),
final as (
    select
        grain,
        period_start,
        partner,
        cast(orders as bigint) as orders,
        cast(clients as bigint) as clients,
        cast(clients_new as bigint) as clients_new,
        cast(revenue_rub as decimal(18, 2)) as revenue_rub,
        cast(
            case
                when share is not null then share_rub
                -- a client is paid for once
                when rub_per_client is not null then rub_per_client * clients_new
            end as decimal(18, 2)
        ) as reward_rub,
        is_complete
    from joined
)
select * from final
order by grain, period_start, partner
