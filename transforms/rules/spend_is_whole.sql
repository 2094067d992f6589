-- The months of all channels add up to what was loaded: no rouble of spend is lost or counted twice.
with
found as (
    select coalesce(sum(spend_rub), 0) as spend_rub
    from metrics.channel_period
    where grain = 'month'
),
expected as (
    select coalesce(sum(spend_rub), 0) as spend_rub
    from staged.ad_spend
    where spend_on <= getvariable('as_of')
)
select
    'spend_rub' as figure,
    found.spend_rub as found,
    expected.spend_rub as expected
from found
cross join expected
cross join metrics.known_table as known
where known.has_ad_spend and found.spend_rub <> expected.spend_rub
