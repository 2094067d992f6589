-- One row per manager that a call or a deal up to as_of names: whether their calls and their deals can be counted.
-- Where calls and deals name people and nobody is in both (extensions beside names), what became of calls is unknown.
-- Where only one of them names anybody, the nameless row has all of the one and a part of the other: no conversion.
with
met as (
    select
        manager,
        1 as calls,
        0 as deals
    from metrics.call_day
    where day_on <= getvariable('as_of')
    union all
    select
        manager,
        0 as calls,
        1 as deals
    from metrics.deal
),
managers as (
    select
        manager,
        manager = unnamed() as is_nobody,
        sum(calls) > 0 as is_in_calls,
        sum(deals) > 0 as is_in_deals
    from met
    group by manager
),
shared as (
    select
        count(*) filter (where is_in_calls and is_in_deals) > 0
        or count(*) filter (where is_in_calls) = 0
        or count(*) filter (where is_in_deals) = 0 as are_names_shared
    from managers
    where not is_nobody
),
final as (
    select
        managers.manager,
        known.has_calls
        and is_counted_by(names.call_managers, managers.manager)
        and (shared.are_names_shared or managers.is_in_calls or managers.is_nobody) as are_calls_known,
        known.has_deals
        and is_counted_by(names.deal_managers, managers.manager)
        and (shared.are_names_shared or managers.is_in_deals or managers.is_nobody) as are_deals_known,
        not managers.is_nobody or names.call_managers = names.deal_managers as are_both_named
    from managers
    cross join shared
    cross join metrics.known_table as known
    cross join metrics.known_name as names
)
select * from final
order by manager
