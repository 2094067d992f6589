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
    inner join explained
        on calls.day_on >= explained.period_start - getvariable('unique_days') - 1
        and calls.day_on <= explained.last_on
)
select
    near.*,
    case
        when not_known is not null then not_known
        when previous_at > started_at - interval '1' day * getvariable('unique_days') then 'called_before'
    end as not_unique
from near
inner join explained
    on near.day_on >= explained.period_start
