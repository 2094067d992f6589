-- One row per month and figure of the unit economics: what ten per cent of it would bring, and how far it is below its own best.
with
-- while calls or leads are young everybody is there for the first time: those months are nobody's best
young as (
    select
        case when getvariable('economics_unit') in ('callers', 'leads')
            then min(day_on) filter (where units > 0) + getvariable('client_days')
        end as until_on
    from metrics.unit_day
),
months as (
    select
        period_start,
        is_complete,
        cast(ua as double) as ua,
        c1,
        av_price,
        cogs_per_order,
        apc,
        cpa,
        margin,
        -- not known unless all six figures are
        ua * c1 * apc * (av_price - cogs_per_order) - ua * cpa as margin_of_six,
        coalesce(
            ua * c1 * apc * (av_price - cogs_per_order) - ua * cpa is not null
            and ua >= getvariable('min_units')
            and buyers >= getvariable('min_buyers')
            and period_start >= coalesce(young.until_on, period_start),
            false
        ) as is_counting
    from metrics.unit_figure
    cross join young
    where grain = 'month' and channel = all_together()
),
-- in the order that breaks ties: what costs no new money first
levers as (
    select 1 as place, 'c1' as lever, c1 as base_value, 1.1 as change, true as is_better_high, months.*
    from months
    union all
    select 2, 'apc', apc, 1.1, true, months.*
    from months
    union all
    select 3, 'av_price', av_price, 1.1, true, months.*
    from months
    union all
    select 4, 'ua', ua, 1.1, true, months.*
    from months
    union all
    select 5, 'cogs_per_order', cogs_per_order, 0.9, false, months.*
    from months
    union all
    select 6, 'cpa', cpa, 0.9, false, months.*
    from months
),
-- the complete months that count among the twelve before
earlier as (
    select
        now.period_start,
        now.lever,
        before.base_value,
        before.period_start as reached_on,
        row_number() over (
            partition by now.period_start, now.lever
            order by
                case when now.is_better_high then before.base_value end desc,
                case when not now.is_better_high then before.base_value end,
                before.period_start desc
        ) as rank
    from levers as now
    inner join levers as before
        on before.lever = now.lever
        and before.period_start < now.period_start
        and before.period_start >= now.period_start - interval '12' month
    where now.is_counting
        and before.is_counting
        and before.is_complete
        -- more units and more orders come with the days of a month
        and (now.is_complete or now.lever not in ('ua', 'apc'))
        -- costing nothing is no level to reach
        and (now.is_better_high or before.base_value > 0)
),
-- one lucky month proves nothing
levels as (
    select
        period_start,
        lever,
        base_value as best_value
    from earlier
    where rank = 3
),
bests as (
    select
        levels.period_start,
        levels.lever,
        levels.best_value,
        max(earlier.reached_on) as best_on
    from levels
    inner join earlier
        on earlier.period_start = levels.period_start
        and earlier.lever = levels.lever
        and earlier.base_value = levels.best_value
    group by all
),
moved as (
    select
        levers.*,
        bests.best_value,
        bests.best_on,
        case levers.lever
            when 'ua' then 0.1 * margin_of_six
            when 'c1' then 0.1 * (ua * c1 * apc * (av_price - cogs_per_order))
            when 'apc' then 0.1 * (ua * c1 * apc * (av_price - cogs_per_order))
            when 'av_price' then 0.1 * (ua * c1 * apc * av_price)
            when 'cogs_per_order' then 0.1 * (ua * c1 * apc * cogs_per_order)
            when 'cpa' then 0.1 * (ua * cpa)
        end as lift,
        case levers.lever
            when 'ua' then bests.best_value * c1 * apc * (av_price - cogs_per_order) - bests.best_value * cpa
            when 'c1' then ua * bests.best_value * apc * (av_price - cogs_per_order) - ua * cpa
            when 'apc' then ua * c1 * bests.best_value * (av_price - cogs_per_order) - ua * cpa
            when 'av_price' then ua * c1 * apc * (bests.best_value - cogs_per_order) - ua * cpa
            when 'cogs_per_order' then ua * c1 * apc * (av_price - bests.best_value) - ua * cpa
            when 'cpa' then ua * c1 * apc * (av_price - cogs_per_order) - ua * bests.best_value
        end - margin_of_six as shortfall
    from levers
    left join bests using (period_start, lever)
),
rounded as (
    select
        *,
        roubles(case when margin_of_six is not null then lift end) as lift_rub,
        roubles(case when shortfall < 0 then 0 else shortfall end) as shortfall_rub
    from moved
),
final as (
    select
        period_start,
        lever,
        base_value,
        base_value * change as changed_value,
        roubles(margin) as margin_before_rub,
        roubles(case when lift_rub is not null then margin_of_six + lift end) as margin_after_rub,
        lift_rub,
        case
            when lift_rub is not null
                then row_number() over (partition by period_start, lift_rub is null order by lift_rub desc, place)
        end as rank,
        best_value,
        best_on,
        shortfall_rub,
        case
            when shortfall_rub is not null
                then row_number() over (partition by period_start, shortfall_rub is null order by shortfall_rub desc, place)
        end as shortfall_rank,
        is_complete
    from rounded
)
select * from final
order by period_start, lever
