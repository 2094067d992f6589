-- New clients of a partner are clients, clients have orders; whatever the grain, the periods add up to the same.
with
sums as (
    select
        partner,
        grain,
        sum(orders) as orders,
        sum(clients_new) as clients_new,
        sum(revenue_rub) as revenue_rub,
        sum(reward_rub) as reward_rub
    from metrics.partner_period
    group by partner, grain
)
select
    sums.partner,
    sums.grain,
    sums.revenue_rub as found,
    months.revenue_rub as expected
from sums
inner join sums as months
    on months.partner = sums.partner
    and months.grain = 'month'
where sums.orders <> months.orders
    or sums.clients_new <> months.clients_new
    or sums.revenue_rub <> months.revenue_rub
    or sums.reward_rub <> months.reward_rub
union all
select
    partner,
    grain,
    cast(clients as decimal(38, 2)) as found,
    cast(orders as decimal(38, 2)) as expected
from metrics.partner_period
where clients_new > clients
    or clients > orders
