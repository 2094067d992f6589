-- One row per day and channel that has leads up to as_of: how many of them are enquiries, apart from the calls.
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
    where created_at < getvariable('as_of') + 1
),
called as (
    select distinct
        leads.source,
        leads.source_file,
        leads.source_row
    from leads
    inner join staged.calls as calls
        on calls.phone = leads.phone
        and calls.started_at >= leads.created_at - interval '1' day
        and calls.started_at <= leads.created_at + interval '1' day
    where is_inbound(calls.direction)
        and calls.started_at < getvariable('as_of') + 1
),
final as (
    select
        cast(leads.created_at as date) as day_on,
        leads.channel,
        count(*) as lead_rows,
        count(*) filter (where leads.status <> 'junk' and called.source_row is null) as leads
    from leads
    left join called using (source, source_file, source_row)
    group by all
)
select * from final
order by day_on, channel
