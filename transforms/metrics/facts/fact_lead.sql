-- One row per staged lead: whether it is an enquiry, apart from the calls; not_enquiry is blank, or says why it is none.
with
leads as (
    select
        source,
        source_file,
        source_row,
        created_at,
        named(channel) as channel,
        coalesce(status, 'open') as status,
        known_phone(phone) as phone
    from staged.leads
),
called as (
    select distinct
        leads.source,
        leads.source_file,
        leads.source_row
    from leads
    inner join metrics.fact_call as calls
        on calls.phone = leads.phone
        and calls.started_at >= leads.created_at - interval '1' day
        and calls.started_at <= leads.created_at + interval '1' day
    where calls.not_inbound is null
        and calls.started_at < getvariable('as_of') + 1
)
select
    leads.source,
    leads.source_file,
    leads.source_row,
    cast(leads.created_at as date) as day_on,
    leads.channel,
    case
        when leads.status = 'junk' then 'junk'
        when called.source_row is not null then 'called_too'
    end as not_enquiry
from leads
left join called using (source, source_file, source_row)
