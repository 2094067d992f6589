-- One row per change that somebody made: the figure before and after it, whether that is more than noise, and what it is worth.
-- No rows without staged.experiments.
-- Of today alone.
with
changes as (
    select
        name,
        metric,
        coalesce(channel, all_together()) as channel,
        coalesce(manager, all_together()) as manager,
        changed_on,
        days
    from staged.experiments
    where changed_on <= getvariable('as_of')
),
-- two sides of a change, each in the run in which it is as old as the other
sides as (
    select
        *,
        'after' as side,
        concat('after ', name) as label,
        changed_on as first_on,
        cast(changed_on + days * interval '1' day - interval '1' day as date) as last_on,
        getvariable('as_of') as run_on
    from changes
    union all
    select
        *,
        'before' as side,
        concat('before ', name) as label,
        cast(changed_on - days * interval '1' day as date) as first_on,
        changed_on - 1 as last_on,
        greatest(cast(getvariable('as_of') - days * interval '1' day as date), changed_on - 1) as run_on
    from changes
),
placed as (
    select
        sides.*,
        asked.is_adding or asked.is_growing as is_count,
        asked.is_state,
        asked.is_less_better,
        asked.is_spend,
        asked.money,
        starts.first_on as table_first_on,
        -- before the first row of its table nothing is known
        coalesce(
            sides.last_on <= sides.run_on
            and starts.first_on <= case when sides.side = 'before' then sides.first_on else sides.last_on end,
            false
        ) as is_told
    from sides
    inner join ops.asked_metrics as asked using (metric)
    left join ops.asked_starts as starts
        on starts.run_on = sides.run_on
        and starts.table_name = asked.table_name
),
-- a channel or a manager that the table never saw did nothing
whole as (
    select
        placed.*,
        case
            when not placed.is_told then null
            when figures.metric is not null then figures.value
            when placed.is_count then 0
        end as value
    from placed
    left join ops.asked_figures as figures
        on figures.run_on = placed.run_on
        and figures.grain = placed.label
        and figures.metric = placed.metric
        and figures.channel = placed.channel
        and figures.manager = placed.manager
),
days_of_table as (
    select distinct
        run_on,
        metric,
        period_start as day_on
    from ops.asked_figures
    where grain = 'day'
),
single_days as (
    select
        placed.name,
        placed.side,
        case
            when figures.metric is not null then figures.value
            when placed.is_count then 0
        end as value
    from placed
    inner join days_of_table as days
        on days.run_on = placed.run_on
        and days.metric = placed.metric
        and days.day_on between placed.first_on and placed.last_on
    left join ops.asked_figures as figures
        on figures.run_on = days.run_on
        and figures.grain = 'day'
        and figures.period_start = days.day_on
        and figures.metric = placed.metric
        and figures.channel = placed.channel
        and figures.manager = placed.manager
),
noise as (
    select
        name,
        side,
        count(value) as n,
        avg(value) as mean,
        var_samp(value) as variance
    from single_days
    group by name, side
),
joined as (
    select
        changes.name,
        changes.metric,
        changes.channel,
        changes.manager,
        changes.changed_on,
        changes.days,
        before.value as before_value,
        after.value as after_value,
        after.last_on > getvariable('as_of') as is_early,
        ratio(after.value, before.value) - 1 as change,
        before.is_less_better,
        before.is_spend,
        before.money,
        coalesce(
            noise_before.n >= 7
            and noise_after.n >= 7
            and not before.is_state
            and abs(noise_after.mean - noise_before.mean)
            > 2.18 * sqrt(noise_before.variance / nullif(noise_before.n, 0) + noise_after.variance / nullif(noise_after.n, 0)),
            false
        ) as is_reliable,
        before.run_on as moved_on,
        before.label
    from changes
    inner join whole as before
        on before.name = changes.name
        and before.side = 'before'
    inner join whole as after
        on after.name = changes.name
        and after.side = 'after'
    left join noise as noise_before
        on noise_before.name = changes.name
        and noise_before.side = 'before'
    left join noise as noise_after
        on noise_after.name = changes.name
        and noise_after.side = 'after'
),
-- the money of the days before, in the same channel and of the same manager
money as (
    select
        run_on,
        grain,
        channel,
        manager,
        sum(revenue_rub) as revenue_rub,
        sum(cogs_rub) as cogs_rub,
        sum(spend_rub) as spend_rub
    from ops.asked_money
    group by run_on, grain, channel, manager
),
valued as (
    select
        joined.*,
        known.has_deals
        and is_counted_by(names.deal_channels, joined.channel)
        and is_counted_by(names.deal_managers, joined.manager) as are_deals_known,
        known.has_ad_spend
        and is_counted_by(names.spend_channels, joined.channel)
        and joined.manager = all_together() as is_spend_known,
        cast(coalesce(money.revenue_rub, 0) as double) as revenue,
        cast(coalesce(money.cogs_rub, 0) as double) as cogs,
        cast(coalesce(money.spend_rub, 0) as double) as spend
    from joined
    cross join metrics.known_table as known
    cross join metrics.known_name as names
    left join money
        on money.run_on = joined.moved_on
        and money.grain = joined.label
        and money.channel = joined.channel
        and money.manager = joined.manager
),
final as (
    select
        name,
        metric,
        channel,
        manager,
        changed_on,
        cast(days as bigint) as days,
        before_value,
        after_value,
        change,
        is_reliable,
        case
            when is_early then 'early'
            when before_value is null or after_value is null then 'unknown'
            when not is_reliable or after_value = before_value then 'noise'
            when is_spend then 'changed'
            when (after_value > before_value) = is_less_better then 'worse'
            else 'better'
        end as verdict,
        roubles(
            case
                when money = 'gross_profit' and are_deals_known then change * (revenue - cogs)
                when money = 'revenue' and are_deals_known then change * revenue
                when money = 'cogs' and are_deals_known then -change * cogs
                when money = 'spend' and is_spend_known then -change * spend
            end
        ) as effect_rub
    from valued
)
select * from final
order by name
