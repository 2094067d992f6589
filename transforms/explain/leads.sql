-- One row per staged lead, and whether its phone called within the 24 hours around it.
select
    leads.source,
    leads.source_file,
    leads.source_row,
    cast(leads.created_at as date) as day_on,
    named(leads.channel) as channel,
    leads.status,
    exists (
        select 1
        from staged.calls as calls
        where calls.phone = leads.phone
            and is_known_phone(leads.phone)
            and is_inbound(calls.direction)
            and calls.started_at < getvariable('as_of') + 1
            and calls.started_at >= leads.created_at - interval '1' day
            and calls.started_at <= leads.created_at + interval '1' day
    ) as is_called
from staged.leads as leads
