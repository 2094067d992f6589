-- One row per call of the period: whether its phone was silent for unique_days before.
with
near as (
    select
        calls.*,
        lag(calls.started_at) over (
            partition by calls.phone, calls.not_known is null
            order by calls.started_at, calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as previous_at
    from metrics.fact_call as calls
    where calls.day_on >= (select period_start - getvariable('unique_days') - 1 from explained)
        and calls.day_on <= (select last_on from explained)
)
select
    near.*,
    case
        when not_known is not null then not_known
        when previous_at > started_at - interval '1' day * getvariable('unique_days') then 'called_before'
    end as not_unique
from near
where near.day_on >= (select period_start from explained)
