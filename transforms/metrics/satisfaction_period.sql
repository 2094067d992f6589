-- One row per grain, period and manager, and for all together: how satisfied those are who answered, and how many were asked.
-- No rows without staged.survey_answers.
with
answers as (
    select *
    from metrics.fact_answer
    where day_on <= getvariable('as_of')
),
managers as (
    select manager from answers
    union
    select manager from metrics.won_deal
    union
    select all_together()
),
grid as (
    select
        periods.grain,
        periods.period_start,
        periods.is_complete,
        managers.manager,
        is_counted_by(names.answer_managers, managers.manager) as are_answers_known,
        known.has_deals and names.deal_persons and is_counted_by(names.deal_managers, managers.manager) as are_clients_known,
        names.answer_persons
    from metrics.period as periods
    cross join managers
    cross join metrics.known_table as known
    cross join metrics.known_name as names
    where is_asked(periods.grain, 'satisfaction_period')
        and periods.last_on >= (select min(day_on) from answers)
),
-- everything stands under its manager, and under all together
sides as (
    select false as is_whole
    union all
    select true
),
given as (
    select
        days.grain,
        days.period_start,
        case when sides.is_whole then all_together() else answers.manager end as manager,
        answers.client_key,
        answers.score,
        answers.not_csi,
        answers.not_csat,
        answers.not_satisfied,
        answers.not_nps,
        answers.not_promoter,
        answers.not_detractor
    from answers
    inner join metrics.period_day as days using (day_on)
    cross join sides
),
scored as (
    select
        grain,
        period_start,
        manager,
        avg(score) filter (where not_csi is null) as csi,
        count(*) filter (where not_csi is null) as csi_answers,
        count(*) filter (where not_csat is null) as csat_answers,
        count(*) filter (where not_satisfied is null) as satisfied,
        count(*) filter (where not_nps is null) as nps_answers,
        count(*) filter (where not_promoter is null) as promoters,
        count(*) filter (where not_detractor is null) as detractors
    from given
    group by all
),
-- a client of two managers counts once
buyers as (
    select distinct
        days.grain,
        days.period_start,
        case when sides.is_whole then all_together() else deals.manager end as manager,
        deals.client_key
    from metrics.won_deal as deals
    inner join metrics.period_day as days using (day_on)
    cross join sides
    where deals.client_key is not null
),
asked as (
    select distinct
        grain,
        period_start,
        manager,
        client_key
    from given
    where client_key is not null
),
covered as (
    select
        buyers.grain,
        buyers.period_start,
        buyers.manager,
        count(*) as clients,
        count(asked.client_key) as clients_asked
    from buyers
    left join asked using (grain, period_start, manager, client_key)
    group by all
),
joined as (
    select
        grid.grain,
        grid.period_start,
        grid.manager,
        grid.is_complete,
        case when grid.are_answers_known then scored.csi end as csi,
        counted_if(grid.are_answers_known, scored.csi_answers) as csi_answers,
        counted_if(grid.are_answers_known, scored.csat_answers) as csat_answers,
        counted_if(grid.are_answers_known, scored.satisfied) as satisfied,
        counted_if(grid.are_answers_known, scored.nps_answers) as nps_answers,
        counted_if(grid.are_answers_known, scored.promoters) as promoters,
        counted_if(grid.are_answers_known, scored.detractors) as detractors,
        counted_if(grid.are_clients_known, covered.clients) as clients,
        counted_if(
            grid.are_clients_known and grid.are_answers_known and grid.answer_persons,
            covered.clients_asked
        ) as clients_asked
    from grid
    left join scored using (grain, period_start, manager)
    left join covered using (grain, period_start, manager)
),
final as (
    select
        grain,
        period_start,
        manager,
        csi,
        case
            when csi >= 4.5 then 'green'
            when csi >= 4 then 'orange'
            when csi is not null then 'red'
        end as csi_zone,
        cast(csi_answers as bigint) as csi_answers,
        ratio(satisfied, csat_answers) as csat,
        cast(csat_answers as bigint) as csat_answers,
        ratio(promoters - detractors, nps_answers) as nps,
        cast(promoters as bigint) as promoters,
        cast(detractors as bigint) as detractors,
        cast(nps_answers as bigint) as nps_answers,
        cast(csi_answers + csat_answers + nps_answers as bigint) as answers,
        cast(clients as bigint) as clients,
        cast(clients_asked as bigint) as clients_asked,
        ratio(clients_asked, clients) as coverage,
        is_complete
    from joined
)
select * from final
order by grain, period_start, manager
