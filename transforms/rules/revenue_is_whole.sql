-- The months of all channels, and of all managers, add up to the revenue of the deals that were won by as_of.
with
channels as (
    select coalesce(sum(revenue_rub), 0) as revenue_rub, coalesce(sum(deals_won), 0) as deals_won
    from metrics.channel_period
    where grain = 'month'
),
managers as (
    select coalesce(sum(revenue_rub), 0) as revenue_rub, coalesce(sum(deals_won), 0) as deals_won
    from metrics.manager_period
    where grain = 'month'
),
loaded as (
    select
        coalesce(sum(revenue_rub), 0) as revenue_rub,
        count(*) filter (where revenue_rub > 0) as deals_won
    from staged.deals
    where status = 'won'
        and settled_on(created_on, closed_on) <= getvariable('as_of')
),
compared as (
    select 'channel_period.revenue_rub' as figure, channels.revenue_rub as found, loaded.revenue_rub as expected
    from channels cross join loaded
    union all
    select 'channel_period.deals_won', channels.deals_won, loaded.deals_won
    from channels cross join loaded
    union all
    select 'manager_period.revenue_rub', managers.revenue_rub, loaded.revenue_rub
    from managers cross join loaded
    union all
    select 'manager_period.deals_won', managers.deals_won, loaded.deals_won
    from managers cross join loaded
)
select
    compared.figure,
    compared.found,
    compared.expected
from compared
cross join metrics.known_table as known
where known.has_deals and compared.found <> compared.expected
