-- One row per lead, subscriber or line of spend that may be a unit of the client, later ones than as_of too.
-- not_unit is blank, or says why the row is none. Callers, who are many, have a table of their own: first_call.
with
enquirers as (
    select
        source,
        source_file,
        source_row,
        cast(created_at as date) as day_on,
        named(channel) as channel,
        coalesce(status, 'open') = 'junk' as is_junk,
        row_number() over (
            partition by
                coalesce(status, 'open') = 'junk',
                coalesce(known_phone(phone), email),
                -- who left neither phone nor e-mail is a person of their own
                case when coalesce(known_phone(phone), email) is null then source end,
                case when coalesce(known_phone(phone), email) is null then source_file end,
                case when coalesce(known_phone(phone), email) is null then source_row end
            order by created_at, lead_id, source_row, source, source_file
        ) as place
    from staged.leads
    where getvariable('economics_unit') = 'leads'
)
select
    source,
    source_file,
    source_row,
    day_on,
    channel,
    cast(1 as bigint) as units,
    case when is_junk then 'junk' when place > 1 then 'same_person' end as not_unit
from enquirers
union all
select
    source,
    source_file,
    source_row,
    subscribed_on as day_on,
    named(channel) as channel,
    cast(1 as bigint) as units,
    cast(null as varchar) as not_unit
from staged.subscribers
where getvariable('economics_unit') = 'subscribers'
union all
select
    source,
    source_file,
    source_row,
    day_on,
    channel,
    -- blank where the row does not tell them
    clicks as units,
    not_told_clicks as not_unit
from metrics.fact_spend
where getvariable('economics_unit') = 'visitors'
