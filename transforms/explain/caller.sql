-- One row per call of the period: whether it is a caller's first to its manager, and whether a deal followed.
with
placed as (
    select
        calls.*,
        row_number() over (
            partition by calls.phone, calls.manager, calls.not_caller is null
            order by calls.started_at, calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from metrics.fact_call as calls
    -- one value each: a join would keep all calls at once
    where calls.day_on >= (select period_start from explained)
        and calls.day_on <= (select d_on from explained)
),
told as (
    select
        * exclude (not_caller),
        case when not_caller is null and place > 1 then 'same_person' else not_caller end as not_caller
    from placed
)
select
    told.* exclude (not_caller),
    told.not_caller,
    coalesce(told.not_caller, case when bought.source_row is null then 'did_not_buy' end) as not_converted
from told
left join metrics.buyer_call as bought
    on bought.source = told.source
    and bought.source_file = told.source_file
    and bought.source_row = told.source_row
    and bought.bought_on <= getvariable('as_of')
