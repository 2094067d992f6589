-- Every period has every channel, once.
with
counted as (
    select
        grain,
        period_start,
        count(*) as keys,
        count(distinct channel) as channels
    from metrics.channel_period
    group by all
),
most as (
    select
        grain,
        max(channels) as channels
    from counted
    group by all
)
select
    counted.grain,
    counted.period_start,
    counted.keys,
    most.channels
from counted
inner join most using (grain)
where counted.keys <> most.channels or counted.channels <> most.channels
