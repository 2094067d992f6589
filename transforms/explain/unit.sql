-- One row per call, lead, subscriber or line of spend that is a unit of the client: whether it is the first of its person.
with
calls as (
    select
        calls.*,
        row_number() over (
            partition by calls.phone, calls.not_known is null
            order by calls.started_at, calls.call_id, calls.source_row, calls.source, calls.source_file
        ) as place
    from metrics.fact_call as calls
    where getvariable('economics_unit') = 'callers'
        and calls.day_on >= (select period_start from explained)
        and calls.day_on <= (select last_on from explained)
),
earlier as (
    select distinct earlier.phone
    from metrics.fact_call as earlier
    where earlier.not_known is null
        and earlier.day_on < (select period_start from explained)
        and earlier.phone in (select phone from calls)
)
select
    calls.source,
    calls.source_file,
    calls.source_row,
    calls.day_on,
    calls.channel,
    1 as units,
    case
        when calls.not_known is not null then calls.not_known
        when calls.place > 1 or earlier.phone is not null then 'same_person'
    end as not_unit
from calls
left join earlier using (phone)
union all
select
    units.source,
    units.source_file,
    units.source_row,
    units.day_on,
    units.channel,
    units.units,
    units.not_unit
from metrics.fact_unit as units
inner join explained
    on units.day_on >= explained.period_start
    and units.day_on <= explained.last_on
