-- The new clients of all months and channels are everybody who ever bought, each once.
with
found as (
    select coalesce(sum(new_clients), 0) as clients
    from metrics.channel_period
    where grain = 'month'
),
expected as (
    select count(distinct client_key) as clients
    from staged.deals
    where is_sale(status, revenue_rub)
        and settled_on(created_on, closed_on) <= getvariable('as_of')
)
select
    'new_clients' as figure,
    found.clients as found,
    expected.clients as expected
from found
cross join expected
cross join metrics.known_table as known
where known.has_deals and found.clients <> expected.clients
