-- One row per grain and period: Pearson's chi-square test of whether callers of one channel buy more often than of another.
with
periods as (
    select
        grain,
        period_start,
        is_mature,
        is_complete
    from metrics.manager_channel_period
    where is_asked(grain, 'channel_dependence')
    group by all
),
-- a part that is not known makes the whole unknown
known as (
    select
        tables.has_calls
        and tables.has_deals
        and names.call_persons
        and names.call_channels
        and names.deal_persons
        and (names.deal_managers or not names.call_managers) as is_known
    from metrics.known_table as tables
    cross join metrics.known_name as names
),
channels as (
    select
        grain,
        period_start,
        channel,
        sum(callers) as n,
        sum(converted_callers) as k
    from metrics.manager_channel_period
    where channel <> unnamed()
    group by all
),
totals as (
    select
        *,
        sum(n) over (partition by grain, period_start) as all_n,
        sum(k) over (partition by grain, period_start) as all_k
    from channels
),
-- both expected counts at least 5, in whole numbers
entered as (
    select
        grain,
        period_start,
        cast(n as double) as n,
        cast(k as double) as k,
        cast(sum(n) over (partition by grain, period_start) as double) as all_n,
        cast(sum(k) over (partition by grain, period_start) as double) as all_k,
        count(*) over (partition by grain, period_start) as channels,
        row_number() over (partition by grain, period_start order by channel) as place
    from totals
    where all_n > 0
        and n * all_k >= 5 * all_n
        and n * (all_n - all_k) >= 5 * all_n
),
tested as (
    select
        grain,
        period_start,
        max(channels) as channels,
        max(all_n) as callers,
        max(all_k) as converted_callers,
        case
            when max(channels) > 1 and max(all_k) > 0 and max(all_k) < max(all_n)
                then sum(
                    (k - n * ratio(all_k, all_n)) * (k - n * ratio(all_k, all_n))
                    / nullif(n * ratio(all_k, all_n) * (1 - ratio(all_k, all_n)), 0)
                )
        end as chi2
    from entered
    group by grain, period_start
),
-- the upper tail for whole degrees of freedom is a sum of channels ÷ 2 terms: Abramowitz & Stegun 26.4.4 and 26.4.5
terms as (
    select
        entered.grain,
        entered.period_start,
        entered.place,
        entered.channels,
        tested.chi2 / 2 as half,
        -- logarithms of factorials and of the gamma function at halves
        sum(ln(case when entered.place > 1 then entered.place - 1 else 1 end)) over parts as ln_factorial,
        0.5 * ln(pi()) + sum(ln(entered.place - 0.5)) over parts as ln_gamma
    from entered
    inner join tested using (grain, period_start)
    where tested.chi2 > 0
    window parts as (partition by entered.grain, entered.period_start order by entered.place)
),
sums as (
    select
        grain,
        period_start,
        max(half) as half,
        max(channels) as channels,
        coalesce(
            sum(exp((place - 1) * ln(half) - half - ln_factorial))
                filter (where channels % 2 = 1 and 2 * place <= channels - 1),
            0
        ) as even_sum,
        coalesce(
            sum(exp((place - 0.5) * ln(half) - half - ln_gamma))
                filter (where channels % 2 = 0 and 2 * place <= channels - 2),
            0
        ) as odd_sum,
        1 / (1 + 0.5 * sqrt(max(half))) as t
    from terms
    group by grain, period_start
),
tails as (
    select
        grain,
        period_start,
        case
            when channels % 2 = 1 then even_sum
            -- the complementary error function, right to 1.2e-7 of itself: Numerical Recipes, erfcc
            else odd_sum + t * exp(
                -half - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806
                + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))))
            )
        end as p_value
    from sums
),
joined as (
    select
        periods.grain,
        periods.period_start,
        counted_if(known.is_known, tested.channels) as channels,
        counted_if(known.is_known, tested.callers) as callers,
        counted_if(known.is_known, tested.converted_callers) as converted_callers,
        case when known.is_known then tested.chi2 end as chi2,
        case when known.is_known then case when tested.chi2 = 0 then 1 else tails.p_value end end as p_value,
        periods.is_mature,
        periods.is_complete
    from periods
    cross join known
    left join tested using (grain, period_start)
    left join tails using (grain, period_start)
),
final as (
    select
        grain,
        period_start,
        cast(channels as bigint) as channels,
        cast(callers as bigint) as callers,
        cast(converted_callers as bigint) as converted_callers,
        chi2,
        cast(p_value as double) as p_value,
        p_value < 0.05 as is_dependent,
        is_mature,
        is_complete
    from joined
)
select * from final
order by grain, period_start
