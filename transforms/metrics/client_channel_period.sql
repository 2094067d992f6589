-- One row per grain, period and channel: clients who came into the pool, by the channel of the deal that brought them in.
with
channels as (
    select distinct channel
    from metrics.won_deal
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.is_complete,
        channels.channel,
        names.deal_persons and is_counted_by(names.deal_channels, channels.channel) as are_clients_known
    from metrics.period as periods
    cross join channels
    cross join metrics.known_name as names
    where is_asked(periods.grain, 'client_channel_period')
        and periods.last_on >= (select min(day_on) from metrics.won_deal)
),
counted as (
    select
        grain,
        period_start,
        channel,
        sum(clients) filter (where move = 'new') as new,
        sum(clients) filter (where move = 'returned') as returned
    from metrics.client_flow
    where move in ('new', 'returned')
    group by all
),
final as (
    select
        grid.grain,
        grid.period_start,
        grid.channel,
        cast(counted_if(grid.are_clients_known, counted.new) as bigint) as new,
        cast(counted_if(grid.are_clients_known, counted.returned) as bigint) as returned,
        grid.is_complete
    from grid
    left join counted using (grain, period_start, channel)
)
select * from final
order by grain, period_start, channel
